import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { OpenAIEmbeddings } from '@langchain/openai';
import OpenAI from 'openai';
import { startGateway } from '../support/gateway.ts';
import type { TestGateway } from '../support/gateway.ts';

const model = 'text-embedding-v4';
const texts = Array.from({ length: 25 }, (_, index) => `text number ${index}`);

let gateway: TestGateway;
before(async () => {
  gateway = await startGateway();
});
after(() => gateway.close());

function client(): OpenAI {
  return new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'any', maxRetries: 0 });
}

/** Vectors that came as base64 are as exact as 32 bits are. */
function assertSame(one: readonly number[] | undefined, other: readonly number[] | undefined): void {
  assert.deepEqual(one && Float32Array.from(one), other && Float32Array.from(other));
}

describe('openai', () => {
  it('has the same vectors from base64, which it asks for by default, and from float', async () => {
    const byDefault = await client().embeddings.create({ model, input: 'Who are you?' });
    const float = await client().embeddings.create({ model, input: 'Who are you?', encoding_format: 'float' });
    assert.equal(byDefault.data[0]?.embedding.length, 1024);
    assertSame(byDefault.data[0]?.embedding, float.data[0]?.embedding);
    assert.ok(byDefault.usage.prompt_tokens > 0);
    assert.equal(byDefault.usage.total_tokens, byDefault.usage.prompt_tokens);
    assert.deepEqual([byDefault.object, byDefault.model], ['list', model]);
  });

  for (const encoding of [undefined, 'float'] as const) {
    it(`gets 25 vectors of a model that takes 10 at a time (${encoding ?? 'base64'})`, async () => {
      const request = { model, input: texts, dimensions: 256, ...(encoding && { encoding_format: encoding }) };
      const { data, response } = await client().embeddings.create(request).withResponse();
      assert.equal(response.headers.get('x-atelier-adjusted'), 'embeddings-batch');
      assert.deepEqual(
        data.data.map(({ index }) => index),
        [...texts.keys()],
      );
      let tokens = 0;
      for (const [index, input] of texts.entries()) {
        const alone = await client().embeddings.create({ model, input, dimensions: 256 });
        assertSame(data.data[index]?.embedding, alone.data[0]?.embedding);
        tokens += alone.usage.prompt_tokens;
      }
      assert.equal(data.usage.prompt_tokens, tokens);
    });
  }

  it('reaches every text embedding model of the catalogue, and finds it in the list', async () => {
    const listed = new Set<string>();
    for await (const { id } of client().models.list()) listed.add(id);
    for (const id of ['text-embedding-v1', 'text-embedding-v2', 'text-embedding-v3', model]) {
      assert.ok(listed.has(id));
      const { data } = await client().embeddings.create({ model: id, input: texts.slice(0, 2) });
      assert.equal(data.length, 2);
    }
  });

  it('has the refusals of the platform as its errors', async () => {
    const create = (more: object) => client().embeddings.create({ model, input: 'hi', ...more });
    const tooLong = [...texts.slice(0, 12), 'word '.repeat(10_000)];
    await assert.rejects(create({ input: tooLong }), (error) => {
      assert.ok(error instanceof OpenAI.BadRequestError);
      assert.match(
        error.message,
        /<400> InternalError\.Algo\.InvalidParameter: Range of input length should be \[1, 8192\]/,
      );
      assert.equal(error.code, 'InvalidParameter');
      return true;
    });
    await assert.rejects(create({ dimensions: 7 }), OpenAI.BadRequestError);
    await assert.rejects(create({ model: 'qwen-plus' }), OpenAI.NotFoundError);
    await assert.rejects(create({ model: 'text-embedding-v5' }), OpenAI.NotFoundError);
  });
});

describe('@langchain/openai', () => {
  const embeddings = (more: object = {}) =>
    new OpenAIEmbeddings({
      model,
      apiKey: 'any',
      configuration: { baseURL: `${gateway.url}/v1` },
      maxRetries: 0,
      ...more,
    });

  it('embeds a query and many documents', async () => {
    const query = await embeddings().embedQuery('text number 3');
    const documents = await embeddings().embedDocuments(texts);
    assert.deepEqual([query.length, documents.length], [1024, 25]);
    assertSame(documents[3], query);
  });

  it('asks for a size and for floats', async () => {
    const [vector] = await embeddings({ dimensions: 64, encodingFormat: 'float' }).embedDocuments(['one']);
    assert.equal(vector?.length, 64);
  });
});
