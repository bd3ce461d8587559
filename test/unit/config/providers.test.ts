import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { ProviderSettings } from '../../../src/domain/provider.ts';
import { load, longKey, problemsOf, warningsOf } from './sample.ts';
import type { Sample } from './sample.ts';

function providersOf(sample: Sample): ProviderSettings[] {
  return load(sample).config.providers;
}

function only(sample: Sample): ProviderSettings {
  const [provider, ...others] = providersOf(sample);
  assert.ok(provider);
  assert.deepEqual(others, []);
  return provider;
}

describe('providers of the environment', () => {
  it('makes a provider of a key alone', () => {
    assert.deepEqual(only({ env: { BAILIAN_API_KEY: 'sk-1' } }), {
      name: 'bailian',
      vendor: 'bailian',
      apiKey: 'sk-1',
      models: [],
      modelsMode: 'merge',
      headers: {},
      timeouts: { connect: 10_000, firstByte: 600_000, idle: 300_000 },
    });
  });

  it('reads all that a vendor has, and the mode for all', () => {
    const { baseUrl, models, region, workspace, plan, planEdition, planSince, modelsMode } = only({
      env: {
        BAILIAN_API_KEY: 'sk-1',
        BAILIAN_BASE_URL: 'https://x.test/v1',
        BAILIAN_MODELS: 'qwen-plus, text-embedding-v4,,qwen-plus',
        BAILIAN_REGION: 'ap-southeast-1',
        BAILIAN_WORKSPACE: 'ws-1',
        BAILIAN_PLAN: 'coding',
        BAILIAN_PLAN_EDITION: 'lite',
        BAILIAN_PLAN_SINCE: '2026-03-15',
        CONFIGURED_PROVIDER_MODELS_MODE: 'allowlist',
      },
    });
    assert.deepEqual(
      { baseUrl, models, region, workspace, plan, planEdition, planSince, modelsMode },
      {
        baseUrl: 'https://x.test/v1',
        models: ['qwen-plus', 'text-embedding-v4'],
        region: 'ap-southeast-1',
        workspace: 'ws-1',
        plan: 'coding',
        planEdition: 'lite',
        planSince: '2026-03-15',
        modelsMode: 'allowlist',
      },
    );
  });

  it('makes suffixed instances, in the order of the vendors and then of the names', () => {
    const env = {
      OPENAI_API_KEY: 'sk-4',
      BAILIAN_SG_2_API_KEY: 'sk-3',
      BAILIAN_API_KEY: 'sk-1',
      BAILIAN_SG_API_KEY: 'sk-2',
      BAILIAN_SG_BASE_URL: 'https://sg.test/v1',
    };
    const providers = providersOf({ env });
    assert.deepEqual(
      providers.map(({ name, vendor, apiKey, baseUrl }) => [name, vendor, apiKey, baseUrl]),
      [
        ['bailian', 'bailian', 'sk-1', undefined],
        ['bailian-sg', 'bailian', 'sk-2', 'https://sg.test/v1'],
        ['bailian-sg-2', 'bailian', 'sk-3', undefined],
        ['openai', 'openai', 'sk-4', undefined],
      ],
    );
  });

  it('gives a variable to the vendor with the longest name', () => {
    const env = {
      OPENAI_COMPATIBLE_API_KEY: 'k1',
      OPENAI_COMPATIBLE_BASE_URL: 'http://x.test/v1',
      OPENAI_COMPATIBLE_LAB_BASE_URL: 'http://y.test/v1',
    };
    assert.deepEqual(
      providersOf({ env }).map(({ name, vendor, apiKey }) => [name, vendor, apiKey]),
      [
        ['openai-compatible', 'openai-compatible', 'k1'],
        ['openai-compatible-lab', 'openai-compatible', undefined],
      ],
    );
  });

  it("takes an alias like the vendor's own prefix, which counts more", () => {
    const both = { DASHSCOPE_API_KEY: 'sk-d', DASHSCOPE_BASE_URL: 'https://d.test', DASHSCOPE_SG_API_KEY: 'sk-s' };
    const [plain, singapore] = providersOf({ env: both });
    assert.deepEqual([plain?.name, plain?.apiKey, plain?.baseUrl], ['bailian', 'sk-d', 'https://d.test']);
    assert.deepEqual([singapore?.name, singapore?.apiKey], ['bailian-sg', 'sk-s']);
    const mixed = only({
      env: { DASHSCOPE_API_KEY: 'sk-d', DASHSCOPE_BASE_URL: 'https://d.test', BAILIAN_API_KEY: 'sk-b' },
    });
    assert.deepEqual([mixed.apiKey, mixed.baseUrl], ['sk-b', 'https://d.test']);
  });

  it('configures a vendor that needs no key by its base URL alone', () => {
    const { name, vendor, baseUrl } = only({ env: { OLLAMA_LAN_BASE_URL: 'http://10.0.0.5:11434' } });
    assert.deepEqual([name, vendor, baseUrl], ['ollama-lan', 'ollama', 'http://10.0.0.5:11434']);
  });

  it('leaves variables alone that only look alike', () => {
    const env = {
      API_KEY: 'a',
      MYBAILIAN_API_KEY: 'b',
      BAILIAN_API_KEY_FILE: 'c',
      BAILIANBOX_API_KEY: 'd',
      BAILIAN__API_KEY: 'e',
    };
    const { config, warnings } = load({ env });
    assert.deepEqual([config.providers, warnings], [[], []]);
  });

  it('counts an empty key as none', () => {
    const { config, warnings } = load({ env: { BAILIAN_API_KEY: '' } });
    assert.deepEqual([config.providers, warnings], [[], []]);
  });

  it('refuses keys that cannot be keys, naming the variable', () => {
    const problem = (key: string) => problemsOf({ env: { BAILIAN_API_KEY: key } })[0];
    const place = 'environment variable BAILIAN_API_KEY: providers.bailian.api_key: ';
    assert.equal(problem('"sk-1"'), `${place}must not be wrapped in quotes; the quotes became part of the key`);
    assert.match(problem('sk-1 sk-2') ?? '', /must not contain spaces or line breaks/);
    assert.match(problem('sk-1\nsk-2') ?? '', /must not contain spaces or line breaks/);
    assert.match(problem('sk-\u200B1') ?? '', /must consist of ASCII/);
  });

  it("ignores Ollama's own variable for its model folder, and says so", () => {
    const { config, warnings } = load({ env: { OLLAMA_MODELS: '/var/lib/ollama' } });
    assert.deepEqual(config.providers, []);
    assert.deepEqual(
      warnings.map(({ path, source }) => [path, source]),
      [['providers.ollama.models', 'environment variable OLLAMA_MODELS']],
    );
  });
});

describe('providers of the file', () => {
  it('keeps their order and puts those of the environment behind them', () => {
    const yaml = 'providers:\n  openai: {api_key: sk-o}\n  first:\n    type: bailian\n    api_key: sk-b\n';
    const providers = providersOf({ yaml, env: { BAILIAN_API_KEY: 'sk-1', OPENAI_API_KEY: 'sk-2' } });
    assert.deepEqual(
      providers.map(({ name, vendor, apiKey }) => [name, vendor, apiKey]),
      [
        ['openai', 'openai', 'sk-2'],
        ['first', 'bailian', 'sk-b'],
        ['bailian', 'bailian', 'sk-1'],
      ],
    );
  });

  it('reads everything a provider can have', () => {
    const yaml = `
timeouts: {idle_ms: 9000}
providers:
  work:
    type: bailian
    api_key: \${KEY}
    base_url: https://x.test/v1
    models: [a, b]
    models_mode: fallback
    region: cn-beijing
    workspace: ws
    plan: payg
    headers: {X-Team: blue}
    timeouts: {connect_ms: 5, first_byte_ms: 6}
`;
    assert.deepEqual(only({ yaml, env: { KEY: 'sk-1' } }), {
      name: 'work',
      vendor: 'bailian',
      apiKey: 'sk-1',
      baseUrl: 'https://x.test/v1',
      models: ['a', 'b'],
      modelsMode: 'fallback',
      region: 'cn-beijing',
      workspace: 'ws',
      plan: 'payg',
      headers: { 'x-team': 'blue' },
      timeouts: { connect: 5, firstByte: 6, idle: 9000 },
    });
  });

  it('merges with the environment by name, setting by setting, the environment first', () => {
    const yaml = 'providers:\n  bailian-sg:\n    region: ap-southeast-1\n    models: [a]\n';
    const { vendor, apiKey, region, models } = only({
      yaml,
      env: { BAILIAN_SG_API_KEY: 'sk-1', BAILIAN_SG_MODELS: 'b' },
    });
    assert.deepEqual(
      { vendor, apiKey, region, models },
      { vendor: 'bailian', apiKey: 'sk-1', region: 'ap-southeast-1', models: ['b'] },
    );
  });

  it('knows the vendor by the name, alone or with a suffix, and by an explicit type before it', () => {
    const yaml =
      'providers:\n  openai-compatible-x: {base_url: "http://x.test"}\n  openai-y: {type: bailian, api_key: k}\n';
    assert.deepEqual(
      providersOf({ yaml }).map(({ vendor }) => vendor),
      ['openai-compatible', 'bailian'],
    );
  });

  it('takes an embedded vendor as it is', () => {
    assert.equal(only({ yaml: 'providers:\n  sandbox: {}\n' }).vendor, 'sandbox');
  });
});

describe('providers that are left out', () => {
  const lineup: { what: string; sample: Sample; warning: string }[] = [
    {
      what: 'the key is empty by its default',
      sample: { yaml: 'providers:\n  bailian:\n    api_key: ${BAILIAN_API_KEY:-}\n' },
      warning:
        'config.yaml:2:3: providers.bailian: has no API key and is left out, unless one is stored\n    Set BAILIAN_API_KEY or its api_key, or take the provider out.',
    },
    {
      what: 'there is no key',
      sample: { yaml: 'providers:\n  bailian-sg: {region: x}\n' },
      warning:
        'config.yaml:2:3: providers.bailian-sg: has no API key and is left out, unless one is stored\n    Set BAILIAN_SG_API_KEY or its api_key, or take the provider out.',
    },
    {
      what: 'there is no key, and the name has no variable',
      sample: { yaml: 'providers:\n  work: {type: bailian}\n' },
      warning:
        'config.yaml:2:3: providers.work: has no API key and is left out, unless one is stored\n    Set its api_key, or take the provider out.',
    },
    {
      what: 'the environment has a base URL but no key',
      sample: { env: { OPENAI_BASE_URL: 'https://x.test/v1' } },
      warning:
        'environment variable OPENAI_BASE_URL: providers.openai: has no API key and is left out, unless one is stored\n    Set OPENAI_API_KEY, or take the provider out.',
    },
    {
      what: 'there is no address and the vendor has no usual one',
      sample: { env: { OPENAI_COMPATIBLE_API_KEY: 'k' } },
      warning:
        'environment variable OPENAI_COMPATIBLE_API_KEY: providers.openai-compatible: has no base URL and is left out\n' +
        '    Set OPENAI_COMPATIBLE_BASE_URL: OpenAI-compatible server has no usual address.',
    },
    {
      what: 'the environment points at this gateway, as agents need it',
      sample: { env: { OPENAI_BASE_URL: 'http://localhost:8080/v1', OPENAI_API_KEY: 'k' } },
      warning:
        'environment variable OPENAI_BASE_URL: providers.openai.base_url: is the address of this gateway itself\n' +
        '    It was likely set for a client, so openai is left out. Unset it here to use the provider.',
    },
  ];
  for (const { what, sample, warning } of lineup) {
    it(`warns when ${what}`, () => {
      assert.deepEqual(warningsOf(sample), [warning]);
      assert.deepEqual(providersOf(sample), []);
    });
  }

  it('stops when the file itself points at this gateway, whatever its name for this machine', () => {
    for (const host of ['127.0.0.1', 'localhost', '[::1]', '0.0.0.0']) {
      const yaml = `providers:\n  openai: {api_key: k, base_url: "http://${host}:9000/v1"}\n`;
      const [problem = ''] = problemsOf({ yaml, env: { PORT: '9000' } });
      assert.match(problem, /^config\.yaml:2:34: providers\.openai\.base_url: is the address of this gateway itself/);
    }
    const other = 'providers:\n  openai: {api_key: k, base_url: "http://127.0.0.1:9001/v1"}\n';
    assert.equal(providersOf({ yaml: other, env: { PORT: '9000' } }).length, 1);
  });

  it('stops on a reference to a variable that is not set', () => {
    assert.deepEqual(problemsOf({ yaml: 'providers:\n  bailian:\n    api_key: "${BAILIAN_API_KEY}"\n' }), [
      'config.yaml:3:15: providers.bailian.api_key: refers to the environment variable BAILIAN_API_KEY, which is not set\n' +
        '    Set BAILIAN_API_KEY in the environment or in .env, or give a default: ${BAILIAN_API_KEY:-}',
    ]);
  });

  it('never puts a key into a warning', () => {
    const env = { OPENAI_COMPATIBLE_API_KEY: longKey };
    assert.ok(!warningsOf({ env }).join('\n').includes(longKey.slice(4, -4)));
  });
});
