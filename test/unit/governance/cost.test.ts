import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { findModel, listModels } from '../../../src/catalogue/models.ts';
import { costOf } from '../../../src/governance/cost.ts';
import type { PricedCall } from '../../../src/governance/cost.ts';
import type { Cost } from '../../../src/domain/usage-record.ts';
import type { Usage } from '../../../src/domain/usage.ts';

const million = 1_000_000;

function cost(model: string, tokens: Usage, more: Partial<PricedCall> = {}): Cost {
  return costOf(findModel(model), { tokens, scope: 'cn', thinking: false, ...more });
}

const small = (outputTokens: number): Usage => ({ inputTokens: 1000, outputTokens });

// Prices in CNY per million tokens from models.json: qwen-plus 0.8 in, 2 or (thinking) 8 out up to 128K input, 2.4 in, 20 or 24 out up to 256K.
suite('cost', () => {
  test('input and output at their prices', () => {
    assert.deepEqual(cost('qwen-plus', small(500)), { cny: (1000 * 0.8 + 500 * 2) / million, usd: null });
  });

  test('thinking has its own price for all output', () => {
    assert.equal(cost('qwen-plus', small(500), { thinking: true }).cny, (1000 * 0.8 + 500 * 8) / million);
  });

  test("the tier is that of the single request's input and holds for all of it", () => {
    const at = (inputTokens: number) => cost('qwen-plus', { inputTokens, outputTokens: 1000 }).cny;
    assert.equal(at(131_072), 0.1068576);
    assert.equal(at(131_073), 0.3345752);
  });

  test('a batch costs half, without a discount for cached input', () => {
    const tokens = { ...small(500), cachedReadTokens: 800 };
    assert.equal(cost('qwen-plus', tokens, { batch: true }).cny, (1000 * 0.8 + 500 * 2) / 2 / million);
  });

  test('cached input: 20% of the price when the platform cached by itself, 10% and 125% for what the client marked', () => {
    const implicit = { inputTokens: 1000, outputTokens: 0, cachedReadTokens: 400 };
    assert.equal(cost('qwen-plus', implicit).cny, (600 * 0.8 + 400 * 0.16) / million);
    const explicit = { inputTokens: 1000, outputTokens: 0, cachedReadTokens: 400, cachedWriteTokens: 100 };
    assert.equal(cost('qwen-plus', explicit).cny, (500 * 0.8 + 400 * 0.08 + 100 * 1) / million);
    assert.equal(cost('qwen-plus', implicit, { explicitCache: true }).cny, (600 * 0.8 + 400 * 0.08) / million);
  });

  test('a model with listed cache prices has those', () => {
    const { prices } = findModel('kimi-k2.5') ?? assert.fail('kimi-k2.5 is missing');
    assert.equal(prices.cnyCatalogue?.['input_token_cache_read'], 0.4);
    const tokens = { inputTokens: 1000, outputTokens: 0, cachedReadTokens: 1000 };
    assert.equal(cost('kimi-k2.5', tokens, { explicitCache: true }).cny, 0.0004);
    assert.equal(cost('kimi-k2.5', tokens).cny, 0.0008);
  });

  test('dollars are the international prices, CNY those of the scope', () => {
    assert.deepEqual(cost('qwen-plus', small(500), { scope: 'intl' }), {
      cny: (1000 * 2.936 + 500 * 8.807) / million,
      usd: (1000 * 0.4 + 500 * 1.2) / million,
    });
    assert.equal(
      cost('qwen-plus', small(500), { scope: 'intl', thinking: true }).usd,
      (1000 * 0.4 + 500 * 4) / million,
    );
  });

  test('dollar tiers above their size', () => {
    const at = (inputTokens: number) => cost('qwen3.7-plus', { inputTokens, outputTokens: 0 }, { scope: 'intl' }).usd;
    assert.equal(at(256_000), 0.128);
    assert.equal(at(300_000), 0.6);
  });

  test('an embedding costs its input', () => {
    const { prices } = findModel('text-embedding-v4') ?? assert.fail('text-embedding-v4 is missing');
    assert.equal(cost('text-embedding-v4', { inputTokens: million }).cny, prices.cnyCatalogue?.['embedding_token']);
  });

  test('a model that always thinks has the price of thinking, whatever was said about it', () => {
    const thinking = cost('qwen3-vl-8b-thinking', small(500), { thinking: true }).cny;
    assert.notEqual(thinking, null);
    assert.equal(cost('qwen3-vl-8b-thinking', small(500)).cny, thinking);
  });

  test('what is unknown is null, never 0', () => {
    const unknown = { cny: null, usd: null };
    assert.deepEqual(cost('no-such-model', small(1)), unknown);
    assert.deepEqual(cost('qwen-plus', {}), unknown);
    assert.deepEqual(cost('qwen-plus', { inputTokens: 5 }), unknown);
    assert.deepEqual(cost('qwen-plus', { ...small(1), audioTokens: 3 }), unknown);
    // Listed with prices per modality only.
    assert.equal(cost('qwen3-omni-flash', small(1)).cny, null);
    // Listed with two rates and no word on which applies.
    assert.equal(cost('deepseek-v4.1-flash', small(1)).cny, null);
  });

  test('no described model costs nothing', () => {
    for (const model of listModels()) {
      for (const thinking of [false, true]) {
        const { cny, usd } = costOf(model, {
          tokens: { inputTokens: 1e5, outputTokens: 1e3 },
          scope: 'intl',
          thinking,
        });
        assert.notEqual(cny, 0, model.id);
        assert.notEqual(usd, 0, model.id);
      }
    }
  });
});
