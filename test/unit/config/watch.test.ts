import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';

import { loadConfig } from '../../../src/config/load.ts';
import { restartNeeded, watchConfig } from '../../../src/config/watch.ts';
import type { ConfigChange, FolderWatcher, WatchOptions } from '../../../src/config/watch.ts';
import { load, vendors } from './sample.ts';

/** Sees nothing, so that a test decides when the files are read. */
const quiet: FolderWatcher = () => () => {};

/** A folder with a config.yaml, a watcher on it, and everything it reports as events. */
async function setUp(test: TestContext, overrides: Partial<WatchOptions> = { watchFolder: quiet }) {
  const cwd = mkdtempSync(join(tmpdir(), 'atelier-watch-'));
  const path = join(cwd, 'config.yaml');
  const write = (yaml: string) => writeFileSync(path, yaml);
  write('log: {level: info}\n');
  const read = () => loadConfig({ cwd, env: {}, vendors });
  const signals = new EventEmitter();
  const reports = new EventEmitter();
  const watcher = watchConfig({
    current: read(),
    load: read,
    onChange: (change) => void reports.emit('change', change),
    // Not named `error`: an emitter throws for that name when nobody listens.
    onError: (error) => void reports.emit('problem', error),
    onUnchanged: () => void reports.emit('unchanged'),
    signals,
    ...overrides,
  });
  test.after(async () => {
    await watcher.close();
    rmSync(cwd, { recursive: true, force: true });
  });
  // The reading at once is over after this turn.
  await new Promise((resolve) => setImmediate(resolve));
  return { cwd, path, write, signals, reports, watcher };
}

/** Without the regular look, which would find everything. */
function eventsOnly(test: TestContext): void {
  test.mock.timers.enable({ apis: ['setInterval'] });
}

async function nextChange(reports: EventEmitter): Promise<ConfigChange> {
  const [change] = await once(reports, 'change');
  return change;
}

describe('watchConfig', () => {
  it('reloads on SIGHUP and hands over the new configuration', async (test) => {
    const { write, signals, reports, watcher } = await setUp(test);
    write('log: {level: debug}\n');
    const change = nextChange(reports);
    signals.emit('SIGHUP');
    const { loaded, needRestart } = await change;
    assert.equal(loaded.config.log.level, 'debug');
    assert.deepEqual(needRestart, []);
    await watcher.reload();
    assert.equal(watcher.current().config.log.level, 'debug');
  });

  it('keeps the old configuration when the new one is bad, says why, and takes the next good one', async (test) => {
    const { write, reports, watcher } = await setUp(test);
    const problems: unknown[] = [];
    reports.on('problem', (error) => problems.push(error));
    write('log: {level: loud}\n');
    await watcher.reload();
    assert.equal(watcher.current().config.log.level, 'info');
    assert.match(String(problems), /config\.yaml:1:14: log\.level: must be one of/);
    write('log: {level: warn}\n');
    await watcher.reload();
    assert.equal(watcher.current().config.log.level, 'warn');
    assert.equal(problems.length, 1);
  });

  it('keeps the old configuration when putting the new one into service fails', async (test) => {
    const problems: unknown[] = [];
    const onChange = () => Promise.reject(new Error('the vendor refused'));
    const { write, watcher } = await setUp(test, {
      watchFolder: quiet,
      onChange,
      onError: (error) => problems.push(error),
    });
    write('log: {level: warn}\n');
    await watcher.reload();
    assert.equal(watcher.current().config.log.level, 'info');
    assert.match(String(problems), /the vendor refused/);
  });

  it('puts changes into service one after the other', async (test) => {
    const order: string[] = [];
    const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const onChange = async ({ loaded }: ConfigChange) => {
      order.push(`begin ${loaded.config.log.level}`);
      await gates[order.length === 1 ? 0 : 1]?.promise;
      order.push(`end ${loaded.config.log.level}`);
    };
    const { write, watcher } = await setUp(test, { watchFolder: quiet, onChange });
    write('log: {level: warn}\n');
    const first = watcher.reload();
    await Promise.resolve();
    write('log: {level: error}\n');
    const second = watcher.reload();
    gates[1]?.resolve();
    gates[0]?.resolve();
    await Promise.all([first, second]);
    assert.deepEqual(order, ['begin warn', 'end warn', 'begin error', 'end error']);
  });

  it('says on SIGHUP that nothing differs, and then changes nothing', async (test) => {
    const { signals, reports } = await setUp(test);
    reports.on('change', () => assert.fail('nothing had changed'));
    const unchanged = once(reports, 'unchanged');
    signals.emit('SIGHUP');
    await unchanged;
  });

  it('takes a new warning for a change', async (test) => {
    const { write, reports, watcher } = await setUp(test);
    const change = nextChange(reports);
    write('log: {level: info}\nproviders: {bailian: {region: x}}\n');
    await watcher.reload();
    assert.match((await change).loaded.warnings[0]?.message ?? '', /has no API key/);
  });

  it('names the settings that need a restart', async (test) => {
    const { write, reports, watcher } = await setUp(test);
    const change = nextChange(reports);
    write('server: {port: 9}\ndata_dir: /elsewhere\nlog: {level: warn}\n');
    await watcher.reload();
    assert.deepEqual((await change).needRestart, ['data_dir', 'server.port']);
  });

  it('reads again when the content of a file changed, not at every event in the folder', async (test) => {
    test.mock.timers.enable({ apis: ['setTimeout'] });
    let fire = () => {};
    const watchFolder: FolderWatcher = (_folder, onEvent) => {
      fire = onEvent;
      return () => {};
    };
    let loads = 0;
    const countingLoad = () => {
      loads += 1;
      return loadConfig({ cwd, env: {}, vendors });
    };
    const { cwd, write, reports } = await setUp(test, { watchFolder, load: () => countingLoad() });
    loads = 0;
    fire();
    test.mock.timers.tick(1000);
    assert.equal(loads, 0);
    const change = nextChange(reports);
    write('log: {level: trace}\n');
    fire();
    fire();
    test.mock.timers.tick(1000);
    assert.equal((await change).loaded.config.log.level, 'trace');
    assert.equal(loads, 1);
  });

  /*
   * Symptom: a file that was saved while the server started had no effect until it was saved again.
   * Cause: what counted as seen was taken when the watching began, long after the configuration in service had been read.
   * Fix: a reading as soon as the folders are watched.
   */
  it('takes what was written after the configuration in service had been read', async (test) => {
    const levels: string[] = [];
    const onChange = ({ loaded }: ConfigChange) => void levels.push(loaded.config.log.level);
    const older = load({ env: { ATELIER_LOG_LEVEL: 'error' } });
    const { watcher } = await setUp(test, { watchFolder: quiet, current: older, onChange });
    assert.deepEqual(levels, ['info']);
    assert.equal(watcher.current().config.log.level, 'info');
  });

  it('finds by a regular look what no event told', async (test) => {
    test.mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
    const { write, reports } = await setUp(test);
    const change = nextChange(reports);
    write('log: {level: trace}\n');
    test.mock.timers.tick(5_000);
    test.mock.timers.tick(1_000);
    assert.equal((await change).loaded.config.log.level, 'trace');
  });

  it('notices .env as well', async (test) => {
    const { cwd, reports, watcher } = await setUp(test);
    const change = nextChange(reports);
    writeFileSync(join(cwd, '.env'), 'ATELIER_LOG_LEVEL=fatal\n');
    await watcher.reload();
    assert.equal((await change).loaded.config.log.level, 'fatal');
  });

  it('reports a folder that cannot be watched, and still hears SIGHUP', async (test) => {
    const problems: unknown[] = [];
    const watchFolder = () => {
      throw new Error('no watches left');
    };
    const { write, signals, reports } = await setUp(test, { watchFolder, onError: (error) => problems.push(error) });
    assert.match(String(problems), /no watches left/);
    write('log: {level: warn}\n');
    const change = nextChange(reports);
    signals.emit('SIGHUP');
    assert.equal((await change).loaded.config.log.level, 'warn');
  });

  it('listens to nothing any more once it is closed', async (test) => {
    let stopped = 0;
    const { signals, watcher } = await setUp(test, { watchFolder: () => () => (stopped += 1) });
    await watcher.close();
    assert.deepEqual([signals.listenerCount('SIGHUP'), stopped], [0, 1]);
  });
});

describe('watchConfig on the real file system', { timeout: 60_000 }, () => {
  it('notices a file that is written in place', async (test) => {
    eventsOnly(test);
    const { write, reports } = await setUp(test, {});
    const change = nextChange(reports);
    write('log: {level: debug}\n');
    assert.equal((await change).loaded.config.log.level, 'debug');
  });

  it('notices a file that an editor renames over the old one, more than once', async (test) => {
    eventsOnly(test);
    const { cwd, path, reports } = await setUp(test, {});
    for (const level of ['debug', 'warn']) {
      const change = nextChange(reports);
      writeFileSync(join(cwd, 'config.yaml.new'), `log: {level: ${level}}\n`);
      renameSync(join(cwd, 'config.yaml.new'), path);
      assert.equal((await change).loaded.config.log.level, level);
    }
  });
});

describe('restartNeeded', () => {
  it('is quiet about settings that can change while running', () => {
    const before = load().config;
    const after = load({
      env: { BAILIAN_API_KEY: 'k', ATELIER_MASTER_KEY: '0123456789abcdef', ATELIER_MAX_RETRIES: '0' },
    }).config;
    assert.deepEqual(restartNeeded(before, { ...after, dataDir: before.dataDir }), []);
  });
});
