import { accessSync, closeSync, constants, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import { makeFolder } from '../make-folder.ts';
import { migrate } from './migrations.ts';
import type { Schema } from './schema.ts';
import { nodeSqliteDialect } from './sqlite-dialect.ts';
import { isDamaged } from './sqlite-error.ts';

/** A SQLite file, opened twice: changes of the request path and of administration never share a transaction. */
export interface SqliteDatabase {
  /** For queries and administrative changes. */
  kysely: Kysely<Schema>;
  /** Migrations that opening has applied. */
  migrated: readonly string[];
  /** For the batch; does not wait for locks. */
  direct: DatabaseSync;
  close(): Promise<void>;
}

/** How long opening waits for another process that is changing the file's mode, in milliseconds. */
const openWaitMs = 2_000;

/** Opens (or creates) the file and brings its schema up to date. */
export async function openSqlite(path: string): Promise<SqliteDatabase> {
  makeFolder(dirname(path));
  // SQLite makes files beside its own, and would not say what it cannot write.
  accessSync(dirname(path), constants.W_OK);
  // Key hashes are in it: a new file is for its owner only, and SQLite's other files follow it.
  closeSync(openSync(path, 'a', 0o600));
  const kysely = new Kysely<Schema>({ dialect: nodeSqliteDialect(connectNamed(path)) });
  const migrated = await migrate(kysely, 'sqlite');
  const direct = connect(path);
  return {
    kysely,
    migrated,
    direct,
    close: async () => {
      direct.close();
      await kysely.destroy();
    },
  };
}

/** Says which file is meant: SQLite does not. */
function connectNamed(path: string): DatabaseSync {
  try {
    return connect(path);
  } catch (error) {
    if (!isDamaged(error)) throw error;
    // Not with the cause, which commands would show instead.
    throw new Error(
      `${path} is not a database, or is damaged.\n    Put a backup in its place (made with "atelier db backup"), or choose another file`,
    );
  }
}

/**
 * WAL with `synchronous = NORMAL`: what is committed survives the death of the process; a power cut may cost the last
 * moments, never the file. Afterwards a lock is not waited for: SQLite would hold the event loop.
 */
function connect(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: openWaitMs });
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 0');
  return database;
}
