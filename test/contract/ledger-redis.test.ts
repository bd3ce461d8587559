import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import type { Ledger } from '../../src/domain/ports.ts';
import { WaitingFile } from '../../src/store/files/waiting-file.ts';
import { RedisLedger } from '../../src/store/redis/redis-ledger.ts';
import type { JournalEntry } from '../../src/store/redis/redis-ledger.ts';
import type { LedgerTruth } from '../../src/store/ledger/job.ts';
import { connectRedis } from '../../src/store/redis/script-client.ts';
import { openPostgresDatabase } from '../../src/store/sql/open-postgres.ts';
import { ledgerSchedules, ledgerSuite, planWindows, requestOf, start } from './ledger-suite.ts';
import type { LedgerHarness } from './ledger-suite.ts';
import { temporaryPostgres, temporaryRedis, withoutPostgres, withoutRedis } from './store-services.ts';
import { temporaryFolder } from './store-temp-folder.ts';

interface RedisHarness extends LedgerHarness {
  open(processId: string, leaseMs?: number): Promise<RedisLedger>;
  /** A process that dies before it brings anything to Postgres. */
  openDoomed(processId: string): Promise<RedisLedger>;
  /** What Postgres has on its own. */
  truth(): Promise<Ledger>;
  /** Redis loses everything of this harness. */
  loseData(): Promise<void>;
}

const forgetAll = `for _, key in ipairs(redis.call('KEYS', KEYS[1] .. '*')) do redis.call('DEL', key) end return 1`;

type Notes = WaitingFile<JournalEntry>;

/** With a function that says where a process notes what waits for Postgres. */
async function redisHarness(notesOf?: (processId: string) => Notes | undefined): Promise<RedisHarness> {
  const stack = new AsyncDisposableStack();
  const { url } = stack.use(await temporaryPostgres());
  const { url: redisUrl, prefix } = await temporaryRedis();
  const openPostgres = async (processId: string, leaseMs = 60_000) => {
    const database = await openPostgresDatabase(url, { processId, now: start, leaseMs });
    stack.defer(() => database.close());
    return database.ledger;
  };
  const openWith = async (truth: LedgerTruth, processId: string, leaseMs: number): Promise<RedisLedger> => {
    const notes = notesOf?.(processId);
    const client = await connectRedis(redisUrl);
    const ledger = new RedisLedger({ client, truth, processId, leaseMs, prefix, ...(notes && { notes }) });
    await ledger.heartbeat(start);
    stack.defer(() => ledger.close());
    return ledger;
  };
  return {
    truth: () => openPostgres('truth'),
    open: async (processId, leaseMs = 60_000) => openWith(await openPostgres(processId, leaseMs), processId, leaseMs),
    openDoomed: async (processId) => {
      const truth = await openPostgres(processId);
      const applyJournal = () => Promise.reject(new Error('dead'));
      const doomed = {
        applyJournal,
        find: (account: string) => truth.find(account),
        heartbeat: (now: number) => truth.heartbeat(now),
        isRefusal: () => false,
      };
      return openWith(doomed, processId, 60_000);
    },
    loseData: async () => {
      const client = await connectRedis(redisUrl);
      await client.run(forgetAll, prefix, []);
      client.close();
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

const windows = planWindows({ hours: 100, week: 100, month: 100 });
const usedIn = async (ledger: Ledger): Promise<number[]> =>
  (await ledger.standing('a', windows, start)).map((window) => window.used);

suite('redis', { skip: withoutRedis || withoutPostgres }, () => {
  ledgerSuite('Redis', redisHarness);
  ledgerSchedules('Redis', redisHarness, 200);

  test('everything reaches Postgres', async () => {
    await using harness = await redisHarness();
    const ledger = await harness.open('first');
    for (let call = 0; call < 20; call += 1) await ledger.admit(requestOf(`r${call}`, windows));
    await ledger.settle({ id: 'r0', amounts: { '5h': 5, week: 5, month: 5 } });
    await ledger.release('r1');
    await ledger.drain();
    assert.deepEqual(await usedIn(await harness.truth()), [23, 23, 23]);
  });

  suite('what a killed process had noted is in Postgres and Redis once', () => {
    /** 20 calls that Postgres knows nothing of: 5 counted for the first, the second given back, the others open. */
    const setUp = async () => {
      const stack = new AsyncDisposableStack();
      const folder = stack.use(temporaryFolder()).path;
      const notes = new Map<string, Notes>();
      const harness = await redisHarness((process) => {
        if (process === 'plain') return undefined;
        const file = new WaitingFile<JournalEntry>({ folder, process, kind: 'journal' });
        notes.set(process, file);
        return file;
      });
      stack.use(harness);
      const killed = await harness.openDoomed('killed');
      for (let call = 0; call < 20; call += 1) await killed.admit(requestOf(`r${call}`, windows));
      await killed.settle({ id: 'r0', amounts: { '5h': 5, week: 5, month: 5 } });
      await killed.release('r1');
      const path = join(folder, 'killed.journal.jsonl');
      const lines = () => (existsSync(path) ? readFileSync(path, 'utf8').split('\n').length - 1 : 0);
      while (lines() < 22) await new Promise((resolve) => setTimeout(resolve, 5));
      // Its lock ends with a process.
      await notes.get('killed')?.close();
      const truth = await harness.truth();
      assert.deepEqual(await usedIn(truth), [0, 0, 0]);
      return { harness, truth, [Symbol.asyncDispose]: () => stack.disposeAsync() };
    };
    const afterLease = start + 61_000;

    test('before its journal in Redis is read', async () => {
      await using set = await setUp();
      const other = await set.harness.open('other');
      assert.deepEqual(await usedIn(set.truth), [23, 23, 23]);
      assert.equal(await other.heartbeat(afterLease), 18);
      assert.deepEqual(await usedIn(set.truth), [5, 5, 5]);
      assert.deepEqual(await usedIn(other), [5, 5, 5]);
    });

    test('after its journal in Redis was read', async () => {
      await using set = await setUp();
      const plain = await set.harness.open('plain');
      await plain.finish('killed');
      assert.deepEqual(await usedIn(set.truth), [23, 23, 23]);
      const other = await set.harness.open('other');
      assert.deepEqual(await usedIn(set.truth), [23, 23, 23]);
      assert.deepEqual(await usedIn(other), [23, 23, 23]);
    });

    test('when Redis has lost it, and has counted on from what Postgres had', async () => {
      await using set = await setUp();
      await set.harness.loseData();
      const plain = await set.harness.open('plain');
      await plain.admit(requestOf('since', windows));
      await plain.drain();
      assert.deepEqual(await usedIn(set.truth), [1, 1, 1]);
      const other = await set.harness.open('other');
      assert.deepEqual(await usedIn(set.truth), [24, 24, 24]);
      assert.deepEqual(await usedIn(other), [24, 24, 24]);
    });
  });

  test('what a killed process had not brought to Postgres yet is brought there by another', async () => {
    await using harness = await redisHarness();
    const killed = await harness.openDoomed('killed');
    for (let call = 0; call < 20; call += 1) await killed.admit(requestOf(`r${call}`, windows));
    await killed.settle({ id: 'r0', amounts: { '5h': 5, week: 5, month: 5 } });
    await killed.release('r1');
    assert.deepEqual(await usedIn(await harness.truth()), [0, 0, 0]);
    const other = await harness.open('other');
    assert.equal(await other.heartbeat(start + 61_000), 18);
    assert.deepEqual(await usedIn(other), [5, 5, 5]);
    assert.deepEqual(await usedIn(await harness.truth()), [5, 5, 5]);
  });

  test('counters that Redis has lost are read from Postgres, open requests included', async () => {
    await using harness = await redisHarness();
    const ledger = await harness.open('first');
    for (let call = 0; call < 60; call += 1) await ledger.admit(requestOf(`r${call}`, windows));
    await ledger.drain();
    await harness.loseData();
    const results = [];
    for (let call = 60; call < 110; call += 1) results.push(await ledger.admit(requestOf(`r${call}`, windows)));
    assert.equal(results.filter((result) => result.admitted).length, 40);
    assert.equal(await ledger.release('r7'), true);
    assert.equal(await ledger.release('r7'), false);
    assert.deepEqual(await usedIn(ledger), [99, 99, 99]);
    await ledger.drain();
    assert.deepEqual(await usedIn(await harness.truth()), [99, 99, 99]);
  });

  test('what was on its way to Postgres when Redis lost its data is counted once', async () => {
    await using harness = await redisHarness();
    const [first, second] = [await harness.open('first'), await harness.open('second')];
    for (let round = 0; round < 5; round += 1) {
      const before = Array.from({ length: 8 }, (_, call) => first.admit(requestOf(`a${round}-${call}`, windows)));
      await Promise.all(before);
      const closing = first.settle({ id: `a${round}-0`, amounts: { '5h': 3, week: 3, month: 3 } });
      await harness.loseData();
      await Promise.all([closing, second.admit(requestOf(`b${round}`, windows)), first.release(`a${round}-1`)]);
      await Promise.all([first.drain(), second.drain()]);
      const expected = (round + 1) * (8 - 1 + 2 + 1);
      assert.deepEqual(await usedIn(await harness.truth()), [expected, expected, expected], `Postgres, round ${round}`);
      assert.deepEqual(await usedIn(second), [expected, expected, expected], `Redis, round ${round}`);
    }
  });
});
