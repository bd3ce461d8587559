import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  acceptsImages,
  acceptsJsonSchema,
  acceptsTools,
  findModel,
  hasAnthropicEndpoint,
  isChatModel,
  listModels,
  otherModelCapabilities,
  thinkingClass,
  thinksByDefault,
  thinksOnlyInStreams,
  type ModelEntry,
} from '../../../src/catalogue/models.ts';

function model(id: string): ModelEntry {
  const entry = findModel(id);
  assert.ok(entry, `${id} is not in the catalogue`);
  return entry;
}

test('a model has the limits that its sources state', () => {
  const plus = model('qwen3.5-plus');
  assert.deepEqual([plus.contextWindow, plus.maxInputTokens, plus.maxOutputTokens], [1_000_000, 991_808, 65_536]);
  assert.equal(plus.maxThinkingBudget, 81_920);
  assert.equal(model('qwen3-coder-plus').maxInputTokens, 997_952);
});

test('ids are case-sensitive and unknown ids stay unknown', () => {
  assert.equal(findModel('Qwen-Plus'), undefined);
  assert.equal(findModel('qwen-plus '), undefined);
  assert.equal(findModel('gpt-5'), undefined);
  assert.equal(findModel('qwen-plus-2025-13-01'), undefined);
  assert.equal(findModel('qwen-nothing-2025-01-25'), undefined);
  assert.equal(findModel(''), undefined);
});

test('snapshots, -latest names, US ids and aliases resolve to their main version', () => {
  assert.equal(model('qwen-plus-2025-07-28').resolvedFrom, 'qwen-plus');
  assert.equal(model('qwen-plus-2025-07-28').id, 'qwen-plus-2025-07-28');
  assert.equal(model('qwq-plus-latest').resolvedFrom, 'qwq-plus');
  assert.equal(model('qwen-plus-us').resolvedFrom, 'qwen-plus');
  assert.equal(model('qwen-plus-2025-12-01-us').resolvedFrom, 'qwen-plus');
  assert.equal(model('qwen3.8-max-2026-09-02').resolvedFrom, 'qwen3.8-max-0902');
  assert.equal(model('qwen3-max-2026-01-23').resolvedFrom, undefined);
});

test('a -latest row takes what it leaves open from its main version', () => {
  assert.equal(thinkingClass(model('qwen-plus-latest')), 'hybrid-off');
  assert.equal(model('qwen-plus-latest').maxInputTokens, 995_904);
});

test('thinking classes follow the deep-thinking page', () => {
  const expected = {
    'qwen3.5-plus': 'hybrid-on',
    'qwen3-32b': 'hybrid-on',
    'qwen-plus': 'hybrid-off',
    'qwen3-max': 'hybrid-off',
    'kimi-k2.5': 'hybrid-off',
    'qwq-plus': 'only',
    'MiniMax-M2.5': 'only',
    'qwen3-235b-a22b-thinking-2507': 'only',
    'qwen3-vl-32b-thinking': 'only',
    'qwen3-coder-plus': 'none',
    'qwen3-235b-a22b-instruct-2507': 'none',
    'qwen-max': 'none',
    'farui-plus': 'unknown',
    // By the price list's column of modes.
    'qwen3-vl-plus': 'hybrid-off',
    'qwen3-vl-flash': 'hybrid-off',
    'qwen3-vl-8b-instruct': 'none',
    'MiniMax/MiniMax-M2.5': 'only',
    // By the Anthropic page's list of models.
    'qwen-vl-max': 'none',
    'qwen-vl-plus-latest': 'none',
  };
  for (const [id, kind] of Object.entries(expected)) assert.equal(thinkingClass(model(id)), kind, id);
  assert.deepEqual(
    ['qwen3.5-plus', 'qwen-plus', 'qwq-plus'].map((id) => thinksByDefault(model(id))),
    [true, false, true],
  );
});

test('Qwen-VL does not think on the Anthropic path', () => {
  for (const id of ['qwen3-vl-plus', 'qwen3-vl-flash', 'qwen-vl-max', 'qwen-vl-plus', 'qwen3-vl-plus-2025-09-23']) {
    assert.equal(thinkingClass(model(id), 'anthropic-messages'), 'none', id);
  }
  assert.equal(thinkingClass(model('qwen3-vl-plus'), 'openai-chat'), 'hybrid-off');
  assert.equal(thinkingClass(model('qwen3.5-plus'), 'anthropic-messages'), 'hybrid-on');
});

test('only open-weight Qwen3 hybrids are bound to streams', () => {
  const bound = listModels()
    .filter(thinksOnlyInStreams)
    .map((entry) => entry.id);
  assert.deepEqual(bound.toSorted(), [
    'qwen3-0.6b',
    'qwen3-1.7b',
    'qwen3-14b',
    'qwen3-235b-a22b',
    'qwen3-30b-a3b',
    'qwen3-32b',
    'qwen3-4b',
    'qwen3-8b',
  ]);
});

test('abilities are read with unknown kept apart from no', () => {
  assert.equal(acceptsImages(model('qwen3.5-plus')), true);
  assert.equal(acceptsImages(model('qwen-plus')), false);
  assert.equal(acceptsTools(model('qwen-mt-plus')), false);
  assert.equal(acceptsTools(model('glm-4.6')), true);
  assert.equal(acceptsJsonSchema(model('qwen3.7-max')), true);
  assert.equal(acceptsJsonSchema(model('qwen-plus')), false);
  assert.equal(hasAnthropicEndpoint(model('qwen-plus')), true);
  assert.equal(hasAnthropicEndpoint(model('qwen3-32b')), false);
  assert.equal(isChatModel(model('qwen-plus')), true);
  assert.equal(isChatModel(model('text-embedding-v4')), false);
  assert.equal(isChatModel(model('qwen3-rerank')), false);
  assert.deepEqual(otherModelCapabilities('wan2.6-t2i'), ['IG']);
  assert.equal(otherModelCapabilities('qwen-plus'), undefined);
});

test('ids are unique and every figure that is known names its source', () => {
  const ids = listModels().map((entry) => entry.id);
  assert.equal(new Set(ids).size, ids.length);
  for (const entry of listModels()) {
    for (const field of ['contextWindow', 'maxInputTokens', 'maxOutputTokens', 'maxThinkingBudget'] as const) {
      if (entry[field] !== null) assert.ok(entry.provenance[field], `${entry.id}.${field} has no source`);
    }
  }
});
