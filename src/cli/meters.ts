import { asArray, asObject, asString } from '../domain/json.ts';
import type { JsonObject } from '../domain/json.ts';
import { withControl } from './control-client.ts';
import type { ControlOptions, ControlParts } from './control-client.ts';
import { rowsIn } from './control-list.ts';
import type { CliContext } from './context.ts';
import { printRows } from './output.ts';
import type { Column } from './output.ts';
import { windowColumns } from './window-columns.ts';

const columns: readonly Column[] = [
  { name: 'provider' },
  { name: 'plan' },
  ...windowColumns,
  { name: 'runs_out_at', title: 'runs out' },
];

/** `atelier meters`: how the plans of the providers' own keys stand. */
export function meters(context: CliContext, options: ControlOptions, parts: ControlParts): Promise<number> {
  return withControl(context, { options, parts }, async (client) => {
    const page = await client.ask({ method: 'GET', path: '/admin/api/meters' });
    const found = rowsIn(page['data']);
    const empty = 'No provider has a key of a Coding Plan.';
    printRows(context, options.json ? found : found.flatMap(windowRows), { columns, options, empty });
  });
}

function windowRows({ provider, plan, windows }: JsonObject): JsonObject[] {
  const owner = { provider: asString(provider), plan: asString(plan) };
  return asArray(windows).map((window) => ({ ...owner, ...asObject(window) }));
}
