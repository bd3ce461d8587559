import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { execPath } from 'node:process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startRedis } from '../../scripts/services.ts';
import type { LedgerWindow } from '../../src/domain/ledger.ts';
import { largestBlock } from '../../src/store/ledger/ahead-ledger.ts';
import { openDatabase } from '../../src/store/open.ts';
import type { DatabaseLocation } from '../../src/store/open.ts';
import { temporaryPostgres, withoutPostgres, withoutRedis } from '../contract/store-services.ts';
import { temporaryFolder } from '../contract/store-temp-folder.ts';

const script = fileURLToPath(new URL('./ledger-worker.ts', import.meta.url));
const now = Date.UTC(2026, 2, 18);
const windows: LedgerWindow[] = [
  { name: '5h', shape: { kind: 'rolling', spanMs: 18_000_000 }, limit: 1e9, amount: 1 },
  { name: 'month', shape: { kind: 'period', startMs: now - 1000, endMs: now + 1e9 }, limit: 1e9, amount: 1 },
];

type Worker = ChildProcessByStdio<Writable, Readable, null>;

function start(
  mode: string,
  { dataDir, databaseUrl, redisUrl = '-' }: DatabaseLocation,
  ...parameters: string[]
): Worker {
  const all = [script, mode, dataDir, databaseUrl, redisUrl, ...parameters];
  return spawn(execPath, all, { stdio: ['pipe', 'pipe', 'inherit'] });
}

/** Opens the database as one more process whose clock shows `at`, and says what is counted. */
async function usedIn(location: DatabaseLocation, at: number): Promise<number[]> {
  const database = await openDatabase(location, { processId: `reader-${at}`, now: at });
  await database.ledger.heartbeat(at);
  const standings = await database.ledger.standing('a', windows, now);
  await database.close();
  return standings.map((standing) => standing.used);
}

async function burst(location: DatabaseLocation): Promise<void> {
  const workers = ['334', '333', '333'].map((count) => start('burst', location, count, '100'));
  try {
    const outputs = workers.map((worker) => createInterface({ input: worker.stdout })[Symbol.asyncIterator]());
    for (const output of outputs) assert.equal((await output.next()).value, 'ready');
    for (const worker of workers) worker.stdin.write('go\n');
    const lines = [];
    for (const output of outputs) lines.push(String((await output.next()).value));
    const admitted = lines.map((line) => Number(line.replace('admitted ', ''))).reduce((sum, count) => sum + count, 0);
    assert.equal(admitted, 100, lines.join(', '));
    assert.deepEqual(await usedIn(location, now), [100, 100]);
  } finally {
    for (const worker of workers) worker.kill('SIGKILL');
  }
}

async function killOne(location: DatabaseLocation, mode: 'endless' | 'ahead'): Promise<void> {
  const worker = start(mode, location, '16', '1000000');
  await once(worker.stdout, 'data');
  worker.kill('SIGKILL');
  await once(worker, 'exit');
  assert.equal(worker.signalCode, 'SIGKILL');
  const lines = readFileSync(`${location.dataDir}/worker.log`, 'utf8').split('\n');
  const admitted = lines.filter((line) => line.startsWith('A ')).length;
  const settled = lines.filter((line) => line.startsWith('S ')).length;
  assert.ok(admitted >= 2000 && settled > 0);
  const inFlight = 16;
  // Until the lease is over, what nobody had asked for yet counts too: a block, and the next.
  const reserved = inFlight + (mode === 'ahead' ? 2 * largestBlock : 0);
  for (const used of await usedIn(location, now + 1000)) {
    assert.ok(used >= admitted && used <= admitted + reserved, `${used} counted, ${admitted} known to be admitted`);
  }
  for (const used of await usedIn(location, now + 120_000)) {
    assert.ok(used >= settled && used <= settled + inFlight, `${used} counted, ${settled} known to be settled`);
  }
}

suite('ledger over several processes', () => {
  test('of 1,000 requests from three processes on one file exactly the 100 that are left pass', async () => {
    using folder = temporaryFolder();
    await burst({ databaseUrl: 'sqlite:', dataDir: folder.path });
  });

  test('a killed process loses no admitted call, and what it left open is given back when its lease is over', async () => {
    using folder = temporaryFolder();
    await killOne({ databaseUrl: 'sqlite:', dataDir: folder.path }, 'endless');
  });

  test('a killed process that had reserved ahead loses no call either, and gives back what nobody had asked for', async () => {
    using folder = temporaryFolder();
    await killOne({ databaseUrl: 'sqlite:', dataDir: folder.path }, 'ahead');
  });

  suite('with Postgres', { skip: withoutPostgres }, () => {
    test('of 1,000 requests from three processes exactly the 100 that are left pass', async () => {
      using folder = temporaryFolder();
      await using postgres = await temporaryPostgres();
      await burst({ databaseUrl: postgres.url, dataDir: folder.path });
    });

    for (const mode of ['endless', 'ahead'] as const) {
      test(`a killed process loses no admitted call (${mode})`, async () => {
        using folder = temporaryFolder();
        await using postgres = await temporaryPostgres();
        await killOne({ databaseUrl: postgres.url, dataDir: folder.path }, mode);
      });
    }
  });

  suite('with Postgres and Redis', { skip: withoutPostgres || withoutRedis }, () => {
    test('of 1,000 requests from three processes exactly the 100 that are left pass', async () => {
      using folder = temporaryFolder();
      await using postgres = await temporaryPostgres();
      await using redis = await startRedis();
      await burst({ databaseUrl: postgres.url, redisUrl: redis.url, dataDir: folder.path });
    });

    for (const mode of ['endless', 'ahead'] as const) {
      test(`a killed process loses no admitted call, in Redis and then in Postgres (${mode})`, async () => {
        using folder = temporaryFolder();
        await using postgres = await temporaryPostgres();
        await using redis = await startRedis();
        const location = { databaseUrl: postgres.url, redisUrl: redis.url, dataDir: folder.path };
        await killOne(location, mode);
        const used = await usedIn(location, now + 240_000);
        await redis.stop();
        assert.deepEqual(await usedIn({ databaseUrl: postgres.url, dataDir: folder.path }, now + 240_000), used);
      });
    }
  });
});
