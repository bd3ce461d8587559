import { join } from 'node:path';
import type { Database } from '../domain/database.ts';
import type { UsageRecord } from '../domain/usage-record.ts';
import type { WaitingNotes } from '../domain/waiting-notes.ts';
import { WaitingFile } from './files/waiting-file.ts';
import { FailoverLedger } from './ledger/failover-ledger.ts';
import type { JournalEntry } from './redis/redis-ledger.ts';
import type { CallNote } from './ledger/waiting-calls.ts';
import { defaultLeaseMs } from './sql/lease.ts';
import { openSqliteDatabase } from './sql/open-sqlite.ts';
import type { OpenOptions } from './sql/open-sqlite.ts';
import { sqliteFile } from './sql/sqlite-file.ts';

/** Where everything is kept. */
export interface DatabaseLocation {
  /** `sqlite:` and a path below `dataDir`, or `postgres://...` (also `postgresql://`). May hold a password: never logged. */
  databaseUrl: string;
  dataDir: string;
  /** `redis://` or `rediss://`: live counters of several nodes over one Postgres. */
  redisUrl?: string;
}

/** An open database whose ledger goes on while its store is away. */
export interface OpenDatabase extends Database {
  ledger: FailoverLedger;
  /** For usage records that wait for the database; absent for an embedded one, which is never away. */
  usageNotes?: WaitingNotes<UsageRecord>;
  /** For changes that Redis has and the database not; absent without Redis. */
  journalNotes?: Pick<WaitingNotes<object>, 'problem'>;
  /** Where the live counters are: `ping` rejects when it does not answer. Absent without Redis. */
  counters?: { ping(): Promise<void> };
}

export interface OpenDatabaseOptions extends OpenOptions {
  /** No request waits longer than this for Redis, in milliseconds. */
  redisTimeLimitMs?: number;
}

/** No request waits longer than this for a ledger in Postgres alone, in milliseconds. */
const postgresTimeLimitMs = 1_000;

/** Opens what the location names; rejects when the database cannot be opened. A Redis that is away is waited for in the background. */
export async function openDatabase(location: DatabaseLocation, options: OpenDatabaseOptions): Promise<OpenDatabase> {
  const sqlite = sqliteFile(location.databaseUrl, location.dataDir);
  if (sqlite !== undefined) return openSqliteLocation(sqlite, location, options);
  // Loaded where they are used only: most gateways run on the embedded database, and should start at once.
  const { openPostgresDatabase } = await import('./sql/open-postgres.ts');
  const database = await openPostgresDatabase(location.databaseUrl, options);
  const file = { folder: join(location.dataDir, 'waiting'), process: options.processId };
  const notes = new WaitingFile<CallNote>({ ...file, kind: 'calls' });
  const usageNotes = new WaitingFile<UsageRecord>({ ...file, kind: 'usage' });
  if (location.redisUrl === undefined) {
    const ledger = new FailoverLedger(database.ledger, { timeLimitMs: postgresTimeLimitMs, notes });
    return { ...withLedger(database, ledger), usageNotes };
  }
  const [{ connectRedis }, { RedisLedger }] = await Promise.all([
    import('./redis/script-client.ts'),
    import('./redis/redis-ledger.ts'),
  ]);
  const client = await connectRedis(location.redisUrl);
  const { processId, leaseMs = defaultLeaseMs, redisTimeLimitMs = 50 } = options;
  const journalNotes = new WaitingFile<JournalEntry>({ ...file, kind: 'journal' });
  const live = new RedisLedger({ client, truth: database.ledger, processId, leaseMs, notes: journalNotes });
  // Without Redis the lease begins with the first heartbeat that finds it.
  await live.heartbeat(options.now).catch(() => undefined);
  const ledger = new FailoverLedger(live, { timeLimitMs: redisTimeLimitMs, notes });
  return { ...withLedger(database, ledger), usageNotes, journalNotes, counters: client };
}

async function openSqliteLocation(
  path: string,
  { redisUrl }: DatabaseLocation,
  options: OpenOptions,
): Promise<OpenDatabase> {
  if (redisUrl !== undefined)
    throw new Error('Redis counts for several nodes over one Postgres: it cannot go with a SQLite file');
  const database = await openSqliteDatabase(path, options);
  // An embedded store answers or fails; it is never away.
  return withLedger(database, new FailoverLedger(database.ledger, { timeLimitMs: Number.POSITIVE_INFINITY }));
}

function withLedger(database: Database, ledger: FailoverLedger): OpenDatabase {
  return {
    ...database,
    ledger,
    close: async () => {
      await ledger.close().catch(() => undefined);
      await database.close();
    },
  };
}

/** The database in words, without a password: for the first lines of a start and for `config`. */
export function describeDatabase({ databaseUrl, dataDir, redisUrl }: DatabaseLocation): string {
  const sqlite = sqliteFile(databaseUrl, dataDir);
  if (sqlite !== undefined) return `sqlite ${sqlite}`;
  const postgres = `postgres ${URL.parse(databaseUrl)?.host ?? ''}`;
  return redisUrl === undefined ? postgres : `${postgres}, redis ${URL.parse(redisUrl)?.host ?? ''}`;
}
