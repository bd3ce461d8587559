import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { printConfig } from '../../../src/config/print.ts';
import { load, longKey } from './sample.ts';

describe('printConfig', () => {
  const yaml = `
log: {level: debug}
models_mode: fallback
timeouts: {idle_ms: 5000}
providers:
  work:
    type: bailian
    api_key: ${longKey}
    base_url: https://x.test/v1?token=hunter2
    headers: {x-auth: hunter2}
`;
  const env = { PORT: '9000', ATELIER_MASTER_KEY: 'correct-horse-battery', BAILIAN_API_KEY: 'sk-short' };
  const printed = printConfig(load({ yaml, dotEnv: 'ATELIER_MAX_RETRIES=0\n', env, argv: { host: 'localhost' } }));
  const line = (start: string) =>
    printed
      .split('\n')
      .find((text) => text.trim().startsWith(start))
      ?.replaceAll(/\s+/g, ' ')
      .trim();

  it('shows each value with its origin', () => {
    assert.equal(line('port:'), 'port: 9000 # env PORT');
    assert.equal(line('host:'), 'host: localhost # --host');
    assert.equal(line('level:'), 'level: debug # config.yaml:2');
    assert.equal(line('max_retries:'), 'max_retries: 0 # env ATELIER_MAX_RETRIES (.env)');
    assert.equal(line('backlog:'), 'backlog: 4096 # default');
    assert.equal(line('# region:'), '# region: # not set');
  });

  it('shows where inherited values of a provider really come from', () => {
    const work = printed.slice(printed.indexOf('  work:'), printed.indexOf('  bailian:')).replaceAll(/ +/g, ' ');
    assert.match(work, /models_mode: fallback # config\.yaml:3/);
    assert.match(work, /idle_ms: 5000 # config\.yaml:4/);
    assert.match(work, /connect_ms: 10000 # default/);
  });

  it('shows no secret', () => {
    for (const secret of [longKey, 'hunter2', 'correct-horse', 'sk-short'])
      assert.ok(!printed.includes(secret), secret);
    assert.equal(line('api_key:'), 'api_key: sk-...stuv # config.yaml:8');
    assert.equal(line('master_key:'), 'master_key: "****" # env ATELIER_MASTER_KEY');
    assert.equal(line('headers:'), 'headers: { x-auth: "****" } # config.yaml:10');
    assert.equal(line('base_url:'), 'base_url: https://x.test/v1?token=**** # config.yaml:9');
  });

  it('is a configuration that loads to the same values when it holds no secrets', () => {
    const before = load({ env: { PORT: '9000', OLLAMA_BASE_URL: 'http://10.0.0.1:11434', OLLAMA_MODELS: 'a:7b,"b"' } });
    const after = load({ yaml: printConfig(before) });
    assert.deepEqual(after.config, before.config);
  });

  it('says when there are no providers', () =>
    assert.match(printConfig(load()), /^providers: \{\} +# none configured$/m));
});
