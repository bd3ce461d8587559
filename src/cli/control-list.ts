import { asArray, asString, isObject } from '../domain/json.ts';
import type { JsonObject, JsonValue } from '../domain/json.ts';
import { CommandError } from './control-client.ts';
import type { ControlCall, ControlClient } from './control-client.ts';
import type { CliContext } from './context.ts';

/** As many as one answer may have. */
const largestPage = 500;

/** All items of a list up to `limit`, page by page; says so when there are more. */
export async function listAll(
  { client, context }: { client: ControlClient; context: CliContext },
  call: Pick<ControlCall, 'path' | 'query'>,
  limit: string,
): Promise<JsonObject[]> {
  const wanted = numberOf(limit);
  const rows: JsonObject[] = [];
  let after: string | undefined;
  do {
    const query = { ...call.query, limit: String(Math.min(largestPage, wanted - rows.length)), after };
    const page = await client.ask({ method: 'GET', path: call.path, query });
    rows.push(...rowsIn(page['data']));
    after = asString(page['next']);
  } while (after !== undefined && rows.length < wanted);
  if (after !== undefined) context.writeError(`There are more than these ${wanted}; --limit shows more.\n`);
  return rows;
}

function numberOf(limit: string): number {
  const number = /^\d{1,6}$/.test(limit) ? Number(limit) : 0;
  if (number < 1) throw new CommandError(`--limit must be a whole number from 1 to 999999, not "${limit}"`);
  return number;
}

/** The objects in a list of an answer. */
export function rowsIn(value: JsonValue | undefined): JsonObject[] {
  return asArray(value).filter(isObject);
}

/** An id or a name as a part of a path. */
export function segment(text: string): string {
  return encodeURIComponent(text);
}
