import { asArray, asNumber, asObject, asString } from '../domain/json.ts';
import type { JsonObject } from '../domain/json.ts';
import { bar } from './bar.ts';
import { withControl } from './control-client.ts';
import type { ControlOptions, ControlParts } from './control-client.ts';
import { rowsIn } from './control-list.ts';
import type { CliContext } from './context.ts';
import { printRows, timeText } from './output.ts';
import type { Column } from './output.ts';
import { windowColumns } from './window-columns.ts';

const windowTable: readonly Column[] = [
  { name: 'provider' },
  { name: 'plan' },
  ...windowColumns,
  { name: 'runs_out_at', title: 'runs out' },
];

const counts: readonly Column[] = [
  { name: 'requests', right: true },
  { name: 'bar', title: '', only: 'table', show: (row) => bar(asNumber(row['share']) ?? 0, 16).padEnd(16) },
  { name: 'errors', right: true },
  { name: 'input_tokens', title: 'input', right: true },
  { name: 'cached_read_tokens', title: 'cached', right: true },
  { name: 'output_tokens', title: 'output', right: true },
];

const useTable: readonly Column[] = [{ name: 'by' }, { name: 'group', title: 'name', show: groupText }, ...counts];

/** The windows, and below each of them its use: `by` and what follows is empty in the rows of the windows. */
const csv: readonly Column[] = [...windowTable, { name: 'by' }, { name: 'group' }, { name: 'since' }, ...counts];

/** `atelier meters`: how the plans of the providers' own keys stand, and what they were used for. */
export function meters(context: CliContext, options: ControlOptions, parts: ControlParts): Promise<number> {
  return withControl(context, { options, parts }, async (client) => {
    const page = await client.ask({ method: 'GET', path: '/admin/api/meters' });
    const found = rowsIn(page['data']);
    if (options.json) return printRows(context, found, { columns: [], options, empty: '' });
    const windows = found.flatMap(windowRows);
    const rows = options.csv ? windows.flatMap((window) => [window, ...useRows(window)]) : windows;
    const columns = options.csv ? csv : windowTable;
    printRows(context, rows, { columns, options, empty: 'No provider has a key of a Coding or Token Plan.' });
    if (!options.csv) printUse(context, found);
    return undefined;
  });
}

function printUse(context: CliContext, found: readonly JsonObject[]): void {
  for (const meter of found) {
    const note = asString(meter['note']);
    if (note !== undefined) context.write(`\n${asString(meter['provider'])}: ${note}\n`);
    const windows = windowRows(meter);
    for (const [place, window] of windows.entries()) {
      const { use, provider, name } = window;
      const since = asObject(use)?.['since'];
      const rows = useRows(window);
      const told = windows.slice(0, place).some((other) => asObject(other['use'])?.['since'] === since);
      if (told || rows.length === 0) continue;
      context.write(`\n${asString(provider)}, requests since ${timeText(asString(since) ?? '')} (${asString(name)})\n`);
      printRows(context, rows, { columns: useTable, options: {}, empty: '' });
    }
  }
}

function windowRows({ provider, plan, windows }: JsonObject): JsonObject[] {
  const owner = { provider: asString(provider), plan: asString(plan) };
  return asArray(windows).map((window) => ({ ...owner, ...asObject(window) }));
}

/** What a window was used for: by model, then by agent, with the share of all its requests. */
function useRows({ provider, plan, name, use }: JsonObject): JsonObject[] {
  const { since, by_model: models, by_agent: agents } = asObject(use) ?? {};
  const owner = { provider, plan, name, since };
  return Object.entries({ model: rowsIn(models), agent: rowsIn(agents) }).flatMap(([by, rows]) => {
    const all = rows.reduce((sum, row) => sum + (asNumber(row['requests']) ?? 0), 0);
    return rows.map((row) => ({
      ...row,
      ...owner,
      by,
      group: row[by],
      share: (asNumber(row['requests']) ?? 0) / Math.max(all, 1),
    }));
  });
}

function groupText({ group }: JsonObject): string {
  return asString(group) || '(none)';
}
