import { sql } from 'kysely';
import type { Kysely, Transaction } from 'kysely';
import type { UsageStore } from '../../domain/ports.ts';
import type { Schema, UsageRecordRow, UsageRollupRow } from './schema.ts';
import { TurnBatch } from './turn-batch.ts';
import { usageQueries } from './usage-queries.ts';
import { rollupNames, rollupSums, sumUp, usageToRow } from './usage-row.ts';

/** Usage on Postgres: the records of a turn and their sums in one transaction. */
export function postgresUsage(database: Kysely<Schema>): UsageStore & { drain(): Promise<void> } {
  const batch = new TurnBatch<UsageRecordRow, true>((rows) =>
    database.transaction().execute(async (transaction) => {
      await write(transaction, rows);
      return rows.map(() => true);
    }),
  );
  return {
    ...usageQueries(database),
    record: async (record) => {
      await batch.add(usageToRow(record));
    },
    drain: () => batch.drain(),
  };
}

async function write(transaction: Transaction<Schema>, rows: readonly UsageRecordRow[]): Promise<void> {
  const unique = [...new Map(rows.map((row) => [row.id, row])).values()];
  const written = await transaction
    .insertInto('usage_record')
    .values(unique)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .execute();
  const isNew = new Set(written.map(({ id }) => id));
  const sums = sumUp(unique.filter(({ id }) => isNew.has(id)));
  await writeSums(transaction, 'usage_hour', sums.usage_hour);
  await writeSums(transaction, 'usage_day', sums.usage_day);
}

/** The rows come in a fixed order: nodes that add to the same sums wait for each other, and not in a circle. */
async function writeSums(
  transaction: Transaction<Schema>,
  table: 'usage_hour' | 'usage_day',
  rows: UsageRollupRow[],
): Promise<void> {
  if (rows.length === 0) return;
  const columns = [...rollupNames, ...rollupSums];
  const values = sql.join(rows.map((row) => sql`(${sql.join(columns.map((name) => row[name]))})`));
  const additions = rollupSums.map(
    (name) => sql`${sql.ref(name)} = ${sql.ref(`${table}.${name}`)} + ${sql.ref(`excluded.${name}`)}`,
  );
  await sql`
    insert into ${sql.table(table)} (${sql.join(columns.map((name) => sql.ref(name)))}) values ${values}
    on conflict (${sql.join(rollupNames.map((name) => sql.ref(name)))}) do update set ${sql.join(additions)}
  `.execute(transaction);
}
