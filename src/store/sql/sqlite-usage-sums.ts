import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import type { UsageRollupRow } from './schema.ts';
import type { SqliteBatch } from './sqlite-batch.ts';
import { rollupNames, rollupSums, rollupTables, summedColumns, sumUp, UsageGroups } from './usage-groups.ts';
import type { SummedRecord, UsageSums } from './usage-groups.ts';

/** How long sums may lag behind the records when nobody asks for them. */
const lagMs = 1_000;

/** Records, or groups of them, summed up in one transaction: a group of its own costs 60 us, and requests wait meanwhile. */
const perTransaction = 200;

/** So many portions of groups are kept in memory for the next sums; with more of them the records are read. */
const portionsInMemory = 100;

/** What this process has written, without a gap in the numbers. */
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
  /** Since the last sums; each portion goes on where the one before it ends. */
  #gathered: Gathered[] = [];

  constructor(database: DatabaseSync, batch: SqliteBatch) {
    this.#batch = batch;
    this.#statements = prepareStatements(database);
    // A process that was killed may have left records that are not in the sums.
    this.soon();
  }

  /** A record was committed under this number. */
  note(number: number, record: SummedRecord): void {
    let portion = this.#gathered.at(-1);
    if (portion?.last !== number - 1 || this.#gathered.length > portionsInMemory) this.#gathered = [];
    if (portion?.last !== number - 1 || portion.groups.size >= perTransaction) {
      portion = { first: number, last: number, groups: new UsageGroups() };
      this.#gathered.push(portion);
    }
    portion.last = number;
    portion.groups.add(record);
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
    while (await this.#batch.run(() => this.#sumSome()));
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  /** False when nothing was left to be summed up. */
  #sumSome(): boolean {
    const { nextRecords, progress } = this.#statements;
    const summed = Number(progress.get()?.['summed'] ?? 0);
    const portion = this.#gathered.shift();
    if (portion?.first === summed + 1) {
      this.#write(portion.groups.sums(), portion.last);
      return true;
    }
    // Another process has written or summed up in between: the other portions do not fit either.
    this.#gathered = [];
    const rows = nextRecords.all(summed, perTransaction);
    const last = rows.at(-1);
    if (last !== undefined) this.#write(sumUp(rows.map(summedRecord)), Number(last['number']));
    return last !== undefined;
  }

  #write(sums: UsageSums, upTo: number): void {
    const { setProgress, addSums } = this.#statements;
    addSums(sums);
    setProgress.run(upTo);
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
