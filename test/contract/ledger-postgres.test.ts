import { suite } from 'node:test';
import { openPostgresDatabase } from '../../src/store/sql/open-postgres.ts';
import { ledgerSchedules, ledgerSuite, start } from './ledger-suite.ts';
import type { LedgerHarness } from './ledger-suite.ts';
import { temporaryPostgres, withoutPostgres } from './store-services.ts';

async function postgresHarness(): Promise<LedgerHarness> {
  const stack = new AsyncDisposableStack();
  const { url } = stack.use(await temporaryPostgres());
  return {
    open: async (processId, leaseMs) => {
      const options = { processId, now: start, ...(leaseMs === undefined ? {} : { leaseMs }) };
      const database = await openPostgresDatabase(url, options);
      stack.defer(() => database.close());
      return database.ledger;
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

suite('postgres', { skip: withoutPostgres }, () => {
  ledgerSuite('Postgres', postgresHarness);
  ledgerSchedules('Postgres', postgresHarness, 100);
});
