import type { JsonValue } from '../../domain/json.ts';

/** The value as JSON text; undefined when it nests too deep to be written, which only a hostile sender makes it. */
export function jsonText(value: JsonValue): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}
