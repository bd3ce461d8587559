import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { CompiledQuery, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import type { DatabaseConnection, Dialect, Driver, QueryResult, TransactionSettings } from 'kysely';
import { isBusy } from './sqlite-error.ts';

/** How long a query waits for other writers before it fails. */
const busyLimitMs = 5_000;

/**
 * Kysely on `node:sqlite`. The connection must not wait for locks itself, which would hold the event loop (and for ever,
 * if the lock's holder runs in the same process): waiting is done here, between turns.
 */
export function nodeSqliteDialect(database: DatabaseSync): Dialect {
  return {
    createDriver: () => new NodeSqliteDriver(database),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createAdapter: () => new LockingSqliteAdapter(),
    createIntrospector: (kysely) => new SqliteIntrospector(kysely),
  };
}

/** SQLite's DDL is transactional; said so, Kysely's migrator runs in one transaction, whose write lock keeps other processes out. */
class LockingSqliteAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

class NodeSqliteDriver implements Driver {
  readonly #database: DatabaseSync;
  readonly #connection: DatabaseConnection;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#connection = connectionOf(database);
  }

  async init(): Promise<void> {}

  /** One connection, which Kysely lends to one user at a time. */
  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection;
  }

  async releaseConnection(): Promise<void> {}

  /**
   * Takes the write lock at once: a transaction that reads first and writes later fails when another process wrote in
   * between. One that says it only reads holds up nobody.
   */
  async beginTransaction(connection: DatabaseConnection, { accessMode }: TransactionSettings): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw(accessMode === 'read only' ? 'begin' : 'begin immediate'));
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('commit'));
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('rollback'));
  }

  async destroy(): Promise<void> {
    this.#database.close();
  }
}

function connectionOf(database: DatabaseSync): DatabaseConnection {
  return {
    executeQuery: async <Row>(query: CompiledQuery): Promise<QueryResult<Row>> => {
      const giveUpAt = performance.now() + busyLimitMs;
      for (;;) {
        try {
          return execute<Row>(database, query);
        } catch (error) {
          if (!isBusy(error) || performance.now() > giveUpAt) throw error;
          await sleep(1);
        }
      }
    },
    streamQuery: () => {
      throw new Error('SQLite queries are not streamed');
    },
  };
}

/** The rows are what Kysely's types make of the query; SQLite cannot know. */
function execute<Row>(database: DatabaseSync, query: CompiledQuery): QueryResult<Row> {
  const statement = database.prepare(query.sql);
  const parameters = query.parameters.map(toSqlValue);
  if (statement.columns().length > 0) return { rows: statement.all(...parameters) as Row[] };
  const { changes, lastInsertRowid } = statement.run(...parameters);
  return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
}

function toSqlValue(value: unknown): SQLInputValue {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint')
    return value;
  if (value instanceof Uint8Array) return value;
  throw new TypeError(`no SQLite value: ${typeof value}`);
}
