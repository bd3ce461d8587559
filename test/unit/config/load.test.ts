import assert from 'node:assert/strict';
import { isAbsolute, join } from 'node:path';
import { describe, it } from 'node:test';

import { loadConfig } from '../../../src/config/load.ts';
import { inFolder, load, longKey, problemsOf, vendors, warningsOf } from './sample.ts';

describe('loadConfig: the sources and their order', () => {
  it('works with nothing at all, on loopback', () => {
    const { config, warnings, file, origins } = load();
    assert.equal(config.server.host, '127.0.0.1');
    assert.equal(config.server.port, 8080);
    assert.equal(config.server.bodyLimitBytes, 64 * 1024 * 1024);
    assert.equal(config.server.backlog, 4096);
    assert.equal(config.masterKey, undefined);
    assert.equal('masterKey' in config, false);
    assert.deepEqual(config.providers, []);
    assert.equal(config.sandbox.enabled, 'auto');
    assert.deepEqual([warnings, file, origins.size], [[], undefined, 0]);
  });

  it('lets the command line win over the environment, that over .env, that over the file', () => {
    const yaml = 'server:\n  port: 1001\n';
    const dotEnv = 'PORT=1002\n';
    const env = { PORT: '1003' };
    assert.equal(load({ yaml }).config.server.port, 1001);
    assert.equal(load({ yaml, dotEnv }).config.server.port, 1002);
    assert.equal(load({ yaml, dotEnv, env }).config.server.port, 1003);
    assert.equal(load({ yaml, dotEnv, env, argv: { port: '1004' } }).config.server.port, 1004);
    assert.equal(load({ yaml, dotEnv, env, argv: { port: 1005 } }).config.server.port, 1005);
  });

  it('remembers where each value came from', () => {
    const { origins, file } = load({
      yaml: 'server:\n  host: localhost\nlog:\n  level: debug\n',
      dotEnv: 'ATELIER_MAX_RETRIES=1\n',
      env: { PORT: '1003' },
      argv: { dataDir: 'elsewhere' },
    });
    assert.equal(file, 'config.yaml');
    assert.deepEqual(Object.fromEntries(origins), {
      'server.host': { kind: 'file', file: 'config.yaml', line: 2, column: 9 },
      'log.level': { kind: 'file', file: 'config.yaml', line: 4, column: 10 },
      'retry.max_retries': { kind: 'environment', name: 'ATELIER_MAX_RETRIES', file: '.env' },
      'server.port': { kind: 'environment', name: 'PORT' },
      data_dir: { kind: 'option', flag: '--data-dir' },
    });
  });

  it('counts an empty value as not set, wherever it stands', () => {
    const { config } = load({
      yaml: 'server:\nlog:\n  level:\ndata_dir: ""\n',
      env: { PORT: '', ATELIER_MASTER_KEY: ' ' },
    });
    assert.deepEqual([config.server.port, config.log.level, config.masterKey], [8080, 'info', undefined]);
  });

  it('takes the file named by --config, then by ATELIER_CONFIG, then config.yaml', () => {
    const files = {
      'config.yaml': 'server: {port: 1}',
      'a.yaml': 'server: {port: 2}',
      'b.yaml': 'server: {port: 3}',
    };
    inFolder(files, (cwd) => {
      const port = (env: Record<string, string>, config?: string) =>
        loadConfig({ cwd, env, vendors, argv: { config } }).config.server.port;
      assert.equal(port({}), 1);
      assert.equal(port({ ATELIER_CONFIG: 'a.yaml' }), 2);
      assert.equal(port({ ATELIER_CONFIG: 'a.yaml' }, 'b.yaml'), 3);
      assert.equal(port({}, join(cwd, 'b.yaml')), 3);
    });
  });

  it('names the files that decide the result, also those that do not exist yet', () => {
    inFolder({}, (cwd) => {
      const { watched } = loadConfig({ cwd, env: {}, vendors });
      assert.deepEqual(watched, [join(cwd, 'config.yaml'), join(cwd, '.env')]);
    });
  });

  it('makes the data folder absolute', () => {
    inFolder({}, (cwd) => {
      const { config } = loadConfig({ cwd, env: { ATELIER_DATA_DIR: 'var/atelier' }, vendors });
      assert.equal(config.dataDir, join(cwd, 'var/atelier'));
      assert.ok(isAbsolute(loadConfig({ cwd, env: {}, vendors }).config.dataDir));
    });
  });

  it('freezes the result all the way down', () => {
    const { config } = load({ env: { BAILIAN_API_KEY: longKey, BAILIAN_MODELS: 'a,b' } });
    const [provider] = config.providers;
    assert.ok(provider);
    for (const part of [config, config.server, config.providers, provider, provider.models, provider.timeouts]) {
      assert.ok(Object.isFrozen(part));
    }
  });

  it('does not touch the environment it is given', () => {
    const env = Object.freeze({ PORT: '1003' });
    assert.equal(load({ env, dotEnv: 'HOST=localhost\n' }).config.server.host, 'localhost');
    assert.deepEqual(env, { PORT: '1003' });
  });
});

describe('loadConfig: files that cannot be used', () => {
  it('says when a named file does not exist, and who named it', () => {
    assert.deepEqual(problemsOf({ argv: { config: 'missing.yaml' } }), [
      '--config: names missing.yaml, which does not exist\n' +
        '    Correct the path, or leave it out to use ./config.yaml if there is one.',
    ]);
    assert.match(
      problemsOf({ dotEnv: 'ATELIER_CONFIG=gone.yaml' })[0] ?? '',
      /^ATELIER_CONFIG in \.env: names gone\.yaml/,
    );
  });

  const unusable: [string, Uint8Array, string][] = [
    ['is larger than 1 MiB, which no configuration should be', new Uint8Array(2 ** 20 + 1).fill(0x23), 'config.yaml'],
    ['is not UTF-8 text', Uint8Array.of(0x61, 0x3a, 0x20, 0xff, 0xfe), 'config.yaml'],
    ['is not UTF-8 text', Uint8Array.of(0x41, 0x3d, 0xff), '.env'],
  ];
  for (const [reason, content, name] of unusable) {
    it(`refuses ${name} that ${reason}`, () => {
      inFolder({ [name]: content }, (cwd) => {
        assert.throws(() => loadConfig({ cwd, env: {}, vendors }), {
          name: 'ConfigError',
          problems: [{ file: name, path: '', message: reason }],
        });
      });
    });
  }

  it('refuses a folder in place of the file', () => {
    inFolder({}, (cwd) => {
      assert.throws(() => loadConfig({ cwd, env: {}, vendors, argv: { config: cwd } }), /is a folder, not a file/);
    });
  });

  it('accepts an empty file, one of comments, and a byte order mark', () => {
    for (const yaml of ['', '# nothing\n', '---\n', 'null', '\uFEFFserver: {port: 8080}\n']) {
      assert.equal(load({ yaml }).config.server.port, 8080);
    }
  });

  it('mentions a config.yml, which it does not read', () => {
    inFolder({ 'config.yml': 'server: {port: 1}' }, (cwd) => {
      const { warnings } = loadConfig({ cwd, env: {}, vendors });
      assert.deepEqual(
        warnings.map(({ file, message }) => [file, message]),
        [['config.yml', 'is not read']],
      );
    });
  });
});

describe('loadConfig: what settings must agree on', () => {
  it('listens for other machines with a master key, and on loopback without one', () => {
    assert.equal(
      load({ env: { HOST: '0.0.0.0', ATELIER_MASTER_KEY: '0123456789abcdef' } }).config.server.host,
      '0.0.0.0',
    );
    for (const host of ['127.0.0.1', '127.8.9.1', '::1', 'localhost', 'LOCALHOST']) {
      assert.equal(load({ env: { HOST: host } }).config.server.host, host);
    }
  });

  it('wants a master key of at least 16 characters and does not repeat it', () => {
    const [problem = ''] = problemsOf({ yaml: 'master_key: shortsecret\n' });
    assert.match(
      problem,
      /^config\.yaml:1:13: master_key: must have at least 16 characters; make a good one with: openssl/,
    );
    assert.ok(!problem.includes('shortsecret'));
  });

  it('refuses delays in the wrong order', () => {
    assert.deepEqual(problemsOf({ yaml: 'retry:\n  base_delay_ms: 900\n  max_delay_ms: 800\n' }), [
      'config.yaml:2:18: retry.base_delay_ms: is 900, more than retry.max_delay_ms (800)',
    ]);
  });

  it('warns of our own variables that are nearly right, and of no others', () => {
    const env = { ATELIER_MASTERKEY: 'x', ATELIER_SERVICE_HOST: '10.0.0.1', ATELIER_PORT: 'tcp://10.0.0.1:8080' };
    assert.deepEqual(warningsOf({ env }), [
      'environment variable ATELIER_MASTERKEY: is not a setting and is ignored\n    Did you mean ATELIER_MASTER_KEY?',
    ]);
  });

  it('warns of a vendor that is nearly spelt right, and of no other', () => {
    const env = { BAILAN_API_KEY: 'sk-1', TAVILY_API_KEY: 'x', GROK_API_KEY: 'x', BAILIAN_SG_API_KEY: 'sk-2' };
    assert.deepEqual(warningsOf({ env }), [
      'environment variable BAILAN_API_KEY: is not a setting and is ignored\n    Did you mean BAILIAN_API_KEY?',
    ]);
  });
});
