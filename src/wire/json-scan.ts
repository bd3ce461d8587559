/**
 * Finds where values stand in JSON text without building them, so that a large body can be edited in place.
 * Strict about the objects and arrays it walks; what lies inside a skipped value is only checked for balanced
 * brackets and closed strings (whoever parses the value refuses the rest).
 */

export class JsonSyntaxError extends Error {
  /** Byte offset in the text. */
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(`${message} at byte ${offset}`);
    this.name = 'JsonSyntaxError';
    this.offset = offset;
  }
}

/** Byte positions of one member; `valueEnd` is exclusive. */
export interface Member {
  key: string;
  keyStart: number;
  keyEnd: number;
  valueStart: number;
  valueEnd: number;
}

export interface Bounds {
  start: number;
  /** Exclusive. */
  end: number;
}

const quote = 0x22;
const backslash = 0x5c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const comma = 0x2c;
const colon = 0x3a;

/** Deepest nesting that is walked or skipped; deeper text is refused. */
export const maxJsonDepth = 512;

/** The first index at or after `index` that is not JSON white space. */
export function skipSpace(bytes: Buffer, index: number): number {
  let at = index;
  while (isSpace(bytes[at])) at++;
  return at;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** So many bytes are looked at one by one: below that a search costs more to begin than it saves. */
const nearby = 16;

/** `start` is at the opening quote; the index after the closing one. */
export function skipString(bytes: Buffer, start: number): number {
  let at = start + 1;
  for (;;) {
    const near = at + nearby;
    while (at < near) {
      const byte = bytes[at];
      if (byte === quote) return at + 1;
      at += byte === backslash ? 2 : 1;
    }
    const end = bytes.indexOf(quote, at);
    if (end === -1) throw new JsonSyntaxError('Unterminated string', start);
    let slashes = end;
    while (slashes > at && bytes[slashes - 1] === backslash) slashes--;
    if ((end - slashes) % 2 === 0) return end + 1;
    at = end + 1;
  }
}

/** The index after the value that starts at `start`. */
export function skipValue(bytes: Buffer, start: number): number {
  const first = bytes[start];
  if (first === quote) return skipString(bytes, start);
  if (first === openBrace || first === openBracket) return skipContainer(bytes, start);
  let at = start;
  while (isScalarByte(bytes[at])) at++;
  if (at === start) throw new JsonSyntaxError(first === undefined ? 'Unexpected end' : 'Unexpected character', start);
  return at;
}

/** Digits, letters, `+`, `-`, `.`: the bytes of numbers and literals. */
function isScalarByte(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    (byte >= 0x61 && byte <= 0x7a) ||
    byte === 0x2d ||
    byte === 0x2b ||
    byte === 0x2e ||
    byte === 0x45
  );
}

function skipContainer(bytes: Buffer, start: number): number {
  let depth = 0;
  let at = start;
  while (at < bytes.length) {
    const byte = bytes[at];
    if (byte === quote) {
      at = skipString(bytes, at);
      continue;
    }
    if (byte === openBrace || byte === openBracket) {
      depth++;
      if (depth > maxJsonDepth) throw new JsonSyntaxError('Nested too deeply', at);
    } else if (byte === closeBrace || byte === closeBracket) {
      depth--;
      if (depth === 0) return at + 1;
    }
    at++;
  }
  throw new JsonSyntaxError('Unexpected end', at);
}

/** The members of the object whose `{` is at `start`, in order, duplicates included. */
export function scanMembers(bytes: Buffer, start: number): { members: Member[]; end: number } {
  const members: Member[] = [];
  const end = scanItems(bytes, { start, open: openBrace, close: closeBrace }, (at) => {
    if (bytes[at] !== quote) throw new JsonSyntaxError('Expected a member name', at);
    const keyEnd = skipString(bytes, at);
    const colonAt = skipSpace(bytes, keyEnd);
    if (bytes[colonAt] !== colon) throw new JsonSyntaxError('Expected a colon', colonAt);
    const valueStart = skipSpace(bytes, colonAt + 1);
    const valueEnd = skipValue(bytes, valueStart);
    members.push({ key: readKey(bytes, at, keyEnd), keyStart: at, keyEnd, valueStart, valueEnd });
    return valueEnd;
  });
  return { members, end };
}

/** The bounds of the elements of the array whose `[` is at `start`. */
export function scanElements(bytes: Buffer, start: number): { elements: Bounds[]; end: number } {
  const elements: Bounds[] = [];
  const end = scanItems(bytes, { start, open: openBracket, close: closeBracket }, (at) => {
    const valueEnd = skipValue(bytes, at);
    elements.push({ start: at, end: valueEnd });
    return valueEnd;
  });
  return { elements, end };
}

/** Walks the comma-separated items between two brackets; returns the index after the closing one. */
function scanItems(
  bytes: Buffer,
  brackets: { start: number; open: number; close: number },
  scanItem: (at: number) => number,
): number {
  if (bytes[brackets.start] !== brackets.open) throw new JsonSyntaxError('Unexpected character', brackets.start);
  let at = skipSpace(bytes, brackets.start + 1);
  if (bytes[at] === brackets.close) return at + 1;
  for (;;) {
    at = skipSpace(bytes, scanItem(at));
    if (bytes[at] === brackets.close) return at + 1;
    if (bytes[at] !== comma) throw new JsonSyntaxError('Expected a comma', at);
    at = skipSpace(bytes, at + 1);
  }
}

/** A member name as text; names with escapes are decoded, so that `"mod\u0065l"` is `model`. */
function readKey(bytes: Buffer, start: number, end: number): string {
  const raw = bytes.toString('utf8', start + 1, end - 1);
  if (!raw.includes('\\')) return raw;
  try {
    const key: unknown = JSON.parse(`"${raw}"`);
    return String(key);
  } catch {
    throw new JsonSyntaxError('Bad escape in a member name', start);
  }
}
