import { GatewayError } from '../../domain/gateway-error.ts';
import { isObject } from '../../domain/json.ts';
import type { JsonObject, JsonValue } from '../../domain/json.ts';

/**
 * Readers for a client's request: an absent or null member is `undefined`, a wrong type is refused with its path.
 * `prefix` is the path of the object that holds the member, with its dot (`messages[3].`), '' at top level.
 */

/** How deep a request may nest. Real tool schemas stay under 30; unbounded nesting would overflow the stack later. */
const deepest = 128;

/** Refuses the request: 400 with the path of the member at fault. */
export function refuse(path: string, problem: string): never {
  throw new GatewayError({
    status: 400,
    code: 'invalid_request_error',
    type: 'invalid_request_error',
    message: `${path}: ${problem}`,
    origin: 'client',
    param: path,
  });
}

/** What a value is, for messages. */
export function kindOf(value: JsonValue | undefined): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function wrongType(path: string, wanted: string, value: JsonValue | undefined): never {
  return refuse(path, `must be ${wanted}, not ${kindOf(value)}`);
}

/** The member as a string. */
export function readString(object: JsonObject, key: string, prefix: string): string | undefined {
  const value = object[key];
  if (value === undefined || value === null) return undefined;
  return typeof value === 'string' ? value : wrongType(prefix + key, 'a string', value);
}

/** The member as a string that must be there and must not be empty. */
export function requireString(object: JsonObject, key: string, prefix: string): string {
  const value = readString(object, key, prefix);
  if (value === undefined || value === '') return refuse(prefix + key, 'is required and must not be empty');
  return value;
}

/** The member as a finite number. */
export function readNumber(object: JsonObject, key: string, prefix: string): number | undefined {
  const value = object[key];
  if (value === undefined || value === null) return undefined;
  return typeof value === 'number' && Number.isFinite(value) ? value : wrongType(prefix + key, 'a number', value);
}

/** The member as a whole number of at least 1, or of at least `least`. */
export function readCount(object: JsonObject, key: string, prefix: string, least = 1): number | undefined {
  const value = readNumber(object, key, prefix);
  if (value === undefined) return undefined;
  return Number.isSafeInteger(value) && value >= least
    ? value
    : refuse(prefix + key, `must be a whole number of at least ${least}`);
}

/** The member as a boolean. */
export function readBoolean(object: JsonObject, key: string, prefix: string): boolean | undefined {
  const value = object[key];
  if (value === undefined || value === null) return undefined;
  return typeof value === 'boolean' ? value : wrongType(prefix + key, 'a boolean', value);
}

/** The member as an object. */
export function readObject(object: JsonObject, key: string, prefix: string): JsonObject | undefined {
  const value = object[key];
  if (value === undefined || value === null) return undefined;
  return isObject(value) ? value : wrongType(prefix + key, 'an object', value);
}

/** The member as an array. */
export function readArray(object: JsonObject, key: string, prefix: string): JsonValue[] | undefined {
  const value = object[key];
  if (value === undefined || value === null) return undefined;
  return Array.isArray(value) ? value : wrongType(prefix + key, 'an array', value);
}

/** A list entry as an object. */
export function requireObject(value: JsonValue | undefined, path: string): JsonObject {
  return isObject(value) ? value : wrongType(path, 'an object', value);
}

/** Refuses a request that nests deeper than any real one. */
export function refuseDeepNesting(body: JsonObject): void {
  if (!isWithin(body, deepest)) refuse('body', `must not nest deeper than ${deepest} levels`);
}

function isWithin(value: JsonValue | undefined, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (levels === 0) return false;
  const members: readonly (JsonValue | undefined)[] = Array.isArray(value) ? value : Object.values(value);
  return members.every((member) => isWithin(member, levels - 1));
}
