import { Kysely, PostgresDialect } from 'kysely';
import type { PostgresPool } from 'kysely';
import pg from 'pg';
import { StoreUnavailable } from '../../domain/store-unavailable.ts';
import { migrate } from './migrations.ts';
import type { Schema } from './schema.ts';

/** A Postgres database with its connections. */
export interface PostgresDatabase {
  kysely: Kysely<Schema>;
  /** Migrations that opening has applied. */
  migrated: readonly string[];
  close(): Promise<void>;
}

const bigInteger = 20;
const numeric = 1700;

/** Connections of one process. */
const connections = 8;

/** Opens the database and brings its schema up to date. Nothing waits for ever: neither connecting nor a query. */
export async function openPostgres(url: string): Promise<PostgresDatabase> {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: 3_000,
    query_timeout: 30_000,
    keepAlive: true,
    application_name: 'atelier',
    types: { getTypeParser },
  });
  // A connection that breaks is replaced at its next use, and a query on it is rejected; without listeners, of the pool
  // for idle connections and of each connection for those at work, it would end the process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => void client.on('error', () => undefined));
  const kysely = new Kysely<Schema>({ dialect: new PostgresDialect({ pool: saying(pool) }) });
  const migrated = await migrate(kysely, 'postgres');
  return { kysely, migrated, close: () => kysely.destroy() };
}

/** The pool, whose failures to connect say that the database is away, and why. */
function saying(pool: pg.Pool): PostgresPool {
  return {
    options: pool.options,
    async connect() {
      try {
        return await pool.connect();
      } catch (error) {
        throw new StoreUnavailable(`the database does not answer: ${reasonOf(error)}`, { cause: error });
      }
    },
    end: () => pool.end(),
  };
}

/** Several addresses that all refuse are one error without a message. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return reasonOf(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}

/** Counts and times fit a double: `bigint` columns and sums are read as numbers. */
function getTypeParser(oid: number, format?: 'text' | 'binary'): (value: string) => unknown {
  if (oid === bigInteger || oid === numeric) return Number;
  const parser: (value: string) => unknown = pg.types.getTypeParser(oid, format === 'binary' ? 'text' : format);
  return parser;
}
