import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import type { UsageRollupRow } from './schema.ts';
import type { SqliteBatch } from './sqlite-batch.ts';
import { rollupNames, rollupSums, rollupTables, summedColumns, sumUp } from './usage-row.ts';
import type { SummedRecord, UsageSums } from './usage-row.ts';

/** How long sums may lag behind the records when nobody asks for them. */
const lagMs = 1_000;

/** Records summed up in one transaction: some milliseconds. */
const recordsPerTransaction = 1_000;

/** Brings the sums up to the records. Which records are in them is kept with them, in the same transaction. */
export class SqliteUsageSums {
  readonly #batch: SqliteBatch;
  readonly #statements: Statements;
  #timer: NodeJS.Timeout | undefined;

  constructor(database: DatabaseSync, batch: SqliteBatch) {
    this.#batch = batch;
    this.#statements = prepareStatements(database);
    // A process that was killed may have left records that are not in the sums.
    this.soon();
  }

  /** There is a new record. */
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
    const { nextRecords, progress, setProgress, addSums } = this.#statements;
    const rows = nextRecords.all(Number(progress.get()?.['summed'] ?? 0), recordsPerTransaction);
    const last = rows.at(-1);
    if (last === undefined) return 0;
    addSums(sumUp(rows.map(summedRecord)));
    setProgress.run(Number(last['number']));
    return rows.length;
  }
}

interface Statements {
  progress: StatementSync;
  setProgress: StatementSync;
  nextRecords: StatementSync;
  addSums: (sums: UsageSums) => void;
}

function prepareStatements(database: DatabaseSync): Statements {
  return {
    progress: database.prepare('SELECT summed FROM usage_progress'),
    setProgress: database.prepare('UPDATE usage_progress SET summed = ?'),
    nextRecords: database.prepare(
      `SELECT number, ${summedColumns.join(', ')} FROM usage_record WHERE number > ? ORDER BY number LIMIT ?`,
    ),
    addSums: sumWriter(database),
  };
}

/** Adds to the sums that are in the tables; inside of a transaction of the caller's. */
export function sumWriter(database: DatabaseSync): (sums: UsageSums) => void {
  const upserts = rollupTables.map((table) => ({ table, statement: prepareUpsert(database, table) }));
  return (sums) => {
    for (const { table, statement } of upserts) for (const row of sums[table]) runUpsert(statement, row);
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
