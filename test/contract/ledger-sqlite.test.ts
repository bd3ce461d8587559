import { join } from 'node:path';
import { SqliteBatch } from '../../src/store/sql/sqlite-batch.ts';
import { openSqlite } from '../../src/store/sql/sqlite-database.ts';
import { SqliteLedger } from '../../src/store/sql/sqlite-ledger.ts';
import { ledgerSuite, start } from './ledger-suite.ts';
import type { LedgerHarness } from './ledger-suite.ts';
import { temporaryFolder } from './store-temp-folder.ts';

async function sqliteHarness(): Promise<LedgerHarness> {
  const stack = new AsyncDisposableStack();
  const folder = stack.use(temporaryFolder());
  return {
    open: async (processId, leaseMs = 60_000) => {
      const database = await openSqlite(join(folder.path, 'atelier.db'));
      stack.defer(() => database.close());
      const batch = new SqliteBatch(database.direct);
      const ledger = new SqliteLedger({ database: database.direct, batch, processId, leaseMs });
      await ledger.heartbeat(start);
      return ledger;
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

ledgerSuite('SQLite', sqliteHarness);
