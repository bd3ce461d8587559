import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProviderSettings } from '../../../src/domain/provider.ts';
import { ollamaToDetect } from '../../../src/upstream/detected-ollama.ts';
import { ProviderConfigError } from '../../../src/upstream/provider-config-error.ts';
import { resolveProvider } from '../../../src/upstream/providers.ts';
import { findVendor, vendors, vendorSummaries } from '../../../src/upstream/vendors/index.ts';
import { providerSettings } from './provider-settings.ts';

function endpointsOf(vendor: string, settings: Partial<ProviderSettings>): Record<string, string> {
  const { provider } = resolveProvider(providerSettings({ vendor, ...settings }));
  return Object.fromEntries(
    Object.entries(provider.endpoints).map(([name, { origin, path }]) => [name, origin + path]),
  );
}

const bases: [vendor: string, baseUrl: string, endpoints: Record<string, string>][] = [
  [
    'deepseek',
    'https://api.deepseek.com/v1',
    {
      'openai-chat': 'https://api.deepseek.com/v1/chat/completions',
      'anthropic-messages': 'https://api.deepseek.com/anthropic/v1/messages',
    },
  ],
  [
    'deepseek',
    'https://api.deepseek.com/anthropic/v1/messages',
    {
      'openai-chat': 'https://api.deepseek.com/chat/completions',
      'anthropic-messages': 'https://api.deepseek.com/anthropic/v1/messages',
    },
  ],
  [
    'zai',
    'https://api.z.ai/api/coding/paas/v4',
    {
      'openai-chat': 'https://api.z.ai/api/coding/paas/v4/chat/completions',
      'anthropic-messages': 'https://api.z.ai/api/anthropic/v1/messages',
    },
  ],
  [
    'openrouter',
    'openrouter.ai',
    {
      'openai-chat': 'https://openrouter.ai/api/v1/chat/completions',
      'anthropic-messages': 'https://openrouter.ai/api/v1/messages',
    },
  ],
  [
    'minimax',
    'https://api.minimaxi.com/anthropic',
    {
      'openai-chat': 'https://api.minimaxi.com/v1/chat/completions',
      'anthropic-messages': 'https://api.minimaxi.com/anthropic/v1/messages',
    },
  ],
  ['openai', 'https://api.openai.com', { 'openai-chat': 'https://api.openai.com/v1/chat/completions' }],
  ['openai', 'https://proxy.example/openai', { 'openai-chat': 'https://proxy.example/openai/chat/completions' }],
  ['openai', 'https://proxy.example/x//v1//', { 'openai-chat': 'https://proxy.example/x/v1/chat/completions' }],
  ['anthropic', 'https://relay.example/v1', { 'anthropic-messages': 'https://relay.example/v1/messages' }],
  ['anthropic', 'https://relay.example/claude', { 'anthropic-messages': 'https://relay.example/claude/v1/messages' }],
  ['openai-compatible', 'localhost:1234', { 'openai-chat': 'http://localhost:1234/v1/chat/completions' }],
  ['openai-compatible', '192.168.1.5:1234/v1', { 'openai-chat': 'http://192.168.1.5:1234/v1/chat/completions' }],
  [
    'openai-compatible',
    'https://flat.example/chat/completions',
    { 'openai-chat': 'https://flat.example/chat/completions' },
  ],
  [
    'openai-compatible',
    'https://azure.example/openai/v1?api-version=2026-01-01',
    { 'openai-chat': 'https://azure.example/openai/v1/chat/completions?api-version=2026-01-01' },
  ],
  [
    'ollama',
    'http://box.local:11434/v1',
    {
      'openai-chat': 'http://box.local:11434/v1/chat/completions',
      'anthropic-messages': 'http://box.local:11434/v1/messages',
    },
  ],
];

for (const [vendor, baseUrl, endpoints] of bases) {
  test(`${vendor} at ${baseUrl}`, () => assert.deepEqual(endpointsOf(vendor, { baseUrl }), endpoints));
}

test('a region chooses among the addresses of a vendor', () => {
  const { 'openai-chat': url } = endpointsOf('moonshot', { region: 'cn' });
  assert.equal(url, 'https://api.moonshot.cn/v1/chat/completions');
});

test('plain http to a public host is warned of, to a private one not', () => {
  const warningsAt = (baseUrl: string): number =>
    resolveProvider(providerSettings({ vendor: 'openai-compatible', baseUrl })).warnings.length;
  assert.equal(warningsAt('http://models.example/v1'), 1);
  assert.equal(warningsAt('http://10.0.0.7:8000/v1'), 0);
  assert.equal(warningsAt('http://vllm:8000/v1'), 0);
});

const refused: [name: string, settings: Partial<ProviderSettings>, message: RegExp][] = [
  ['an unknown vendor', { vendor: 'nobody' }, /no vendor "nobody"/],
  ['no base URL where one is needed', { vendor: 'openai-compatible' }, /needs a base URL/],
  ['a plan where there is none', { vendor: 'openai', plan: 'coding' }, /OpenAI has no setting plan/],
  ['a region where there is none', { vendor: 'groq', region: 'cn' }, /Groq has no setting region/],
  ['an unknown region', { vendor: 'moonshot', region: 'mars' }, /no region "mars"/],
  ['a call of another protocol', { vendor: 'openai', baseUrl: 'https://x.example/v1/messages' }, /does not speak/],
  ['a header with a line break', { vendor: 'openai', headers: { 'x-a': 'one\r\nx-b: two' } }, /header "x-a"/],
  ['a header of the connection', { vendor: 'openai', headers: { Host: 'other.example' } }, /header host/],
];

for (const [name, settings, message] of refused) {
  test(`refused: ${name}`, () => {
    assert.throws(
      () => resolveProvider(providerSettings(settings)),
      (error) => {
        assert.ok(error instanceof ProviderConfigError);
        assert.match(error.message, message);
        assert.notEqual(error.fix, '');
        return true;
      },
    );
  });
}

const badKeys: [key: string, message: RegExp][] = [
  ['Bearer sk-0123456789', /word Bearer/],
  [' sk-0123456789', /start or end/],
  ['sk-0123456789\n', /start or end/],
  ['sk-01234 56789', /space or line break in it/],
  ['"sk-0123456789"', /quotation marks/],
  ['\u201csk-0123456789\u201d', /quotation marks/],
  ['${BAILIAN_API_KEY}', /name of a variable/],
  ['$OPENAI_API_KEY', /name of a variable/],
  ['sk-xxx', /placeholder/],
  ['sk-sp-xxxxx', /placeholder/],
  ['sk-...', /placeholder/],
  ['YOUR_API_KEY', /placeholder/],
  ['sk-your-api-key', /placeholder/],
  ['<api-key>', /placeholder/],
  ['changeme', /placeholder/],
  ['sk-0123456789\u200b', /characters/],
];

for (const [apiKey, message] of badKeys) {
  test(`a key that cannot be one is refused without showing it: ${JSON.stringify(apiKey)}`, () => {
    assert.throws(
      () => resolveProvider(providerSettings({ vendor: 'openai', apiKey })),
      (error) => {
        assert.ok(error instanceof ProviderConfigError);
        assert.match(error.message, message);
        assert.ok(!error.message.includes(apiKey) && !error.fix.includes(apiKey));
        return true;
      },
    );
  });
}

for (const apiKey of ['EMPTY', 'ollama', 'token-abc123', 'sk-proj-xxA0your1', 'dummy']) {
  test(`a key that servers on one's own machine use is sent: ${apiKey}`, () => {
    const { provider } = resolveProvider(providerSettings({ vendor: 'vllm', apiKey }));
    assert.equal(provider.endpoints['openai-chat']?.headers['authorization'], `Bearer ${apiKey}`);
  });
}

test('a server that needs no key gets no auth header, the sandbox a key of its own', () => {
  const withoutKey = (vendor: string): Record<string, string> | undefined => {
    const { apiKey: _none, ...settings } = providerSettings({ vendor });
    return resolveProvider(settings).provider.endpoints['openai-chat']?.headers;
  };
  assert.deepEqual(withoutKey('ollama'), {});
  assert.deepEqual(withoutKey('sandbox'), { authorization: 'Bearer sk-sandbox' });
});

test('configured headers win over the fixed ones', () => {
  const { provider } = resolveProvider(
    providerSettings({ vendor: 'anthropic', headers: { 'Anthropic-Version': '2024-01-01', 'X-Team': 'a' } }),
  );
  const headers = provider.endpoints['anthropic-messages']?.headers;
  assert.equal(headers?.['anthropic-version'], '2024-01-01');
  assert.equal(headers?.['x-team'], 'a');
  assert.equal(headers?.['Anthropic-Version'], undefined);
});

test('OpenAI renames max_tokens at its own address only', () => {
  const quirksAt = (baseUrl: string) =>
    resolveProvider(providerSettings({ vendor: 'openai', baseUrl })).provider.quirks;
  assert.deepEqual(quirksAt('https://api.openai.com/v1'), { maxTokensIsMaxCompletionTokens: true });
  assert.deepEqual(quirksAt('http://127.0.0.1:1234/v1'), {});
});

test('an allowlist without models is warned of', () => {
  const { warnings } = resolveProvider(providerSettings({ modelsMode: 'allowlist' }));
  assert.match(warnings.map(({ message }) => message).join(), /allowlist/);
});

test('the sandbox serves the chat and embedding models of the catalogue and only stands in', () => {
  const { provider } = resolveProvider(providerSettings({ vendor: 'sandbox' }));
  assert.equal(provider.modelList, undefined);
  assert.equal(provider.standIn, true);
  assert.ok(provider.staticModels.includes('qwen-plus'));
  assert.deepEqual(
    provider.staticModels.filter((id) => id.includes('embedding')),
    ['text-embedding-v1', 'text-embedding-v2', 'text-embedding-v3', 'text-embedding-v4'],
  );
  assert.ok(!provider.staticModels.includes('qwen3-rerank'));
});

test('every vendor is listed once and found by its id and environment aliases', () => {
  assert.equal(new Set(vendors.map(({ id }) => id)).size, vendors.length);
  assert.equal(findVendor('dashscope')?.id, 'bailian');
  assert.equal(findVendor('nobody'), undefined);
  const summaries = vendorSummaries();
  assert.deepEqual(
    summaries.map(({ id }) => id),
    vendors.map(({ id }) => id),
  );
  assert.deepEqual(
    summaries.find(({ id }) => id === 'bailian'),
    {
      id: 'bailian',
      title: 'Alibaba Cloud Model Studio',
      aliases: ['DASHSCOPE'],
      needsKey: true,
      defaultBaseUrl: 'https://dashscope.aliyuncs.com/compatible-mode/v1',
      options: ['region', 'workspace', 'plan'],
      exampleModel: 'qwen-plus',
    },
  );
  assert.equal(summaries.find(({ id }) => id === 'sandbox')?.defaultBaseUrl, undefined);
});

test('an Ollama is looked for only while none is configured', () => {
  const timeouts = { connect: 1, firstByte: 1, idle: 1 };
  const found = ollamaToDetect([], timeouts);
  assert.equal(found?.name, 'ollama');
  assert.equal(found?.modelList?.origin, 'http://127.0.0.1:11434');
  const named = resolveProvider(providerSettings({ vendor: 'ollama', name: 'big-box' })).provider;
  assert.equal(ollamaToDetect([named], timeouts), undefined);
  const taken = resolveProvider(providerSettings({ vendor: 'vllm', name: 'ollama' })).provider;
  assert.equal(ollamaToDetect([taken], timeouts), undefined);
});
