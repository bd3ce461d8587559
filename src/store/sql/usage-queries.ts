import type { Kysely } from 'kysely';
import type { UsageDimension, UsageFilter, UsageStore } from '../../domain/ports.ts';
import type { Schema } from './schema.ts';
import { dayStart, hourStart, rollupSums, totalsFromRow, usageFromRow } from './usage-row.ts';

const dayMs = 24 * 3_600_000;
/** Up to this length a report is made from hours. */
const hourlyUpToMs = 3 * dayMs;

const columns = {
  hour: 'start',
  day: 'start',
  key: 'key_id',
  model: 'model',
  provider: 'provider',
  agent: 'agent',
} as const satisfies Record<UsageDimension, string>;

/** Reading and pruning usage, the same on SQLite and Postgres. */
export function usageQueries(database: Kysely<Schema>): Omit<UsageStore, 'record'> {
  return {
    async find(id) {
      const row = await database.selectFrom('usage_record').selectAll().where('id', '=', id).executeTakeFirst();
      return row && usageFromRow(row);
    },

    async recent({ keyId, before, limit }) {
      let query = database
        .selectFrom('usage_record')
        .selectAll()
        .orderBy('at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit);
      if (keyId !== undefined) query = query.where('key_id', '=', keyId);
      if (before !== undefined) {
        query = query
          .where('at', '<=', before.at)
          .where(({ or, eb }) => or([eb('at', '<', before.at), eb('id', '<', before.id)]));
      }
      return (await query.execute()).map(usageFromRow);
    },

    async report(by, filter) {
      const { table, since, until } = spanOf(by, filter);
      const group = columns[by];
      let query = database
        .selectFrom(table)
        .where('level', '=', levelOf(by, filter))
        .where('start', '>=', since)
        .where('start', '<', until);
      if (filter.keyId !== undefined) query = query.where('key_id', '=', filter.keyId);
      if (filter.owner !== undefined) query = query.where('owner', '=', filter.owner);
      if (filter.model !== undefined) query = query.where('model', '=', filter.model);
      if (filter.provider !== undefined) query = query.where('provider', '=', filter.provider);
      const rows = await query
        .select(group)
        .select(({ fn }) => rollupSums.map((name) => fn.sum<number>(name).as(name)))
        .groupBy(group)
        .orderBy(group)
        .execute();
      return rows.map((row) => ({ group: String(row[group]), ...totalsFromRow(row) }));
    },

    async prune(before, limit) {
      const old = database.selectFrom('usage_record').select('id').where('at', '<', before).orderBy('at').limit(limit);
      const { numDeletedRows } = await database.deleteFrom('usage_record').where('id', 'in', old).executeTakeFirst();
      return Number(numDeletedRows);
    },
  };
}

/** The smallest sums that can answer. */
function levelOf(by: UsageDimension, { keyId, owner, model, provider }: UsageFilter): string {
  if (by !== 'key' && keyId === undefined && owner === undefined) return 'total';
  const ofKey = by === 'key' || by === 'hour' || by === 'day';
  return ofKey && model === undefined && provider === undefined ? 'key' : 'detail';
}

interface Span {
  table: 'usage_hour' | 'usage_day';
  since: number;
  until: number;
}

function spanOf(by: UsageDimension, { since, until }: UsageFilter): Span {
  if (by === 'hour' || (by !== 'day' && until - since <= hourlyUpToMs)) {
    return { table: 'usage_hour', since: hourStart(since), until };
  }
  return { table: 'usage_day', since: dayStart(since), until };
}
