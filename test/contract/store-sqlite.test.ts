import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { openSqliteDatabase } from '../../src/store/sql/open-sqlite.ts';
import { midnight, storeSuite } from './store-suite.ts';
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
