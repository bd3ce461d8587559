import { sql } from 'kysely';
import type { Kysely } from 'kysely';

import { openPostgres } from '../src/store/sql/postgres-database.ts';
import type { Schema } from '../src/store/sql/schema.ts';
import { openSqlite } from '../src/store/sql/sqlite-database.ts';
import { sqliteFile } from '../src/store/sql/sqlite-file.ts';

/** The most keys that `scattered` has numbers for. */
export const mostKeys = 10_000_000;

/** A number of eight digits for each, in no order, as the ids of real keys are; the same in SQLite and Postgres. */
const scattered = sql`10000000 + CAST(number AS bigint) * 48271 % 90000000`;

/** Numbers from 1. */
const numbers = (count: number) => sql`
  WITH RECURSIVE numbers (number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < ${sql.lit(count)})`;

/** One term of a plan, in milliseconds. */
const termMs = 30 * 24 * 3_600_000;

/**
 * Puts so many plan keys, each with a subscription of its own, straight into the tables of a store that a gateway has
 * made and no gateway has open. Nobody holds them: it is their number that counts.
 */
export async function fillStore(location: { databaseUrl: string; dataDir: string }, count: number): Promise<void> {
  const file = sqliteFile(location.databaseUrl, location.dataDir);
  const database = file === undefined ? await openPostgres(location.databaseUrl) : await openSqlite(file);
  await database.kysely.transaction().execute((transaction) => insert(transaction, count));
  // As a database would have done by itself in the time that real keys take to gather.
  await sql`ANALYZE`.execute(database.kysely);
  await database.close();
}

async function insert(database: Kysely<Schema>, count: number): Promise<void> {
  const now = Date.now();
  await sql`
    ${numbers(count)}
    INSERT INTO api_key
      (id, kind, hash, owner, labels, ip_ranges, state, subscription_id, created_at)
    SELECT 'fill' || (${scattered}), 'plan', ${sql.lit('0'.repeat(64))}, 'owner-' || (${scattered}), '{}', '[]', 'active',
      'sub_fill' || (${scattered}), ${sql.lit(now)}
    FROM numbers`.execute(database);
  await sql`
    ${numbers(count)}
    INSERT INTO subscription (id, owner, plan, key_id, activated_at, ends_at)
    SELECT 'sub_fill' || (${scattered}), 'owner-' || (${scattered}), 'bench', 'fill' || (${scattered}),
      ${sql.lit(now)}, ${sql.lit(now + termMs)}
    FROM numbers`.execute(database);
}
