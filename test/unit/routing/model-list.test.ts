import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GatewayError } from '../../../src/domain/gateway-error.ts';
import {
  anthropicModel,
  anthropicModelList,
  findListedModel,
  listedModels,
  openaiModel,
  openaiModelList,
} from '../../../src/routing/model-list.ts';
import { directoryOf } from './directory.ts';

const directory = directoryOf(
  { name: 'bailian', models: ['qwen3.7-plus', 'shared'], catalogued: true },
  { name: 'other', models: ['shared', 'qwen3.7-plus', 'own'] },
  { name: 'sandbox', models: ['qwen-plus'], state: 'static', standIn: true, catalogued: true },
);

test('each model is listed by the name that reaches it, the stand-in not while others are configured', () => {
  assert.deepEqual(
    listedModels(directory).map(({ id, provider }) => `${id} ${provider}`),
    ['qwen3.7-plus bailian', 'shared bailian', 'other/shared other', 'other/qwen3.7-plus other', 'own other'],
  );
});

test('one model is found by either form of its name', () => {
  assert.equal(findListedModel(directory, 'shared')?.provider, 'bailian');
  assert.equal(findListedModel(directory, 'other/shared')?.provider, 'other');
  assert.equal(findListedModel(directory, 'bailian/shared')?.id, 'bailian/shared');
  assert.equal(findListedModel(directory, 'sandbox/qwen-plus')?.provider, 'sandbox');
  assert.equal(findListedModel(directory, 'qwen-plus'), undefined);
  assert.equal(findListedModel(directory, 'other/nothing'), undefined);
});

test("OpenAI's shape carries what the catalogue knows", () => {
  const model = findListedModel(directory, 'qwen3.7-plus');
  assert.ok(model);
  const shape = openaiModel(model);
  assert.equal(shape['id'], 'qwen3.7-plus');
  assert.equal(shape['object'], 'model');
  assert.equal(shape['owned_by'], model.facts?.owner);
  assert.equal(shape['context_window'], model.facts?.contextWindow);
  assert.equal(shape['max_output_tokens'], model.facts?.maxOutputTokens);
  assert.deepEqual(shape['input_modalities'], model.facts?.inputModalities);
  assert.deepEqual(shape['thinking'], {
    supported: true,
    default: 'on',
    required: false,
    max_budget_tokens: 262_144,
    efforts: model.facts?.reasoningEffort?.values ?? null,
  });
  assert.deepEqual(JSON.parse(JSON.stringify(shape)), shape);
});

test("prices are the catalogue's figures, by tier", () => {
  const tiered = directoryOf({ name: 'bailian', models: ['qwen3.5-plus'], catalogued: true });
  const model = findListedModel(tiered, 'qwen3.5-plus');
  assert.ok(model?.facts);
  const tiers = model.facts.prices.cnyByScope?.['cn'];
  assert.ok(tiers && tiers.length > 1);
  const { prices } = openaiModel(model);
  assert.ok(typeof prices === 'object' && prices !== null && !Array.isArray(prices));
  const scopes = prices['cny_by_scope'];
  assert.ok(typeof scopes === 'object' && scopes !== null && !Array.isArray(scopes) && Array.isArray(scopes['cn']));
  assert.equal(scopes['cn'].length, tiers.length);
});

test("another vendor's model of the same name gets no facts of the catalogue", () => {
  const model = findListedModel(directory, 'other/qwen3.7-plus');
  assert.ok(model);
  const shape = openaiModel(model);
  assert.equal(shape['context_window'], null);
  assert.equal(shape['prices'], null);
  assert.equal(shape['thinking'], null);
  assert.equal(shape['owned_by'], 'other');
});

test("the list has OpenAI's frame", () => {
  const list = openaiModelList(listedModels(directory));
  assert.equal(list['object'], 'list');
  assert.ok(Array.isArray(list['data']) && list['data'].length === 5);
});

const many = Array.from({ length: 30 }, (_, index) => ({ id: `m${index}`, provider: 'a', model: `m${index}` }));

test("Anthropic's list is paged forwards", () => {
  const first = anthropicModelList(many);
  assert.equal(first['first_id'], 'm0');
  assert.equal(first['last_id'], 'm19');
  assert.equal(first['has_more'], true);
  const rest = anthropicModelList(many, { after_id: 'm19' });
  assert.deepEqual([rest['first_id'], rest['last_id'], rest['has_more']], ['m20', 'm29', false]);
  const all = anthropicModelList(many, { limit: '1000' });
  assert.ok(Array.isArray(all['data']) && all['data'].length === 30);
});

test("Anthropic's list is paged backwards", () => {
  const page = anthropicModelList(many, { before_id: 'm10', limit: '4' });
  assert.deepEqual([page['first_id'], page['last_id'], page['has_more']], ['m6', 'm9', true]);
  const start = anthropicModelList(many, { before_id: 'm2', limit: '4' });
  assert.deepEqual([start['first_id'], start['last_id'], start['has_more']], ['m0', 'm1', false]);
});

test('an empty list has no ids', () => {
  assert.deepEqual(anthropicModelList([]), { data: [], first_id: null, last_id: null, has_more: false });
});

for (const page of [{ limit: '0' }, { limit: '1001' }, { limit: 'x' }, { after_id: 'gone' }, { before_id: 'gone' }]) {
  test(`a page that cannot be is refused: ${JSON.stringify(page)}`, () => {
    assert.throws(
      () => anthropicModelList(many, page),
      (error) => error instanceof GatewayError && error.status === 400,
    );
  });
}

test("Anthropic's model object", () => {
  const model = findListedModel(directory, 'qwen3.7-plus');
  assert.ok(model);
  const shape = anthropicModel(model);
  assert.equal(shape['type'], 'model');
  assert.equal(shape['display_name'], model.facts?.name);
  assert.equal(shape['created_at'], '1970-01-01T00:00:00Z');
  assert.equal(anthropicModel({ id: 'own', provider: 'other', model: 'own' })['display_name'], 'own');
});
