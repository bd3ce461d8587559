import { isWordCharacter, normalizeText, wordsOf } from './normal-text.ts';
import type { NormalText } from './normal-text.ts';
import type { ErrorRecord } from './record.ts';

/** One pattern of a record, cut at its parameters: `parts[0] {names[0]} parts[1] {names[1]} parts[2]`. */
export interface CompiledPattern {
  record: ErrorRecord;
  parts: readonly string[];
  names: readonly string[];
  /** Words that a matching text has as whole words, one entry each. */
  words: readonly string[];
  /** Letters and digits outside the parameters: how much a match proves. */
  weight: number;
  /** Position in `parts` of the longest one, where the search starts. */
  anchor: number;
}

/** Where a pattern was found. */
export interface PatternHit {
  start: number;
  end: number;
  params: Record<string, string>;
}

/** The parameter that stands for an identifier. */
const identifier = 'name';
/** Longest value of a parameter, in characters. */
const maximumValueLength = 200;
/** A literal that repeats in a hostile text is tried this often. */
const maximumTries = 8;
const maximumPatternLength = 2_000;
const endOfValue = /['}]|[.!?;](?=[\s'<:]|$)|,? (?=for details|please see |see )|[)\].,;!?]+$/;
const parameter = /\{([a-z][a-zA-Z0-9_]*)\}/g;
const leadingPunctuation = /^[\s.,!?;:'"]+/;
const trailingPunctuation = /[\s.,!?;:'"]+$/;

/** Cuts a message pattern; matching is by searching its literal parts in order, so its time is linear. */
export function compilePattern(record: ErrorRecord, source: string): CompiledPattern {
  const names = [...source.matchAll(parameter)].map((found) => found[1] ?? '');
  const parts = literalParts(source);
  const longest = Math.max(...parts.map((part) => part.length));
  return {
    record,
    names,
    parts,
    words: wholeWords(parts),
    weight: parts.join('').replace(/[^a-z0-9]/g, '').length,
    anchor: parts.findIndex((part) => part.length === longest),
  };
}

function literalParts(source: string): string[] {
  // A space at the edge of a literal belongs to it, so the parts are normalised together.
  const mark = '\u0001';
  const { folded } = normalizeText(source.replace(parameter, mark), maximumPatternLength);
  const trimmed = folded.replace(leadingPunctuation, '').replace(trailingPunctuation, '');
  return trimmed.split(mark);
}

/** A word that touches a parameter is only a part of a word in the text. */
function wholeWords(parts: readonly string[]): string[] {
  const words = new Set<string>();
  parts.forEach((part, index) => {
    let inner = part;
    if (index > 0) inner = inner.replace(/^[a-z0-9_]+/, '');
    if (index < parts.length - 1) inner = inner.replace(/[a-z0-9_]+$/, '');
    for (const word of wordsOf(inner)) words.add(word);
  });
  return [...words];
}

/** The pattern with no white space, for squeezed texts. */
export function squeezePattern(pattern: CompiledPattern): CompiledPattern {
  return { ...pattern, parts: pattern.parts.map((part) => part.replaceAll(' ', '')) };
}

/** Finds the pattern as a whole run of words anywhere in the text. */
export function findPattern(pattern: CompiledPattern, text: NormalText): PatternHit | undefined {
  const anchor = pattern.parts[pattern.anchor] ?? '';
  let position = text.folded.indexOf(anchor);
  for (let tries = 0; position >= 0 && tries < maximumTries; tries += 1) {
    const hit = growFrom(pattern, text, position);
    if (hit !== undefined && standsAlone(text.folded, hit) && !hit.params[identifier]?.includes(' ')) return hit;
    position = text.folded.indexOf(anchor, position + 1);
  }
  return undefined;
}

function growFrom(pattern: CompiledPattern, text: NormalText, position: number): PatternHit | undefined {
  const params: Record<string, string> = {};
  const start = growLeft(pattern, text, { position, params });
  const anchorEnd = position + (pattern.parts[pattern.anchor] ?? '').length;
  const end = growRight(pattern, text, { position: anchorEnd, params });
  return start === undefined || end === undefined ? undefined : { start, end, params };
}

interface Growth {
  position: number;
  params: Record<string, string>;
}

function growLeft(pattern: CompiledPattern, text: NormalText, growth: Growth): number | undefined {
  let edge = growth.position;
  for (let index = pattern.anchor - 1; index >= 0; index -= 1) {
    const part = pattern.parts[index] ?? '';
    const valueStart = part === '' ? leadingValueStart(text.folded, edge) : previousEnd(text.folded, part, edge);
    if (valueStart === undefined || valueStart >= edge) return undefined;
    growth.params[pattern.names[index] ?? ''] = text.original.slice(valueStart, edge);
    edge = valueStart - part.length;
  }
  return edge;
}

function previousEnd(folded: string, part: string, edge: number): number | undefined {
  const windowStart = Math.max(0, edge - 1 - maximumValueLength - part.length);
  const found = folded.slice(windowStart, edge - 1).lastIndexOf(part);
  return found < 0 ? undefined : windowStart + found + part.length;
}

/** A parameter at the start of a pattern is one word of the text. */
function leadingValueStart(folded: string, edge: number): number {
  let start = edge;
  while (start > 0 && edge - start < maximumValueLength && !" '({[:>".includes(folded[start - 1] ?? ' ')) start -= 1;
  return start;
}

function growRight(pattern: CompiledPattern, text: NormalText, growth: Growth): number | undefined {
  let edge = growth.position;
  for (let index = pattern.anchor + 1; index < pattern.parts.length; index += 1) {
    const part = pattern.parts[index] ?? '';
    const valueEnd = part === '' ? trailingValueEnd(text.folded, edge) : nextStart(text.folded, part, edge);
    if (valueEnd === undefined || valueEnd <= edge) return undefined;
    growth.params[pattern.names[index - 1] ?? ''] = text.original.slice(edge, valueEnd).trim();
    edge = valueEnd + part.length;
  }
  return edge;
}

function nextStart(folded: string, part: string, edge: number): number | undefined {
  const found = folded.slice(edge + 1, edge + 1 + maximumValueLength + part.length).indexOf(part);
  return found < 0 ? undefined : edge + 1 + found;
}

/** A parameter at the end of a pattern reaches to the end of its sentence or string. */
function trailingValueEnd(folded: string, edge: number): number {
  const window = folded.slice(edge, edge + maximumValueLength);
  const skipped = /^[\s']*/.exec(window)?.[0].length ?? 0;
  const stop = window.slice(skipped).search(endOfValue);
  return edge + (stop < 0 ? window.length : skipped + stop);
}

function standsAlone(folded: string, hit: PatternHit): boolean {
  const joinedBefore = isWordCharacter(folded[hit.start]) && isWordCharacter(folded[hit.start - 1]);
  const joinedAfter = isWordCharacter(folded[hit.end - 1]) && isWordCharacter(folded[hit.end]);
  return !joinedBefore && !joinedAfter;
}

/** Shortest opening of a pattern by which a broken-off text is recognised, and shortest part of it that counts. */
const openingLength = { least: 8, sought: 12 } as const;
/** A value that was cut off with the text may be this long. */
const cutValueLength = 80;

/**
 * The share of the pattern's literal text that the end of `text` holds when the text breaks off inside the pattern;
 * 0 when it does not.
 */
export function cutShare(pattern: CompiledPattern, text: NormalText): number {
  const opening = (pattern.parts[0] ?? '').slice(0, openingLength.sought);
  const tail = withoutEnding(text.folded.slice(-maximumPatternLength));
  const start = opening.length < openingLength.least ? -1 : tail.lastIndexOf(opening);
  if (start < 0) return 0;
  const held = heldLength(pattern.parts, tail.slice(start));
  const whole = pattern.parts.reduce((sum, part) => sum + part.length, 0);
  return held < openingLength.sought ? 0 : held / whole;
}

/** What a program puts after a text that it cut: dots, closing quotes and brackets. */
function withoutEnding(tail: string): string {
  let end = tail.length;
  while (end > 0 && " .\u2026'})]".includes(tail[end - 1] ?? 'x')) end -= 1;
  return tail.slice(0, end);
}

/** Characters of the literals that `tail` holds in order, up to its end; 0 when it says something else. */
function heldLength([first = '', ...later]: readonly string[], tail: string): number {
  if (!tail.startsWith(first)) return first.startsWith(tail) ? tail.length : 0;
  let position = first.length;
  let held = first.length;
  for (const part of later) {
    const found = tail.indexOf(part, position + 1);
    if (found < 0) return tail.length - position <= cutValueLength ? held : 0;
    position = found + part.length;
    held += part.length;
  }
  return position >= tail.length ? held : 0;
}
