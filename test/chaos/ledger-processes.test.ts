import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { LedgerWindow } from '../../src/domain/ledger.ts';
import { openSqliteDatabase } from '../../src/store/sql/open-sqlite.ts';
import { temporaryFolder } from '../contract/store-temp-folder.ts';

const script = fileURLToPath(new URL('./ledger-worker.ts', import.meta.url));
const now = Date.UTC(2026, 2, 18);
const windows: LedgerWindow[] = [
  { name: '5h', shape: { kind: 'rolling', spanMs: 18_000_000 }, limit: 1e9, amount: 1 },
  { name: 'month', shape: { kind: 'period', startMs: now - 1000, endMs: now + 1e9 }, limit: 1e9, amount: 1 },
];

type Worker = ChildProcessByStdio<Writable, Readable, null>;

function start(...parameters: string[]): Worker {
  return spawn(execPath, [script, ...parameters], { stdio: ['pipe', 'pipe', 'inherit'] });
}

/** Opens the file as one more process and says what is counted. */
async function usedIn(file: string, at: number): Promise<number[]> {
  const database = await openSqliteDatabase(file, { processId: `reader-${at}`, now: at });
  const standings = await database.ledger.standing('a', windows, now);
  await database.close();
  return standings.map((standing) => standing.used);
}

suite('ledger over several processes', () => {
  test('of 1,000 requests from three processes on one file exactly the 100 that are left pass', async () => {
    using folder = temporaryFolder();
    const file = join(folder.path, 'atelier.db');
    const workers = ['334', '333', '333'].map((count) => start('burst', file, count, '100'));
    const outputs = workers.map((worker) => createInterface({ input: worker.stdout })[Symbol.asyncIterator]());
    for (const output of outputs) assert.equal((await output.next()).value, 'ready');
    for (const worker of workers) worker.stdin.write('go\n');
    let admitted = 0;
    for (const output of outputs) {
      const line = String((await output.next()).value);
      admitted += Number(line.replace('admitted ', ''));
    }
    assert.equal(admitted, 100);
    assert.deepEqual(await usedIn(file, now), [100, 100]);
  });

  test('a killed process loses no admitted call, and what it left open is given back when its lease is over', async () => {
    using folder = temporaryFolder();
    const file = join(folder.path, 'atelier.db');
    const worker = start('endless', file, '16', '1000000');
    await once(worker.stdout, 'data');
    worker.kill('SIGKILL');
    await once(worker, 'exit');
    assert.equal(worker.signalCode, 'SIGKILL');
    const lines = readFileSync(`${file}.log`, 'utf8').split('\n');
    const admitted = lines.filter((line) => line.startsWith('A ')).length;
    const settled = lines.filter((line) => line.startsWith('S ')).length;
    assert.ok(admitted >= 2000 && settled > 0);
    const inFlight = 16;
    for (const used of await usedIn(file, now + 1000)) {
      assert.ok(used >= admitted && used <= admitted + inFlight, `${used} counted, ${admitted} known to be admitted`);
    }
    for (const used of await usedIn(file, now + 120_000)) {
      assert.ok(used >= settled && used <= settled + inFlight, `${used} counted, ${settled} known to be settled`);
    }
  });
});
