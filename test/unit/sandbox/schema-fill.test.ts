import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject, JsonValue } from '../../../src/domain/json.ts';
import { evaluate, findExpression } from '../../../src/sandbox/model/arithmetic.ts';
import { findFacts } from '../../../src/sandbox/model/extract.ts';
import { cutToTokens, splitFrames, splitPieces } from '../../../src/sandbox/model/pieces.ts';
import { fillSchema } from '../../../src/sandbox/model/schema-fill.ts';

function fill(schema: JsonObject, text = 'x', complete = true): JsonValue {
  return fillSchema(schema, findFacts(text, false), complete);
}

test('each keyword is met', () => {
  const expected: [JsonObject, string, JsonValue][] = [
    [{ const: 5 }, 'x', 5],
    [{ enum: ['celsius', 'fahrenheit'] }, 'in Fahrenheit', 'fahrenheit'],
    [{ enum: ['a', 'b'], default: 'b' }, 'x', 'b'],
    [{ type: 'integer', minimum: 5, maximum: 9 }, 'take 7 of 3', 7],
    [{ type: 'integer', minimum: 5 }, 'take 3', 5],
    [{ type: 'integer', exclusiveMinimum: 5, multipleOf: 4 }, 'x', 8],
    [{ type: 'number' }, 'pi is 3.14', 3.14],
    [{ type: ['null', 'boolean'] }, 'x', true],
    [{ type: 'null' }, 'x', null],
    [{ type: 'array', items: { type: 'number' } }, 'add 1, 2 and 3.5', [1, 2, 3.5]],
    [{ type: 'array', minItems: 2, items: { const: 'a' } }, 'x', ['a', 'a']],
    [{ prefixItems: [{ const: 1 }, { const: 'b' }], type: 'array' }, 'x', [1, 'b']],
    [{ type: 'string', format: 'date' }, 'on 2026-11-20', '2026-11-20'],
    [{ type: 'string', format: 'email' }, 'x', 'user@example.com'],
    [{ type: 'string', minLength: 4, maxLength: 5 }, 'x', 'x...'],
    [{ anyOf: [{ type: 'null' }, { type: 'integer' }] }, 'x', 1],
    [
      { allOf: [{ properties: { a: { const: 1 } }, required: ['a'] }, { properties: { b: { const: 2 } } }] },
      'x',
      { a: 1, b: 2 },
    ],
    [{ $ref: '#/$defs/node', $defs: { node: { type: 'object', properties: { id: { const: 1 } } } } }, 'x', { id: 1 }],
    [{ type: 'object', required: ['x'] }, 'y', { x: 'y' }],
  ];
  for (const [schema, text, value] of expected) assert.deepEqual(fill(schema, text), value, JSON.stringify(schema));
});

test('optional members appear in arguments only when the text names them', () => {
  const schema: JsonObject = {
    type: 'object',
    properties: {
      city: { type: 'string' },
      unit: { enum: ['celsius', 'fahrenheit'] },
      limit: { type: 'integer' },
      url: { type: 'string' },
    },
    required: ['city'],
  };
  assert.deepEqual(fill(schema, 'weather in Oslo', false), { city: 'Oslo' });
  assert.deepEqual(fill(schema, 'weather in Oslo in celsius from https://met.no/x', false), {
    city: 'Oslo',
    unit: 'celsius',
    url: 'https://met.no/x',
  });
});

test('facts go to the arguments they are named for', () => {
  const keys = (...names: string[]): JsonObject => ({
    type: 'object',
    required: names,
    properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])),
  });
  assert.deepEqual(fill(keys('from', 'to'), 'Convert 100 USD to EUR'), { from: 'USD', to: 'EUR' });
  assert.deepEqual(fill(keys('to', 'subject', 'body'), 'Mail bob@example.com with "Hi" and "See you"'), {
    to: 'bob@example.com',
    subject: 'Hi',
    body: 'See you',
  });
  assert.deepEqual(fill(keys('expression'), 'compute (2+3)*4 please'), { expression: '(2+3)*4' });
  assert.deepEqual(fill(keys('file_path'), 'open src/a.ts now'), { file_path: 'src/a.ts' });
  assert.deepEqual(fill(keys('location'), 'rain in San Francisco, CA today'), { location: 'San Francisco, CA' });
});

test('recursive and hostile schemas end', () => {
  const tree: JsonObject = {
    $ref: '#/$defs/t',
    $defs: { t: { type: 'object', properties: { left: { $ref: '#/$defs/t' }, right: { $ref: '#/$defs/t' } } } },
  };
  assert.ok(JSON.stringify(fill(tree)).length < 200_000);
  assert.deepEqual(fill({ $ref: '#' }), 'x');
  assert.equal(typeof fill({ allOf: [{ $ref: '#/allOf/0' }] }), 'string');
});

test('arithmetic is done by the rules and bounded', () => {
  const expected: Record<string, number | undefined> = {
    '2+3*4': 14,
    '(2+3)*4': 20,
    '2^10': 1024,
    '10/4': 2.5,
    '-3+5': 2,
    '7%4': 3,
    '0.1+0.2': 0.3,
    '1/0': undefined,
    '(1': undefined,
    '': undefined,
  };
  for (const [expression, value] of Object.entries(expected)) assert.equal(evaluate(expression), value, expression);
  assert.equal(findExpression('what is 12 times 7'), '12 * 7');
  assert.equal(findExpression('on 2026-11-20 at noon'), undefined);
  assert.equal(findExpression('('.repeat(8_000)), undefined);
});

test('pieces and frames join to the text, and cuts never split a character', () => {
  for (const text of ['Hello, world!  A\nlonger\t text 123.', '你好，世界。混合 English 文本', '😀😀 é ñ', '', '   ']) {
    assert.equal(splitPieces(text).join(''), text);
    assert.equal(splitFrames(text).join(''), text);
  }
  assert.equal(cutToTokens('one two three four', 2).trim(), 'one two');
  assert.equal(cutToTokens('😀😀😀', 3), '😀');
  assert.equal(cutToTokens('one', Infinity), 'one');
});
