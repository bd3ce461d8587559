import { isObject, parseJson } from '../domain/json.ts';
import type { JsonObject } from '../domain/json.ts';

/** Longer texts are not mended, only wrapped: mending reads them several times. */
const longestMended = 1_000_000;

/**
 * The arguments of a replayed call as the text of a JSON object, whatever a client or a cut stream made of them: mended
 * where the rest of the text is clear, else wrapped as `{"arguments": "<the text>"}`.
 */
export function argumentsAsJson(text: string): string {
  const trimmed = text.trim();
  if (trimmed === '') return '{}';
  const mended = trimmed.length > longestMended ? undefined : (fromFence(trimmed) ?? closed(trimmed) ?? last(trimmed));
  return mended === undefined ? JSON.stringify({ arguments: text }) : JSON.stringify(mended);
}

function objectFrom(text: string): JsonObject | undefined {
  const value = parseJson(text);
  return isObject(value) ? value : undefined;
}

/** A code fence around the object. */
function fromFence(text: string): JsonObject | undefined {
  const inner = /^```(?:json)?\s*([\s\S]*?)\s*(?:```)?$/.exec(text)?.[1];
  return inner === undefined ? undefined : objectFrom(inner);
}

/** An object that was cut off: open strings and brackets are closed, a dangling comma or member name goes. */
function closed(text: string): JsonObject | undefined {
  if (!text.startsWith('{')) return undefined;
  const { open, inString, escaped } = scan(text);
  if (open.length === 0) return undefined;
  const body = escaped ? text.slice(0, -1) : text;
  const tails = inString ? ['"', '":null'] : ['', 'null', ':null'];
  const bodies = inString ? [body] : [body, body.replace(/[,:\s]+$/, ''), body.replace(/,?\s*"[^"]*"\s*:?\s*$/, '')];
  for (const start of bodies) {
    for (const tail of tails) {
      const whole = objectFrom(start + tail + open.toReversed().join(''));
      if (whole) return whole;
    }
  }
  return undefined;
}

/** The closing brackets that are still owed, and where in a string the text ends. */
function scan(text: string): { open: string[]; inString: boolean; escaped: boolean } {
  const open: string[] = [];
  let inString = false;
  let escaped = false;
  for (const sign of text) {
    if (inString) {
      if (escaped) escaped = false;
      else if (sign === '\\') escaped = true;
      else if (sign === '"') inString = false;
    } else if (sign === '"') inString = true;
    else if (sign === '{') open.push('}');
    else if (sign === '[') open.push(']');
    else if (sign === '}' || sign === ']') open.pop();
  }
  return { open, inString, escaped };
}

/** Several objects in a row, as clients write that join the pieces of two calls: the last one that has members. */
function last(text: string): JsonObject | undefined {
  const parts = text.split(/(?<=\})\s*(?=\{)/).slice(-8);
  const objects = parts.map(objectFrom);
  if (objects.length < 2 || objects.includes(undefined)) return undefined;
  return objects.findLast((object) => object !== undefined && Object.keys(object).length > 0) ?? {};
}
