import { chmodSync, createReadStream, renameSync, rmSync } from 'node:fs';
import { open as openFile } from 'node:fs/promises';
import { backup, DatabaseSync } from 'node:sqlite';
import { createInterface } from 'node:readline';
import type { Kysely } from 'kysely';
import { serverSecret } from './files/server-secret.ts';
import type { DatabaseLocation } from './open.ts';
import { adoptSecret } from './secret-mark.ts';
import { checkDatabase } from './sql/check.ts';
import type { DatabaseCheck } from './sql/check.ts';
import type { SqlFlavour } from './sql/migrations.ts';
import { openPostgres } from './sql/postgres-database.ts';
import type { Schema } from './sql/schema.ts';
import { openSqlite } from './sql/sqlite-database.ts';
import { sqliteFile } from './sql/sqlite-file.ts';
import { sqlStore } from './sql/store.ts';
import { exportDatabase, importDatabase } from './sql/transfer.ts';

/*
 * What `atelier db` does. Each opens the database (which brings its schema up to date), works beside a running server,
 * and closes it again.
 */

/** Lines gathered for one write. */
const writeCharacters = 65_536;

interface Opened extends AsyncDisposable {
  kysely: Kysely<Schema>;
  flavour: SqlFlavour;
  /** Migrations that opening has applied. */
  migrated: readonly string[];
}

async function open({ databaseUrl, dataDir }: DatabaseLocation): Promise<Opened> {
  const file = sqliteFile(databaseUrl, dataDir);
  const { kysely, migrated, close } = file === undefined ? await openPostgres(databaseUrl) : await openSqlite(file);
  return { kysely, migrated, flavour: file === undefined ? 'postgres' : 'sqlite', [Symbol.asyncDispose]: close };
}

/** The names of the migrations that were missing; empty when the schema was up to date. */
export async function migrateLocation(location: DatabaseLocation): Promise<readonly string[]> {
  await using database = await open(location);
  return database.migrated;
}

export async function checkLocation(location: DatabaseLocation): Promise<DatabaseCheck> {
  await using database = await open(location);
  return await checkDatabase(database.kysely, database.flavour);
}

/** The database belongs to the data folder's server secret from now on, which is made when it is missing. */
export async function adoptSecretLocation(location: DatabaseLocation): Promise<void> {
  await using database = await open(location);
  const adoption = { secret: serverSecret(location.dataDir), actor: 'cli', now: Date.now() };
  await sqlStore(database.kysely, database.flavour).transaction((tables) => adoptSecret(tables, adoption));
}

/** Copies a SQLite file while it is in use; another database is exported. The file appears when it is complete, readable by the owner only. */
export async function backupLocation(location: DatabaseLocation, path: string): Promise<void> {
  const file = sqliteFile(location.databaseUrl, location.dataDir);
  if (file === undefined) {
    await exportLocation(location, path);
    return;
  }
  const source = new DatabaseSync(file, { readOnly: true });
  try {
    await whole(path, (draft) => backup(source, draft));
  } finally {
    source.close();
  }
}

/** Writes every row into a file of JSON lines, readable by the owner only. Returns how many. */
export async function exportLocation(location: DatabaseLocation, path: string): Promise<number> {
  await using database = await open(location);
  return await whole(path, async (draft) => {
    await using file = await openFile(draft, 'wx', 0o600);
    let gathered = '';
    const rows = await exportDatabase(database.kysely, database.flavour, async (line) => {
      gathered += `${line}\n`;
      if (gathered.length < writeCharacters) return;
      await file.appendFile(gathered);
      gathered = '';
    });
    await file.appendFile(gathered);
    return rows;
  });
}

/** Fills an empty database from such a file, whole or not at all. Returns how many rows. */
export async function importLocation(location: DatabaseLocation, path: string): Promise<number> {
  await using database = await open(location);
  return await importDatabase(database.kysely, database.flavour, linesOf(path));
}

/** Opens the file when the first line is asked for: a reader that nobody listens to yet would lose lines. */
async function* linesOf(path: string): AsyncGenerator<string> {
  yield* createInterface({ input: createReadStream(path), crlfDelay: Infinity });
}

/** Makes a file under another name first: what is at `path` is complete. */
async function whole<T>(path: string, make: (draft: string) => Promise<T>): Promise<T> {
  const draft = `${path}.part`;
  rmSync(draft, { force: true });
  try {
    const result = await make(draft);
    chmodSync(draft, 0o600);
    renameSync(draft, path);
    return result;
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}
