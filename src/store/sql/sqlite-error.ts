/** An error that SQLite itself reported, with its extended result code. */
export function isSqliteError(error: unknown): error is Error & { errcode: number } {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number';
}

/** The codes of a file that is none of SQLite's, or no longer whole: SQLITE_CORRUPT, SQLITE_NOTADB (sqlite.org/rescode.html). */
const damaged: readonly number[] = [11, 26];

/** The file is not a database, or is damaged. */
export function isDamaged(error: unknown): boolean {
  return isSqliteError(error) && damaged.includes(error.errcode & 0xff);
}

const busy = 5;

/** SQLITE_BUSY in any form: another connection holds the lock. */
export function isBusy(error: unknown): boolean {
  return isSqliteError(error) && (error.errcode & 0xff) === busy;
}
