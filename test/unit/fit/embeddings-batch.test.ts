import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findModel } from '../../../src/catalogue/models.ts';
import { isObject } from '../../../src/domain/json.ts';
import type { JsonObject } from '../../../src/domain/json.ts';
import { mergeEmbeddings, splitEmbeddings } from '../../../src/fit/embeddings-batch.ts';
import { createSandbox } from '../../../src/sandbox/sandbox.ts';

const model = findModel('text-embedding-v4');

function texts(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `text number ${index}`);
}

async function embed(body: JsonObject): Promise<JsonObject> {
  const { body: bytes } = await createSandbox()({
    method: 'POST',
    path: '/compatible-mode/v1/embeddings',
    headers: { authorization: 'Bearer sk-0123456789abcdef' },
    body: Buffer.from(JSON.stringify(body)),
    signal: new AbortController().signal,
  });
  assert.ok(Buffer.isBuffer(bytes));
  const parsed: unknown = JSON.parse(bytes.toString('utf8'));
  assert.ok(isObject(parsed));
  return parsed;
}

describe('embeddings-batch', () => {
  const body = { model: 'text-embedding-v4', dimensions: 64, input: texts(25) };

  it('is needed: the platform refuses more texts than its limit', async () => {
    const { error } = await embed(body);
    assert.ok(isObject(error));
    const message = 'Value error, batch size is invalid, it should not be larger than 10.: input.contents';
    assert.equal(error['message'], `<400> InternalError.Algo.InvalidParameter: ${message}`);
  });

  it('splits and merges into the answers that each text has on its own', async () => {
    const parts = splitEmbeddings(body, model) ?? [];
    assert.deepEqual(
      parts.map(({ input }) => (Array.isArray(input) ? input.length : 0)),
      [10, 10, 5],
    );
    const answers = await Promise.all(parts.map(embed));
    const merged = mergeEmbeddings(answers);
    const { data, usage } = merged;
    assert.ok(Array.isArray(data) && isObject(usage));
    assert.deepEqual(
      data.map((row) => isObject(row) && row['index']),
      [...texts(25).keys()],
    );
    for (const index of [0, 9, 10, 24]) {
      const { data: alone } = await embed({ ...body, input: `text number ${index}` });
      const [row] = Array.isArray(alone) ? alone : [];
      assert.deepEqual(data[index], { ...(isObject(row) ? row : {}), index });
    }
    const sum = answers.reduce(
      (total, answer) => total + Number(isObject(answer['usage']) && answer['usage']['total_tokens']),
      0,
    );
    assert.deepEqual(usage, { prompt_tokens: sum, total_tokens: sum });
    assert.deepEqual([merged['model'], merged['object']], ['text-embedding-v4', 'list']);
  });

  it('puts vectors that come in another order into their places', () => {
    const row = (index: number): JsonObject => ({ index, embedding: [index] });
    const { data } = mergeEmbeddings([{ data: [row(1), row(0)] }, { data: [row(0)] }]);
    assert.deepEqual(data, [row(0), row(1), { index: 2, embedding: [0] }]);
  });

  it('leaves alone what fits, tokens, and unknown models', () => {
    assert.equal(splitEmbeddings({ input: texts(10) }, model), undefined);
    assert.equal(splitEmbeddings({ input: 'one' }, model), undefined);
    assert.equal(splitEmbeddings({ input: Array.from({ length: 50 }, (_, index) => index) }, model), undefined);
    assert.equal(splitEmbeddings({ input: texts(25) }, findModel('qwen-plus')), undefined);
    assert.equal(splitEmbeddings({ input: texts(25) }, undefined), undefined);
  });
});
