import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess, StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

interface StartOptions {
  stdio?: StdioOptions;
  /** Environment variables. */
  set?: Record<string, string>;
}

/** Starts `atelier serve` as a process of its own, in an empty folder and with nothing of ours in its environment. */
async function start(test: TestContext, args: string[], { stdio = 'pipe', set = {} }: StartOptions = {}) {
  const cwd = await mkdtemp(join(tmpdir(), 'atelier-serve-'));
  const { PATH = '', TMPDIR = '' } = process.env;
  const child = spawn(process.execPath, [main, 'serve', ...args], { cwd, stdio, env: { PATH, TMPDIR, ...set } });
  test.after(async () => {
    child.kill('SIGKILL');
    await rm(cwd, { recursive: true, force: true });
  });
  return { cwd, child };
}

/** Collects what a process prints; `until` resolves once a text was printed. */
function follow(child: ChildProcess) {
  let text = '';
  const waiting: { pattern: RegExp; resolve: (match: RegExpExecArray) => void }[] = [];
  const note = (chunk: Buffer) => {
    text += chunk.toString();
    for (const { pattern, resolve } of waiting) {
      const match = pattern.exec(text);
      if (match !== null) resolve(match);
    }
  };
  child.stdout?.on('data', note);
  child.stderr?.on('data', note);
  const until = (pattern: RegExp) => {
    const match = pattern.exec(text);
    return match === null ? new Promise<RegExpExecArray>((resolve) => waiting.push({ pattern, resolve })) : match;
  };
  return { until, text: () => text };
}

describe('atelier serve as a process', () => {
  it('listens, reloads a changed file, keeps a bad one out, and ends with 0 on SIGTERM', async (test) => {
    const { cwd, child } = await start(test, ['--port', '0']);
    const { until } = follow(child);
    const [, url] = await until(/^Atelier \S+ on (http:\/\/127\.0\.0\.1:\d+)$/m);
    assert.equal((await fetch(`${url}/health`)).status, 200);
    await writeFile(join(cwd, 'config.yaml'), 'retry: {max_retries: many}\n');
    await until(/config\.yaml:1:22: retry\.max_retries: must be a whole number.*the old one stays in service/);
    await writeFile(join(cwd, 'config.yaml'), 'retry: {max_retries: 1}\n');
    await until(/configuration reloaded/);
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    assert.deepEqual(await exited, [0, null]);
  });

  it('ends with 1 and says why when the port is taken', async (test) => {
    const first = await start(test, ['--port', '0']);
    const [, port = ''] = await follow(first.child).until(/http:\/\/127\.0\.0\.1:(\d+)$/m);
    const second = await start(test, ['--port', port]);
    const printed = follow(second.child);
    assert.deepEqual(await once(second.child, 'close'), [1, null]);
    assert.match(printed.text(), new RegExp(`^Port ${port} on 127\\.0\\.0\\.1 is already in use`));
  });

  // Symptom: with a data folder in /proc the start never ended, at full load of a processor, and SIGTERM did not end it.
  // Cause: Node's recursive mkdir tries again for ever where a folder cannot be made although its parent is there.
  // Fix: the folders are made one by one.
  const noProc = existsSync('/proc/self') ? false : 'there is no /proc';
  it('ends with 1 where no folder can be made', { skip: noProc, timeout: 30_000 }, async (test) => {
    const { child } = await start(test, ['--port', '0'], { set: { ATELIER_DATA_DIR: '/proc/nope/data' } });
    const printed = follow(child);
    assert.deepEqual(await once(child, 'close'), [1, null]);
    assert.equal(
      printed.text(),
      'Atelier could not start: the folder /proc/nope/data cannot be made: /proc is no place where folders can be made.\n' +
        '    Choose another folder: with --data-dir, or where data_dir is set (env ATELIER_DATA_DIR)\n',
    );
  });

  // Linux has a device that is always full.
  const skip = existsSync('/dev/full') ? false : 'there is no /dev/full';
  it('goes on when nothing can be written to standard output, and still ends with 0', { skip }, async (test) => {
    const full = openSync('/dev/full', 'w');
    const port = await freePort();
    const { child } = await start(test, ['--port', String(port)], { stdio: ['ignore', full, 'ignore'] });
    closeSync(full);
    const exited = once(child, 'exit');
    const url = `http://127.0.0.1:${port}`;
    await reachable(`${url}/health`, exited);
    for (const _round of [1, 2, 3]) {
      const call = await fetch(`${url}/v1/chat/completions`, { method: 'POST', body: '{}' });
      assert.equal(call.status, 400);
    }
    assert.equal((await fetch(`${url}/health`)).status, 200);
    child.kill('SIGTERM');
    assert.deepEqual(await exited, [0, null]);
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Waits until something answers at an address. */
async function reachable(url: string, exited: Promise<unknown>): Promise<void> {
  let ended = false;
  void exited.then(() => (ended = true));
  while (!ended) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok === true) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.fail('the process ended before it listened');
}
