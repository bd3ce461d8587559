import { randomUUID } from 'node:crypto';
import { isAbsolute, join } from 'node:path';
import type { Database } from '../domain/database.ts';
import type { AtelierConfig } from '../domain/settings.ts';
import { openSqliteDatabase } from '../store/sql/open-sqlite.ts';

/** An open database, and how long a request may wait for it. */
export interface OpenDatabase {
  database: Database;
  /** Infinity for the embedded one, which answers or fails but is never slow. */
  timeLimitMs: number;
  /** For the first lines of `atelier serve`; holds no password. */
  title: string;
}

/** Opens the configured database, made and brought up to date when needed. Rejects when it cannot be reached. */
export async function openDatabase({ store, dataDir }: AtelierConfig): Promise<OpenDatabase> {
  const options = { processId: randomUUID(), now: Date.now() };
  if (store.databaseUrl.startsWith('sqlite:')) {
    const file = store.databaseUrl.slice('sqlite:'.length) || 'atelier.db';
    const path = isAbsolute(file) ? file : join(dataDir, file);
    return { database: await openSqliteDatabase(path, options), timeLimitMs: Infinity, title: `sqlite ${path}` };
  }
  // Loaded only where it is used: most gateways run on the embedded database.
  const { openPostgresDatabase } = await import('../store/sql/open-postgres.ts');
  const database = await openPostgresDatabase(store.databaseUrl, options);
  return { database, timeLimitMs: 1_000, title: `postgres ${URL.parse(store.databaseUrl)?.host ?? ''}` };
}
