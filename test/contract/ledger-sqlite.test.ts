import { join } from 'node:path';
import { openSqliteDatabase } from '../../src/store/sql/open-sqlite.ts';
import { ledgerSchedules, ledgerSuite, start } from './ledger-suite.ts';
import type { LedgerHarness } from './ledger-suite.ts';
import { temporaryFolder } from './store-temp-folder.ts';

async function sqliteHarness(): Promise<LedgerHarness> {
  const stack = new AsyncDisposableStack();
  const folder = stack.use(temporaryFolder());
  return {
    open: async (processId, leaseMs) => {
      const options = { processId, now: start, ...(leaseMs === undefined ? {} : { leaseMs }) };
      const database = await openSqliteDatabase(join(folder.path, 'atelier.db'), options);
      stack.defer(() => database.close());
      return database.ledger;
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

ledgerSuite('SQLite', sqliteHarness);
ledgerSchedules('SQLite', sqliteHarness);
