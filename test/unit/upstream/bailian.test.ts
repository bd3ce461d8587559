import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findModel } from '../../../src/catalogue/models.ts';
import type { ProviderSettings } from '../../../src/domain/provider.ts';
import { ProviderConfigError } from '../../../src/upstream/provider-config-error.ts';
import { resolveProvider } from '../../../src/upstream/providers.ts';
import { classifyHost, planPaths } from '../../../src/upstream/vendors/bailian/hosts.ts';
import { providerSettings } from './provider-settings.ts';

const general = 'sk-0123456789abcdef0123456789abcdef';
const planKey = 'sk-sp-0123456789abcdef0123456789abcd';

function urlsOf(settings: Partial<ProviderSettings>): {
  openai?: string;
  anthropic?: string;
  list?: string;
  warnings: number;
} {
  const { provider, warnings } = resolveProvider(providerSettings(settings));
  const openai = provider.endpoints['openai-chat'];
  const anthropic = provider.endpoints['anthropic-messages'];
  const list = provider.modelList;
  return {
    ...(openai && { openai: openai.origin + openai.path }),
    ...(anthropic && { anthropic: anthropic.origin + anthropic.path }),
    ...(list && { list: list.origin + list.path }),
    warnings: warnings.length,
  };
}

/** The addresses of a host with the general paths. */
function generalUrls(host: string, warnings = 0): ReturnType<typeof urlsOf> {
  return {
    openai: `https://${host}/compatible-mode/v1/chat/completions`,
    anthropic: `https://${host}/apps/anthropic/v1/messages`,
    list: `https://${host}/compatible-mode/v1/models`,
    warnings,
  };
}

function codingUrls(host: string, warnings = 0): ReturnType<typeof urlsOf> {
  return {
    openai: `https://${host}/v1/chat/completions`,
    anthropic: `https://${host}/apps/anthropic/v1/messages`,
    warnings,
  };
}

function tokenUrls(host: string, warnings = 0): ReturnType<typeof urlsOf> {
  const { openai, anthropic } = generalUrls(host);
  return { ...(openai && { openai }), ...(anthropic && { anthropic }), warnings };
}

test('embeddings are beside chat, but neither on the Coding Plan nor for Batch Chat', () => {
  const paths = [
    {},
    { plan: 'token', apiKey: planKey },
    { plan: 'coding', apiKey: planKey },
    { baseUrl: 'https://coding.dashscope.aliyuncs.com/v1', apiKey: planKey },
    { baseUrl: 'https://batch.dashscope.aliyuncs.com/compatible-mode/v1' },
    { baseUrl: 'https://proxy.example/dashscope/compatible-mode/v1?team=a' },
  ] as const;
  assert.deepEqual(
    paths.map(
      (settings) => resolveProvider(providerSettings(settings)).provider.endpoints['openai-chat']?.embeddingsPath,
    ),
    [
      '/compatible-mode/v1/embeddings',
      '/compatible-mode/v1/embeddings',
      undefined,
      undefined,
      undefined,
      '/dashscope/compatible-mode/v1/embeddings?team=a',
    ],
  );
});

const byRegion: [name: string, settings: Partial<ProviderSettings>, urls: ReturnType<typeof urlsOf>][] = [
  ['nothing said is Beijing, pay as you go', {}, generalUrls('dashscope.aliyuncs.com')],
  ['region by id', { region: 'ap-southeast-1' }, generalUrls('dashscope-intl.aliyuncs.com')],
  ['region by alias', { region: 'Singapore' }, generalUrls('dashscope-intl.aliyuncs.com')],
  ['Virginia', { region: 'virginia' }, generalUrls('dashscope-us.aliyuncs.com')],
  ['Hong Kong in two words', { region: 'Hong Kong' }, generalUrls('cn-hongkong.dashscope.aliyuncs.com')],
  ['a workspace has its own host', { workspace: 'ws-1A2b' }, generalUrls('ws-1a2b.cn-beijing.maas.aliyuncs.com')],
  [
    'Frankfurt with a workspace',
    { region: 'frankfurt', workspace: 'llm-x1' },
    generalUrls('llm-x1.eu-central-1.maas.aliyuncs.com'),
  ],
  [
    'Tokyo with a workspace',
    { region: 'tokyo', workspace: 'llm-x1' },
    generalUrls('llm-x1.ap-northeast-1.maas.aliyuncs.com'),
  ],
  ['trial', { plan: 'trial' }, generalUrls('trial.cn-beijing.maas.aliyuncs.com')],
  ['trial in Hong Kong', { plan: 'trial', region: 'hk' }, generalUrls('trial.cn-hongkong.maas.aliyuncs.com')],
  ['Coding Plan', { plan: 'coding', apiKey: planKey }, codingUrls('coding.dashscope.aliyuncs.com')],
  [
    'Coding Plan, international',
    { plan: 'coding', region: 'intl', apiKey: planKey },
    codingUrls('coding-intl.dashscope.aliyuncs.com'),
  ],
  ['Token Plan', { plan: 'token', apiKey: planKey }, tokenUrls('token-plan.cn-beijing.maas.aliyuncs.com')],
  [
    'Token Plan in Singapore',
    { plan: 'token', region: 'sg', apiKey: planKey },
    tokenUrls('token-plan.ap-southeast-1.maas.aliyuncs.com'),
  ],
  ['a temporary key works with a warning', { apiKey: 'st-0123456789' }, generalUrls('dashscope.aliyuncs.com', 1)],
  ['a key of another form works with a warning', { apiKey: 'k0123456789' }, generalUrls('dashscope.aliyuncs.com', 1)],
];

for (const [name, settings, urls] of byRegion) {
  test(`address by region, workspace and plan: ${name}`, () => assert.deepEqual(urlsOf(settings), urls));
}

const pasted: [baseUrl: string, urls: ReturnType<typeof urlsOf>, apiKey?: string][] = [
  ['https://dashscope.aliyuncs.com/compatible-mode/v1', generalUrls('dashscope.aliyuncs.com')],
  ['https://dashscope.aliyuncs.com/compatible-mode/v1/', generalUrls('dashscope.aliyuncs.com')],
  ['  https://dashscope.aliyuncs.com  ', generalUrls('dashscope.aliyuncs.com')],
  ['dashscope.aliyuncs.com', generalUrls('dashscope.aliyuncs.com')],
  ['dashscope.aliyuncs.com/compatible-mode/v1', generalUrls('dashscope.aliyuncs.com')],
  ['HTTPS://DashScope.aliyuncs.com/compatible-mode/v1/chat/completions', generalUrls('dashscope.aliyuncs.com')],
  ['https://dashscope-intl.aliyuncs.com/apps/anthropic', generalUrls('dashscope-intl.aliyuncs.com')],
  ['https://dashscope-intl.aliyuncs.com/apps/anthropic/v1/messages', generalUrls('dashscope-intl.aliyuncs.com')],
  ['https://dashscope.aliyuncs.com/api/v1', generalUrls('dashscope.aliyuncs.com')],
  ['http://dashscope.aliyuncs.com/compatible-mode/v1', generalUrls('dashscope.aliyuncs.com', 1)],
  ['https://dashscope.aliyuncs.com/v1', generalUrls('dashscope.aliyuncs.com', 1)],
  [
    'https://ws-9.eu-central-1.maas.aliyuncs.com/compatible-mode/v1',
    generalUrls('ws-9.eu-central-1.maas.aliyuncs.com'),
  ],
  ['https://trial.ap-southeast-1.maas.aliyuncs.com', generalUrls('trial.ap-southeast-1.maas.aliyuncs.com')],
  ['https://coding.dashscope.aliyuncs.com/v1', codingUrls('coding.dashscope.aliyuncs.com'), planKey],
  ['https://coding.dashscope.aliyuncs.com/apps/anthropic', codingUrls('coding.dashscope.aliyuncs.com'), planKey],
  [
    'https://coding-intl.dashscope.aliyuncs.com/compatible-mode/v1',
    codingUrls('coding-intl.dashscope.aliyuncs.com', 1),
    planKey,
  ],
  [
    'https://token-plan.cn-beijing.maas.aliyuncs.com/compatible-mode/v1',
    tokenUrls('token-plan.cn-beijing.maas.aliyuncs.com'),
    planKey,
  ],
  // An unknown host of the platform is used, and its spelling doubted.
  ['https://dashscope-eu.aliyuncs.com/compatible-mode/v1', generalUrls('dashscope-eu.aliyuncs.com', 1)],
  [
    'https://batch.dashscope.aliyuncs.com/compatible-mode/v1',
    {
      openai: 'https://batch.dashscope.aliyuncs.com/compatible-mode/v1/chat/completions',
      list: 'https://batch.dashscope.aliyuncs.com/compatible-mode/v1/models',
      warnings: 1,
    },
  ],
  // A proxy's address is used as it is.
  [
    'https://proxy.example/dashscope/compatible-mode/v1',
    {
      openai: 'https://proxy.example/dashscope/compatible-mode/v1/chat/completions',
      anthropic: 'https://proxy.example/dashscope/apps/anthropic/v1/messages',
      list: 'https://proxy.example/dashscope/compatible-mode/v1/models',
      warnings: 0,
    },
  ],
  [
    'https://proxy.example/qwen',
    { openai: 'https://proxy.example/qwen/chat/completions', list: 'https://proxy.example/qwen/models', warnings: 1 },
  ],
  [
    'http://127.0.0.1:8090',
    {
      openai: 'http://127.0.0.1:8090/compatible-mode/v1/chat/completions',
      anthropic: 'http://127.0.0.1:8090/apps/anthropic/v1/messages',
      list: 'http://127.0.0.1:8090/compatible-mode/v1/models',
      warnings: 0,
    },
  ],
];

for (const [baseUrl, urls, apiKey = general] of pasted) {
  test(`address by base URL: ${baseUrl}`, () => assert.deepEqual(urlsOf({ baseUrl, apiKey }), urls));
}

const refused: [name: string, settings: Partial<ProviderSettings>, message: RegExp, fix: RegExp][] = [
  ['no key', { apiKey: '' }, /needs an API key/, /BAILIAN_API_KEY/],
  [
    'plan key, nothing said',
    { apiKey: planKey },
    /Coding Plan and the Token Plan/,
    /BAILIAN_PLAN=coding or BAILIAN_PLAN=token/,
  ],
  ['plan key, region only', { apiKey: planKey, region: 'sg' }, /same for the Coding Plan/, /BAILIAN_PLAN=/],
  ['plan key for pay as you go', { apiKey: planKey, plan: 'payg' }, /plan key .*pay as you go/, /BAILIAN_PLAN=coding/],
  [
    'plan key with a general host',
    { apiKey: planKey, baseUrl: 'https://dashscope.aliyuncs.com/compatible-mode/v1' },
    /plan key \(sk-sp-\.\.\.\)/,
    /BAILIAN_PLAN/,
  ],
  [
    'general key with a Coding Plan host',
    { baseUrl: 'https://coding.dashscope.aliyuncs.com/v1' },
    /general key .*Coding Plan/,
    /sk-sp-/,
  ],
  ['general key with plan token', { plan: 'token' }, /general key .*Token Plan/, /sk-sp-/],
  ['ModelScope token', { apiKey: 'ms-0123456789' }, /ModelScope/, /console/],
  ['Frankfurt without a workspace', { region: 'frankfurt' }, /no shared host/, /BAILIAN_WORKSPACE/],
  ['Tokyo without a workspace', { region: 'ap-northeast-1' }, /no shared host/, /BAILIAN_WORKSPACE/],
  [
    'Coding Plan in Virginia',
    { plan: 'coding', region: 'us', apiKey: planKey },
    /does not exist in US Virginia/,
    /cn-beijing or ap-southeast-1/,
  ],
  ['unknown region', { region: 'mars' }, /no region "mars"/, /cn-beijing \(beijing\)/],
  [
    'plan with a workspace',
    { plan: 'coding', workspace: 'ws-1', apiKey: planKey },
    /own host for pay as you go only/,
    /WORKSPACE/,
  ],
  ['workspace that is a host', { workspace: 'evil.example/' }, /workspace id is not one/, /console/],
  [
    'base URL and region',
    { baseUrl: 'dashscope.aliyuncs.com', region: 'sg' },
    /Both a base URL and a region/,
    /one of them/,
  ],
  [
    'base URL and workspace',
    { baseUrl: 'dashscope.aliyuncs.com', workspace: 'ws-1' },
    /and a workspace/,
    /one of them/,
  ],
  [
    'base URL against the plan',
    { baseUrl: 'dashscope.aliyuncs.com', plan: 'coding', apiKey: planKey },
    /plan says Coding Plan/,
    /one of the two/,
  ],
  [
    'placeholder in the host',
    { baseUrl: 'https://{workspace-id}.ap-southeast-1.maas.aliyuncs.com/compatible-mode/v1' },
    /placeholder/,
    /workspace id/,
  ],
  [
    'credentials in the URL',
    { baseUrl: 'https://user:secret@dashscope.aliyuncs.com' },
    /user name or password/,
    /api_key/,
  ],
  ['another scheme', { baseUrl: 'ftp://dashscope.aliyuncs.com' }, /not an http/, /https:/],
];

for (const [name, settings, message, fix] of refused) {
  test(`refused at the start with cause and fix: ${name}`, () => {
    assert.throws(
      () => resolveProvider(providerSettings(settings)),
      (error) => {
        assert.ok(error instanceof ProviderConfigError);
        assert.equal(error.provider, 'bailian');
        assert.match(error.message, message);
        assert.match(error.fix, fix);
        if (settings.apiKey) assert.ok(!(error.message + error.fix).includes(settings.apiKey));
        assert.ok(!(error.message + error.fix).includes('secret'));
        return true;
      },
    );
  });
}

test('the fix names the environment variable of a suffixed instance', () => {
  assert.throws(() => resolveProvider(providerSettings({ name: 'bailian-sg', apiKey: planKey })), {
    fix: /BAILIAN_SG_PLAN=coding/,
  });
});

test('the plan comes from the host, and plan hosts have the models of the plan instead of a list', () => {
  const coding = resolveProvider(
    providerSettings({ apiKey: planKey, baseUrl: 'https://coding-intl.dashscope.aliyuncs.com/v1' }),
  );
  assert.equal(coding.provider.plan, 'coding');
  assert.equal(coding.provider.modelList, undefined);
  assert.ok(coding.provider.staticModels.includes('qwen3-coder-plus'));
  assert.ok(!coding.provider.staticModels.includes('qwen-plus'));
  const token = resolveProvider(providerSettings({ apiKey: planKey, plan: 'token' }));
  assert.equal(token.provider.plan, 'token');
  assert.ok(token.provider.staticModels.includes('qwen3.8-max'));
  assert.equal(resolveProvider(providerSettings()).provider.plan, 'payg');
});

test('a proxy with a plan key has no known plan until it is said', () => {
  const baseUrl = 'https://proxy.example/v1';
  assert.equal(resolveProvider(providerSettings({ apiKey: planKey, baseUrl })).provider.plan, undefined);
  const { provider } = resolveProvider(providerSettings({ apiKey: planKey, baseUrl, plan: 'coding' }));
  assert.equal(provider.plan, 'coding');
  assert.equal(provider.endpoints['anthropic-messages']?.path, '/apps/anthropic/v1/messages');
});

test('configured models join, replace or restrict those of the plan', () => {
  const settings = { apiKey: planKey, plan: 'coding', models: ['my-model'] } as const;
  const modelsOf = (modelsMode: 'merge' | 'fallback' | 'allowlist'): string[] =>
    resolveProvider(providerSettings({ ...settings, models: [...settings.models], modelsMode })).provider.staticModels;
  assert.ok(modelsOf('merge').includes('glm-5') && modelsOf('merge').includes('my-model'));
  assert.deepEqual(modelsOf('fallback'), ['my-model']);
  assert.deepEqual(modelsOf('allowlist'), ['my-model']);
});

test('the Anthropic endpoint serves the models its page lists, the OpenAI endpoint all', () => {
  const { provider } = resolveProvider(providerSettings());
  assert.equal(findModel('qwen3-coder-plus')?.anthropicEndpoint, true);
  assert.equal(provider.serves?.('anthropic-messages', 'qwen3-coder-plus'), true);
  assert.equal(provider.serves?.('anthropic-messages', 'qwen-mt-plus'), false);
  assert.equal(provider.serves?.('anthropic-messages', 'no-such-model'), false);
  assert.equal(provider.serves?.('openai-chat', 'no-such-model'), true);
});

test('its quirks are named as data', () => {
  const { quirks } = resolveProvider(providerSettings()).provider;
  assert.deepEqual(quirks, {
    maxTokensIsMaxCompletionTokens: true,
    noDeveloperRole: true,
    thinkingSwitch: true,
    dashscopeHeaders: true,
  });
});

test('the native API is known for every host that has it', () => {
  assert.equal(planPaths.payg.native, '/api/v1');
  assert.equal(planPaths.coding.native, undefined);
});

test('a host that only looks like the platform is not taken for it', () => {
  for (const hostname of ['dashscope.aliyuncs.com.evil.example', 'dashscope.example', 'oss-cn-beijing.aliyuncs.com']) {
    assert.equal(classifyHost(hostname), undefined, hostname);
  }
});

test('edition and day of a plan belong to the provider that is on it; elsewhere they are warned of', () => {
  const said = { planEdition: 'lite', planSince: '2026-03-15' } as const;
  const resolved = (settings: Partial<ProviderSettings>) => {
    const { provider, warnings } = resolveProvider(providerSettings({ ...said, ...settings }));
    const { plan, planEdition, planSince } = provider;
    return { plan, planEdition, planSince, warnings: warnings.map(({ message }) => message.split(' ')[0]) };
  };
  assert.deepEqual(resolved({ plan: 'coding', apiKey: planKey }), { plan: 'coding', ...said, warnings: [] });
  assert.deepEqual(resolved({ plan: 'token', apiKey: planKey }), {
    plan: 'token',
    planEdition: undefined,
    planSince: '2026-03-15',
    warnings: ['plan_edition'],
  });
  assert.deepEqual(resolved({ apiKey: general }), {
    plan: 'payg',
    planEdition: undefined,
    planSince: undefined,
    warnings: ['plan_edition', 'plan_since'],
  });
});
