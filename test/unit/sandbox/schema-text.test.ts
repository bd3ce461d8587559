import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asArray, type JsonObject, type JsonValue } from '../../../src/domain/json.ts';
import { findFacts } from '../../../src/sandbox/model/extract.ts';
import { parsePattern } from '../../../src/sandbox/model/pattern.ts';
import { matches } from '../../../src/sandbox/model/pattern-text.ts';
import { fillSchema } from '../../../src/sandbox/model/schema-fill.ts';

function fill(schema: JsonObject, text = 'x'): JsonValue {
  return fillSchema(schema, findFacts(text, false), true);
}

function fillText(schema: JsonObject, text = 'x'): string {
  const value = fill({ type: 'string', ...schema }, text);
  assert.ok(typeof value === 'string');
  return value;
}

// Symptom: JSON for a schema with `pattern` did not match it. Cause: the keyword was ignored. Fix: the regular part of the
// syntax is read, and a text that matches is written.
test('a pattern is matched', () => {
  const patterns = [
    '^\\d{5}$',
    '^[A-Z]{3}$',
    '^[A-Z]{3}-\\d{4}$',
    '^#[0-9a-f]{6}$',
    '^(red|blue)$',
    '^(?:\\+\\d{1,3} )?\\(\\d{3}\\) \\d{3}-\\d{4}$',
    '^[^\\s@]+@[^\\s@]+\\.[a-z]{2,}$',
    '^(?<year>\\d{4})-(0[1-9]|1[0-2])$',
    '^v\\d+(\\.\\d+){2}(-[\\w.]+)?$',
    '^https?://',
    'end$',
    'middle',
    '^\\$[1-9]\\d{0,2}(,\\d{3})*\\.\\d{2}$',
    '^\\S+\\s\\W\\D$',
    '^[\\u4e00-\\u9fa5]{2,4}$',
    '^\\u{1F600}\\x41\\/$',
    '^[-a\\]]+?$',
    '^.{3}$',
    '^[^a-zA-Z0-9]{2}$',
    '^(a|b(c|d)+)*e$',
    '',
  ];
  for (const pattern of patterns) assert.match(fillText({ pattern }), new RegExp(pattern, 'u'), pattern);
});

test('a pattern is matched within the length', () => {
  const cases: { pattern: string; minLength?: number; maxLength?: number }[] = [
    { pattern: '^[a-z]+$', minLength: 12, maxLength: 12 },
    { pattern: '^[a-z]*$', minLength: 1 },
    { pattern: '^(ab|c)+$', minLength: 5, maxLength: 6 },
    { pattern: '^(a{5}|b)$', maxLength: 1 },
    { pattern: '\\d', minLength: 8 },
    { pattern: '\\d$', minLength: 8 },
    { pattern: '^(\\w+ )+\\w+$', minLength: 40, maxLength: 60 },
  ];
  for (const schema of cases) {
    const text = fillText({ ...schema });
    const { pattern, minLength = 0, maxLength = Infinity } = schema;
    assert.match(text, new RegExp(pattern, 'u'));
    assert.ok(text.length >= minLength && text.length <= maxLength, JSON.stringify([schema, text]));
  }
});

test('what the text names is taken when it matches', () => {
  const one = (pattern: string): JsonObject => ({ type: 'object', properties: { city: { type: 'string', pattern } } });
  assert.deepEqual(fill(one('^[A-Za-z ]+$'), 'weather in Oslo'), { city: 'Oslo' });
  assert.deepEqual(fill(one('^[A-Z]{3}-\\d{4}$'), 'Where is order ABC-1234?'), { city: 'ABC-1234' });
});

test('a pattern with syntax that is not known is left out of account', () => {
  for (const pattern of [
    '^(?=.*\\d).{8,}$',
    '(a)\\1',
    '\\bword\\b',
    '\\p{L}+',
    '(',
    '[z-a]',
    'a{2,1}',
    'x'.repeat(1_001),
  ]) {
    assert.equal(parsePattern(pattern), undefined, pattern.slice(0, 20));
    assert.equal(fillText({ pattern, default: 'as before' }), 'as before');
  }
});

test('hostile patterns end, and are bounded together', () => {
  const hostile = [
    '^(a+)+$',
    '(((a{1000}){1000}){1000}){1000}',
    '^((a|a)*)*b$',
    '(){1000000000}',
    '(a*){999999999}b',
    '^a{2000}$',
  ];
  const properties = Object.fromEntries(
    Array.from({ length: 500 }, (_, index) => [`p${index}`, { type: 'string', pattern: hostile[index % 6] ?? '' }]),
  );
  const first = JSON.stringify(fill({ type: 'object', properties }, `${'a'.repeat(500)}c`));
  assert.ok(first.length < 1_000_000);
  assert.equal(JSON.stringify(fill({ type: 'object', properties }, `${'a'.repeat(500)}c`)), first);
  const steps = { left: 1_000_000 };
  const node = parsePattern('^(a+)+$');
  assert.ok(node !== undefined);
  assert.equal(matches(node, `${'a'.repeat(500)}b`, steps), false);
  assert.ok(steps.left > 500_000, 'a text is looked at once for each place, not for each way to get there');
});

/** What each format looks like, strictly enough to find padding that does not belong there. */
const formats: Readonly<Record<string, RegExp>> = {
  'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/,
  date: /^\d{4}-\d\d-\d\d$/,
  time: /^\d\d:\d\d:\d\d(\.\d+)?Z$/,
  email: /^[\w.+-]{1,64}@(?=.{1,253}$)([a-z0-9-]{1,63}\.)+[a-z]{2,63}$/,
  uri: /^https:\/\/[a-z.]+\/?[\w/?#=]*$/,
  uuid: /^[\da-f]{8}-[\da-f]{4}-[1-5][\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/,
  ipv4: /^((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(?!$)|$)){4}$/,
  hostname: /^(?=.{1,253}$)([a-z0-9-]{1,63}\.)+[a-z]{2,63}$/,
};

// Symptom: an address of 30 characters was `user@example.com..............`. Cause: any text that is too short was padded with
// dots. Fix: each format knows how it gets longer.
test('a format stays valid at any length', () => {
  const longest: Record<string, number> = { date: 10, uuid: 36, ipv4: 15, hostname: 253, email: 318 };
  for (const [format, form] of Object.entries(formats)) {
    for (const minLength of [0, 9, 12, 13, 14, 15, 17, 22, 30, 64, 80, 81, 82, 83, 200, 253, 318, 400]) {
      const text = fillText({ format, minLength });
      assert.match(text, form, `${format} of ${minLength}`);
      const reach = Math.min(minLength, longest[format] ?? Infinity);
      assert.ok(text.length >= reach, `${format} of ${minLength} has ${text.length}: ${text}`);
    }
  }
  assert.match(fillText({ format: 'date-time', minLength: 24 }), formats['date-time'] ?? /^$/);
  assert.equal(fillText({ format: 'email', maxLength: 8 }), 'a@b.co');
  assert.equal(fillText({ format: 'email', minLength: 20 }, 'write to ann@example.org'), 'annxxxxx@example.org');
});

// Symptom: the members of a list with `uniqueItems` were the same. Cause: the keyword was ignored. Fix: each further member is
// the next of the values that fit.
test('the members of a set differ', () => {
  const sets: JsonObject[] = [
    { items: { type: 'integer' } },
    { items: { type: 'integer', minimum: 3, maximum: 5 } },
    { items: { type: 'integer', maximum: -7, multipleOf: 7 } },
    { items: { type: 'number', minimum: 0, maximum: 0.5, multipleOf: 0.25 } },
    { items: { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 0.001 } },
    { items: { type: 'string' } },
    { items: { type: 'string', maxLength: 1 } },
    { items: { type: 'string', pattern: '^(red|green|blue)$' } },
    { items: { type: 'string', pattern: '^\\d$' } },
    { items: { enum: ['a', 'b', 'c'] } },
    { items: { type: 'object', properties: { on: { type: 'boolean' }, off: { type: 'boolean' } } } },
    { items: { type: 'object', properties: { k: { type: 'integer' } }, required: ['k'] } },
    { items: { type: 'array', items: { enum: [1, 2] }, minItems: 2 } },
    { items: { $ref: '#/$defs/colour' }, $defs: { colour: { enum: ['a', 'b', 'c'] } } },
    { prefixItems: [{ type: 'string' }, { type: 'string' }, { type: 'string' }] },
    ...Object.keys(formats).map((format) => ({ items: { type: 'string', format } })),
  ];
  for (const schema of sets) {
    const values = asArray(fill({ type: 'array', minItems: 3, uniqueItems: true, ...schema }, 'x'));
    const distinct = new Set(values.map((value) => JSON.stringify(value)));
    assert.deepEqual([values.length, distinct.size], [3, 3], JSON.stringify([schema, values]));
    const item = typeof schema.items === 'object' && !Array.isArray(schema.items) ? schema.items : null;
    for (const value of values) {
      if (typeof value === 'number') {
        const { minimum = -Infinity, maximum = Infinity } = item ?? {};
        assert.ok(value >= Number(minimum) && value <= Number(maximum), JSON.stringify([schema, values]));
      }
      if (typeof value !== 'string') continue;
      if (typeof item?.pattern === 'string') assert.match(value, new RegExp(item.pattern));
      if (typeof item?.format === 'string') assert.match(value, formats[item.format] ?? /^$/);
      if (item?.maxLength === 1) assert.equal(value.length, 1);
    }
  }
});

test('a set holds what its type allows, and no more', () => {
  const set = (items: JsonObject): JsonValue =>
    fill({ type: 'array', minItems: 5, uniqueItems: true, items }, 'add 2, 2 and 3');
  assert.deepEqual(set({ type: 'boolean' }), [true, false]);
  assert.deepEqual(set({ type: 'null' }), [null]);
  assert.deepEqual(set({ const: 'a' }), ['a']);
  assert.deepEqual(set({ enum: ['a', 'b', 'a'] }), ['a', 'b']);
  assert.deepEqual(set({ type: 'integer' }), [2, 3, 1, 4, 5]);
});
