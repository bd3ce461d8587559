import * as z from 'zod';

// The kinds of value a setting can have. Each accepts what YAML gives and the text that environment, command line and
// `${NAME}` references give, and has one message that says what is expected.

/** A whole number in a range, both ends included. */
export function integer(min: number, max: number) {
  const error = `must be a whole number from ${min} to ${max}`;
  const range = z.int({ error }).min(min, { error }).max(max, { error });
  return z.preprocess((value) => (isText(value) && /^[+-]?\d+$/.test(value.trim()) ? Number(value) : value), range);
}

/** A number of bytes, also written as `64MiB` or `500 KB`. */
export function bytes(min: number, max: number) {
  const error = `must be a number of bytes from ${min} to ${max}, such as ${max} or ${inMebibytes(min, max)}`;
  const range = z.int({ error }).min(min, { error }).max(max, { error });
  return z.preprocess((value) => (isText(value) ? (bytesFromText(value) ?? value) : value), range);
}

/** Yes or no. */
export function flag() {
  const words: Record<string, boolean> = {
    true: true,
    yes: true,
    on: true,
    1: true,
    false: false,
    no: false,
    off: false,
    0: false,
  };
  const known = (value: string) => words[value.trim().toLowerCase()] ?? value;
  return z.preprocess((value) => (isText(value) ? known(value) : value), z.boolean({ error: 'must be true or false' }));
}

/** One of a few words. */
export function choice<const Words extends readonly [string, ...string[]]>(words: Words) {
  const error = `must be one of ${words.join(', ')}`;
  return z.preprocess((value) => (isText(value) ? value.trim() : value), z.enum(words, { error }));
}

/** Free text without line breaks and other control characters. */
export function text() {
  return z
    .string({ error: 'must be text' })
    .trim()
    .regex(/^[^\p{Cc}]*$/u, { error: 'must not contain line breaks or control characters' });
}

/** A key: printable ASCII in one piece, as it has to fit into a header. */
export function secretText() {
  return z
    .string({ error: 'must be text' })
    .trim()
    .regex(/^[^\s]*$/, {
      error: 'must not contain spaces or line breaks; it was probably copied together with other text',
    })
    .regex(/^[^"'`].*[^"'`]$|^.?$/s, { error: 'must not be wrapped in quotes; the quotes became part of the key' })
    .regex(/^[\x21-\x7e]*$/, {
      error: 'must consist of ASCII letters, digits and signs; another character slipped in',
    });
}

/** An absolute `http` or `https` URL without credentials. */
export function baseUrl() {
  return text().check((context) => {
    const problem = urlProblem(context.value);
    if (problem !== undefined) context.issues.push({ code: 'custom', message: problem, input: context.value });
  });
}

/** A day of the calendar. */
export function day() {
  return text().pipe(z.iso.date({ error: 'must be a day such as 2026-03-15' }));
}

/** Several texts: a YAML list, or one text with commas. */
export function textList(maxItems: number) {
  const error = 'must be a list of texts, or one text with commas between them';
  return z.preprocess(
    (value) => (isText(value) ? splitList(value) : value),
    z
      .array(text().min(1, { error: 'must not be empty' }), { error })
      .max(maxItems, { error: `must not have more than ${maxItems} items` }),
  );
}

/** A list or map, which the environment gives as JSON. */
export function structure<Type extends z.ZodType>(schema: Type) {
  return z.preprocess((value) => (isText(value) ? fromJson(value) : value), schema);
}

function fromJson(json: string): unknown {
  try {
    const value: unknown = JSON.parse(json);
    return value;
  } catch {
    return json;
  }
}

/** `a, b,,c` in its parts. */
export function splitList(value: string): string[] {
  return value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

const byteUnits: Record<string, number> = {
  '': 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
};

function bytesFromText(value: string): number | undefined {
  const match = /^(\d+)\s*([kmg]?i?b?)$/i.exec(value.trim());
  const factor = byteUnits[(match?.[2] ?? '').toLowerCase()];
  return match === null || factor === undefined ? undefined : Number(match[1]) * factor;
}

function inMebibytes(min: number, max: number): string {
  return `${Math.max(Math.ceil(min / 2 ** 20), Math.min(64, Math.floor(max / 2 ** 20)))}MiB`;
}

function urlProblem(value: string): string | undefined {
  if (value === '') return undefined;
  if (!URL.canParse(value)) return 'must be a full URL such as https://example.com/v1';
  const url = new URL(value);
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return 'must be a URL that begins with https:// or http://';
  if (url.username !== '' || url.password !== '')
    return 'must not contain a user name or password; use api_key or headers';
  if (url.hash !== '') return 'must not have a part after #';
  return undefined;
}
