import type { DatabaseSync } from 'node:sqlite';
import type { Kysely } from 'kysely';
import type { UsageStore } from '../../domain/ports.ts';
import type { Schema } from './schema.ts';
import type { SqliteBatch } from './sqlite-batch.ts';
import { SqliteUsageSums } from './sqlite-usage-sums.ts';
import { usageQueries } from './usage-queries.ts';
import { usageColumns, usageToRow } from './usage-row.ts';

/**
 * Usage on SQLite. A record is one insert; the sums follow once a second, and before every report, from the records that
 * are not in them yet: a process that is killed in between leaves nothing uncounted.
 */
export function sqliteUsage(
  database: { kysely: Kysely<Schema>; direct: DatabaseSync },
  batch: SqliteBatch,
): UsageStore & { close(): void } {
  const insert = database.direct.prepare(
    `INSERT INTO usage_record (${usageColumns.join(', ')}) VALUES (${usageColumns.map(() => '?').join(', ')})
     ON CONFLICT (id) DO NOTHING`,
  );
  // The last record stays: its number must not be given again.
  const remove = database.direct.prepare(
    `DELETE FROM usage_record WHERE number IN (SELECT number FROM usage_record WHERE at < ?
     AND number < (SELECT max(number) FROM usage_record) ORDER BY at LIMIT ?)`,
  );
  const sums = new SqliteUsageSums(database.direct, batch);
  const queries = usageQueries(database.kysely, { hints: true });
  return {
    ...queries,
    // The quota was counted when the call was admitted: this is the report, and may wait for company.
    record: async (record) => {
      const row = usageToRow(record);
      const { changes, lastInsertRowid } = await batch.runLate(() =>
        insert.run(...usageColumns.map((name) => row[name])),
      );
      if (changes === 1) sums.note(Number(lastInsertRowid), row);
    },
    report: async (by, filter) => {
      await sums.catchUp();
      return queries.report(by, filter);
    },
    prune: async (before, limit) => {
      await sums.catchUp();
      return batch.run(() => Number(remove.run(before, limit).changes));
    },
    close: () => sums.close(),
  };
}
