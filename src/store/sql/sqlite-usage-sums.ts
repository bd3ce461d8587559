import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import type { UsageRollupRow } from './schema.ts';
import type { SqliteBatch } from './sqlite-batch.ts';
import { rollupNames, rollupSums, summedColumns, sumUp, UsageGroups } from './usage-row.ts';
import type { SummedRecord, UsageSums } from './usage-row.ts';

/** How long sums may lag behind the records when nobody asks for them. */
const lagMs = 1_000;

/** Records summed up in one transaction: some milliseconds. */
const recordsPerTransaction = 1_000;

/** Groups of records that are kept in memory for the next sums; with more of them the records are read. */
const groupsInMemory = 10_000;

/** What this process has written since the last sums, without a gap in the numbers. */
interface Gathered {
  first: number;
  last: number;
  groups: UsageGroups;
}

/**
 * Brings the sums up to the records. Which records are in them is kept with them, in the same transaction. A process that
 * is alone on its file need not read back what it has written.
 */
export class SqliteUsageSums {
  readonly #batch: SqliteBatch;
  readonly #statements: Statements;
  #timer: NodeJS.Timeout | undefined;
  #gathered: Gathered | undefined;

  constructor(database: DatabaseSync, batch: SqliteBatch) {
    this.#batch = batch;
    this.#statements = prepareStatements(database);
    // A process that was killed may have left records that are not in the sums.
    this.soon();
  }

  /** A record was committed under this number. */
  note(number: number, record: SummedRecord): void {
    const gathered = this.#gathered;
    if (gathered === undefined || gathered.last !== number - 1 || gathered.groups.size >= groupsInMemory) {
      this.#gathered = { first: number, last: number, groups: new UsageGroups() };
    } else gathered.last = number;
    this.#gathered?.groups.add(record);
    this.soon();
  }

  /** Sums are to be brought up to date in a while. */
  soon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      // What fails now is done with the next record or report.
      this.catchUp().catch(() => undefined);
    }, lagMs).unref();
  }

  /** Resolves when every record written so far is in the sums. */
  async catchUp(): Promise<void> {
    this.#batch.hurry();
    while ((await this.#batch.run(() => this.#sumSome())) === recordsPerTransaction);
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #sumSome(): number {
    const { nextRecords, progress } = this.#statements;
    const summed = Number(progress.get()?.['summed'] ?? 0);
    const gathered = this.#gathered;
    this.#gathered = undefined;
    if (gathered?.first === summed + 1) {
      this.#write(gathered.groups.sums(), gathered.last);
      // Another process may have written more.
      return recordsPerTransaction;
    }
    const rows = nextRecords.all(summed, recordsPerTransaction);
    const last = rows.at(-1);
    if (last !== undefined) this.#write(sumUp(rows.map(summedRecord)), Number(last['number']));
    return rows.length;
  }

  #write(sums: UsageSums, upTo: number): void {
    const { setProgress, upserts } = this.#statements;
    for (const row of sums.usage_hour) runUpsert(upserts.usage_hour, row);
    for (const row of sums.usage_day) runUpsert(upserts.usage_day, row);
    setProgress.run(upTo);
  }
}

interface Statements {
  progress: StatementSync;
  setProgress: StatementSync;
  nextRecords: StatementSync;
  upserts: { usage_hour: StatementSync; usage_day: StatementSync };
}

function prepareStatements(database: DatabaseSync): Statements {
  return {
    progress: database.prepare('SELECT summed FROM usage_progress'),
    setProgress: database.prepare('UPDATE usage_progress SET summed = ?'),
    nextRecords: database.prepare(
      `SELECT number, ${summedColumns.join(', ')} FROM usage_record WHERE number > ? ORDER BY number LIMIT ?`,
    ),
    upserts: { usage_hour: prepareUpsert(database, 'usage_hour'), usage_day: prepareUpsert(database, 'usage_day') },
  };
}

const rollupColumns = [...rollupNames, ...rollupSums];

function prepareUpsert(database: DatabaseSync, table: string): StatementSync {
  const additions = rollupSums.map((name) => `${name} = ${name} + excluded.${name}`);
  return database.prepare(
    `INSERT INTO ${table} (${rollupColumns.join(', ')}) VALUES (${rollupColumns.map(() => '?').join(', ')})
     ON CONFLICT (${rollupNames.join(', ')}) DO UPDATE SET ${additions.join(', ')}`,
  );
}

function runUpsert(statement: StatementSync, row: UsageRollupRow): void {
  statement.run(...rollupColumns.map((name) => row[name]));
}

type Row = Record<string, SQLOutputValue>;

function summedRecord(row: Row): SummedRecord {
  return {
    at: Number(row['at']),
    key_id: textOf(row['key_id']),
    owner: textOf(row['owner']),
    model: String(row['model']),
    provider: textOf(row['provider']),
    agent: String(row['agent']),
    status: Number(row['status']),
    input_tokens: numberOf(row['input_tokens']),
    output_tokens: numberOf(row['output_tokens']),
    cached_read_tokens: numberOf(row['cached_read_tokens']),
    cached_write_tokens: numberOf(row['cached_write_tokens']),
    reasoning_tokens: numberOf(row['reasoning_tokens']),
    cost_cny: numberOf(row['cost_cny']),
    cost_usd: numberOf(row['cost_usd']),
  };
}

function textOf(value: SQLOutputValue | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

function numberOf(value: SQLOutputValue | undefined): number | null {
  return typeof value === 'number' ? value : null;
}
