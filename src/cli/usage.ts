import { asNumber, asObject, asString } from '../domain/json.ts';
import type { JsonObject } from '../domain/json.ts';
import { bar } from './bar.ts';
import { withControl } from './control-client.ts';
import type { ControlOptions, ControlParts } from './control-client.ts';
import { rowsIn } from './control-list.ts';
import type { CliContext } from './context.ts';
import { printObject, printRows, timeText } from './output.ts';
import type { Column } from './output.ts';
import { clip } from './terminal-text.ts';
import { momentOf } from './when.ts';

export type UsageGrouping = 'model' | 'key' | 'day' | 'agent' | 'hour' | 'provider';

export interface UsageOptions extends ControlOptions {
  by: UsageGrouping;
  since: string;
  until?: string;
  keyId?: string;
  owner?: string;
  model?: string;
  provider?: string;
}

const barWidth = 24;
/** What a table shows of an owner, who may have 200 characters: the bars stay on the screen. */
const ownerWidth = 24;
const ownerColumn: Column = { name: 'owner', show: ({ owner }) => clip(asString(owner) ?? '', ownerWidth) || '-' };

/** `atelier usage`: what was used, summed up, with a bar for the requests of each group. */
export function usage(context: CliContext, options: UsageOptions, parts: ControlParts): Promise<number> {
  return withControl(context, { options, parts }, async (client) => {
    const { by, keyId: key, owner, model, provider } = options;
    const since = momentOf(options.since, { option: '--since', direction: 'ago' });
    const until = options.until && momentOf(options.until, { option: '--until', direction: 'ago' });
    const query = { by, since, until, key, owner, model, provider };
    const report = await client.ask({ method: 'GET', path: '/admin/api/usage', query });
    if (options.json) return printObject(context, report, { columns: [], options });
    const rows = inOrder(rowsIn(report['data']), by);
    printRows(context, rows, { columns: columnsFor(by, rows), options, empty: 'Nothing was used in this time.' });
    if (!options.csv && rows.length > 0) context.write(`\n${totalText(asObject(report['total']) ?? {}, report)}\n`);
    return undefined;
  });
}

/** Times in their order, everything else by how much it was used. */
function inOrder(rows: JsonObject[], by: UsageGrouping): JsonObject[] {
  return by === 'day' || by === 'hour' ? rows : rows.toSorted((a, b) => countOf(b) - countOf(a));
}

function columnsFor(by: UsageGrouping, rows: readonly JsonObject[]): Column[] {
  const most = rows.reduce((highest, row) => Math.max(highest, countOf(row)), 1);
  return [
    { name: 'group', title: by, show: (row) => groupText(asString(row['group']) ?? '', by) },
    ...(by === 'key' ? [ownerColumn] : []),
    { name: 'requests', right: true },
    { name: 'bar', title: '', only: 'table', show: (row) => bar(countOf(row) / most, barWidth) },
    { name: 'errors', right: true },
    { name: 'input_tokens', title: 'input', right: true },
    { name: 'cached_read_tokens', title: 'cached', right: true },
    { name: 'output_tokens', title: 'output', right: true },
    { name: 'cost_cny', title: 'CNY', right: true, show: (row) => costText(row, 'cost_cny', 'unknown_cost_cny') },
    { name: 'cost_usd', title: 'USD', right: true, show: (row) => costText(row, 'cost_usd', 'unknown_cost_usd') },
    { name: 'unknown_cost_cny', only: 'csv' },
    { name: 'unknown_cost_usd', only: 'csv' },
  ];
}

function countOf(row: JsonObject): number {
  return asNumber(row['requests']) ?? 0;
}

/** Days and hours are those of UTC+8, as plans count. */
function groupText(group: string, by: UsageGrouping): string {
  if (by !== 'day' && by !== 'hour') return group === '' ? '(none)' : group;
  const local = new Date(Date.parse(group) + 8 * 3_600_000).toISOString();
  return by === 'day' ? local.slice(0, 10) : `${local.slice(5, 10)} ${local.slice(11, 16)}`;
}

/** `1.25`, with `+?` when some requests are of unknown cost. */
function costText(row: JsonObject, known: string, unknown: string): string {
  const cost = (asNumber(row[known]) ?? 0).toFixed(4).replace(/\.?0+$/, '');
  return (asNumber(row[unknown]) ?? 0) > 0 ? `${cost === '0' ? '' : `${cost} `}+?` : cost;
}

function totalText(total: JsonObject, { since, until }: JsonObject): string {
  const tokens = (asNumber(total['input_tokens']) ?? 0) + (asNumber(total['output_tokens']) ?? 0);
  const unknown = asNumber(total['unknown_cost_cny']) ?? 0;
  const note = unknown > 0 ? `, and ${unknown} of unknown cost (+?)` : '';
  const span = `${timeText(asString(since) ?? '')} to ${timeText(asString(until) ?? '')}`;
  return `${span}: ${countOf(total)} requests, ${tokens} tokens, CNY ${costText(total, 'cost_cny', '')}${note}.`;
}
