import { sql } from 'kysely';
import type { ColumnDefinitionBuilder, CreateTableBuilder, Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import type { Migration } from 'kysely/migration';
import { StoreUnavailable } from '../../domain/store-unavailable.ts';
import type { Schema } from './schema.ts';

/** Which database is spoken to, where its DDL differs. */
export type SqlFlavour = 'sqlite' | 'postgres';

/**
 * Brings the schema to this version, in one transaction under a lock, so that several processes may start at once.
 * Forward only. Rejects when the database was written by a newer version.
 */
export async function migrate(database: Kysely<Schema>, flavour: SqlFlavour): Promise<string[]> {
  const migrator = new Migrator({ db: database, provider: { getMigrations: async () => migrationsFor(flavour) } });
  const { error, results } = await migrator.migrateToLatest();
  if (error instanceof StoreUnavailable) throw error;
  if (error !== undefined) {
    const reason = error instanceof Error ? `: ${error.message}` : '';
    throw new Error(`the database schema could not be brought up to date${reason}`, { cause: error });
  }
  return (results ?? []).map((result) => result.migrationName);
}

/** The names of all migrations, in order. */
export function migrationNames(): string[] {
  return Object.keys(migrationsFor('sqlite')).sort();
}

function migrationsFor(flavour: SqlFlavour): Record<string, Migration> {
  return {
    '0001-first': { up: (database) => createFirstTables(database, flavour) },
    '0002-reminder-channels': { up: addReminderChannels },
    '0003-reports': { up: (database) => speedUpReports(database, flavour) },
    '0004-marks': { up: addMarks },
  };
}

async function createFirstTables(database: Kysely<Schema>, flavour: SqlFlavour): Promise<void> {
  await createGovernanceTables(database);
  await createAudit(database, flavour);
  await createLedger(database, flavour);
  await createUsage(database, flavour);
}

async function addReminderChannels({ schema }: Kysely<Schema>): Promise<void> {
  const nothing = (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder => column.notNull().defaultTo('');
  await schema.alterTable('reminder').addColumn('delivered', 'text', nothing).execute();
}

async function addMarks({ schema }: Kysely<Schema>): Promise<void> {
  await schema.createTable('mark').addColumn('name', 'text', primary).addColumn('value', 'text', required).execute();
}

const required = (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder => column.notNull();
const zero = (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder => column.notNull().defaultTo(0);
const primary = (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder => column.primaryKey();

async function createGovernanceTables({ schema }: Kysely<Schema>): Promise<void> {
  await schema
    .createTable('api_key')
    .addColumn('id', 'text', primary)
    .addColumn('kind', 'text', required)
    .addColumn('hash', 'text', required)
    .addColumn('owner', 'text', required)
    .addColumn('labels', 'text', required)
    .addColumn('models', 'text')
    .addColumn('providers', 'text')
    .addColumn('ip_ranges', 'text', required)
    .addColumn('expires_at', 'bigint')
    .addColumn('state', 'text', required)
    .addColumn('subscription_id', 'text')
    .addColumn('created_at', 'bigint', required)
    .execute();
  await schema.createIndex('api_key_owner').on('api_key').columns(['owner', 'id']).execute();
  await schema
    .createTable('plan')
    .addColumn('name', 'text', primary)
    .addColumn('definition', 'text', required)
    .execute();
  await schema
    .createTable('subscription')
    .addColumn('id', 'text', primary)
    .addColumn('owner', 'text', required)
    .addColumn('plan', 'text', required)
    .addColumn('key_id', 'text', required)
    .addColumn('activated_at', 'bigint', required)
    .addColumn('ends_at', 'bigint', required)
    .addColumn('cancelled_at', 'bigint')
    .execute();
  await schema.createIndex('subscription_owner').on('subscription').columns(['owner', 'ends_at']).execute();
  await schema.createIndex('subscription_end').on('subscription').column('ends_at').execute();
  await schema
    .createTable('reminder')
    .addColumn('subscription_id', 'text', required)
    .addColumn('ends_at', 'bigint', required)
    .addColumn('days_before', 'integer', required)
    .addColumn('claimed_at', 'bigint', required)
    .addColumn('confirmed_at', 'bigint')
    .addPrimaryKeyConstraint('reminder_key', ['subscription_id', 'ends_at', 'days_before'])
    .execute();
  await schema
    .createTable('provider_secret')
    .addColumn('name', 'text', primary)
    .addColumn('sealed', 'text', required)
    .execute();
}

async function createAudit({ schema }: Kysely<Schema>, flavour: SqlFlavour): Promise<void> {
  await schema
    .createTable('audit')
    .$call((table) =>
      flavour === 'sqlite'
        ? table.addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
        : table.addColumn('id', 'bigint', (column) => column.primaryKey().generatedByDefaultAsIdentity()),
    )
    .addColumn('at', 'bigint', required)
    .addColumn('actor', 'text', required)
    .addColumn('action', 'text', required)
    .addColumn('kind', 'text', required)
    .addColumn('subject', 'text', required)
    .addColumn('before', 'text', required)
    .addColumn('after', 'text', required)
    .execute();
}

async function createLedger({ schema }: Kysely<Schema>, flavour: SqlFlavour): Promise<void> {
  await schema
    .createTable('ledger_account')
    .addColumn('account', 'text', primary)
    .addColumn('state', 'text', required)
    .addColumn('version', 'bigint', zero)
    .$call(clustered(flavour))
    .execute();
  await schema
    .createTable('ledger_reservation')
    .addColumn('id', 'text', primary)
    .addColumn('account', 'text', required)
    .addColumn('process', 'text', required)
    .addColumn('slots', 'text', required)
    .addColumn('concurrent', 'integer', required)
    .addColumn('created_at', 'bigint', required)
    .addColumn('lapsed', 'integer', required)
    .$call(clustered(flavour))
    .execute();
  if (flavour === 'postgres') {
    await schema.createIndex('ledger_reservation_account').on('ledger_reservation').column('account').execute();
  }
  await schema
    .createTable('ledger_process')
    .addColumn('id', 'text', primary)
    .addColumn('lease_until', 'bigint', required)
    .addColumn('applied', 'bigint', zero)
    .execute();
}

async function createUsage(database: Kysely<Schema>, flavour: SqlFlavour): Promise<void> {
  const { schema } = database;
  await schema
    .createTable('usage_record')
    .$call(flavour === 'sqlite' ? numbered : (table) => table)
    .addColumn('id', 'text', flavour === 'sqlite' ? (column) => column.notNull().unique() : primary)
    .addColumn('at', 'bigint', required)
    .addColumn('key_id', 'text')
    .addColumn('owner', 'text')
    .addColumn('subscription_id', 'text')
    .addColumn('agent', 'text', required)
    .addColumn('route', 'text', required)
    .addColumn('protocol', 'text', required)
    .addColumn('provider', 'text')
    .addColumn('model', 'text', required)
    .addColumn('target_model', 'text')
    .addColumn('status', 'integer', required)
    .addColumn('error_id', 'text')
    .addColumn('stream', 'integer', required)
    .addColumn('aborted', 'integer', required)
    .addColumn('input_tokens', 'bigint')
    .addColumn('output_tokens', 'bigint')
    .addColumn('cached_read_tokens', 'bigint')
    .addColumn('cached_write_tokens', 'bigint')
    .addColumn('reasoning_tokens', 'bigint')
    .addColumn('audio_tokens', 'bigint')
    .addColumn('image_tokens', 'bigint')
    .addColumn('estimated', 'integer', required)
    .addColumn('cost_cny', 'double precision')
    .addColumn('cost_usd', 'double precision')
    .addColumn('overhead_ms', 'double precision', required)
    .addColumn('first_byte_ms', 'double precision')
    .addColumn('total_ms', 'double precision', required)
    .addColumn('request_bytes', 'bigint', required)
    .addColumn('response_bytes', 'bigint', required)
    .addColumn('adjusted', 'text', required)
    .execute();
  await schema.createIndex('usage_record_at').on('usage_record').column('at').execute();
  await schema.createIndex('usage_record_key').on('usage_record').columns(['key_id', 'at']).execute();
  if (flavour === 'sqlite') {
    await schema.createTable('usage_progress').addColumn('summed', 'integer', required).execute();
    await sql`insert into usage_progress (summed) values (0)`.execute(database);
  }
  for (const table of ['usage_hour', 'usage_day'] as const) {
    await schema
      .createTable(table)
      .$call(addRollupColumns)
      .addPrimaryKeyConstraint(`${table}_key`, [...rollupKey])
      .$call(clustered(flavour))
      .execute();
    await schema.createIndex(`${table}_of_key`).on(table).columns(['key_id', 'level', 'start']).execute();
  }
}

type TableBuilder = CreateTableBuilder<string, string>;

/** SQLite: records in the order in which they were written, so that those not summed up yet are the last ones. */
function numbered(table: TableBuilder): TableBuilder {
  return table.addColumn('number', 'integer', primary);
}

/** SQLite: rows in the order of the primary key, without a second index over it. */
function clustered(flavour: SqlFlavour): (table: TableBuilder) => TableBuilder {
  return (table) => (flavour === 'sqlite' ? table.modifyEnd(sql`without rowid`) : table);
}

const rollupKey = ['level', 'start', 'key_id', 'owner', 'model', 'provider', 'agent'] as const;

function addRollupColumns(table: CreateTableBuilder<string>): TableBuilder {
  return table
    .addColumn('level', 'text', required)
    .addColumn('start', 'bigint', required)
    .addColumn('key_id', 'text', required)
    .addColumn('owner', 'text', required)
    .addColumn('model', 'text', required)
    .addColumn('provider', 'text', required)
    .addColumn('agent', 'text', required)
    .addColumn('requests', 'bigint', required)
    .addColumn('errors', 'bigint', required)
    .addColumn('input_tokens', 'bigint', required)
    .addColumn('output_tokens', 'bigint', required)
    .addColumn('cached_read_tokens', 'bigint', required)
    .addColumn('cached_write_tokens', 'bigint', required)
    .addColumn('reasoning_tokens', 'bigint', required)
    .addColumn('cost_cny', 'double precision', required)
    .addColumn('cost_usd', 'double precision', required)
    .addColumn('unknown_cny', 'bigint', required)
    .addColumn('unknown_usd', 'bigint', required);
}

/**
 * What keeps reports over ten million records below 200 ms (docs/decisions/009-sums-of-usage.md): sums
 * without keys and agents, sums of weeks for reports by key, and an index that finds the keys of an owner. The new sums are
 * made of those that are there.
 */
async function speedUpReports(database: Kysely<Schema>, flavour: SqlFlavour): Promise<void> {
  const { schema } = database;
  await schema
    .createTable('usage_week')
    .$call(addRollupColumns)
    .addPrimaryKeyConstraint('usage_week_key', [...rollupKey])
    .$call(clustered(flavour))
    .execute();
  await schema.createIndex('usage_week_of_owner').on('usage_week').columns(['owner', 'key_id']).execute();
  for (const table of ['usage_hour', 'usage_day'] as const) {
    const models = { level: "'model'", start: 'start', key_id: "''", owner: "''", agent: "''" };
    await sumAgain(database, { from: table, fromLevel: 'total', into: table, names: models });
  }
  // Days of UTC+8, counted from a Thursday; weeks begin on Monday. All whole numbers, so that the divisions are, too.
  const week = '(((start + 28800000) / 86400000 + 3) / 7 * 7 - 3) * 86400000 - 28800000';
  const weeks = { level: "'key-model'", start: week, agent: "''" };
  await sumAgain(database, { from: 'usage_day', fromLevel: 'detail', into: 'usage_week', names: weeks });
  await sumAgain(database, { from: 'usage_day', fromLevel: 'key', into: 'usage_week', names: { start: week } });
}

interface Summing {
  from: 'usage_hour' | 'usage_day';
  fromLevel: string;
  into: 'usage_hour' | 'usage_day' | 'usage_week';
  /** What stands for a name in the new sums, where it does not stay. */
  names: Partial<Record<(typeof rollupKey)[number], string>>;
}

/** As they were at this version. */
const rollupSums = [
  'requests', 'errors', 'input_tokens', 'output_tokens', 'cached_read_tokens', 'cached_write_tokens', 'reasoning_tokens',
  'cost_cny', 'cost_usd', 'unknown_cny', 'unknown_usd',
] as const; // prettier-ignore

/** Sums of sums. */
async function sumAgain(database: Kysely<Schema>, { from, fromLevel, into, names }: Summing): Promise<void> {
  const kept = rollupKey.map((name) => sql.raw(names[name] ?? name));
  const sums = rollupSums.map((name) => sql`sum(${sql.ref(name)})`);
  const groups = rollupKey.map((_, place) => sql.lit(place + 1));
  await sql`
    insert into ${sql.table(into)} (${sql.join([...rollupKey, ...rollupSums].map((name) => sql.ref(name)))})
    select ${sql.join([...kept, ...sums])} from ${sql.table(from)}
    where level = ${sql.lit(fromLevel)} group by ${sql.join(groups)}
  `.execute(database);
}
