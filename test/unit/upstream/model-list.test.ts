import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GatewayError } from '../../../src/domain/gateway-error.ts';
import { failureReason, ModelListError, modelListFetcher, readModelList } from '../../../src/upstream/model-list.ts';
import { resolveProvider } from '../../../src/upstream/providers.ts';
import { Transport } from '../../../src/upstream/transport.ts';
import { providerSettings } from './provider-settings.ts';

test('OpenAI lists, and the bare array that some servers send', () => {
  const list = '{"object":"list","data":[{"id":"b"},{"id":"a","object":"model"},{"id":"b"}]}';
  assert.deepEqual(readModelList({ shape: 'openai' }, list), ['b', 'a']);
  assert.deepEqual(readModelList({ shape: 'openai' }, '[{"id":"a"}]'), ['a']);
});

test('Anthropic and Ollama lists', () => {
  const anthropic = '{"data":[{"type":"model","id":"claude-x"}],"has_more":false}';
  assert.deepEqual(readModelList({ shape: 'anthropic' }, anthropic), ['claude-x']);
  assert.deepEqual(readModelList({ shape: 'ollama' }, '{"models":[{"name":"qwen3:8b","size":1}]}'), ['qwen3:8b']);
});

test('a prefix of the ids is taken off where the vendor has one', () => {
  const list = '{"data":[{"id":"models/gemini-x"},{"id":"plain"}]}';
  assert.deepEqual(readModelList({ shape: 'openai', idPrefix: 'models/' }, list), ['gemini-x', 'plain']);
  assert.deepEqual(readModelList({ shape: 'openai' }, list), ['models/gemini-x', 'plain']);
});

test('an empty list is a list, an answer without one is not', () => {
  assert.deepEqual(readModelList({ shape: 'openai' }, '{"data":[]}'), []);
  for (const text of ['{"error":"no"}', 'null', '"x"', '<html>']) {
    assert.throws(() => readModelList({ shape: 'openai' }, text), ModelListError, text);
  }
});

test('rows that are no models and ids that nobody could type are left out', () => {
  const rows = [1, null, {}, { id: '' }, { id: 'a\nb' }, { id: 'x'.repeat(257) }, { id: 7 }, { id: 'good' }];
  assert.deepEqual(readModelList({ shape: 'openai' }, JSON.stringify({ data: rows })), ['good']);
});

test('at most ten thousand models are kept', () => {
  const data = Array.from({ length: 10_050 }, (_, index) => ({ id: `m${index}` }));
  assert.equal(readModelList({ shape: 'openai' }, JSON.stringify({ data })).length, 10_000);
});

/** A provider whose server is in this process. */
function inProcess(status: number, body: string): Promise<string[]> {
  const { provider } = resolveProvider(providerSettings({ vendor: 'openai' }));
  const backend = async () => ({ status, headers: {}, body: Buffer.from(body) });
  const transport = new Transport({ backends: new Map([['https://api.openai.com', backend]]) });
  return modelListFetcher(transport)(provider, new AbortController().signal);
}

test('a refused list says what its status means and nothing of what was sent', async () => {
  const refusal = '{"error":{"message":"Incorrect API key provided: sk-0123456789abcdef"}}';
  await assert.rejects(inProcess(401, refusal), { message: 'HTTP 401: the key was refused.' });
  await assert.rejects(inProcess(404, refusal), { message: 'HTTP 404: there is no model list at this address.' });
  await assert.rejects(inProcess(500, refusal), { message: 'HTTP 500: the list was not given.' });
});

test('a list that is too long to be one is not read to its end', async () => {
  await assert.rejects(inProcess(200, ' '.repeat(9 * 1024 * 1024)), /larger than 8388608 bytes/);
});

test('a provider without a list answers with what is configured', async () => {
  const { provider } = resolveProvider(
    providerSettings({ vendor: 'sandbox', models: ['mine'], modelsMode: 'allowlist' }),
  );
  const transport = new Transport({ backends: new Map() });
  assert.deepEqual(await modelListFetcher(transport)(provider, new AbortController().signal), ['mine']);
});

test('reasons come from our own errors only, since others may hold anything', () => {
  assert.equal(failureReason(new ModelListError('why')), 'why');
  assert.equal(failureReason(new GatewayError({ status: 502, code: 'x', message: 'net', origin: 'network' })), 'net');
  assert.equal(failureReason(new Error('key sk-secret')), 'The model list could not be read.');
  assert.equal(failureReason('text'), 'The model list could not be read.');
});
