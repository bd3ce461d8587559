import { randomUUID } from 'node:crypto';
import { suite } from 'node:test';
import { openPostgresDatabase } from '../../src/store/sql/open-postgres.ts';
import { temporaryPostgres, withoutPostgres } from './store-services.ts';
import { midnight, storeSuite } from './store-suite.ts';
import type { StoreHarness } from './store-suite.ts';

async function postgresHarness(): Promise<StoreHarness> {
  const stack = new AsyncDisposableStack();
  const { url } = stack.use(await temporaryPostgres());
  return {
    open: async () => {
      const database = await openPostgresDatabase(url, { processId: randomUUID(), now: midnight });
      stack.defer(() => database.close());
      return database;
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

suite('postgres', { skip: withoutPostgres }, () => storeSuite('Postgres', postgresHarness));
