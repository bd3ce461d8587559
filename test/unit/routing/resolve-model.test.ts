import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GatewayError } from '../../../src/domain/gateway-error.ts';
import type { ModelDirectorySnapshot } from '../../../src/domain/model-directory.ts';
import { resolveModel } from '../../../src/routing/resolve-model.ts';
import { directoryOf } from './directory.ts';

/** Targets in short: `provider:model`. */
function resolve(name: string, directory: ModelDirectorySnapshot): string[] {
  return resolveModel(name, directory, 'openai-chat').map(({ provider, model }) => `${provider}:${model}`);
}

function errorOf(name: string, directory: ModelDirectorySnapshot): GatewayError {
  try {
    resolve(name, directory);
  } catch (error) {
    assert.ok(error instanceof GatewayError);
    return error;
  }
  return assert.fail(`${name} was resolved`);
}

const sandbox = { name: 'sandbox', models: ['qwen-plus', 'qwen-max'], state: 'static', standIn: true } as const;
const sandboxSketch = { ...sandbox, models: [...sandbox.models] };

test('a bare model goes to the first provider that has it, the later ones follow', () => {
  const directory = directoryOf(
    { name: 'a', models: ['other'] },
    { name: 'b', models: ['m'] },
    { name: 'c', models: ['m'] },
  );
  assert.deepEqual(resolve('m', directory), ['b:m', 'c:m']);
});

test('a provider in front always wins, listed or not, and has no fallback', () => {
  const directory = directoryOf({ name: 'a', models: ['m'] }, { name: 'b' });
  assert.deepEqual(resolve('b/m', directory), ['b:m']);
  assert.deepEqual(resolve('a/unheard-of', directory), ['a:unheard-of']);
  assert.deepEqual(resolve('a/b/m', directory), ['a:b/m']);
});

test('a slash inside a model name counts only where no provider has that name', () => {
  const router = { name: 'openrouter', models: ['openai/gpt-5'] };
  assert.deepEqual(resolve('openai/gpt-5', directoryOf(router)), ['openrouter:openai/gpt-5']);
  assert.deepEqual(resolve('openai/gpt-5', directoryOf(router, { name: 'openai' })), ['openai:gpt-5']);
  assert.deepEqual(resolve('openrouter/openai/gpt-5', directoryOf(router)), ['openrouter:openai/gpt-5']);
});

test('the sandbox answers bare names only while no other provider is configured', () => {
  assert.deepEqual(resolve('qwen-plus', directoryOf(sandboxSketch)), ['sandbox:qwen-plus']);
  const withOther = directoryOf({ name: 'openai', models: ['gpt-5'] }, sandboxSketch);
  assert.equal(errorOf('qwen-plus', withOther).status, 404);
  assert.deepEqual(resolve('sandbox/qwen-plus', withOther), ['sandbox:qwen-plus']);
});

test('a provider that was only detected does not push the sandbox aside', () => {
  const directory = directoryOf(sandboxSketch, { name: 'ollama', models: ['qwen3:8b', 'qwen-plus'], detected: true });
  assert.deepEqual(resolve('qwen-plus', directory), ['sandbox:qwen-plus', 'ollama:qwen-plus']);
  assert.deepEqual(resolve('qwen3:8b', directory), ['ollama:qwen3:8b']);
});

test('a name that nobody has goes to the first provider whose list was never read', () => {
  const down = { name: 'down', state: 'failed' } as const;
  const starting = { name: 'starting', state: 'pending' } as const;
  assert.deepEqual(resolve('m', directoryOf({ name: 'up', models: ['x'] }, down, starting)), ['down:m']);
  assert.deepEqual(resolve('m', directoryOf(down, { name: 'up', models: ['m'] })), ['up:m']);
  const oldList = { name: 'old', state: 'failed', listed: true } as const;
  assert.equal(errorOf('m', directoryOf(oldList)).status, 404);
  assert.equal(errorOf('m', directoryOf({ name: 'static', state: 'static' })).status, 404);
});

test("the client's protocol is kept where the model is served in it", () => {
  const onlyListed = { serves: (protocol: string, model: string) => protocol === 'openai-chat' || model === 'listed' };
  const directory = directoryOf(
    { name: 'both', models: ['listed', 'unlisted'], ...onlyListed },
    { name: 'chat', speaks: ['openai-chat'], models: ['c'] },
    { name: 'claude', speaks: ['anthropic-messages'], models: ['d'] },
  );
  const protocolOf = (name: string, client: 'openai-chat' | 'anthropic-messages') =>
    resolveModel(name, directory, client)[0]?.protocol;
  assert.equal(protocolOf('listed', 'anthropic-messages'), 'anthropic-messages');
  assert.equal(protocolOf('unlisted', 'anthropic-messages'), 'openai-chat');
  assert.equal(protocolOf('unlisted', 'openai-chat'), 'openai-chat');
  assert.equal(protocolOf('c', 'anthropic-messages'), 'openai-chat');
  assert.equal(protocolOf('d', 'openai-chat'), 'anthropic-messages');
});

test("an unknown model is a 404 in the platform's words, with the nearest names", () => {
  const error = errorOf('qwen-pluss', directoryOf({ name: 'bailian', models: ['qwen-plus', 'qwen-max', 'glm-5'] }));
  assert.equal(error.status, 404);
  assert.equal(error.code, 'model_not_found');
  assert.equal(error.origin, 'client');
  assert.equal(error.message, 'The model `qwen-pluss` does not exist or you do not have access to it.');
  assert.match(error.fix ?? '', /^Did you mean `qwen-plus`/);
});

test('a wrong case is named as such, with a provider in front too', () => {
  const directory = directoryOf({ name: 'bailian', models: ['MiniMax-M2.5'] });
  assert.equal(errorOf('minimax-m2.5', directory).fix, 'Model names are case-sensitive: use `MiniMax-M2.5`.');
  assert.match(errorOf('Bailian/MiniMax-M2.5', directory).fix ?? '', /use `bailian\/MiniMax-M2.5`/);
});

test('an embedding model that Model Studio does not list: the fix says how it is reached', () => {
  const embeddings = { origin: 'https://x.example', path: '/', embeddingsPath: '/e', headers: {} };
  const platform = { name: 'bailian', models: ['qwen-plus'], catalogued: true };
  const fix = (...sketches: Parameters<typeof directoryOf>): string | undefined =>
    errorOf('text-embedding-v4', directoryOf(...sketches)).fix;
  assert.match(
    fix({ ...platform, endpoints: { 'openai-chat': { ...embeddings, protocol: 'openai-chat' } } }) ?? '',
    /add it to the models of bailian, or call it `bailian\/text-embedding-v4`/,
  );
  assert.match(fix(platform) ?? '', /^GET \/v1\/models/);
});

test('without a near name the fix says how models and providers are named', () => {
  const error = errorOf('something-else', directoryOf({ name: 'a', models: ['m'] }, { name: 'b' }));
  assert.match(error.fix ?? '', /GET \/v1\/models .*providers: a, b/);
});

test('a hostile name is echoed short and on one line', () => {
  const error = errorOf(`x\n\`${'y'.repeat(100_000)}`, directoryOf({ name: 'a', models: ['m'] }));
  assert.ok(error.message.length < 250);
  assert.ok(!error.message.includes('\n'));
});

test('a name that ends at the slash names no model', () => {
  assert.equal(errorOf('a/', directoryOf({ name: 'a', models: ['m'] })).status, 404);
});

test('no name is a 400, no provider a 503', () => {
  assert.equal(errorOf('', directoryOf({ name: 'a' })).status, 400);
  const error = errorOf('m', directoryOf());
  assert.equal(error.status, 503);
  assert.equal(error.origin, 'gateway');
});
