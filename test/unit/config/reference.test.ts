import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';

import { configReference, regenerateCommand } from '../../../src/config/reference.ts';
import { configFileVariable, settingEntries } from '../../../src/config/schema.ts';
import { providerSchema } from '../../../src/config/sections/provider.ts';
import { settingsOf } from '../../../src/config/setting.ts';
import { vendorSummaries } from '../../../src/upstream/vendors/index.ts';
import { load } from './sample.ts';

function read(path: string): string {
  return readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
}

const providerEntries = settingsOf(providerSchema);

describe('docs/config.md', () => {
  it('is what the schema says', () => {
    const stale = `docs/config.md is stale. Write it again with: ${regenerateCommand}`;
    assert.equal(read('docs/config.md'), configReference(vendorSummaries()), stale);
  });

  it('names every setting, variable and vendor', () => {
    const reference = configReference(vendorSummaries());
    const names = [
      configFileVariable,
      ...[...settingEntries, ...providerEntries].flatMap(({ path, meta }) => [
        path,
        ...(meta.env === undefined ? [] : [meta.env]),
      ]),
      ...vendorSummaries().map(({ id }) => id),
    ];
    for (const name of names) assert.ok(reference.includes(`\`${name}\``), name);
  });
});

describe('the schema', () => {
  it('gives every setting outside of the providers a variable of its own', () => {
    const variables = settingEntries.map(({ path, meta }) => {
      assert.ok(meta.env, path);
      return meta.env;
    });
    assert.equal(new Set(variables).size, variables.length);
    const ours = /^(ATELIER_[A-Z_]+|PORT|HOST|CONFIGURED_PROVIDER_MODELS_MODE)$/;
    for (const variable of variables) assert.match(variable, ours);
  });

  it('describes every setting in sentences', () => {
    for (const { path, meta } of [...settingEntries, ...providerEntries])
      assert.match(meta.description, /^[A-Z`].*\.$/s, path);
  });
});

describe('config.example.yaml', () => {
  const example = read('config.example.yaml');

  it('loads as it stands and changes nothing', () => {
    const { config, warnings } = load({ yaml: example });
    assert.deepEqual([config.server, config.providers, warnings], [load().config.server, [], []]);
  });

  it('names every setting outside of the providers, and loads with all of them in force', () => {
    const yaml = example.replaceAll(/^#(?! \S)/gm, '');
    const env = {
      BAILIAN_API_KEY: 'sk-1',
      BAILIAN_SG_API_KEY: 'sk-2',
      ATELIER_KEY: '0123456789abcdef',
      DATABASE_URL: 'postgres://127.0.0.1/atelier',
      REDIS_URL: 'redis://127.0.0.1',
      ATELIER_HOOK_SECRET: '0123456789abcdef',
      MAIL_PASSWORD: 'hunter2',
    };
    const { config, origins, warnings } = load({ yaml, env });
    assert.deepEqual(
      settingEntries.filter(({ path }) => !origins.has(path)).map(({ path }) => path),
      [],
    );
    assert.deepEqual(
      config.providers.map(({ name }) => name),
      ['bailian', 'bailian-sg', 'lab'],
    );
    assert.deepEqual(warnings, []);
    const defaults = load().config;
    const withoutSamples = { masterKey: undefined, dataDir: '', providers: [], reminders: {}, store: {} };
    assert.deepEqual({ ...config, ...withoutSamples }, { ...defaults, ...withoutSamples });
  });
});
