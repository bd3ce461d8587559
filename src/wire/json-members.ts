import type { JsonObject, JsonValue } from '../domain/json.ts';
import { JsonSyntaxError, scanMembers, skipSpace } from './json-scan.ts';
import type { Member } from './json-scan.ts';

/** The value of a member that was found in these bytes. Throws JsonSyntaxError. */
export function parseMember(bytes: Buffer, { valueStart, valueEnd }: Member): JsonValue {
  try {
    const value: JsonValue = JSON.parse(bytes.toString('utf8', valueStart, valueEnd));
    return value;
  } catch (error) {
    throw new JsonSyntaxError(error instanceof Error ? error.message : 'Not JSON', valueStart);
  }
}

/** The named top-level members of a large text, without parsing what lies between; empty for bytes that are no JSON object. */
export function readMembers(bytes: Buffer, names: readonly string[]): JsonObject {
  const found: JsonObject = {};
  try {
    const { members } = scanMembers(bytes, skipSpace(bytes, 0));
    for (const member of members) {
      if (names.includes(member.key)) found[member.key] = parseMember(bytes, member);
    }
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
  }
  return found;
}
