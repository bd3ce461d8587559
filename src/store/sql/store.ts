import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Store } from '../../domain/ports.ts';
import type { SqlFlavour } from './migrations.ts';
import type { Schema } from './schema.ts';
import { sqlTables } from './tables.ts';

/** Any number, the same for every node: what holds this advisory lock changes administrative tables. */
const administrationLock = 7_201_904_412;

/**
 * The administrative side of a SQL database. Transactions run one at a time over all processes, so what one reads
 * nobody changes before it writes, and audit ids become visible in order.
 */
export function sqlStore(database: Kysely<Schema>, flavour: SqlFlavour): Store {
  return {
    ...sqlTables(database),
    transaction: (work) =>
      database.transaction().execute(async (transaction) => {
        if (flavour === 'postgres') await sql`select pg_advisory_xact_lock(${administrationLock})`.execute(transaction);
        return work(sqlTables(transaction));
      }),
    async ping() {
      await sql`select 1`.execute(database);
    },
    close: () => database.destroy(),
  };
}
