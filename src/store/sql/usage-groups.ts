import type { UsageTotals } from '../../domain/ports.ts';
import type { UsageRecordRow, UsageRollupRow } from './schema.ts';

/** The names under which a sum is kept. */
export const rollupNames = [
  'level',
  'start',
  'key_id',
  'owner',
  'model',
  'provider',
  'agent',
] as const satisfies readonly (keyof UsageRollupRow)[];

/** The sums; every one grows by addition. */
export const rollupSums = [
  'requests', 'errors', 'input_tokens', 'output_tokens', 'cached_read_tokens', 'cached_write_tokens', 'reasoning_tokens',
  'cost_cny', 'cost_usd', 'unknown_cny', 'unknown_usd',
] as const satisfies readonly (keyof UsageRollupRow)[]; // prettier-ignore

/** The tables of sums, in the order in which they are written. */
export const rollupTables = ['usage_hour', 'usage_day', 'usage_week'] as const;

/** The rows that records add to the tables of sums. */
export type UsageSums = Record<(typeof rollupTables)[number], UsageRollupRow[]>;

/** The columns that sums are made from. */
export const summedColumns = [
  'at', 'key_id', 'owner', 'model', 'provider', 'agent', 'status', 'input_tokens', 'output_tokens', 'cached_read_tokens',
  'cached_write_tokens', 'reasoning_tokens', 'cost_cny', 'cost_usd',
] as const satisfies readonly (keyof UsageRecordRow)[]; // prettier-ignore

/** A record as far as sums need it. */
export type SummedRecord = Pick<UsageRecordRow, (typeof summedColumns)[number]>;

/** Sums that grow by single records. */
export class UsageGroups {
  readonly #details = new Map<string, UsageRollupRow>();

  /** Groups of the finest kind: of one hour, key, model, provider and agent. */
  get size(): number {
    return this.#details.size;
  }

  add(record: SummedRecord): void {
    const start = hourStart(record.at);
    const { model, agent, key_id, owner, provider } = record;
    const group = `${start}\0${key_id ?? ''}\0${owner ?? ''}\0${model}\0${provider ?? ''}\0${agent}`;
    const sums = this.#details.get(group);
    if (sums === undefined) this.#details.set(group, detailOf(record));
    else addRecord(sums, record);
  }

  /** Each group comes once, in a fixed order (so that writers do not lock each other). */
  sums(): UsageSums {
    const hours = merged([...this.#details.values()]);
    const days = merged(hours.map((row) => ({ ...row, start: dayStart(row.start) })));
    const weeks = merged(days.map((row) => ({ ...row, level: 'key-model', start: weekStart(row.start), agent: '' })));
    return {
      usage_hour: allLevels(hours),
      usage_day: allLevels(days),
      usage_week: [...weeks, ...merged(ofKeys(weeks))],
    };
  }
}

/** Sums up records. */
export function sumUp(records: readonly SummedRecord[]): UsageSums {
  const groups = new UsageGroups();
  for (const record of records) groups.add(record);
  return groups.sums();
}

/** A row of a table, whatever it is typed as. */
type AnyRow = Readonly<Record<string, unknown>>;

/** A row with the sums of another added. */
export function addedSums(row: AnyRow, more: UsageRollupRow): AnyRow {
  return { ...row, ...Object.fromEntries(rollupSums.map((name) => [name, Number(row[name]) + more[name]])) };
}

/** Names a group. */
export function rollupKey(row: AnyRow | UsageRollupRow): string {
  const names: AnyRow = { ...row };
  return JSON.stringify(rollupNames.map((name) => names[name]));
}

function allLevels(details: readonly UsageRollupRow[]): UsageRollupRow[] {
  const totals = details.map((row) => ({ ...row, level: 'total', key_id: '', owner: '' }));
  const ofTotals = merged(totals);
  const models = ofTotals.map((row) => ({ ...row, level: 'model', agent: '' }));
  return [...details, ...merged(ofKeys(details)), ...ofTotals, ...merged(models)];
}

function ofKeys(rows: readonly UsageRollupRow[]): UsageRollupRow[] {
  return rows.map((row) => ({ ...row, level: 'key', model: '', provider: '', agent: '' }));
}

/** NUL keeps the names apart: none of them has one. */
function groupOf({ level, start, key_id, owner, model, provider, agent }: UsageRollupRow): string {
  return `${level}\0${start}\0${key_id}\0${owner}\0${model}\0${provider}\0${agent}`;
}

function merged(rows: readonly UsageRollupRow[]): UsageRollupRow[] {
  const groups = new Map<string, UsageRollupRow>();
  for (const row of rows) {
    const key = groupOf(row);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, row);
    else for (const name of rollupSums) group[name] += row[name];
  }
  return [...groups].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

function detailOf(record: SummedRecord): UsageRollupRow {
  const sums: UsageRollupRow = {
    level: 'detail',
    start: hourStart(record.at),
    key_id: record.key_id ?? '',
    owner: record.owner ?? '',
    model: record.model,
    provider: record.provider ?? '',
    agent: record.agent,
    requests: 0,
    errors: 0,
    input_tokens: 0,
    output_tokens: 0,
    cached_read_tokens: 0,
    cached_write_tokens: 0,
    reasoning_tokens: 0,
    cost_cny: 0,
    cost_usd: 0,
    unknown_cny: 0,
    unknown_usd: 0,
  };
  addRecord(sums, record);
  return sums;
}

function addRecord(sums: UsageRollupRow, record: SummedRecord): void {
  sums.requests += 1;
  if (record.status >= 400) sums.errors += 1;
  sums.input_tokens += record.input_tokens ?? 0;
  sums.output_tokens += record.output_tokens ?? 0;
  sums.cached_read_tokens += record.cached_read_tokens ?? 0;
  sums.cached_write_tokens += record.cached_write_tokens ?? 0;
  sums.reasoning_tokens += record.reasoning_tokens ?? 0;
  sums.cost_cny += record.cost_cny ?? 0;
  sums.cost_usd += record.cost_usd ?? 0;
  if (record.cost_cny === null) sums.unknown_cny += 1;
  if (record.cost_usd === null) sums.unknown_usd += 1;
}

export function totalsFromRow(row: Omit<UsageRollupRow, (typeof rollupNames)[number]>): UsageTotals {
  return {
    requests: row.requests,
    errors: row.errors,
    inputTokens: row.input_tokens,
    outputTokens: row.output_tokens,
    cachedReadTokens: row.cached_read_tokens,
    cachedWriteTokens: row.cached_write_tokens,
    reasoningTokens: row.reasoning_tokens,
    costCny: row.cost_cny,
    costUsd: row.cost_usd,
    unknownCny: row.unknown_cny,
    unknownUsd: row.unknown_usd,
  };
}

/** The sum of two sums. */
export function addTotals(one: UsageTotals, other: UsageTotals): UsageTotals {
  return {
    requests: one.requests + other.requests,
    errors: one.errors + other.errors,
    inputTokens: one.inputTokens + other.inputTokens,
    outputTokens: one.outputTokens + other.outputTokens,
    cachedReadTokens: one.cachedReadTokens + other.cachedReadTokens,
    cachedWriteTokens: one.cachedWriteTokens + other.cachedWriteTokens,
    reasoningTokens: one.reasoningTokens + other.reasoningTokens,
    costCny: one.costCny + other.costCny,
    costUsd: one.costUsd + other.costUsd,
    unknownCny: one.unknownCny + other.unknownCny,
    unknownUsd: one.unknownUsd + other.unknownUsd,
  };
}

const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;
/** Days of sums are days of UTC+8, as the platform's. */
const dayOffsetMs = 8 * hourMs;

export function hourStart(at: number): number {
  return Math.floor(at / hourMs) * hourMs;
}

export function dayStart(at: number): number {
  return Math.floor((at + dayOffsetMs) / dayMs) * dayMs - dayOffsetMs;
}

/** Weeks begin on Monday; the first day of Unix time was a Thursday. */
export function weekStart(at: number): number {
  const day = Math.floor((at + dayOffsetMs) / dayMs);
  return (Math.floor((day + 3) / 7) * 7 - 3) * dayMs - dayOffsetMs;
}
