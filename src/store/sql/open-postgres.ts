import type { Database } from '../../domain/database.ts';
import { defaultLeaseMs } from './lease.ts';
import type { OpenOptions } from './open-sqlite.ts';
import { openPostgres } from './postgres-database.ts';
import { PostgresLedger } from './postgres-ledger.ts';
import { postgresUsage } from './postgres-usage.ts';
import { sqlStore } from './store.ts';

/** A Postgres database with its ledger as the truth that live counters elsewhere may rest on. */
export interface PostgresParts extends Database {
  ledger: PostgresLedger;
}

/** Opens a Postgres database with its store, ledger and usage, and takes a lease for this process. */
export async function openPostgresDatabase(url: string, options: OpenOptions): Promise<PostgresParts> {
  const database = await openPostgres(url);
  const { processId, leaseMs = defaultLeaseMs } = options;
  const ledger = new PostgresLedger({ database: database.kysely, processId, leaseMs });
  await ledger.heartbeat(options.now);
  const usage = postgresUsage(database.kysely);
  return {
    store: sqlStore(database.kysely, 'postgres'),
    ledger,
    usage,
    close: async () => {
      await usage.close();
      await ledger.close();
      await database.close();
    },
  };
}
