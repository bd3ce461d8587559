import { asObject, asString } from '../domain/json.ts';
import type { JsonObject } from '../domain/json.ts';
import { withControl } from './control-client.ts';
import type { ControlOptions, ControlParts } from './control-client.ts';
import { rowsIn } from './control-list.ts';
import type { CliContext } from './context.ts';
import { printObject, printRows, timeText } from './output.ts';
import type { Column } from './output.ts';
import { windowColumns } from './window-columns.ts';

export interface AccountOptions extends ControlOptions {
  line?: true;
  days: string;
}

const usageColumns: readonly Column[] = [
  { name: 'model' },
  { name: 'requests', right: true },
  { name: 'errors', right: true },
  { name: 'input_tokens', title: 'input', right: true },
  { name: 'output_tokens', title: 'output', right: true },
];

/** `atelier account`: what the key itself may know: plan, what is left, what was used. */
export function account(context: CliContext, options: AccountOptions, parts: ControlParts): Promise<number> {
  return withControl(context, { options, parts, holder: true }, async (client) => {
    const call = { method: 'GET', path: '/account' } as const;
    if (options.line) return context.write(await client.read({ ...call, query: { format: 'line' } }));
    const found = await client.ask({ ...call, query: { days: options.days } });
    if (options.json) return printObject(context, found, { columns: [], options });
    const windows = rowsIn(found['windows']);
    if (options.csv) return printRows(context, windows, { columns: windowColumns, options, empty: '' });
    context.write(`${headLine(found)}\n`);
    if (windows.length > 0) {
      context.write('\n');
      printRows(context, windows, { columns: windowColumns, options, empty: '' });
    }
    const models = rowsIn(asObject(found['usage'])?.['by_model']);
    if (models.length === 0) return undefined;
    context.write(`\nUsed in ${options.days} days\n`);
    return printRows(context, models, { columns: usageColumns, options, empty: '' });
  });
}

/** `Coding Plan Lite of kim, key AbC..., ends 2026-04-18 15:59Z`. */
function headLine(found: JsonObject): string {
  const key = asObject(found['key']);
  const plan = asObject(found['plan']);
  const subscription = asObject(found['subscription']);
  const what = plan === undefined ? `${asString(found['kind'])} key` : asString(plan['title']);
  const whose = key === undefined ? '' : ` of ${asString(key['owner'])}, key ${asString(key['id'])}`;
  const ends = subscription === undefined ? key?.['expires_at'] : subscription['ends_at'];
  return `${what}${whose}${typeof ends === 'string' ? `, ends ${timeText(ends)}` : ''}`;
}
