import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';

import { serve } from '../../../src/cli/serve.ts';
import type { ServeParts } from '../../../src/cli/serve.ts';
import { ConfigError } from '../../../src/config/problem.ts';
import { version } from '../../../src/version.ts';
import { FakeApp, FakeProcess, fakeParts, sampleConfig } from './fake.ts';

/** Starts `serve` and waits until it has printed that it listens. */
async function started(parts: ServeParts) {
  const fake = new FakeProcess();
  const listening = Promise.withResolvers<void>();
  const { write } = fake;
  fake.write = (text) => {
    write(text);
    listening.resolve();
  };
  const ended = serve(fake, parts);
  await listening.promise;
  // The lines are printed just before it begins to wait for signals.
  await setImmediate();
  return { fake, ended };
}

describe('serve', () => {
  it('listens, prints what there is, and ends with 0 when asked to stop', async () => {
    const loaded = sampleConfig();
    const { parts, apps, messages } = fakeParts(() => loaded);
    const { fake, ended } = await started(parts);
    assert.ok(fake.output.startsWith(`Atelier ${version} on http://127.0.0.1:8080\nproviders  sandbox`));
    fake.signals.emit('SIGTERM');
    assert.equal(await ended, 0);
    assert.deepEqual(apps[0]?.calls, ['listen', 'close 30000']);
    assert.match(fake.output, /Stopping: running requests may finish within 30 s\.\n$/);
    assert.deepEqual(messages, ['flushed']);
    assert.deepEqual(fake.exits, []);
  });

  it('stops as gracefully on Ctrl-C, and tells about the second one', async () => {
    const { parts } = fakeParts(() => sampleConfig({ ATELIER_SHUTDOWN_GRACE_SECONDS: '5' }));
    const { fake, ended } = await started(parts);
    fake.signals.emit('SIGINT');
    assert.equal(await ended, 0);
    assert.match(fake.output, /within 5 s; Ctrl-C again stops at once\.\n$/);
  });

  it('ends at once on a second Ctrl-C', async () => {
    const { parts, apps } = fakeParts(() => sampleConfig());
    const closing = Promise.withResolvers<void>();
    const { fake, ended } = await started(parts);
    const [app] = apps;
    assert.ok(app);
    app.close = () => closing.promise;
    fake.signals.emit('SIGINT');
    await setImmediate();
    assert.deepEqual(fake.exits, []);
    fake.signals.emit('SIGINT');
    assert.deepEqual(fake.exits, [130]);
    closing.resolve();
    await ended;
  });

  it('ends at once when it is asked to stop before it listens', async () => {
    const { parts } = fakeParts(() => sampleConfig());
    const creating = Promise.withResolvers<void>();
    const { createApp } = parts;
    const fake = new FakeProcess();
    const ended = serve(fake, {
      ...parts,
      createApp: async (options) => {
        await creating.promise;
        return createApp(options);
      },
    });
    fake.signals.emit('SIGTERM');
    assert.deepEqual(fake.exits, [143]);
    creating.resolve();
    await setImmediate();
    fake.signals.emit('SIGTERM');
    await ended;
  });

  it('leaves no listener behind', async () => {
    const { parts } = fakeParts(() => sampleConfig());
    const { fake, ended } = await started(parts);
    fake.signals.emit('SIGTERM');
    await ended;
    assert.deepEqual(fake.signals.eventNames(), []);
  });

  it('prints the problems of a bad configuration and ends with 1', async () => {
    const { parts } = fakeParts(() => {
      throw new ConfigError([{ file: 'config.yaml', line: 2, column: 3, path: 'server.port', message: 'is odd' }]);
    });
    const fake = new FakeProcess();
    assert.equal(await serve(fake, parts), 1);
    assert.equal(fake.errors, 'config.yaml:2:3: server.port: is odd\n\n1 problem in the configuration.\n');
    assert.deepEqual([fake.output, fake.signals.eventNames()], ['', []]);
  });

  it('prints warnings before it starts', async () => {
    const { parts } = fakeParts(() => sampleConfig({ ATELIER_MASTERKEY: 'x' }));
    const { fake, ended } = await started(parts);
    assert.match(fake.errors, /^warning: environment variable ATELIER_MASTERKEY: is not a setting/);
    fake.signals.emit('SIGTERM');
    await ended;
  });

  it('says what to do when the port is taken, and ends with 1', async () => {
    const { parts, messages } = fakeParts(() => sampleConfig());
    const fake = new FakeProcess();
    const taken = Object.assign(new Error('listen EADDRINUSE'), { code: 'EADDRINUSE', syscall: 'listen' });
    const createApp = ({ config }: { config: FakeApp['config'] }) => {
      const app = new FakeApp(config);
      app.listenError = taken;
      return Promise.resolve(app);
    };
    assert.equal(await serve(fake, { ...parts, createApp }), 1);
    assert.match(fake.errors, /^Port 8080 on 127\.0\.0\.1 is already in use.*\n.*atelier serve --port 8081\n$/);
    assert.deepEqual(messages, ['flushed']);
  });

  it('hands a new configuration to the app on SIGHUP, and logs what needs a restart', async () => {
    const changed = { PORT: '9000', ATELIER_SHUTDOWN_GRACE_SECONDS: '1', ATELIER_LOG_LEVEL: 'error' };
    let loaded = sampleConfig();
    const { parts, apps, messages, logger } = fakeParts(() => loaded);
    const { fake, ended } = await started(parts);
    loaded = sampleConfig(changed);
    fake.signals.emit('SIGHUP');
    fake.signals.emit('SIGTERM');
    assert.equal(await ended, 0);
    assert.equal(logger.level, 'error');
    assert.deepEqual(apps[0]?.calls, ['listen', 'close 1000']);
    assert.deepEqual(
      apps[0]?.reloaded.map(({ server }) => server.port),
      [9000],
    );
    assert.match(messages[0] ?? '', /^info: configuration reloaded/);
    assert.match(messages[1] ?? '', /^warn: these settings take effect only after a restart.*"server\.port"/);
  });

  it('keeps running and logs why when the new configuration is bad', async () => {
    const loaded = sampleConfig();
    let bad = false;
    const { parts, apps, messages } = fakeParts(() => {
      if (bad) throw new ConfigError([{ path: 'server.port', message: 'is odd' }]);
      return loaded;
    });
    const { fake, ended } = await started(parts);
    bad = true;
    fake.signals.emit('SIGHUP');
    fake.signals.emit('SIGTERM');
    assert.equal(await ended, 0);
    assert.deepEqual(apps[0]?.reloaded, []);
    assert.match(messages[0] ?? '', /^error: configuration not reloaded, the old one stays.*server\.port: is odd/);
  });

  it('does not hide an error that is none of the configuration', async () => {
    const { parts } = fakeParts(() => {
      throw new TypeError('a mistake of ours');
    });
    await assert.rejects(serve(new FakeProcess(), parts), TypeError);
  });
});
