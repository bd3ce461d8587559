import { parseJson, type JsonValue } from '../domain/json.ts';
import { skipSpace, skipValue } from '../wire/json-scan.ts';

/** Parses JSON that a stranger wrote: undefined when it is none, or nested more deeply than can be walked safely. */
export function parseBounded(source: Buffer | string): JsonValue | undefined {
  const bytes = typeof source === 'string' ? Buffer.from(source) : source;
  try {
    skipValue(bytes, skipSpace(bytes, 0));
  } catch {
    return undefined;
  }
  return parseJson(typeof source === 'string' ? source : source.toString());
}

/** True when the text is JSON that `parseBounded` would take. */
export function isJson(text: string): boolean {
  return parseBounded(text) !== undefined;
}
