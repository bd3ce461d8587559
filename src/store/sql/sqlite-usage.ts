import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Kysely } from 'kysely';
import type { UsageStore } from '../../domain/ports.ts';
import type { UsageRecordRow, UsageRollupRow, Schema } from './schema.ts';
import type { SqliteBatch } from './sqlite-batch.ts';
import { usageQueries } from './usage-queries.ts';
import {
  dayStart,
  hourStart,
  rollupNames,
  rollupsOf,
  RollupSums,
  rollupSums,
  usageColumns,
  usageToRow,
} from './usage-row.ts';

/** Usage on SQLite: a record and its sums are written in the batch's transaction, with the settlement of the same turn. */
export function sqliteUsage(
  database: { kysely: Kysely<Schema>; direct: DatabaseSync },
  batch: SqliteBatch,
): UsageStore {
  const insert = database.direct.prepare(
    `INSERT INTO usage_record (${usageColumns.join(', ')}) VALUES (${usageColumns.map(() => '?').join(', ')})
     ON CONFLICT (id) DO NOTHING`,
  );
  const sums = [
    { gathered: new RollupSums(), start: hourStart, upsert: prepareUpsert(database.direct, 'usage_hour') },
    { gathered: new RollupSums(), start: dayStart, upsert: prepareUpsert(database.direct, 'usage_day') },
  ];
  batch.join({
    flush: () => {
      for (const { gathered, upsert } of sums) for (const row of gathered.take()) runUpsert(upsert, row);
    },
    discard: () => {
      for (const { gathered } of sums) gathered.take();
    },
  });
  const write = (row: UsageRecordRow): void => {
    const { changes } = insert.run(...usageColumns.map((name) => row[name]));
    if (Number(changes) === 0) return;
    for (const { gathered, start } of sums) gathered.add(rollupsOf(row, start(row.at)));
  };
  return {
    ...usageQueries(database.kysely),
    // The quota was counted when the call was admitted: this is the report, and may wait for company.
    record: (record) => batch.runLate(() => write(usageToRow(record))),
  };
}

const rollupColumns = [...rollupNames, ...rollupSums];

function prepareUpsert(database: DatabaseSync, table: 'usage_hour' | 'usage_day'): StatementSync {
  const additions = rollupSums.map((name) => `${name} = ${name} + excluded.${name}`);
  return database.prepare(
    `INSERT INTO ${table} (${rollupColumns.join(', ')}) VALUES (${rollupColumns.map(() => '?').join(', ')})
     ON CONFLICT (${rollupNames.join(', ')}) DO UPDATE SET ${additions.join(', ')}`,
  );
}

function runUpsert(statement: StatementSync, row: UsageRollupRow): void {
  statement.run(...rollupColumns.map((name) => row[name]));
}
