import { resolve } from 'node:path';

const scheme = 'sqlite:';

/**
 * The absolute path of the SQLite file that a database URL names: `sqlite:` is `atelier.db` in the data folder, a relative
 * path is below that folder. Undefined for another kind of database.
 */
export function sqliteFile(databaseUrl: string, dataDir: string): string | undefined {
  if (!databaseUrl.startsWith(scheme)) return undefined;
  const file = databaseUrl.slice(scheme.length);
  return resolve(dataDir, file === '' ? 'atelier.db' : file);
}
