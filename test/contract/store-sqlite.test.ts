import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { openSqliteDatabase } from '../../src/store/sql/open-sqlite.ts';
import { midnight, storeSuite, usageRecord } from './store-suite.ts';
import type { StoreHarness } from './store-suite.ts';
import { temporaryFolder } from './store-temp-folder.ts';

async function sqliteHarness(): Promise<StoreHarness> {
  const stack = new AsyncDisposableStack();
  const folder = stack.use(temporaryFolder());
  return {
    open: async () => {
      const database = await openSqliteDatabase(join(folder.path, 'atelier.db'), {
        processId: randomUUID(),
        now: midnight,
      });
      stack.defer(() => database.close());
      return database;
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

storeSuite('SQLite', sqliteHarness);

describe('usage sums of SQLite', () => {
  it('count each record once, whichever process wrote it and whichever sums it up', async () => {
    await using harness = await sqliteHarness();
    const [one, other] = await Promise.all([harness.open(), harness.open()]);
    const requests = async (): Promise<number> => {
      const rows = await one.usage.report('model', { since: midnight, until: midnight + 1 });
      return rows.reduce((sum, row) => sum + row.requests, 0);
    };
    let written = 0;
    for (let round = 0; round < 4; round += 1) {
      // Alone, in turn, and at the same time: their numbers follow each other, have gaps, and are mixed.
      for (const writers of [[one], [one, other], [other], [other, one, other]]) {
        await Promise.all(
          writers.map(({ usage }) => usage.record(usageRecord(`r${(written += 1)}`, { at: midnight }))),
        );
      }
      assert.equal(await requests(), written);
      await other.usage.record(usageRecord(`r${(written += 1)}`, { at: midnight }));
      await other.usage.report('model', { since: midnight, until: midnight + 1 });
    }
    assert.equal(await requests(), written);
    assert.equal(written, 4 * 8);
  });
});

describe('a SQLite file that cannot be used', () => {
  const open = (path: string) => openSqliteDatabase(path, { processId: randomUUID(), now: midnight });

  it('is named when it is not a database', async () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'atelier.db');
    writeFileSync(path, 'not a database'.repeat(1_000));
    await assert.rejects(open(path), (error) => {
      assert.ok(error instanceof Error);
      assert.ok(error.message.startsWith(`${path} is not a database, or is damaged.\n    Put a backup in its place`));
      // Commands show the innermost cause of an error.
      assert.equal(error.cause, undefined);
      return true;
    });
  });

  it('is named when it is a folder', async () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'atelier.db');
    mkdirSync(path);
    await assert.rejects(open(path), { code: 'EISDIR', path });
  });

  // Symptom: "attempt to write a readonly database", without a word on which. Cause: SQLite makes files beside its own.
  // Fix: whether the folder may be written is asked first.
  const skip = process.getuid?.() === 0 ? 'the superuser may write everywhere' : false;
  it('has its folder named when that may not be written', { skip }, async () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'closed', 'atelier.db');
    const database = await open(path);
    await database.close();
    chmodSync(join(folder.path, 'closed'), 0o500);
    await assert.rejects(open(path), { code: 'EACCES', path: join(folder.path, 'closed') });
    chmodSync(join(folder.path, 'closed'), 0o700);
  });
});
