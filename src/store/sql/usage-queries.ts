import { sql } from 'kysely';
import type { Kysely, RawBuilder } from 'kysely';
import type { UsageDimension, UsageFilter, UsageStore, UsageTotals } from '../../domain/ports.ts';
import type { Schema, UsageRollupRow } from './schema.ts';
import { addTotals, dayMs, dayStart, hourStart, rollupSums, totalsFromRow, weekStart } from './usage-groups.ts';
import { usageFromRow } from './usage-row.ts';
import type { rollupTables } from './usage-groups.ts';

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

/** Reading and pruning usage, the same on SQLite and Postgres; `hints` are for SQLite, which wants to be told the index. */
export function usageQueries(database: Kysely<Schema>, { hints = false } = {}): Omit<UsageStore, 'record'> {
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
      const groups = new Map<string | number, UsageTotals & { group: string }>();
      const keys = await keysOf(database, filter);
      for (const part of partsOf(by, filter)) {
        const rows = await sumsOf(database, { part, group: columns[by], filter, keys, hints });
        for (const row of rows) {
          const group = row[columns[by]];
          const totals = totalsFromRow(row);
          const known = groups.get(group);
          groups.set(group, { group: String(group), ...(known ? addTotals(known, totals) : totals) });
        }
      }
      return [...groups].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => row);
    },

    async prune(before, limit) {
      const old = database.selectFrom('usage_record').select('id').where('at', '<', before).orderBy('at').limit(limit);
      const { numDeletedRows } = await database.deleteFrom('usage_record').where('id', 'in', old).executeTakeFirst();
      return Number(numDeletedRows);
    },
  };
}

/** The sums of one table and level that belong to a report. */
interface Part {
  table: (typeof rollupTables)[number];
  level: string;
  since: number;
  /** Exclusive. */
  until: number;
}

/** The smallest sums that can answer; several where weeks stand for the most of a span. */
function partsOf(by: UsageDimension, filter: UsageFilter): Part[] {
  const level = levelOf(by, filter);
  const { since, until } = filter;
  if (by === 'hour' || (by !== 'day' && until - since <= hourlyUpToMs)) {
    return [{ table: 'usage_hour', level, since: hourStart(since), until }];
  }
  const days = { table: 'usage_day', level } as const;
  const first = dayStart(since);
  if (by !== 'key' || ofFewKeys(filter)) return [{ ...days, since: first, until }];
  const from = weekStart(first + 7 * dayMs - 1);
  const to = weekStart(dayStart(until - 1) + dayMs);
  if (from >= to) return [{ ...days, since: first, until }];
  const parts: Part[] = [
    { ...days, since: first, until: from },
    { table: 'usage_week', level: level === 'key' ? 'key' : 'key-model', since: from, until: to },
    { ...days, since: to, until },
  ];
  return parts.filter((part) => part.since < part.until);
}

function ofFewKeys({ keyId, owner }: UsageFilter): boolean {
  return keyId !== undefined || owner !== undefined;
}

function levelOf(by: UsageDimension, filter: UsageFilter): string {
  if (by !== 'key' && !ofFewKeys(filter)) return by === 'agent' ? 'total' : 'model';
  const ofKey = by === 'key' || by === 'hour' || by === 'day';
  return ofKey && filter.model === undefined && filter.provider === undefined ? 'key' : 'detail';
}

interface Question {
  part: Part;
  group: (typeof columns)[UsageDimension];
  filter: UsageFilter;
  /** Where the sums of a few keys can answer: these. */
  keys: readonly string[] | undefined;
  hints: boolean;
}

type SumsRow = Omit<UsageRollupRow, 'level'>;

async function sumsOf(database: Kysely<Schema>, question: Question): Promise<SumsRow[]> {
  const { part, group, filter, keys } = question;
  const named = [
    ['level', part.level],
    ['owner', filter.owner],
    ['model', filter.model],
    ['provider', filter.provider],
  ] as const;
  const conditions = named.flatMap(([name, value]) => (value === undefined ? [] : [sql`${sql.ref(name)} = ${value}`]));
  if (keys) conditions.push(sql`key_id in (${sql.join(keys)})`);
  const span = [sql`start >= ${part.since}`, sql`start < ${part.until}`];
  const sums = rollupSums.map((name) => sql`sum(${sql.ref(name)}) as ${sql.ref(name)}`);
  const query = sql<SumsRow>`
    select ${sql.join([sql.ref(group), ...sums])} from ${sql.table(part.table)} ${indexFor(question)}
    where ${sql.join([...conditions, ...span], sql` and `)} group by ${sql.ref(group)}
  `;
  return (await query.execute(database)).rows;
}

/** More keys are not looked up one by one: walking through the sums of all is faster then. */
const fewKeys = 50;

/** The keys that a filter leaves; undefined when they are not few. Each key with its owner is in the sums of some week. */
async function keysOf(database: Kysely<Schema>, { keyId, owner }: UsageFilter): Promise<string[] | undefined> {
  if (keyId !== undefined) return [keyId];
  if (owner === undefined) return undefined;
  const found = await database
    .selectFrom('usage_week')
    .select('key_id')
    .distinct()
    .where('owner', '=', owner)
    .limit(fewKeys + 1)
    .execute();
  // With one at least, since SQL knows no empty list.
  return found.length > fewKeys ? undefined : ['', ...found.map((row) => row.key_id)];
}

/**
 * SQLite keeps no statistics by itself, and then walks through the sums of all keys in the span rather than look up those
 * of one: 420 ms in place of 13 for the hours of a key in 90 days. So it is told.
 */
function indexFor({ part: { table }, keys, hints }: Question): RawBuilder<unknown> {
  return hints && keys !== undefined ? sql`indexed by ${sql.ref(`${table}_of_key`)}` : sql``;
}
