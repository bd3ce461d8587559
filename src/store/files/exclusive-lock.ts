import { DatabaseSync } from 'node:sqlite';

/**
 * Locks a file (created when missing) for as long as this process lives or until disposed; undefined when another has it. The operating
 * system ends the lock with the process, however that ends. Node has no such lock of its own, its SQLite does.
 * Throws when there is no such folder, or it may not be written to.
 */
export function exclusiveLock(path: string): Disposable | undefined {
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.exec('pragma journal_mode = off; begin exclusive');
    return { [Symbol.dispose]: () => database.close() };
  } catch {
    database.close();
    return undefined;
  }
}
