import { sql } from 'kysely';
import type { Kysely, Transaction } from 'kysely';
import type {
  AdmitRequest,
  AdmitResult,
  LedgerWindow,
  Progress,
  Settled,
  Settlement,
  WindowStanding,
} from '../../domain/ledger.ts';
import type { Ledger } from '../../domain/ports.ts';
import { newAccount, standingIn } from '../ledger/account.ts';
import type { LedgerJob, LedgerTruth, NumberedJob, StoredAccount } from '../ledger/job.ts';
import type { AccountState } from '../ledger/account.ts';
import { WorkingSet } from '../ledger/working-set.ts';
import type { LedgerChanges, Reservation } from '../ledger/working-set.ts';
import { deadProcessKeptMs, lapsedKeptMs, oldestReservationMs, orphansPerTransaction } from './lease.ts';
import type { LedgerReservationRow, Schema } from './schema.ts';
import { isPostgresRefusal } from './postgres-error.ts';
import { TurnBatch } from './turn-batch.ts';

export interface PostgresLedgerOptions {
  database: Kysely<Schema>;
  /** Unique for every start of a process. */
  processId: string;
  /** How long after its last heartbeat a process counts as gone. */
  leaseMs: number;
}

type Answer = { kind: 'admitted'; result: AdmitResult } | { kind: 'closed'; closed: boolean };

/**
 * The ledger on Postgres alone: exact over any number of nodes, by locking the rows of the accounts of a batch. With Redis
 * it is the truth behind the live counters and takes their journal.
 */
export class PostgresLedger implements Ledger, LedgerTruth {
  readonly #database: Kysely<Schema>;
  readonly #processId: string;
  readonly #leaseMs: number;
  readonly #batch: TurnBatch<LedgerJob, Answer>;

  constructor({ database, processId, leaseMs }: PostgresLedgerOptions) {
    this.#database = database;
    this.#processId = processId;
    this.#leaseMs = leaseMs;
    this.#batch = new TurnBatch((jobs) =>
      this.#database
        .transaction()
        .execute(async (transaction) => (await this.#apply(transaction, jobs, this.#processId)).answers),
    );
  }

  async admit(request: AdmitRequest): Promise<AdmitResult> {
    const answer = await this.#batch.add({ kind: 'admit', request });
    return answer.kind === 'admitted' ? answer.result : { admitted: true, windows: [] };
  }

  async settle(settlement: Settlement): Promise<Settled> {
    const answer = await this.#batch.add({ kind: 'settle', settlement });
    return answer.kind === 'closed' && answer.closed;
  }

  async release(id: string): Promise<Settled> {
    const answer = await this.#batch.add({ kind: 'release', id });
    return answer.kind === 'closed' && answer.closed;
  }

  async progress(id: string, read: () => Progress): Promise<Settled> {
    const answer = await this.#batch.add({ kind: 'progress', id, progress: read() });
    return answer.kind === 'closed' && answer.closed;
  }

  async standing(account: string, windows: readonly LedgerWindow[], now: number): Promise<WindowStanding[]> {
    const query = this.#database.selectFrom('ledger_account').select('state').where('account', '=', account);
    const row = await query.executeTakeFirst();
    return standingIn(row === undefined ? newAccount() : JSON.parse(row.state), windows, now);
  }

  async heartbeat(now: number): Promise<number> {
    for (let total = 0; ;) {
      const released = await this.#database
        .transaction()
        .execute((transaction) => this.#releaseOrphans(transaction, now));
      total += released;
      if (released < orphansPerTransaction) return total;
    }
  }

  async close(): Promise<void> {
    await this.#batch.drain();
    await this.#database.deleteFrom('ledger_process').where('id', '=', this.#processId).execute();
  }

  isRefusal(error: unknown): boolean {
    return isPostgresRefusal(error);
  }

  /** The account with its open reservations, of one moment; undefined when nothing was ever counted. */
  find(account: string): Promise<StoredAccount | undefined> {
    return this.#database
      .transaction()
      .setIsolationLevel('repeatable read')
      .setAccessMode('read only')
      .execute(async (transaction) => {
        const query = transaction.selectFrom('ledger_account').selectAll().where('account', '=', account);
        const row = await query.executeTakeFirst();
        if (row === undefined) return undefined;
        const open = transaction.selectFrom('ledger_reservation').selectAll().where('account', '=', account);
        const reservations = (await open.execute()).map(reservationFromRow);
        return { state: JSON.parse(row.state), version: row.version, reservations };
      });
  }

  /**
   * Does the entries of a process's journal that are not done already: a transaction whose outcome was not heard may be
   * repeated, and others finish what a dead process left. Numbers grow. Resolves to the versions of the accounts after it.
   */
  applyJournal(entries: readonly NumberedJob[], process = this.#processId): Promise<Map<string, number>> {
    return this.#database.transaction().execute(async (transaction) => {
      const { applied } = await transaction
        .insertInto('ledger_process')
        .values({ id: process, lease_until: 0, applied: 0 })
        .onConflict((conflict) => conflict.column('id').doUpdateSet({ id: process }))
        .returning('applied')
        .executeTakeFirstOrThrow();
      const fresh = entries.filter(({ number }) => number > applied);
      const { versions } = await this.#apply(
        transaction,
        fresh.map(({ job }) => job),
        process,
      );
      const last = fresh.at(-1)?.number ?? applied;
      await transaction.updateTable('ledger_process').set({ applied: last }).where('id', '=', process).execute();
      return versions;
    });
  }

  async #apply(
    transaction: Transaction<Schema>,
    jobs: readonly LedgerJob[],
    process: string,
  ): Promise<{ answers: Answer[]; versions: Map<string, number> }> {
    const loaded = await load(transaction, jobs);
    const work = new WorkingSet({
      account: (name) => loaded.accounts.get(name)?.state,
      reservation: (id) => loaded.reservations.get(id),
    });
    const answers = jobs.map((job) => perform(work, job, process));
    return { answers, versions: await write(transaction, work.take()) };
  }

  async #releaseOrphans(transaction: Transaction<Schema>, now: number): Promise<number> {
    const lease = now + this.#leaseMs;
    await transaction
      .insertInto('ledger_process')
      .values({ id: this.#processId, lease_until: lease, applied: 0 })
      .onConflict((conflict) => conflict.column('id').doUpdateSet({ lease_until: lease }))
      .execute();
    await transaction
      .deleteFrom('ledger_process')
      .where('lease_until', '<', now - deadProcessKeptMs)
      .execute();
    await transaction
      .deleteFrom('ledger_reservation')
      .where('lapsed', '=', 1)
      .where('created_at', '<', now - lapsedKeptMs)
      .execute();
    const living = transaction.selectFrom('ledger_process').select('id').where('lease_until', '>=', now);
    const rows = await transaction
      .selectFrom('ledger_reservation')
      .select(['id', 'account'])
      .where('lapsed', '=', 0)
      .where(({ or, eb }) => or([eb('process', 'not in', living), eb('created_at', '<', now - oldestReservationMs)]))
      .limit(orphansPerTransaction)
      .execute();
    const loaded = await loadLocked(
      transaction,
      rows.map(({ account }) => account),
      rows.map(({ id }) => id),
    );
    const work = new WorkingSet({ account: (name) => loaded.accounts.get(name)?.state, reservation: () => undefined });
    for (const reservation of loaded.reservations.values()) if (!reservation.lapsed) work.lapse(reservation);
    await write(transaction, work.take());
    return rows.length;
  }
}

function perform(work: WorkingSet, job: LedgerJob, processId: string): Answer {
  switch (job.kind) {
    case 'admit':
      return { kind: 'admitted', result: work.admit(job.request, processId) };
    case 'settle':
      return { kind: 'closed', closed: work.settle(job.settlement) };
    case 'release':
      return { kind: 'closed', closed: work.release(job.id) };
    case 'progress':
      return { kind: 'closed', closed: work.progress(job.id, job.progress) };
  }
}

interface Loaded {
  accounts: Map<string, { state: AccountState; version: number }>;
  reservations: Map<string, Reservation>;
}

function idOf(job: LedgerJob): string {
  if (job.kind === 'admit') return job.request.id;
  return job.kind === 'settle' ? job.settlement.id : job.id;
}

/** Locks the accounts of the jobs; which these are is known only from the reservations, which are read again under the lock. */
async function load(transaction: Transaction<Schema>, jobs: readonly LedgerJob[]): Promise<Loaded> {
  const ids = jobs.map(idOf);
  const rows =
    ids.length === 0
      ? []
      : await transaction.selectFrom('ledger_reservation').select('account').where('id', '=', anyOf(ids)).execute();
  const admitted = jobs.flatMap((job) => (job.kind === 'admit' ? [job.request.account] : []));
  return loadLocked(transaction, [...admitted, ...rows.map(({ account }) => account)], ids);
}

/** In the order of their names, so that nodes wait for each other and not in a circle. */
async function loadLocked(
  transaction: Transaction<Schema>,
  names: readonly string[],
  ids: readonly string[],
): Promise<Loaded> {
  const accounts = [...new Set(names)].toSorted();
  if (accounts.length === 0) return { accounts: new Map(), reservations: new Map() };
  await transaction
    .insertInto('ledger_account')
    .values(accounts.map((account) => ({ account, state: JSON.stringify(newAccount()), version: 0 })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const rows = await transaction
    .selectFrom('ledger_account')
    .selectAll()
    .where('account', '=', anyOf(accounts))
    .orderBy('account')
    .forUpdate()
    .execute();
  const reservations = await transaction
    .selectFrom('ledger_reservation')
    .selectAll()
    .where('id', '=', anyOf(ids))
    .execute();
  return {
    accounts: new Map(rows.map(({ account, state, version }) => [account, { state: JSON.parse(state), version }])),
    reservations: new Map(reservations.map((row) => [row.id, reservationFromRow(row)])),
  };
}

/** Resolves to the new versions of the changed accounts. */
async function write(transaction: Transaction<Schema>, changes: LedgerChanges): Promise<Map<string, number>> {
  const { accounts, added, updated, removed, lapsed } = changes;
  const names = [...accounts.keys()];
  const states = [...accounts.values()].map((state) => JSON.stringify(state));
  const { rows } = await sql<{ account: string; version: number }>`
    update ledger_account set state = changed.state, version = ledger_account.version + 1
    from unnest(${names}::text[], ${states}::text[]) as changed (account, state)
    where ledger_account.account = changed.account returning ledger_account.account, ledger_account.version
  `.execute(transaction);
  if (added.length > 0)
    await transaction.insertInto('ledger_reservation').values(added.map(reservationToRow)).execute();
  if (updated.length > 0) await updateSlots(transaction, updated);
  if (removed.length > 0) await transaction.deleteFrom('ledger_reservation').where('id', '=', anyOf(removed)).execute();
  if (lapsed.length > 0)
    await transaction.updateTable('ledger_reservation').set({ lapsed: 1 }).where('id', '=', anyOf(lapsed)).execute();
  return new Map(rows.map(({ account, version }) => [account, version]));
}

async function updateSlots(transaction: Transaction<Schema>, reservations: readonly Reservation[]): Promise<void> {
  const ids = reservations.map(({ id }) => id);
  const slots = reservations.map((reservation) => JSON.stringify(reservation.slots));
  await sql`
    update ledger_reservation set slots = changed.slots
    from unnest(${ids}::text[], ${slots}::text[]) as changed (id, slots) where ledger_reservation.id = changed.id
  `.execute(transaction);
}

/** One parameter, however many values. */
function anyOf(values: readonly string[]) {
  return sql<string>`any(${values}::text[])`;
}

function reservationFromRow(row: LedgerReservationRow): Reservation {
  const { id, account, process, slots, concurrent, created_at: createdAt, lapsed } = row;
  return {
    id,
    account,
    process,
    slots: JSON.parse(slots),
    concurrent: concurrent === 1,
    createdAt,
    lapsed: lapsed === 1,
  };
}

function reservationToRow(reservation: Reservation): LedgerReservationRow {
  const { id, account, process, slots, concurrent, createdAt, lapsed } = reservation;
  const texts = { id, account, process, slots: JSON.stringify(slots) };
  return { ...texts, concurrent: Number(concurrent), created_at: createdAt, lapsed: Number(lapsed) };
}
