import { asArray, asObject, asString } from '../domain/json.ts';
import type { JsonObject } from '../domain/json.ts';
import { withControl } from './control-client.ts';
import type { ControlOptions, ControlParts } from './control-client.ts';
import { rowsIn, segment } from './control-list.ts';
import type { CliContext } from './context.ts';
import { plainText, printObject, printRows } from './output.ts';
import type { Column } from './output.ts';

const columns: readonly Column[] = [
  { name: 'name' },
  { name: 'title' },
  { name: 'windows', show: windowsText },
  { name: 'models', show: ({ models }) => (Array.isArray(models) ? `${models.length} models` : 'all') },
  { name: 'concurrency' },
  { name: 'coding_agents_only', title: 'agents only', show: (plan) => (plan['coding_agents_only'] ? 'yes' : 'no') },
  { name: 'price', show: priceText },
];

const wholePlan: readonly Column[] = [
  ...columns.map((column) => (column.name === 'models' ? { name: 'models', show: modelsText } : column)),
  { name: 'model_weights' },
  { name: 'short_term' },
  { name: 'time_zone' },
  { name: 'term_months' },
];

export function plansList(context: CliContext, options: ControlOptions, parts: ControlParts): Promise<number> {
  return withControl(context, { options, parts, creates: true }, async (client) => {
    const page = await client.ask({ method: 'GET', path: '/admin/api/plans' });
    const rows = rowsIn(page['data']);
    printRows(context, rows, { columns, options, empty: 'There are no plans.' });
  });
}

export interface PlanOptions extends ControlOptions {
  name: string;
}

export function plansShow(context: CliContext, options: PlanOptions, parts: ControlParts): Promise<number> {
  return withControl(context, { options, parts, creates: true }, async (client) => {
    const plan = await client.ask({ method: 'GET', path: `/admin/api/plans/${segment(options.name)}` });
    printObject(context, plan, { columns: wholePlan, options });
  });
}

/** `1200 calls in 5h, 9000 calls in week`. */
function windowsText({ windows }: JsonObject): string {
  const texts = asArray(windows).flatMap((item) => {
    const window = asObject(item) ?? {};
    const unit = window['unit'] === 'money' ? 'CNY' : asString(window['unit']);
    return `${plainText(window['limit'])} ${unit} in ${asString(window['name'])}`;
  });
  return texts.length === 0 ? 'no limits' : texts.join(', ');
}

function modelsText({ models }: JsonObject): string {
  return Array.isArray(models) ? models.map(plainText).join(', ') : 'all';
}

function priceText({ price, term_months: months }: JsonObject): string {
  const sold = asObject(price);
  if (sold === undefined) return '-';
  return `${plainText(sold['amount'])} ${asString(sold['currency'])}${months === 1 ? '/month' : ` for ${plainText(months)} months`}`;
}
