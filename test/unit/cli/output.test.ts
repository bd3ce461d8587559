import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { banner } from '../../../src/cli/banner.ts';
import { explainStartError, formatWarnings } from '../../../src/cli/messages.ts';
import type { Origin } from '../../../src/config/origin.ts';
import { FolderError } from '../../../src/store/make-folder.ts';
import { ProviderConfigError } from '../../../src/upstream/provider-config-error.ts';

describe('banner', () => {
  const address = { host: '127.0.0.1', port: 8080 };
  const sandboxOnly = {
    providers: ['sandbox (embedded; set BAILIAN_API_KEY for the real thing)'],
    store: 'sqlite data/atelier.db',
    open: true,
    exampleModel: 'qwen-plus',
  };

  it('shows a first call that can be copied', () => {
    assert.equal(
      banner({ version: '0.1.0', address, summary: sandboxOnly }),
      `Atelier 0.1.0 on http://127.0.0.1:8080
providers  sandbox (embedded; set BAILIAN_API_KEY for the real thing)
store      sqlite data/atelier.db
access     open: every program on this machine can use it; set ATELIER_MASTER_KEY, or make a key, to ask for one
try        curl http://127.0.0.1:8080/v1/chat/completions -H 'Content-Type: application/json' \\
             -d '{"model":"qwen-plus","messages":[{"role":"user","content":"Who are you?"}]}'
`,
    );
  });

  it('sends the key from the environment, never the key itself, and names the file', () => {
    const summary = {
      providers: ['bailian', 'bailian-sg (bailian)'],
      store: 'postgres db:5432',
      open: false,
      exampleModel: undefined,
    };
    assert.equal(
      banner({
        version: '0.1.0',
        address: { host: '0.0.0.0', port: 80 },
        summary,
        hasMasterKey: true,
        file: 'config.yaml',
      }),
      `Atelier 0.1.0 on http://127.0.0.1:80 and every other address of this machine
providers  bailian, bailian-sg (bailian)
store      postgres db:5432
access     with a key only: ATELIER_MASTER_KEY, and keys made with it (atelier keys list)
config     config.yaml
try        curl http://127.0.0.1:80/v1/models -H "Authorization: Bearer $ATELIER_MASTER_KEY"
`,
    );
  });

  it('writes IPv6 addresses as URLs have them', () => {
    assert.match(
      banner({ version: '1', address: { host: '::1', port: 1 }, summary: sandboxOnly }),
      /on http:\/\/\[::1\]:1\n/,
    );
  });

  it('quotes a model name for the shell', () => {
    const summary = { ...sandboxOnly, exampleModel: "it's" };
    assert.ok(banner({ version: '1', address, summary }).includes(String.raw`"model":"it'\''s"`));
  });

  it('shows the admin key of a first start, and uses it in the first call by a name only', () => {
    const summary = { ...sandboxOnly, open: false, firstAdminKey: 'sk-admin-secret' };
    const text = banner({ version: '1', address: { host: '0.0.0.0', port: 1 }, summary });
    assert.match(text, /^admin key {2}sk-admin-secret\n +made now.*shown this once/m);
    assert.equal(text.split('sk-admin-secret').length, 2);
    assert.match(text, /Bearer \$ATELIER_KEY"/);
  });

  it('does not speak of a master key that there is none of', () => {
    const text = banner({ version: '1', address, summary: { ...sandboxOnly, open: false } });
    assert.match(text, /^access {5}with a key only: the keys of this gateway \(atelier keys list\)$/m);
    assert.match(text, /Bearer \$ATELIER_KEY"/);
    assert.ok(!text.includes('MASTER'));
  });

  it('says what to do when there is no provider at all', () => {
    const summary = { ...sandboxOnly, providers: [], exampleModel: undefined };
    assert.match(
      banner({ version: '1', address, summary }),
      /^providers {2}none: set BAILIAN_API_KEY, or ATELIER_SANDBOX=on$/m,
    );
  });
});

describe('explainStartError', () => {
  const at = { host: '10.0.0.9', port: 443 };
  const failure = (code: string, more: object = {}) =>
    explainStartError(Object.assign(new Error(code), { code, ...more }), at);

  const listening: [string, RegExp][] = [
    ['EADDRINUSE', /^Port 443 on 10\.0\.0\.9 is already in use.*\n.*lsof -i :443.*--port 444/],
    ['EACCES', /^Port 443 on 10\.0\.0\.9 may not be used by this user.*\n.*--port 8080/],
    ['EADDRNOTAVAIL', /^This machine has no address 10\.0\.0\.9\.\n/],
  ];
  for (const [code, says] of listening) {
    it(`explains ${code}`, () => assert.match(failure(code, { syscall: 'listen' }), says));
  }

  it('explains an unknown host name', () => {
    assert.match(failure('ENOTFOUND', { syscall: 'getaddrinfo' }), /^The host name 10\.0\.0\.9 is not known/);
  });

  it('explains a data folder that cannot be written', () => {
    assert.equal(
      failure('EACCES', { syscall: 'mkdir', path: '/data' }),
      'Atelier could not start: /data may not be written by this user.\n    Change its owner, or choose another folder with --data-dir',
    );
  });

  it('explains a data folder that cannot be made, and names where it was set', () => {
    const error = new FolderError({ folder: '/srv/a/b', path: '/srv', code: 'EACCES', problem: 'is closed' });
    const says = (dataDir: string, setting: string, origin: Origin) =>
      explainStartError(error, at, { config: { dataDir }, origins: new Map([[setting, origin]]) });
    const [first, ...fixes] = [
      'Atelier could not start: the folder /srv/a/b cannot be made: /srv is closed.\n    Change its owner, or choose another',
      'folder: with --data-dir, or where data_dir is set (config.yaml:3)',
      'folder with --data-dir',
      'one where store.database_url is set (env ATELIER_DATABASE_URL)',
    ];
    const environment: Origin = { kind: 'environment', name: 'ATELIER_DATABASE_URL' };
    assert.deepEqual(
      [
        says('/srv/a/b', 'data_dir', { kind: 'file', file: 'config.yaml', line: 3, column: 1 }),
        says('/srv/a/b', 'data_dir', { kind: 'option', flag: '--data-dir' }),
        // A database of its own, outside of the data folder.
        says('/srv/data', 'store.database_url', environment),
      ],
      fixes.map((fix) => `${first} ${fix}`),
    );
  });

  it('passes on what a vendor says of a provider', () => {
    const error = new ProviderConfigError({
      provider: 'bailian',
      message: 'The key is odd.',
      fix: 'Make it even.',
      settings: ['api_key'],
    });
    assert.equal(explainStartError(error, at), 'providers.bailian: The key is odd.\n    Make it even.');
  });

  it('gives the message of anything else', () => {
    assert.equal(failure('EWHATEVER'), 'Atelier could not start: EWHATEVER');
    assert.equal(explainStartError(new Error('broken'), at), 'Atelier could not start: broken');
    assert.equal(explainStartError('broken', at), 'Atelier could not start: broken');
  });
});

describe('formatWarnings', () => {
  it('gives each its own line, and nothing for none', () => {
    assert.equal(formatWarnings([]), '');
    assert.equal(
      formatWarnings([
        { path: 'a', message: 'b' },
        { path: 'c', message: 'd' },
      ]),
      'warning: a: b\nwarning: c: d\n',
    );
  });
});
