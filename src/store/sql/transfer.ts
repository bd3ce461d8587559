import { sql } from 'kysely';
import type { Kysely, Transaction } from 'kysely';
import { isObject, parseJson } from '../../domain/json.ts';
import { migrationNames } from './migrations.ts';
import type { SqlFlavour } from './migrations.ts';
import type { Schema, UsageRecordRow, UsageRollupRow } from './schema.ts';
import { addedSums, rollupKey, rollupTables, sumUp } from './usage-groups.ts';
import { usageColumns } from './usage-row.ts';

type Table = keyof Schema;

/**
 * The tables that move, with the columns that name a row. Leases of processes stay behind: what they left open is given
 * back in the new database as after a stop.
 */
const tables: Readonly<Record<Exclude<Table, 'ledger_process'>, readonly string[]>> = {
  api_key: ['id'],
  plan: ['name'],
  subscription: ['id'],
  reminder: ['subscription_id', 'ends_at', 'days_before'],
  provider_secret: ['name'],
  mark: ['name'],
  audit: ['id'],
  ledger_account: ['account'],
  ledger_reservation: ['id'],
  usage_record: ['id'],
  usage_hour: ['level', 'start', 'key_id', 'owner', 'model', 'provider', 'agent'],
  usage_day: ['level', 'start', 'key_id', 'owner', 'model', 'provider', 'agent'],
  usage_week: ['level', 'start', 'key_id', 'owner', 'model', 'provider', 'agent'],
};

const page = 500;
const format = 'atelier-export';

type Row = Record<string, string | number | null>;

/**
 * Everything in a database as lines of JSON, of one moment, without holding up who writes: a head with the format and the
 * schema's version, one line per row, and an end with their number. Holds key hashes and sealed secrets: keep it safe.
 */
export async function exportDatabase(
  database: Kysely<Schema>,
  flavour: SqlFlavour,
  write: (line: string) => Promise<void>,
): Promise<number> {
  return database
    .transaction()
    .setAccessMode('read only')
    .setIsolationLevel('repeatable read')
    .execute(async (transaction) => {
      const missing = flavour === 'sqlite' ? await missingSums(transaction) : noSums;
      await write(JSON.stringify({ format, migrations: migrationNames() }));
      let rows = 0;
      for (const [table, key] of Object.entries(tables)) {
        for await (const row of completed(allRows(transaction, table, key), missing.get(table))) {
          await write(JSON.stringify({ table, row }));
          rows += 1;
        }
      }
      await write(JSON.stringify({ end: true, rows }));
      return rows;
    });
}

type MissingSums = ReadonlyMap<string, Map<string, UsageRollupRow>>;

const noSums: MissingSums = new Map();

/** SQLite: what the records that are not summed up yet add to the sums. */
async function missingSums(transaction: Transaction<Schema>): Promise<MissingSums> {
  const query = sql<UsageRecordRow>`select * from usage_record where number > (select summed from usage_progress)`;
  const sums = sumUp((await query.execute(transaction)).rows);
  return new Map(rollupTables.map((table) => [table, new Map(sums[table].map((row) => [rollupKey(row), row]))]));
}

/** The rows with what is missing in them, and then those that are missing. */
async function* completed(
  rows: AsyncIterable<Row>,
  missing: Map<string, UsageRollupRow> | undefined,
): AsyncGenerator<object> {
  if (missing === undefined) {
    yield* rows;
    return;
  }
  for await (const row of rows) {
    const key = rollupKey(row);
    const more = missing.get(key);
    missing.delete(key);
    yield more === undefined ? row : addedSums(row, more);
  }
  yield* missing.values();
}

/** In the order of the key, page by page. */
async function* allRows(transaction: Transaction<Schema>, table: string, key: readonly string[]): AsyncGenerator<Row> {
  const columns = sql.join(key.map((name) => sql.ref(name)));
  // SQLite numbers its records, which says nothing elsewhere.
  const selected = table === 'usage_record' ? sql.join(usageColumns.map((name) => sql.ref(name))) : sql`*`;
  let after = sql``;
  for (;;) {
    const query = sql<Row>`select ${selected} from ${sql.table(table)} ${after} order by ${columns} limit ${page}`;
    const { rows } = await query.execute(transaction);
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < page) return;
    after = sql`where (${columns}) > (${sql.join(key.map((name) => last[name]))})`;
  }
}

/**
 * Fills an empty database from an export, whole or not at all. Rejects when the database has rows, when the export comes
 * from another schema version, or is cut off. Returns how many rows it had.
 */
export async function importDatabase(
  database: Kysely<Schema>,
  flavour: SqlFlavour,
  lines: AsyncIterable<string>,
): Promise<number> {
  return database.transaction().execute(async (transaction) => {
    await requireEmpty(transaction);
    const loader = new Loader(transaction);
    for await (const line of lines) if (line !== '') await loader.take(line);
    const rows = await loader.finish();
    if (flavour === 'sqlite') {
      await sql`update usage_progress set summed = (select coalesce(max(number), 0) from usage_record)`.execute(
        transaction,
      );
    } else {
      await sql`select setval(pg_get_serial_sequence('audit', 'id'), coalesce(max(id), 0) + 1, false) from audit`.execute(
        transaction,
      );
    }
    return rows;
  });
}

/** Marks are what a first start leaves in a database that is empty otherwise: those of the export take their place. */
async function requireEmpty(transaction: Transaction<Schema>): Promise<void> {
  await transaction.deleteFrom('mark').execute();
  for (const table of Object.keys(tables)) {
    const { rows } = await sql`select 1 from ${sql.table(table)} limit 1`.execute(transaction);
    if (rows.length > 0) throw new Error(`the database is not empty: ${table} has rows`);
  }
}

class Loader {
  readonly #transaction: Transaction<Schema>;
  #table = '';
  #rows: Row[] = [];
  #total = 0;
  #started = false;
  #ended = false;

  constructor(transaction: Transaction<Schema>) {
    this.#transaction = transaction;
  }

  async take(line: string): Promise<void> {
    const entry = parseJson(line);
    if (!isObject(entry) || this.#ended) throw new Error('this is not an export of Atelier, or it is damaged');
    if (!this.#started) this.#begin(entry);
    else if (entry['end'] === true) this.#end(entry);
    else await this.#add(entry);
  }

  async finish(): Promise<number> {
    if (!this.#ended) throw new Error('the export is cut off');
    await this.#flush();
    return this.#total;
  }

  #begin(head: Record<string, unknown>): void {
    if (head['format'] !== format) throw new Error('this is not an export of Atelier');
    if (JSON.stringify(head['migrations']) !== JSON.stringify(migrationNames())) {
      throw new Error('the export comes from another version: export with the version that imports');
    }
    this.#started = true;
  }

  #end(entry: Record<string, unknown>): void {
    if (entry['rows'] !== this.#total)
      throw new Error(`the export is damaged: ${this.#total} rows of ${String(entry['rows'])}`);
    this.#ended = true;
  }

  async #add(entry: Record<string, unknown>): Promise<void> {
    const { table, row } = entry;
    if (typeof table !== 'string' || !(table in tables) || !isRow(row))
      throw new Error('the export is damaged: a line that is no row');
    if (table !== this.#table || this.#rows.length >= page) await this.#flush();
    this.#table = table;
    this.#rows.push(row);
    this.#total += 1;
  }

  async #flush(): Promise<void> {
    const [first] = this.#rows;
    if (first === undefined) return;
    const columns = Object.keys(first);
    const values = this.#rows.map((row) => sql`(${sql.join(columns.map((name) => row[name] ?? null))})`);
    const names = sql.join(columns.map((name) => sql.ref(name)));
    await sql`insert into ${sql.table(this.#table)} (${names}) values ${sql.join(values)}`.execute(this.#transaction);
    this.#rows = [];
  }
}

function isRow(value: unknown): value is Row {
  return (
    isObject(value) &&
    Object.values(value).every((cell) => cell === null || typeof cell === 'string' || typeof cell === 'number')
  );
}
