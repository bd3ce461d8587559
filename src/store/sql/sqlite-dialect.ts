import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { SqliteAdapter, SqliteDialect } from 'kysely';
import type { SqliteDatabase, SqliteStatement } from 'kysely';

/** Kysely's SQLite dialect on `node:sqlite`, which has the same calls as the driver that the dialect expects, but for their form. */
export function nodeSqliteDialect(database: DatabaseSync): SqliteDialect {
  const dialect = new SqliteDialect({ database: adapt(database) });
  dialect.createAdapter = () => new LockingSqliteAdapter();
  return dialect;
}

/** SQLite's DDL is transactional; said so, Kysely's migrator runs in one transaction, whose write lock keeps other processes out. */
class LockingSqliteAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

function adapt(database: DatabaseSync): SqliteDatabase {
  return {
    close: () => database.close(),
    // A transaction that starts reading and writes later fails when another process wrote in between: take the lock first.
    prepare: (sql) => adaptStatement(database.prepare(sql === 'begin' ? 'begin immediate' : sql)),
  };
}

function adaptStatement(statement: StatementSync): SqliteStatement {
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...parameters.map(toSqlValue)),
    run: (parameters) => statement.run(...parameters.map(toSqlValue)),
    iterate: (parameters) => statement.iterate(...parameters.map(toSqlValue)),
  };
}

function toSqlValue(value: unknown): SQLInputValue {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint')
    return value;
  if (value instanceof Uint8Array) return value;
  throw new TypeError(`no SQLite value: ${typeof value}`);
}
