import type { JsonObject } from '../../domain/json.ts';
import type { Facts } from './extract.ts';
import { formatOf, type TextFormat } from './formats.ts';
import { matches, textFor } from './pattern-text.ts';
import { parsePattern, type PatternNode } from './pattern.ts';
import { topicOf } from './topic.ts';
import { takeDigit, type Steps, type Variant } from './variant.ts';

/** A string for an argument; `known` when the text named it, false when it was made up to fit. */
export interface FoundString {
  text: string;
  known: boolean;
}

/** What a string is made from. */
export interface StringSource {
  facts: Facts;
  variant: Variant;
  /** Bounds the work on patterns. */
  steps: Steps;
}

/** The natural string and no work on patterns: for arguments without a schema. */
export function plainSource(facts: Facts): StringSource {
  return { facts, variant: { rest: 0 }, steps: { left: 0 } };
}

/** The string for an argument, from its name, its schema and the text. */
export function stringFor(name: string, schema: JsonObject, source: StringSource): FoundString {
  const bounds = lengthOf(schema);
  const pattern = typeof schema.pattern === 'string' ? readPattern(schema.pattern, source.steps) : undefined;
  if (pattern !== undefined) return patterned(name, schema, { ...source, pattern, bounds });
  const format = formatOf(schema.format);
  if (format !== undefined) return formatted(format, bounds, source);
  const found = fromName(name, schema, source.facts);
  const digit = takeDigit(source.variant, 1_000);
  if (digit === 0) return { text: fitLength(found.text, bounds), known: found.known };
  return made(numbered(fitLength(found.text, bounds), digit + 1, bounds));
}

/** UTF-16 units; a `minLength` beyond 1,000 is not met. */
interface Bounds {
  min: number;
  max: number;
}

function lengthOf({ minLength, maxLength }: JsonObject): Bounds {
  const min = typeof minLength === 'number' ? Math.min(minLength, 1_000) : 0;
  return { min, max: typeof maxLength === 'number' ? Math.max(maxLength, 0) : Infinity };
}

function fitLength(text: string, { min, max }: Bounds): string {
  return text.padEnd(min, '.').slice(0, max);
}

/** The same text with a number behind it, within its bounds. */
function numbered(text: string, number: number, { max }: Bounds): string {
  const ending = ` ${number}`;
  return text.length + ending.length <= max
    ? text + ending
    : text.slice(0, Math.max(0, max - ending.length + 1)) + String(number).slice(0, max);
}

function formatted(format: TextFormat, bounds: Bounds, { facts, variant }: StringSource): FoundString {
  const digit = takeDigit(variant, format.count);
  const named = digit === 0 ? format.named(facts) : undefined;
  const text = named ?? format.made(digit);
  if (text.length > bounds.max) return made(format.short ?? text);
  return {
    text: text.length < bounds.min ? (format.longer?.(text, bounds.min) ?? text) : text,
    known: named !== undefined,
  };
}

function readPattern(pattern: string, steps: Steps): PatternNode | undefined {
  steps.left -= pattern.length;
  return steps.left > 0 ? parsePattern(pattern) : undefined;
}

interface PatternSource extends StringSource {
  pattern: PatternNode;
  bounds: Bounds;
}

/** What the schema would get without its pattern if that matches, else a word of the text that does, else one made up. */
function patterned(name: string, schema: JsonObject, source: PatternSource): FoundString {
  const { facts, variant, steps, pattern, bounds } = source;
  const natural = stringFor(name, { ...schema, pattern: undefined }, { facts, variant: { rest: 0 }, steps });
  const fits = (text: string): boolean =>
    text.length >= bounds.min && text.length <= bounds.max && matches(pattern, text, steps);
  if (variant.rest === 0) {
    if (fits(natural.text)) return natural;
    const word = [...facts.quoted, ...facts.code, ...wordsOf(facts.text)].find(fits);
    if (word !== undefined) return made(word);
  }
  return made(textFor(pattern, { ...bounds, variant }, steps) ?? natural.text);
}

/** The first words of a text, without the marks around them. */
function wordsOf(text: string): string[] {
  const words = text.slice(0, 2_000).split(/[\s,;:!?"'`()，。；：！？“”（）]+/);
  return words
    .map((word) => word.replace(/\.$/, ''))
    .filter((word) => word !== '')
    .slice(0, 100);
}

function fromName(name: string, schema: JsonObject, facts: Facts): FoundString {
  const words = nameWords(name);
  const rule = nameRules.find(({ pattern }) => words.some((word) => pattern.test(word)));
  if (rule !== undefined) return rule.find(facts);
  if (typeof schema.default === 'string') return made(schema.default);
  const description = typeof schema.description === 'string' ? nameWords(schema.description) : [];
  const described = nameRules.find(
    ({ pattern, inDescription }) => inDescription && description.some((word) => pattern.test(word)),
  );
  return described?.find(facts) ?? subject(facts);
}

/** The words of an identifier or a sentence, in lower case. */
export function nameWords(name: string): string[] {
  return name
    .slice(0, 1_000)
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

type Finder = (facts: Facts) => FoundString;

interface NameRule {
  pattern: RegExp;
  find: Finder;
  /** The words of the rule also count in the argument's description. */
  inDescription: boolean;
}

function known(text: string): FoundString {
  return { text, known: true };
}

function made(text: string): FoundString {
  return { text, known: false };
}

/** The first fact there is, else a value that fits. */
function first(facts: readonly (string | undefined)[], otherwise: string): FoundString {
  const found = facts.find((fact) => fact !== undefined && fact !== '');
  return found === undefined ? made(otherwise) : known(found);
}

function subject(facts: Facts): FoundString {
  const topic = facts.quoted[0] ?? facts.code[0] ?? topicOf(facts.text, facts.chinese);
  return made(topic === '' ? 'value' : topic);
}

const rule = (pattern: RegExp, find: Finder, inDescription = true): NameRule => ({ pattern, find, inDescription });

const currencies = /\b(USD|EUR|CNY|JPY|GBP|HKD|KRW|INR|AUD|CAD|CHF)\b/;
const languages = /\b(English|Chinese|French|German|Spanish|Japanese|Korean|Italian|Portuguese|Russian|Arabic)\b/i;

/** By the words of an argument's name, first match wins. */
const nameRules: readonly NameRule[] = [
  rule(
    /^(to|recipient|recipients|target)$/,
    (facts) => first([facts.emails[0], codes(facts)[1], facts.places[1]], 'user@example.com'),
    false,
  ),
  rule(/^(from|sender|source)$/, (facts) => first([codes(facts)[0], facts.places[0]], 'me@example.com'), false),
  rule(/^(url|uri|link|href)$/, (facts) => first(facts.urls, 'https://example.com/')),
  rule(/^(e?mail)$/, (facts) => first(facts.emails, 'user@example.com')),
  rule(/^(city|cities|location|place|region|country|county|town|address|destination|origin|district)$/, (facts) =>
    first([facts.places[0], facts.names[0]], facts.chinese ? '北京' : 'Beijing'),
  ),
  rule(/^(path|file|filename|filepath|dir|directory|folder)$/, (facts) => first(facts.paths, '.'), false),
  rule(/^(expression|expr|formula|equation)$/, (facts) => first([facts.expression, facts.code[0]], '1 + 1')),
  rule(/^(datetime|timestamp)$/, (facts) => first(facts.dates, '2025-01-01T00:00:00Z'), false),
  rule(/^(date|day)$/, (facts) => first(facts.dates, '2025-01-01'), false),
  rule(/^(timezone|tz|zone)$/, (facts) =>
    first([/\b[A-Z][a-z]+\/[A-Z][A-Za-z_]+\b/.exec(facts.text)?.[0]], 'Asia/Shanghai'),
  ),
  rule(/^(currency|currencies)$/, (facts) => first([currencies.exec(facts.text)?.[0]], 'USD'), false),
  rule(
    /^(language|lang|locale)$/,
    (facts) => first([languages.exec(facts.text)?.[0]], facts.chinese ? 'Chinese' : 'English'),
    false,
  ),
  rule(/^(ticker|symbol)$/, (facts) => first([/\b[A-Z]{2,5}\b/.exec(facts.text)?.[0]], 'BABA')),
  rule(/^(code|snippet|script)$/, (facts) => first([facts.code[0], facts.quoted[0]], 'print(1)'), false),
  rule(
    /^(name|username|user|author|person|title)$/,
    (facts) => first([facts.quoted[0], facts.names[0]], 'Alice'),
    false,
  ),
  rule(/^(query|q|search|keyword|keywords|question|term)$/, searchTerms, false),
  rule(
    /^(text|message|content|body|input|prompt|note|string|sentence|words?)$/,
    (facts) => (facts.quoted[0] === undefined ? subject(facts) : known(facts.quoted[0])),
    false,
  ),
  rule(/^(unit|units)$/, () => made('celsius'), false),
  rule(/^(id|identifier)$/, (facts) => first([/\b[A-Z]*[-_]?\d{2,}\b/.exec(facts.text)?.[0]], '1'), false),
];

/** The currency codes of a text, in order. */
function codes(facts: Facts): string[] {
  return facts.text.match(new RegExp(currencies, 'g')) ?? [];
}

function searchTerms(facts: Facts): FoundString {
  const asked =
    /\b(?:search|look|google|find|query)\s+(?:the\s+(?:web|internet)\s+)?(?:online\s+)?(?:up\s+|for\s+)?(.{2,200}?)(?:[.?!]|$)/i.exec(
      facts.text,
    )?.[1];
  return first([facts.quoted[0], asked, topicOf(facts.text, facts.chinese)], 'value');
}
