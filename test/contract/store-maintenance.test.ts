import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { suite, test } from 'node:test';
import pg from 'pg';
import { StoreUnavailable } from '../../src/domain/store-unavailable.ts';
import { builtInPlans } from '../../src/governance/built-in-plans.ts';
import {
  backupLocation,
  checkLocation,
  exportLocation,
  importLocation,
  migrateLocation,
} from '../../src/store/maintenance.ts';
import { openDatabase } from '../../src/store/open.ts';
import type { DatabaseLocation } from '../../src/store/open.ts';
import { planWindows, requestOf } from './ledger-suite.ts';
import { temporaryPostgres, withoutPostgres } from './store-services.ts';
import { midnight, sampleKey, sampleSubscription, usageRecord } from './store-suite.ts';
import { temporaryFolder } from './store-temp-folder.ts';

const day = 24 * 3_600_000;

/** The reports that use sums which the second migration made. */
async function speededReports(location: DatabaseLocation): Promise<unknown[]> {
  const { usage, close } = await openDatabase(location, { processId: 'p', now: midnight });
  const month = { since: midnight - 3 * day, until: midnight + 30 * day };
  const reports = [
    await usage.report('hour', month),
    await usage.report('model', month),
    await usage.report('key', month),
    await usage.report('key', { ...month, model: 'm1' }),
    await usage.report('day', { ...month, owner: 'kim' }),
  ];
  await close();
  return reports;
}

/** Takes away what the second migration made, so that it comes again; `execute` runs statements beside the store. */
async function checkSpeedUp(location: DatabaseLocation, execute: (statements: string) => Promise<void>): Promise<void> {
  const { usage, close } = await openDatabase(location, { processId: 'p', now: midnight });
  const records = Array.from({ length: 300 }, (_, place) =>
    usageRecord(`u${place}`, { at: midnight + place * 7_000_000, keyId: `k${place % 3}`, model: `m${place % 2}` }),
  );
  for (const record of records) await usage.record(record);
  await close();
  const before = await speededReports(location);
  await execute(`
    drop table usage_week; drop table mark;
    delete from usage_hour where level = 'model'; delete from usage_day where level = 'model';
    delete from kysely_migration where name in ('0003-reports', '0004-marks')
  `);
  assert.deepEqual(await migrateLocation(location), ['0003-reports', '0004-marks']);
  assert.deepEqual(await speededReports(location), before);
  assert.equal(JSON.stringify(before[2]).includes('"group":"k2","requests":100,'), true);
}

/** Something in every table, more than a page in some, with awkward texts and numbers. */
async function fill(location: DatabaseLocation): Promise<void> {
  const { store, ledger, usage, close } = await openDatabase(location, { processId: 'p', now: midnight });
  await store.keys.insert(sampleKey);
  await store.keys.insert({
    ...sampleKey,
    id: 'general',
    kind: 'general',
    subscriptionId: null,
    owner: '安 "quoted" \\ \n\u{1F600}',
  });
  await store.subscriptions.insert(sampleSubscription);
  for (const plan of builtInPlans) await store.plans.put(plan);
  await store.reminders.claim(
    { subscriptionId: 'sub-1', owner: 'kim', plan: 'p', endsAt: 5, daysBefore: 7 },
    { now: 1, retryAfterMs: 1 },
  );
  await store.secrets.put('bailian', 'v1.sealed');
  await store.marks.put('server-secret', 'the mark of a secret');
  for (const subject of ['a', 'b', 'c']) {
    await store.audit.append({
      at: 1,
      actor: 'cli',
      action: 'create',
      kind: 'key',
      subject,
      before: null,
      after: { subject },
    });
  }
  const windows = planWindows({ hours: 1000, week: 1000, month: 1000 }, 0.1);
  for (let call = 0; call < 5; call += 1)
    await ledger.admit(requestOf(`r${call}`, windows, { account: `account ${call}` }));
  await ledger.settle({ id: 'r0', amounts: { '5h': 0.3 } });
  const records = Array.from({ length: 1201 }, (_, place) =>
    usageRecord(`u${place}`, {
      at: midnight + place * 60_000,
      cost: { cny: 0.1 + place / 3, usd: null },
      totalMs: 1e-7 * place,
    }),
  );
  await Promise.all(records.map((record) => usage.record(record)));
  await close();
}

const sqlite = (dataDir: string): DatabaseLocation => ({ databaseUrl: 'sqlite:', dataDir });

async function moved(from: DatabaseLocation, to: DatabaseLocation, folder: string): Promise<void> {
  const [first, second] = [join(folder, 'first.jsonl'), join(folder, 'second.jsonl')];
  const rows = await exportLocation(from, first);
  assert.equal(await importLocation(to, first), rows);
  assert.equal(await exportLocation(to, second), rows);
  const [before, after] = [first, second].map((path) => readFileSync(path, 'utf8').split('\n').toSorted());
  assert.deepEqual(after, before);
  assert.ok(rows > 1201, String(rows));
}

suite('database maintenance', () => {
  test('moving from SQLite to SQLite loses nothing', async () => {
    using folder = temporaryFolder();
    await fill(sqlite(join(folder.path, 'a')));
    const to = sqlite(join(folder.path, 'b'));
    await moved(sqlite(join(folder.path, 'a')), to, folder.path);
    const { usage, close } = await openDatabase(to, { processId: 'q', now: midnight });
    const [sum] = await usage.report('model', { since: midnight, until: midnight + 24 * 3_600_000 });
    assert.equal(sum?.requests, 1201);
    await close();
  });

  test(
    'moving from SQLite to Postgres loses nothing, and the gateway goes on there',
    { skip: withoutPostgres },
    async () => {
      using folder = temporaryFolder();
      await using postgres = await temporaryPostgres();
      const to = { databaseUrl: postgres.url, dataDir: folder.path };
      await fill(sqlite(folder.path));
      await moved(sqlite(folder.path), to, folder.path);
      assert.deepEqual((await checkLocation(to)).problems, []);
      const { store, usage, ledger, close } = await openDatabase(to, { processId: 'q', now: midnight });
      await store.audit.append({
        at: 2,
        actor: 'cli',
        action: 'update',
        kind: 'key',
        subject: 'd',
        before: null,
        after: null,
      });
      assert.equal(await store.audit.latestId(), 4);
      await usage.record(usageRecord('new'));
      assert.equal(await ledger.settle({ id: 'r1', amounts: {} }), true);
      await close();
    },
  );

  test('an import fills only an empty database, and only from a whole export', async () => {
    using folder = temporaryFolder();
    const location = sqlite(folder.path);
    await fill(location);
    const path = join(folder.path, 'export.jsonl');
    await exportLocation(location, path);
    assert.equal(statSync(path).mode & 0o777, 0o600);
    await assert.rejects(importLocation(location, path), /not empty/);
    const lines = readFileSync(path, 'utf8').split('\n');
    const empty = sqlite(join(folder.path, 'empty'));
    const damaged: [string[], RegExp][] = [
      [lines.slice(0, -2), /cut off/],
      [[...lines.slice(0, 5), ...lines.slice(6)], /damaged/],
      [['{"format":"other"}'], /not an export/],
      [['not json'], /not an export/],
      [[lines[0]?.replace('0001', '0000') ?? '', ...lines.slice(1)], /another version/],
      [[lines[0] ?? '', '{"table":"sqlite_master","row":{}}', ...lines.slice(1)], /no row/],
    ];
    for (const [content, message] of damaged) {
      writeFileSync(path, content.join('\n'));
      await assert.rejects(importLocation(empty, path), message);
    }
    assert.equal((await checkLocation(empty)).rows['api_key'], 0);
  });

  test('a database that was started once, and has only its mark, takes an import with the mark of the export', async () => {
    using folder = temporaryFolder();
    const [from, to] = [sqlite(join(folder.path, 'a')), sqlite(join(folder.path, 'b'))];
    await fill(from);
    const started = await openDatabase(to, { processId: 'q', now: midnight });
    await started.store.marks.put('server-secret', 'of a first start');
    await started.close();
    await moved(from, to, folder.path);
  });

  test('a backup is a database, taken while the first is in use', async () => {
    using folder = temporaryFolder();
    const location = sqlite(folder.path);
    await fill(location);
    const { usage, close } = await openDatabase(location, { processId: 'busy', now: midnight });
    const writing = usage.record(usageRecord('meanwhile'));
    const copy = join(folder.path, 'copy.db');
    await backupLocation(location, copy);
    await writing;
    await close();
    assert.equal(statSync(copy).mode & 0o777, 0o600);
    assert.equal(existsSync(`${copy}.part`), false);
    const { problems, rows } = await checkLocation({ databaseUrl: 'sqlite:copy.db', dataDir: folder.path });
    assert.deepEqual(problems, []);
    assert.ok((rows['usage_record'] ?? 0) >= 1201);
  });

  test('a check finds what does not belong together', async () => {
    using folder = temporaryFolder();
    const location = sqlite(folder.path);
    await fill(location);
    assert.deepEqual((await checkLocation(location)).problems, []);
    const direct = new DatabaseSync(join(folder.path, 'atelier.db'));
    direct.exec(`delete from subscription; delete from ledger_account where account = 'account 1'`);
    direct.exec(
      `update ledger_account set state = replace(state, '"total":', '"total":7') where account = 'account 2'`,
    );
    direct.close();
    assert.deepEqual((await checkLocation(location)).problems, [
      `The plan key ${sampleKey.id} belongs to no subscription.`,
      'The reservation r1 belongs to no ledger account.',
      'The ledger account account 2 does not add up.',
    ]);
  });

  test('a new database is brought to this version once, and one of a newer version is refused', async () => {
    using folder = temporaryFolder();
    const location = sqlite(folder.path);
    assert.deepEqual(await migrateLocation(location), [
      '0001-first',
      '0002-reminder-channels',
      '0003-reports',
      '0004-marks',
    ]);
    assert.deepEqual(await migrateLocation(location), []);
    assert.equal(statSync(join(folder.path, 'atelier.db')).mode & 0o777, 0o600);
    const direct = new DatabaseSync(join(folder.path, 'atelier.db'));
    direct.exec(`insert into kysely_migration (name, timestamp) values ('9999-later', '2030-01-01T00:00:00.000Z')`);
    direct.close();
    await assert.rejects(migrateLocation(location), /schema/);
  });

  test('the sums for faster reports are made from those that are there', async () => {
    using folder = temporaryFolder();
    await checkSpeedUp(sqlite(folder.path), (statements) => {
      using direct = new DatabaseSync(join(folder.path, 'atelier.db'));
      direct.exec(statements);
      return Promise.resolve();
    });
  });

  test('the same on Postgres', { skip: withoutPostgres }, async () => {
    using folder = temporaryFolder();
    await using postgres = await temporaryPostgres();
    const location = { databaseUrl: postgres.url, dataDir: folder.path };
    await checkSpeedUp(location, async (statements) => {
      const client = new pg.Client({ connectionString: postgres.url });
      await client.connect();
      await client.query(statements);
      await client.end();
    });
  });

  test('a Postgres that is away is named as the reason, as unavailable', async () => {
    using folder = temporaryFolder();
    const location = { databaseUrl: 'postgres://atelier@127.0.0.1:1/none', dataDir: folder.path };
    await assert.rejects(checkLocation(location), (error) => {
      assert.ok(error instanceof StoreUnavailable);
      assert.match(error.message, /^the database does not answer: .*ECONNREFUSED/);
      return true;
    });
  });

  test('Redis does not go with a SQLite file', async () => {
    using folder = temporaryFolder();
    const location = { ...sqlite(folder.path), redisUrl: 'redis://127.0.0.1:1' };
    await assert.rejects(openDatabase(location, { processId: 'p', now: midnight }), /SQLite/);
  });
});
