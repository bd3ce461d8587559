import type { PatternNode, Range } from './pattern.ts';
import { takeDigit, type Steps, type Variant } from './variant.ts';

/**
 * Whether a text matches somewhere, as JSON Schema's `pattern` means it. The places that can be reached are followed all at
 * once, so that no pattern makes it try the same place twice; false when the steps are used up.
 */
export function matches(pattern: PatternNode, text: string, steps: Steps): boolean {
  const points = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  const everywhere = new Set(Array.from({ length: points.length + 1 }, (_, index) => index));
  return ends(pattern, everywhere, { points, steps }).size > 0 && steps.left > 0;
}

interface Subject {
  points: readonly number[];
  steps: Steps;
}

/** The places behind the node, for all places before it. */
function ends(node: PatternNode, starts: ReadonlySet<number>, subject: Subject): ReadonlySet<number> {
  subject.steps.left -= starts.size + 1;
  if (subject.steps.left <= 0 || starts.size === 0) return new Set();
  const { points } = subject;
  switch (node.type) {
    case 'start':
      return new Set(starts.has(0) ? [0] : []);
    case 'end':
      return new Set(starts.has(points.length) ? [points.length] : []);
    case 'character':
      return new Set([...starts].filter((at) => contains(node.ranges, points[at])).map((at) => at + 1));
    case 'sequence':
      return node.parts.reduce((reached, part) => ends(part, reached, subject), starts);
    case 'choice':
      return new Set(node.options.flatMap((option) => [...ends(option, starts, subject)]));
    case 'repeat':
      return repeatEnds(node, starts, subject);
  }
}

type Repeat = Extract<PatternNode, { type: 'repeat' }>;

function repeatEnds({ inner, min, max }: Repeat, starts: ReadonlySet<number>, subject: Subject): ReadonlySet<number> {
  let frontier = starts;
  for (let count = 0; count < min && frontier.size > 0; count += 1) frontier = ends(inner, frontier, subject);
  const reached = new Set(frontier);
  for (let count = min; count < max && frontier.size > 0; count += 1) {
    frontier = new Set([...ends(inner, frontier, subject)].filter((at) => !reached.has(at)));
    for (const at of frontier) reached.add(at);
  }
  return reached;
}

function contains(ranges: readonly Range[], point: number | undefined): boolean {
  return point !== undefined && ranges.some(([low, high]) => point >= low && point <= high);
}

/** What a text may be, in characters as JSON Schema counts them, and which of those that may be. */
export interface TextWish {
  min: number;
  max: number;
  variant: Variant;
}

/** Tries at a length that fits: another branch of an alternative may be longer or shorter. */
const maxTries = 16;
/** Characters of a text that is made to match. */
const longest = 4_000;

/** A text that matches; undefined when none of this length is found, or the steps are used up. Deterministic. */
export function textFor(pattern: PatternNode, { min, max, variant }: TextWish, steps: Steps): string | undefined {
  const first = variant.rest;
  variant.rest = 0;
  for (let attempt = 0; attempt < maxTries && steps.left > 0; attempt += 1) {
    const shortest = write(pattern, { variant: { rest: first + attempt }, wanted: 0, steps });
    const wanted = Math.max(min, 1) - Array.from(shortest).length;
    const grown = wanted > 0 ? write(pattern, { variant: { rest: first + attempt }, wanted, steps }) : shortest;
    const padding = 'a'.repeat(Math.max(0, min - Array.from(grown).length));
    // Where nothing in the pattern can grow, a pattern without anchors leaves room before and behind.
    const found = [grown, grown + padding, padding + grown].find((text) => {
      const length = Array.from(text).length;
      return length >= min && length <= Math.min(max, longest) && matches(pattern, text, steps);
    });
    if (found !== undefined) return found;
  }
  return undefined;
}

interface Writing {
  variant: Variant;
  /** Characters that repetitions shall add to what is needed. */
  wanted: number;
  steps: Steps;
}

function write(node: PatternNode, writing: Writing): string {
  writing.steps.left -= 1;
  if (writing.steps.left <= 0) return '';
  switch (node.type) {
    case 'start':
    case 'end':
      return '';
    case 'character':
      return pick(node.ranges, writing);
    case 'sequence':
      return node.parts.map((part) => write(part, writing)).join('');
    case 'choice':
      return node.options
        .slice(takeDigit(writing.variant, node.options.length))
        .slice(0, 1)
        .map((option) => write(option, writing))
        .join('');
    case 'repeat':
      return repeat(node, writing);
  }
}

function repeat({ inner, min, max }: Repeat, writing: Writing): string {
  let text = '';
  for (let count = 0; count < min && writing.steps.left > 0; count += 1) text += write(inner, writing);
  for (let count = min; count < max && writing.wanted > 0 && writing.steps.left > 0; count += 1) {
    const before = writing.wanted;
    const more = write(inner, writing);
    if (more === '') break;
    text += more;
    writing.wanted = Math.min(writing.wanted, before - Array.from(more).length);
  }
  return text;
}

/** What reads best, in the order in which it is taken. */
const readable = Array.from('abcdefghijklmnopqrstuvwxyz1234567890ABCDEFGHIJKLMNOPQRSTUVWXYZ-_. @/:,+#');

/** Looking a class through for what is readable is as much work as this many steps. */
const classSteps = 20;

/** A character of a class: a readable one where there is any, else one from the start of its first range. */
function pick(ranges: readonly Range[], { variant, steps }: Writing): string {
  const [range] = ranges;
  if (range === undefined) return '';
  const [low, high] = range;
  if (ranges.length === 1 && low === high) return String.fromCodePoint(low);
  steps.left -= classSteps;
  const good = readable.filter((character) => contains(ranges, character.codePointAt(0)));
  if (good.length > 0) return good[takeDigit(variant, good.length)] ?? '';
  return String.fromCodePoint(low + takeDigit(variant, Math.min(high - low + 1, 64)));
}
