import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at, sandbox, type Answered } from './harness.ts';

async function embed(body: object): Promise<Answered> {
  return sandbox().ask('/compatible-mode/v1/embeddings', { model: 'text-embedding-v4', ...body });
}

function vector(answer: Answered, index = 0): number[] {
  const value = at(answer.json, 'data', index, 'embedding');
  assert.ok(Array.isArray(value));
  return value.map(Number);
}

const dot = (a: number[], b: number[]): number => a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);

test('unit vectors that are near for texts with the same words', async () => {
  const answer = await embed({ input: ['the cat sat on the mat', 'the cat on a mat', 'stock prices fell sharply'] });
  const [first, second, third] = [vector(answer, 0), vector(answer, 1), vector(answer, 2)];
  assert.ok(Math.abs(dot(first, first) - 1) < 1e-5);
  assert.ok(dot(first, second) > dot(first, third) + 0.2);
  assert.deepEqual(Object.keys(answer.json), ['data', 'model', 'object', 'usage', 'id']);
  assert.equal(answer.json.id, answer.headers['x-request-id']);
  assert.equal(at(answer.json, 'usage', 'prompt_tokens'), at(answer.json, 'usage', 'total_tokens'));
});

test('dimensions, base64 and determinism', async () => {
  assert.equal(vector(await embed({ input: 'x' })).length, 1_024);
  const small = await embed({ input: 'x', dimensions: 64 });
  assert.equal(vector(small).length, 64);
  const coded = await embed({ input: 'x', dimensions: 64, encoding_format: 'base64' });
  const bytes = Buffer.from(String(at(coded.json, 'data', 0, 'embedding')), 'base64');
  assert.deepEqual(
    Array.from({ length: 64 }, (_, index) => bytes.readFloatLE(index * 4)),
    vector(small),
  );
});

test('limits are refused in the envelope of embeddings', async () => {
  const expected: [object, string][] = [
    [
      { input: Array.from({ length: 11 }, () => 'x') },
      'Value error, batch size is invalid, it should not be larger than 10.: input.contents',
    ],
    [
      { model: 'text-embedding-v1', input: Array.from({ length: 26 }, () => 'x') },
      'Value error, batch size is invalid, it should not be larger than 25.: input.contents',
    ],
    [{ input: 5 }, 'Value error, contents is neither str nor list of str.: input.contents'],
    [{ input: 'word '.repeat(8_193) }, 'Range of input length should be [1, 8192]'],
    [
      { input: 'x', dimensions: 100 },
      'Value error, dimension should be one of [2048, 1536, 1024, 768, 512, 256, 128, 64]: parameters.dimension',
    ],
  ];
  for (const [body, message] of expected) {
    const answer = await embed(body);
    const uuid = answer.headers['x-request-id'];
    const error = {
      message: `<400> InternalError.Algo.InvalidParameter: ${message}`,
      type: 'InvalidParameter',
      param: null,
      code: 'InvalidParameter',
    };
    assert.deepEqual([answer.status, answer.text], [400, JSON.stringify({ error, id: uuid, request_id: uuid })]);
  }
  assert.equal((await embed({ model: 'qwen-plus', input: 'x' })).status, 404);
});
