import { isObject } from '../../../src/domain/json.ts';
import type { JsonObject, JsonValue } from '../../../src/domain/json.ts';
import type { Random } from './random.ts';

/** Values of every kind, for places where they do not belong. */
const strangers: readonly JsonValue[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  2 ** 53,
  1e308,
  -1e308,
  '',
  ' ',
  'text',
  '0',
  'constructor',
  '__proto__',
  'toString',
  '\u0000',
  '\u2028',
  '../../etc/passwd',
  'data:image/png;base64,AAAA',
  'https://example.com/a.png',
  'https://[',
  '[[sandbox: error=',
  '[[sandbox: error=no-such-error]]',
  '[[sandbox: tool=x{"a":]]',
  'x'.repeat(300),
  [],
  [null],
  [[]],
  [{}],
  [[[['a']]]],
  [1, 'a', null, {}],
  {},
  { type: 'text' },
  { type: {} },
  { type: 'no-such-type' },
  { role: 'user' },
  { role: 'tool', content: null },
  { type: 'function', function: null },
  { type: 'tool_use', id: 1, name: null },
  { type: 'image_url', image_url: { url: 5 } },
  { $ref: '#' },
  { hasOwnProperty: 1, __proto__: null },
];

/** Texts for places where JSON wants a value: numbers beyond every range, broken strings, deep nesting. */
function rawTexts(random: Random): string {
  const depth = random.pick([50, 500, 5_000, 50_000]);
  return random.pick([
    () => '1e400',
    () => '-1e400',
    () => '1e-400',
    () => '9'.repeat(400),
    () => `0.${'0'.repeat(400)}1`,
    () => '-0',
    () => '01',
    () => '+1',
    () => '.5',
    () => '1.',
    () => '0x10',
    () => 'NaN',
    () => '-Infinity',
    () => 'undefined',
    () => 'True',
    () => "'text'",
    () => '"\\ud800"',
    () => '"\\u00"',
    () => '"\\x41"',
    () => '"\n"',
    () => '"\u0000"',
    () => '"unclosed',
    () => '/* comment */ 1',
    () => '',
    () => `${'['.repeat(depth)}${']'.repeat(depth)}`,
    () => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`,
    () => '['.repeat(depth),
    () => JSON.stringify('long '.repeat(20_000)),
  ])();
}

/** Bytes that are no UTF-8, or not what they seem to be. */
const oddBytes: readonly Buffer[] = [
  Buffer.from([0xff]),
  Buffer.from([0xc3]),
  Buffer.from([0xe6, 0xa8]),
  Buffer.from([0xed, 0xa0, 0x80]),
  Buffer.from([0xf8, 0x88, 0x80, 0x80, 0x80]),
  Buffer.from([0xc0, 0x80]),
  Buffer.from([0x00]),
  Buffer.from([0xef, 0xbb, 0xbf]),
  Buffer.from('"'),
  Buffer.from('\\'),
  Buffer.from('}'),
  Buffer.from(','),
];

type Path = readonly (string | number)[];

function pathsOf(value: JsonValue | undefined, path: Path = []): Path[] {
  const own = path.length === 0 ? [] : [path];
  if (Array.isArray(value)) return [...own, ...value.flatMap((entry, index) => pathsOf(entry, [...path, index]))];
  if (!isObject(value)) return own;
  return [...own, ...Object.keys(value).flatMap((key) => pathsOf(value[key], [...path, key]))];
}

/** A copy of the value with what `change` makes of the member at the path; undefined takes it out. */
function changeAt(
  value: JsonValue | undefined,
  [key, ...rest]: Path,
  change: (old: JsonValue | undefined) => JsonValue | undefined,
): JsonValue | undefined {
  if (key === undefined) return change(value);
  if (Array.isArray(value) && typeof key === 'number') {
    const changed = changeAt(value[key], rest, change);
    return changed === undefined ? value.toSpliced(key, 1) : value.with(key, changed);
  }
  return isObject(value) ? { ...value, [key]: changeAt(value[key], rest, change) } : value;
}

/** Stands for a raw text until the JSON has been written. */
const placeholder = '\u0001raw\u0001';

type Mutation = (body: JsonObject, path: Path, random: Random) => JsonValue | undefined;

const mutations: readonly Mutation[] = [
  (body, path, random) => changeAt(body, path, () => random.pick(strangers)),
  (body, path, random) => changeAt(body, path, () => random.pick(strangers)),
  (body, path) => changeAt(body, path, () => undefined),
  (body, path) => changeAt(body, path, () => placeholder),
  (body, path) => changeAt(body, path, () => placeholder),
  (body, path, random) => changeAt(body, path, (old) => [old ?? null, random.pick(strangers)]),
  (body, path, random) => changeAt(body, path, (old) => ({ [JSON.stringify(random.pick(strangers))]: old ?? null })),
  // A list that holds one of its entries many times.
  (body, path, random) =>
    changeAt(body, path, (old) => Array.from({ length: random.pick([2, 20]) }, () => old ?? null)),
  // What stands at another place.
  (body, path, random) => {
    const other = random.pick(pathsOf(body));
    let found: JsonValue | undefined;
    changeAt(body, other, (old) => (found = old));
    return changeAt(body, path, () => found ?? null);
  },
  // An unknown or repeated member.
  (body, _path, random) => ({
    ...body,
    [random.pick(['x', '', '__proto__', 'constructor', 'stream', 'tools'])]: random.pick(strangers),
  }),
];

function mutateValue(body: JsonObject, random: Random): string {
  let changed: JsonValue | undefined = body;
  for (let left = 1 + random.integer(3); left > 0 && isObject(changed); left--) {
    const paths = pathsOf(changed);
    if (paths.length === 0) break;
    changed = random.pick(mutations)(changed, random.pick(paths), random);
  }
  const text = JSON.stringify(changed ?? null);
  return text.split(JSON.stringify(placeholder)).reduce((whole, part) => `${whole}${rawTexts(random)}${part}`);
}

type ByteMutation = (bytes: Buffer, at: number, random: Random) => Buffer;

const byteMutations: readonly ByteMutation[] = [
  (bytes, at) => bytes.subarray(0, at),
  (bytes, at) => bytes.subarray(at),
  (bytes, at, random) => Buffer.concat([bytes.subarray(0, at), random.pick(oddBytes), bytes.subarray(at)]),
  (bytes, at, random) => Buffer.concat([bytes.subarray(0, at), random.pick(oddBytes), bytes.subarray(at + 1)]),
  (bytes, at) => Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + (at % 9))]),
  (bytes, at) => Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.floor(at / 2))]),
  (bytes) => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes]),
  (bytes) => Buffer.from(bytes.toString('utf8'), 'utf16le'),
  (bytes) => Buffer.concat([bytes, bytes]),
  (bytes) => Buffer.concat([bytes, Buffer.from('\n}')]),
  (bytes) => Buffer.concat([Buffer.from('data: '), bytes]),
  (_bytes, _at, random) => Buffer.from(Array.from({ length: random.integer(60) }, () => random.integer(256))),
  (_bytes, _at, random) =>
    Buffer.from(
      random.pick(['', ' ', 'null', 'true', '7', '"text"', '[]', '[{}]', '{}', '{', '}', 'model=x&stream=1', '<a/>']),
    ),
];

/** A body made wrong in one to three ways: its values, its text, or its bytes. Some of them are still right. */
export function mutateBody(body: JsonObject, random: Random): Buffer {
  const bytes = Buffer.from(mutateValue(body, random));
  if (random.chance(0.7)) return bytes;
  return random.pick(byteMutations)(bytes, random.integer(bytes.length + 1), random);
}

/** Any bytes made wrong. */
export function mutateBytes(bytes: Buffer, random: Random): Buffer {
  return random.pick(byteMutations)(bytes, random.integer(bytes.length + 1), random);
}
