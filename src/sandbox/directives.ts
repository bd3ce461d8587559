import { lookUp } from '../wire/dispatch.ts';
import { parseBounded } from './bounded-json.ts';

/**
 * What a test tells the sandbox to do: `[[sandbox: key=value ...]]` in the last user message, or the same without brackets
 * in the header `x-sandbox`, which wins key by key. Lengths and times are bounded, since a stranger writes them.
 */
export interface Directives {
  /** Answer with this error: a code or id of the error source. */
  error?: string;
  /** Milliseconds before the first byte. */
  delay: number;
  /** Tokens per second; 0 for no brake. */
  tps: number;
  /** Length of the answer in tokens. */
  length?: number;
  /** Length of the thinking in tokens. */
  think?: number;
  /** The answer's text. */
  say?: string;
  /** Tool calls to make, with their arguments as JSON text. */
  tools: { name: string; argumentsJson: string }[];
  /** Break the connection after this many frames (or this many bytes of a whole body). */
  cut?: number;
  /** Send nothing more after this many frames, until the caller leaves. */
  stall?: number;
  /** End cleanly after this many frames, without the closing frames. */
  eof?: number;
  /** After some frames, an error frame with this code. */
  streamError?: string;
  /** How many frames come before `streamError`. */
  after: number;
  /** The shape of errors on the Anthropic path. */
  anthropicErrors?: 'documented' | 'native';
}

/** A directive that cannot be understood; the message says which. */
export class DirectiveError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'DirectiveError';
  }
}

const opening = '[[sandbox:';
const maxDirectiveLength = 16_384;
const maxTools = 32;

/** Reads the directives of a request. Throws DirectiveError on one that is malformed. */
export function readDirectives(userText: string, header: string | undefined): Directives {
  const directives: Directives = { delay: 0, tps: 0, tools: [], after: 2 };
  for (const { body } of findDirectives(userText)) apply(directives, body);
  if (header !== undefined) apply(directives, stripBrackets(header));
  return directives;
}

/** The text without its directives. */
export function withoutDirectives(text: string): string {
  let kept = '';
  let position = 0;
  for (const { start, end } of findDirectives(text)) {
    kept += text.slice(position, start);
    position = end;
  }
  return kept + text.slice(position);
}

function* findDirectives(text: string): Generator<{ start: number; end: number; body: string }> {
  let start = text.indexOf(opening);
  while (start !== -1) {
    const end = closingOf(text, start + opening.length);
    if (end === -1) return;
    yield { start, end: end + 2, body: text.slice(start + opening.length, end) };
    start = text.indexOf(opening, end + 2);
  }
}

/** Where `]]` closes the directive: not inside a JSON string, and the last of a longer run of brackets. */
function closingOf(text: string, from: number): number {
  const limit = Math.min(text.length, from + maxDirectiveLength);
  let inString = false;
  for (let position = from; position < limit; position += 1) {
    const character = text[position];
    if (character === '\\') position += 1;
    else if (character === '"') inString = !inString;
    else if (!inString && text.startsWith(']]', position) && text[position + 2] !== ']') return position;
  }
  return -1;
}

function stripBrackets(header: string): string {
  return header
    .trim()
    .replace(/^\[\[\s*(?:sandbox:)?/, '')
    .replace(/\]\]$/, '')
    .slice(0, maxDirectiveLength);
}

function apply(directives: Directives, body: string): void {
  let rest = body.trim();
  while (rest !== '') {
    const match = /^([\w-]+)\s*=\s*/.exec(rest);
    const set = lookUp(setters, match?.[1]);
    if (match === null || set === undefined)
      throw new DirectiveError(`Unknown sandbox directive: ${rest.slice(0, 60)}`);
    const value = readValue(rest.slice(match[0].length));
    set(directives, value.text);
    rest = value.rest.replace(/^[\s,;]+/, '');
  }
}

/** A quoted text, or everything to the next blank; a name followed by JSON in braces stays together. */
function readValue(source: string): { text: string; rest: string } {
  if (source.startsWith('"')) {
    const end = stringEnd(source, 0);
    const parsed = parseBounded(source.slice(0, end));
    if (typeof parsed !== 'string')
      throw new DirectiveError(`Unclosed text in a sandbox directive: ${source.slice(0, 60)}`);
    return { text: parsed, rest: source.slice(end) };
  }
  const bare = /^[^\s,;{]*/.exec(source)?.[0] ?? '';
  if (source[bare.length] !== '{') return { text: bare, rest: source.slice(bare.length) };
  const end = jsonEnd(source, bare.length);
  return { text: source.slice(0, end), rest: source.slice(end) };
}

function stringEnd(source: string, start: number): number {
  for (let position = start + 1; position < source.length; position += 1) {
    if (source[position] === '\\') position += 1;
    else if (source[position] === '"') return position + 1;
  }
  return source.length;
}

function jsonEnd(source: string, start: number): number {
  let depth = 0;
  for (let position = start; position < source.length; position += 1) {
    const character = source[position];
    if (character === '"') position = stringEnd(source, position) - 1;
    else if (character === '{') depth += 1;
    else if (character === '}' && (depth -= 1) === 0) return position + 1;
  }
  return source.length;
}

type Setter = (directives: Directives, value: string) => void;

const setters: Record<string, Setter> = {
  error: (directives, value) => (directives.error = value),
  delay: (directives, value) => (directives.delay = readTime(value)),
  tps: (directives, value) => (directives.tps = readNumber('tps', value, 100_000)),
  length: (directives, value) => (directives.length = readWhole('length', value, 50_000)),
  think: (directives, value) => (directives.think = readWhole('think', value, 50_000)),
  say: (directives, value) => (directives.say = value),
  tool: (directives, value) => addTool(directives, value),
  cut: (directives, value) => (directives.cut = readWhole('cut', value, 1_000_000)),
  stall: (directives, value) => (directives.stall = readWhole('stall', value, 1_000_000)),
  eof: (directives, value) => (directives.eof = readWhole('eof', value, 1_000_000)),
  'stream-error': (directives, value) => (directives.streamError = value),
  after: (directives, value) => (directives.after = readWhole('after', value, 1_000_000)),
  'anthropic-errors': (directives, value) => {
    if (value !== 'native' && value !== 'documented')
      throw new DirectiveError('anthropic-errors is native or documented');
    directives.anthropicErrors = value;
  },
};

/** Every directive there is. */
export const directiveNames: readonly string[] = Object.keys(setters);

const maxDelay = 300_000;

function readTime(value: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s)?$/.exec(value);
  if (match?.[1] === undefined)
    throw new DirectiveError(`delay is a time such as 500ms or 2s, not ${value.slice(0, 40)}`);
  return Math.min(maxDelay, Number(match[1]) * (match[2] === 's' ? 1_000 : 1));
}

function readNumber(name: string, value: string, max: number): number {
  const number = Number(value);
  if (value === '' || !Number.isFinite(number) || number < 0) {
    throw new DirectiveError(`${name} is a number, not ${value.slice(0, 40)}`);
  }
  return Math.min(max, number);
}

function readWhole(name: string, value: string, max: number): number {
  return Math.floor(readNumber(name, value, max));
}

function addTool(directives: Directives, value: string): void {
  const match = /^([\w.:-]{1,128})(\{[\s\S]*\})?$/.exec(value);
  const argumentsJson = match?.[2] ?? '{}';
  if (match?.[1] === undefined || parseBounded(argumentsJson) === undefined) {
    throw new DirectiveError(
      `tool is a name and its arguments, such as tool=get_weather{"city":"Paris"}, not ${value.slice(0, 60)}`,
    );
  }
  if (directives.tools.length < maxTools) directives.tools.push({ name: match[1], argumentsJson });
}
