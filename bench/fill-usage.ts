import type { DatabaseSync } from 'node:sqlite';

import type { UsageRecordRow } from '../src/store/sql/schema.ts';
import { openSqlite } from '../src/store/sql/sqlite-database.ts';
import { sumWriter } from '../src/store/sql/sqlite-usage-sums.ts';
import { dayStart, sumUp } from '../src/store/sql/usage-groups.ts';
import { usageColumns } from '../src/store/sql/usage-row.ts';

/** The most records that make sense on one disk. */
export const mostRecords = 100_000_000;

/** How many different names the records have. */
const variety = { keys: 3_000, owners: 1_000, models: 12, agents: 12, providers: 3 };

/** The records' time, in days. */
export const spanDays = 90;

/** The last records are left to the gateway to sum up: what a burst leaves behind. */
export const notSummed = 20_000;

const dayMs = 24 * 3_600_000;

/**
 * Writes so many usage records into a SQLite file, evenly over the days before `end`, with their sums by the functions that
 * the gateway sums up with, only a day at a time in place of a thousand records.
 */
export async function fillUsage(file: string, { records, end }: { records: number; end: number }): Promise<void> {
  const database = await openSqlite(file);
  const { direct } = database;
  // It is made in one go: nothing has to survive a crash.
  direct.exec('PRAGMA synchronous = OFF; PRAGMA cache_size = -500000');
  const first = end - spanDays * dayMs;
  const summed = Math.max(0, records - notSummed);
  const write = recordWriter(direct);
  const addSums = sumWriter(direct);
  const stepMs = (spanDays * dayMs) / records;
  let next = 0;
  for (let day = dayStart(first); day < end; day += dayMs) {
    const rows: UsageRecordRow[] = [];
    for (; next < records && first + next * stepMs < day + dayMs; next += 1) {
      rows.push(recordOf(next, Math.floor(first + next * stepMs)));
    }
    direct.exec('BEGIN');
    for (const row of rows) write(row);
    addSums(sumUp(rows.slice(0, Math.max(0, summed - (next - rows.length)))));
    direct.exec('COMMIT');
  }
  direct.prepare('UPDATE usage_progress SET summed = ?').run(summed);
  direct.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  await database.close();
}

function recordWriter(database: DatabaseSync): (row: UsageRecordRow) => void {
  const insert = database.prepare(
    `INSERT INTO usage_record (${usageColumns.join(', ')}) VALUES (${usageColumns.map(() => '?').join(', ')})`,
  );
  return (row) => void insert.run(...usageColumns.map((name) => row[name]));
}

/** A number from 0 to 1 that depends on the two and looks like chance (splitmix of 32 bits). */
function chance(number: number, use: number): number {
  let mixed = (Math.imul(number, 0x9e37_79b9) + Math.imul(use, 0x85eb_ca6b)) | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0_aaad);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a_2d97);
  return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
}

export function keyName(number: number): string {
  return `key${String(number).padStart(6, '0')}`;
}

/** The owner of a key; owners have one to six keys, by chance. */
export function ownerName(key: number): string {
  return `owner${Math.floor(chance(key, 1) * variety.owners)}`;
}

export function modelName(number: number): string {
  return `model-${number}`;
}

export function providerName(number: number): string {
  return `provider-${number}`;
}

/**
 * A key is used with two agents and three models, as one person's key is. Some keys are used much more than others: the
 * first one for 1.8 % of all, a middle one for 0.02 %.
 */
function recordOf(number: number, at: number): UsageRecordRow {
  const key = Math.floor(chance(number, 2) ** 2 * variety.keys);
  const model = Math.floor(chance(key, 3 + Math.floor(chance(number, 4) ** 2 * 3)) * variety.models);
  const agent = Math.floor(chance(key, 7 + Math.floor(chance(number, 8) ** 2 * 2)) * variety.agents);
  const failed = chance(number, 9) < 0.03;
  return {
    id: `${at.toString(16).padStart(12, '0')}-${number.toString(16).padStart(8, '0')}-bench`,
    at,
    key_id: keyName(key),
    owner: ownerName(key),
    subscription_id: `sub_${key}`,
    agent: `agent-${agent}`,
    route: '/v1/chat/completions',
    protocol: 'openai-chat',
    // One in twenty is answered by another provider than the model's first.
    provider: providerName((model + (chance(number, 10) < 0.05 ? 1 : 0)) % variety.providers),
    model: modelName(model),
    target_model: modelName(model),
    status: failed ? 429 : 200,
    error_id: failed ? 'rate_limited' : null,
    stream: 1,
    aborted: 0,
    input_tokens: failed ? null : Math.floor(chance(number, 11) * 40_000),
    output_tokens: failed ? null : Math.floor(chance(number, 12) * 2_000),
    cached_read_tokens: failed ? null : Math.floor(chance(number, 13) * 20_000),
    cached_write_tokens: null,
    reasoning_tokens: failed ? null : Math.floor(chance(number, 14) * 500),
    audio_tokens: null,
    image_tokens: null,
    estimated: 0,
    cost_cny: failed ? 0 : chance(number, 15) / 10,
    cost_usd: null,
    overhead_ms: 1.25,
    first_byte_ms: 420.5,
    total_ms: 2_400.75,
    request_bytes: 48_000,
    response_bytes: 9_000,
    adjusted: '[]',
  };
}
