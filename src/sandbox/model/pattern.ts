import { lookUp } from '../../wire/dispatch.ts';

/** Code points from and to, both included. */
export type Range = readonly [number, number];

/** What a regular expression is made of. Groups leave no trace. */
export type PatternNode =
  | { type: 'character'; ranges: readonly Range[] }
  | { type: 'sequence'; parts: PatternNode[] }
  | { type: 'choice'; options: PatternNode[] }
  | { type: 'repeat'; inner: PatternNode; min: number; max: number }
  | { type: 'start' }
  | { type: 'end' };

const maxLength = 1_000;
const maxDepth = 50;
const lastCodePoint = 0x10_ff_ff;

/** Thrown inside this file only: the pattern has something that is not known here. */
class UnknownSyntax extends Error {}

interface Reader {
  text: readonly string[];
  position: number;
  depth: number;
}

/**
 * Reads the regular part of ECMAScript's syntax: literals, escapes, classes, groups, alternatives, quantifiers, anchors.
 * Undefined for the rest (assertions, references, properties, flags), for wrong syntax and over 1,000 characters.
 */
export function parsePattern(pattern: string): PatternNode | undefined {
  if (pattern.length > maxLength) return undefined;
  const reader = { text: Array.from(pattern), position: 0, depth: 0 };
  try {
    const node = readChoice(reader);
    return reader.position === reader.text.length ? node : undefined;
  } catch (error) {
    if (error instanceof UnknownSyntax) return undefined;
    throw error;
  }
}

function peek({ text, position }: Reader): string {
  return text[position] ?? '';
}

function next(reader: Reader): string {
  const character = peek(reader);
  if (character === '') throw new UnknownSyntax();
  reader.position += 1;
  return character;
}

function accept(reader: Reader, wanted: string): boolean {
  const found = peek(reader) === wanted;
  if (found) reader.position += 1;
  return found;
}

function readChoice(reader: Reader): PatternNode {
  const options = [readSequence(reader)];
  while (accept(reader, '|')) options.push(readSequence(reader));
  const [only] = options;
  return options.length === 1 && only !== undefined ? only : { type: 'choice', options };
}

function readSequence(reader: Reader): PatternNode {
  const parts: PatternNode[] = [];
  while (!['', '|', ')'].includes(peek(reader))) parts.push(readQuantified(reader));
  return { type: 'sequence', parts };
}

function readQuantified(reader: Reader): PatternNode {
  const inner = readAtom(reader);
  const bounds = readBounds(reader);
  if (bounds === undefined) return inner;
  // A lazy quantifier matches the same texts.
  accept(reader, '?');
  return { type: 'repeat', inner, ...bounds };
}

const quantifiers: Readonly<Record<string, { min: number; max: number }>> = {
  '*': { min: 0, max: Infinity },
  '+': { min: 1, max: Infinity },
  '?': { min: 0, max: 1 },
};

function readBounds(reader: Reader): { min: number; max: number } | undefined {
  const bounds = lookUp(quantifiers, peek(reader));
  if (bounds !== undefined) {
    reader.position += 1;
    return bounds;
  }
  if (!accept(reader, '{')) return undefined;
  const min = readNumber(reader);
  const max = accept(reader, ',') ? (peek(reader) === '}' ? Infinity : readNumber(reader)) : min;
  if (!accept(reader, '}') || max < min) throw new UnknownSyntax();
  return { min, max };
}

function readNumber(reader: Reader): number {
  let digits = '';
  while (/^\d$/.test(peek(reader))) digits += next(reader);
  if (digits === '') throw new UnknownSyntax();
  return Number(digits);
}

function readAtom(reader: Reader): PatternNode {
  const character = next(reader);
  const read = lookUp(atoms, character);
  if (read !== undefined) return read(reader);
  if (')]{}*+?'.includes(character)) throw new UnknownSyntax();
  return one(character);
}

const atoms: Readonly<Record<string, (reader: Reader) => PatternNode>> = {
  '^': () => ({ type: 'start' }),
  $: () => ({ type: 'end' }),
  '.': () => ({ type: 'character', ranges: inverse(lineEnds) }),
  '(': readGroup,
  '[': readClass,
  '\\': (reader) => ({ type: 'character', ranges: readEscape(reader) }),
};

function readGroup(reader: Reader): PatternNode {
  reader.depth += 1;
  if (reader.depth > maxDepth) throw new UnknownSyntax();
  if (accept(reader, '?') && !accept(reader, ':')) {
    if (!accept(reader, '<') || !/^[\w$]$/.test(peek(reader))) throw new UnknownSyntax();
    while (next(reader) !== '>');
  }
  const node = readChoice(reader);
  if (!accept(reader, ')')) throw new UnknownSyntax();
  reader.depth -= 1;
  return node;
}

function readClass(reader: Reader): PatternNode {
  const negated = accept(reader, '^');
  const ranges: Range[] = [];
  while (!accept(reader, ']')) {
    const from = readMember(reader);
    const isRange = peek(reader) === '-' && reader.text[reader.position + 1] !== ']';
    if (!isRange) {
      ranges.push(...from);
      continue;
    }
    reader.position += 1;
    const low = single(from);
    const high = single(readMember(reader));
    if (high < low) throw new UnknownSyntax();
    ranges.push([low, high]);
  }
  return { type: 'character', ranges: negated ? inverse(ranges) : ranges };
}

function readMember(reader: Reader): readonly Range[] {
  const character = next(reader);
  if (character !== '\\') return [pair(character)];
  return accept(reader, 'b') ? [[8, 8]] : readEscape(reader);
}

function single(ranges: readonly Range[]): number {
  const [only] = ranges;
  if (ranges.length !== 1 || only === undefined || only[0] !== only[1]) throw new UnknownSyntax();
  return only[0];
}

function pair(character: string): Range {
  const code = character.codePointAt(0) ?? 0;
  return [code, code];
}

function one(character: string): PatternNode {
  return { type: 'character', ranges: [pair(character)] };
}

const digits: readonly Range[] = [[48, 57]];
const wordSigns: readonly Range[] = [...digits, [65, 90], [95, 95], [97, 122]];
const lineEnds: readonly Range[] = [pair('\n'), pair('\r'), [0x20_28, 0x20_29]];
/** The blank first: it is the one to write. */
const blanks: readonly Range[] = [
  [32, 32],
  [9, 13],
  [0xa0, 0xa0],
  [0x16_80, 0x16_80],
  [0x20_00, 0x20_0a],
  [0x20_28, 0x20_29],
  [0x20_2f, 0x20_2f],
  [0x20_5f, 0x20_5f],
  [0x30_00, 0x30_00],
  [0xfe_ff, 0xfe_ff],
];

const escapes: Readonly<Record<string, readonly Range[]>> = {
  d: digits,
  D: inverse(digits),
  w: wordSigns,
  W: inverse(wordSigns),
  s: blanks,
  S: inverse(blanks),
  t: [[9, 9]],
  n: [[10, 10]],
  v: [[11, 11]],
  f: [[12, 12]],
  r: [[13, 13]],
};

function readEscape(reader: Reader): readonly Range[] {
  const character = next(reader);
  const known = lookUp(escapes, character);
  if (known !== undefined) return known;
  if (character === 'x') return [readHex(reader, 2)];
  if (character === 'u') return [readHex(reader, 4)];
  if (/^[A-Za-z0-9]$/.test(character)) throw new UnknownSyntax();
  return [pair(character)];
}

function readHex(reader: Reader, length: number): Range {
  let hex = '';
  if (length === 4 && accept(reader, '{')) for (let sign = next(reader); sign !== '}'; sign = next(reader)) hex += sign;
  else while (hex.length < length) hex += next(reader);
  const code = /^[\dA-Fa-f]{1,6}$/.test(hex) ? Number.parseInt(hex, 16) : Infinity;
  if (code > lastCodePoint) throw new UnknownSyntax();
  return [code, code];
}

/** Every code point that is in none of the ranges. */
function inverse(ranges: readonly Range[]): Range[] {
  const gaps: Range[] = [];
  let from = 0;
  for (const [low, high] of ranges.toSorted((left, right) => left[0] - right[0])) {
    if (low > from) gaps.push([from, low - 1]);
    from = Math.max(from, high + 1);
  }
  if (from <= lastCodePoint) gaps.push([from, lastCodePoint]);
  return gaps;
}
