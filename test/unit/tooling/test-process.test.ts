import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';

const preloaded = new URL('../../../scripts/test-process.ts', import.meta.url).href;

/*
 * Symptom: a run of the tests that did nothing any more and never ended, once for 13 minutes.
 * Cause: the limit of the runner ends a test, but not the process that waits for what the test left open.
 * Fix: scripts/test-process.ts ends the process and names what is open.
 */
describe('a process of tests', () => {
  it('ends after a test that waits for ever and leaves something open, and both are named', (test: TestContext) => {
    const folder = mkdtempSync(join(tmpdir(), 'atelier-test-process-'));
    test.after(() => rmSync(folder, { recursive: true, force: true }));
    const file = join(folder, 'some.test.mjs');
    writeFileSync(
      file,
      `import { it } from 'node:test';
      import { createServer } from 'node:net';
      it('waits', () => new Promise(() => createServer().listen(0, '127.0.0.1')));`,
    );
    const { NODE_TEST_CONTEXT: _ofThisRun, ...environment } = process.env;
    const { status, stdout } = spawnSync(
      process.execPath,
      ['--test', `--import=${preloaded}`, '--test-timeout=100', '--test-reporter=tap', file],
      { encoding: 'utf8', timeout: 60_000, env: { ...environment, ATELIER_TEST_END_MS: '50' } },
    );
    assert.equal(status, 1);
    assert.match(stdout, /not ok 1 - waits/);
    assert.match(stdout, /timed out after 100ms/);
    assert.match(stdout, /their process does not end\. Left open: TCPServerWrap/);
  });
});
