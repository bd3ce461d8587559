import type { Database } from '../../domain/database.ts';
import { defaultLeaseMs } from './lease.ts';
import { SqliteBatch } from './sqlite-batch.ts';
import { openSqlite } from './sqlite-database.ts';
import { SqliteLedger } from './sqlite-ledger.ts';
import { sqliteUsage } from './sqlite-usage.ts';
import { sqlStore } from './store.ts';

export interface OpenOptions {
  /** Unique for every start of a process: names its reservations. */
  processId: string;
  /** Unix milliseconds. */
  now: number;
  /** How long after its last heartbeat a process counts as gone; heartbeats come several times within it. */
  leaseMs?: number;
}

/** Opens (or creates) a SQLite file with its store, ledger and usage, and takes a lease for this process. */
export async function openSqliteDatabase(path: string, options: OpenOptions): Promise<Database> {
  const database = await openSqlite(path);
  const batch = new SqliteBatch(database.direct);
  const { processId, leaseMs = defaultLeaseMs } = options;
  const ledger = new SqliteLedger({ database: database.direct, batch, processId, leaseMs });
  await ledger.heartbeat(options.now);
  const usage = sqliteUsage(database, batch);
  return {
    store: sqlStore(database.kysely, 'sqlite'),
    ledger,
    usage,
    close: async () => {
      usage.close();
      await batch.drain();
      await ledger.close();
      await database.close();
    },
  };
}
