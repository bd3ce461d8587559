import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { AccountState } from '../ledger/account.ts';
import type { SqlFlavour } from './migrations.ts';
import type { Schema } from './schema.ts';

export interface DatabaseCheck {
  /** Empty when all is well; each a sentence. */
  problems: string[];
  rows: Record<string, number>;
}

const counted = ['api_key', 'plan', 'subscription', 'provider_secret', 'audit', 'ledger_account', 'ledger_reservation', 'usage_record', 'usage_hour', 'usage_day', 'usage_week'] as const; // prettier-ignore

/** Looks for damage: in the file itself (SQLite), between the tables, and in the ledger's states. Changes nothing. */
export async function checkDatabase(database: Kysely<Schema>, flavour: SqlFlavour): Promise<DatabaseCheck> {
  const problems = [
    ...(flavour === 'sqlite' ? await damagedPages(database) : []),
    ...(await orphans(database)),
    ...(await damagedAccounts(database)),
  ];
  const rows: Record<string, number> = {};
  for (const table of counted) {
    const { rows: found } = await sql<{ count: number }>`select count(*) as count from ${sql.table(table)}`.execute(
      database,
    );
    rows[table] = found[0]?.count ?? 0;
  }
  return { problems, rows };
}

async function damagedPages(database: Kysely<Schema>): Promise<string[]> {
  const { rows } = await sql<{ integrity_check: string }>`pragma integrity_check`.execute(database);
  return rows
    .map((row) => row.integrity_check)
    .filter((text) => text !== 'ok')
    .map((text) => `The file is damaged: ${text}.`);
}

/** What must belong to something and does not. */
async function orphans(database: Kysely<Schema>): Promise<string[]> {
  const keys = await database
    .selectFrom('api_key')
    .leftJoin('subscription', 'subscription.id', 'api_key.subscription_id')
    .select('api_key.id')
    .where('api_key.kind', '=', 'plan')
    .where('subscription.id', 'is', null)
    .execute();
  const subscriptions = await database
    .selectFrom('subscription')
    .leftJoin('api_key', 'api_key.id', 'subscription.key_id')
    .select('subscription.id')
    .where('api_key.id', 'is', null)
    .execute();
  const reservations = await database
    .selectFrom('ledger_reservation')
    .leftJoin('ledger_account', 'ledger_account.account', 'ledger_reservation.account')
    .select('ledger_reservation.id')
    .where('ledger_account.account', 'is', null)
    .execute();
  return [
    ...keys.map(({ id }) => `The plan key ${id} belongs to no subscription.`),
    ...subscriptions.map(({ id }) => `The subscription ${id} has no key.`),
    ...reservations.map(({ id }) => `The reservation ${id} belongs to no ledger account.`),
  ];
}

const accountsPerPage = 1000;

async function damagedAccounts(database: Kysely<Schema>): Promise<string[]> {
  const problems: string[] = [];
  for (let after = ''; ;) {
    const query = database.selectFrom('ledger_account').select(['account', 'state']).where('account', '>', after);
    const rows = await query.orderBy('account').limit(accountsPerPage).execute();
    for (const { account, state } of rows)
      if (!isSound(state)) problems.push(`The ledger account ${account} does not add up.`);
    const last = rows.at(-1);
    if (last === undefined) return problems;
    after = last.account;
  }
}

/** The total of each rolling window is the sum of its buckets, and nothing is negative. */
function isSound(text: string): boolean {
  try {
    const { open, windows }: AccountState = JSON.parse(text);
    return (
      open >= 0 &&
      Object.values(windows).every((counter) => {
        if (counter.kind === 'period') return counter.used >= 0;
        const sum = counter.counts.reduce((total, count) => total + count, 0);
        return counter.counts.every((count) => count >= 0) && Math.abs(sum - counter.total) < 1e-6 * Math.max(1, sum);
      })
    );
  } catch {
    return false;
  }
}
