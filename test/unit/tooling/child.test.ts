import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join, resolve } from 'node:path';
import { describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { run } from '../../../scripts/bootstrap/child.mjs';

const module = pathToFileURL(resolve(import.meta.dirname, '../../../scripts/bootstrap/child.mjs')).href;

/** Starts a launcher, with no stream on a terminal, whose child runs this script; resolves when the child has printed `ready`. */
async function launch(childScript: string) {
  const child = JSON.stringify(['-e', childScript]);
  const script = `import { exitLike, run } from '${module}';
    exitLike(await run(process.execPath, ${child}, { stdio: 'inherit' }));`;
  const launcher = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const lines: string[] = [];
  launcher.stdout.setEncoding('utf8').on('data', (text: string) => lines.push(text));
  const ended: Promise<[number | null, NodeJS.Signals | null]> = new Promise((done) => {
    launcher.once('close', (code, signal) => done([code, signal]));
  });
  await once(launcher.stdout, 'data');
  return { launcher, ended, output: () => lines.join('') };
}

describe('a launched program', () => {
  test('gives its exit code', async () => {
    const end = await run(process.execPath, ['-e', 'process.exit(7)'], {});
    assert.deepEqual(end, { code: 7, signal: null, missing: false, interrupted: false });
  });

  test('that does not exist is told apart from one that fails', async () => {
    const end = await run(join(dirname(process.execPath), 'no-such-program'), [], {});
    assert.equal(end.missing, true);
  });

  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    test(`gets ${signal} once, and its own way of ending is passed on`, async () => {
      const { launcher, ended, output } = await launch(
        `let count = 0; const alive = setInterval(() => {}, 1000);
         process.on('${signal}', () => { count += 1; clearInterval(alive); process.exitCode = 40 + count; });
         console.log('ready');`,
      );
      launcher.kill(signal);
      assert.deepEqual(await ended, [41, null]);
      assert.equal(output(), 'ready\n');
    });
  }

  test('that a signal ends makes the launcher end by the same signal', async () => {
    const { launcher, ended } = await launch(`setInterval(() => {}, 1000); console.log('ready');`);
    launcher.kill('SIGTERM');
    assert.deepEqual(await ended, [null, 'SIGTERM']);
  });
});
