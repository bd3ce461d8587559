import assert from 'node:assert/strict';
import { kill } from 'node:process';
import { suite, test } from 'node:test';
import { startRedis } from '../../scripts/services.ts';
import { openDatabase } from '../../src/store/open.ts';
import type { OpenDatabase } from '../../src/store/open.ts';
import { planWindows, requestOf, start } from '../contract/ledger-suite.ts';
import { temporaryPostgres, withoutPostgres, withoutRedis } from '../contract/store-services.ts';
import { temporaryFolder } from '../contract/store-temp-folder.ts';

const windows = planWindows({ hours: 1000, week: 1000, month: 1000 });

/** Admits and settles so many calls; returns how many were admitted. */
async function calls(database: OpenDatabase, name: string, count: number): Promise<number> {
  let admitted = 0;
  for (let call = 0; call < count; call += 1) {
    const id = `${name}-${call}`;
    const result = await database.ledger.admit(requestOf(id, windows));
    if (!result.admitted) continue;
    admitted += 1;
    await database.ledger.settle({ id, amounts: {} });
  }
  return admitted;
}

/** Heartbeats until nothing waits for the store any more. */
async function recovered(database: OpenDatabase): Promise<void> {
  while (database.ledger.degraded !== undefined) {
    await database.ledger.heartbeat(start).catch(() => undefined);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function used(databaseUrl: string, redisUrl?: string): Promise<number[]> {
  using folder = temporaryFolder();
  const database = await openDatabase(
    { databaseUrl, dataDir: folder.path, ...(redisUrl && { redisUrl }) },
    { processId: 'reader', now: start },
  );
  const standings = await database.ledger.standing('a', windows, start);
  await database.close();
  return standings.map((standing) => standing.used);
}

suite('ledger in outages', { skip: withoutPostgres || withoutRedis }, () => {
  test('while Redis hangs calls go on, and all are counted when it wakes up', async () => {
    using folder = temporaryFolder();
    await using postgres = await temporaryPostgres();
    await using redis = await startRedis();
    const location = { databaseUrl: postgres.url, redisUrl: redis.url, dataDir: folder.path };
    const database = await openDatabase(location, { processId: 'p', now: start });
    assert.equal(await calls(database, 'before', 10), 10);
    kill(redis.pid, 'SIGSTOP');
    assert.equal(await calls(database, 'during', 30), 30);
    assert.match(database.ledger.degraded ?? '', /did not answer within 50 ms/);
    kill(redis.pid, 'SIGCONT');
    await recovered(database);
    assert.equal(await calls(database, 'after', 5), 5);
    await database.close();
    assert.deepEqual(await used(postgres.url, redis.url), [45, 45, 45]);
    assert.deepEqual(await used(postgres.url), [45, 45, 45]);
  });

  test('a Redis that dies and comes back empty loses nothing', async () => {
    using folder = temporaryFolder();
    await using postgres = await temporaryPostgres();
    const first = await startRedis();
    const location = { databaseUrl: postgres.url, redisUrl: first.url, dataDir: folder.path };
    const database = await openDatabase(location, { processId: 'p', now: start });
    await database.ledger.admit(requestOf('open before', windows));
    assert.equal(await calls(database, 'before', 10), 10);
    await first.stop();
    assert.equal(await calls(database, 'during', 20), 20);
    await using second = await startRedis(Number(new URL(first.url).port));
    await recovered(database);
    assert.equal(await calls(database, 'after', 5), 5);
    assert.equal(await database.ledger.release('open before'), true);
    await database.close();
    assert.deepEqual(await used(postgres.url, second.url), [35, 35, 35]);
    assert.deepEqual(await used(postgres.url), [35, 35, 35]);
  });

  test('while Postgres is away Redis counts on, and Postgres has all of it afterwards', async () => {
    using folder = temporaryFolder();
    await using postgres = await temporaryPostgres();
    await using redis = await startRedis();
    const location = { databaseUrl: postgres.url, redisUrl: redis.url, dataDir: folder.path };
    const database = await openDatabase(location, { processId: 'p', now: start });
    assert.equal(await calls(database, 'before', 10), 10);
    await postgres.setAway(true);
    assert.equal(await calls(database, 'during', 20), 20);
    await postgres.setAway(false);
    assert.equal(await calls(database, 'after', 5), 5);
    await database.close();
    assert.deepEqual(await used(postgres.url), [35, 35, 35]);
  });

  test('on Postgres alone calls go on within the last known remainder while it is away', async () => {
    using folder = temporaryFolder();
    await using postgres = await temporaryPostgres();
    const database = await openDatabase(
      { databaseUrl: postgres.url, dataDir: folder.path },
      { processId: 'p', now: start },
    );
    assert.equal(await calls(database, 'before', 990), 990);
    await postgres.setAway(true);
    assert.equal(await calls(database, 'during', 30), 10);
    await postgres.setAway(false);
    await recovered(database);
    await database.close();
    assert.deepEqual(await used(postgres.url), [1000, 1000, 1000]);
  });
});
