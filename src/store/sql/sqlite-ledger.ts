import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type {
  AdmitRequest,
  AdmitResult,
  LedgerWindow,
  Settled,
  Settlement,
  WindowStanding,
} from '../../domain/ledger.ts';
import { admitTo, newAccount, releaseIn, reopenIn, settleIn, standingIn } from '../ledger/account.ts';
import type { AccountState, Slots } from '../ledger/account.ts';
import type { Ledger } from '../../domain/ports.ts';
import type { SqliteBatch } from './sqlite-batch.ts';

export interface SqliteLedgerOptions {
  /** The connection that the batch writes on. */
  database: DatabaseSync;
  batch: SqliteBatch;
  /** Unique for every start of a process. */
  processId: string;
  /** How long after its last heartbeat a process counts as gone. */
  leaseMs: number;
}

/** Accounts kept parsed in memory between batches. */
const cachedAccounts = 10_000;

/** A reservation this old is given back even if its process lives: whatever held it has been forgotten. */
const oldestReservationMs = 24 * 3_600_000;

/** Bounds how long giving back holds the event loop. */
const orphansPerTransaction = 500;

/** A settlement of a lapsed reservation is accepted for this long. */
const lapsedKeptMs = 24 * 3_600_000;

/**
 * The ledger on one SQLite file, exact for any number of processes on it: counters are read and written inside the
 * batch's transaction. What was read stays in memory as long as no other process has written the file.
 */
export class SqliteLedger implements Ledger {
  readonly #batch: SqliteBatch;
  readonly #statements: Statements;
  readonly #processId: string;
  readonly #leaseMs: number;
  readonly #accounts = new Map<string, AccountState>();
  readonly #changed = new Set<string>();
  #dataVersion: unknown;

  constructor({ database, batch, processId, leaseMs }: SqliteLedgerOptions) {
    this.#batch = batch;
    this.#statements = prepareStatements(database);
    this.#processId = processId;
    this.#leaseMs = leaseMs;
    batch.join({
      begin: () => this.#forgetIfOthersWrote(),
      flush: () => this.#writeAccounts(),
      discard: () => this.#forget(),
    });
  }

  admit(request: AdmitRequest): Promise<AdmitResult> {
    return this.#batch.run(() => {
      const account = this.#account(request.account);
      if (this.#statements.findReservation.get(request.id) !== undefined) {
        return { admitted: true, windows: standingIn(account, request.windows, request.now) };
      }
      const { result, slots } = admitTo(account, request);
      if (slots !== undefined) {
        this.#changed.add(request.account);
        const { id, account: name, now } = request;
        this.#statements.insertReservation.run(id, name, this.#processId, JSON.stringify(slots), now);
      }
      return result;
    });
  }

  settle({ id, amounts }: Settlement): Promise<Settled> {
    return this.#close(id, (account, slots) => settleIn(account, slots, amounts));
  }

  release(id: string): Promise<Settled> {
    return this.#close(id, releaseIn);
  }

  async standing(account: string, windows: readonly LedgerWindow[], now: number): Promise<WindowStanding[]> {
    return this.#batch.run(() => standingIn(this.#account(account), windows, now));
  }

  async heartbeat(now: number): Promise<number> {
    for (let total = 0; ;) {
      const released = await this.#batch.run(() => this.#releaseOrphans(now));
      total += released;
      if (released < orphansPerTransaction) return total;
    }
  }

  async close(): Promise<void> {
    await this.#batch.run(() => {
      this.#statements.deleteProcess.run(this.#processId);
    });
  }

  #close(id: string, apply: (account: AccountState, slots: Slots) => void): Promise<Settled> {
    return this.#batch.run(() => {
      const row = this.#statements.takeReservation.get(id);
      if (row === undefined) return false;
      const reservation = readReservation(row);
      const account = this.#account(reservation.account);
      if (reservation.lapsed) reopenIn(account, reservation.slots);
      apply(account, reservation.slots);
      this.#changed.add(reservation.account);
      return true;
    });
  }

  #releaseOrphans(now: number): number {
    this.#statements.putProcess.run(this.#processId, now + this.#leaseMs);
    this.#statements.deleteProcesses.run(now);
    this.#statements.deleteLapsed.run(now - lapsedKeptMs);
    const orphans = this.#statements.findOrphans.all(now - oldestReservationMs, orphansPerTransaction);
    for (const row of orphans) this.#lapse(readReservation(row));
    return orphans.length;
  }

  /** Gives back what a reservation counted, and remembers it for a settlement that may come after all. */
  #lapse({ id, account: name, slots }: Reservation): void {
    releaseIn(this.#account(name), slots);
    this.#changed.add(name);
    this.#statements.markLapsed.run(id);
  }

  #account(name: string): AccountState {
    const known = this.#accounts.get(name);
    if (known !== undefined) return known;
    const row = this.#statements.findAccount.get(name);
    const state: AccountState = row === undefined ? newAccount() : JSON.parse(String(row['state']));
    this.#accounts.set(name, state);
    return state;
  }

  /** `data_version` changes when another connection has committed. */
  #forgetIfOthersWrote(): void {
    const version = this.#statements.dataVersion.get()?.['data_version'];
    if (version !== this.#dataVersion || this.#accounts.size > cachedAccounts) this.#forget();
    this.#dataVersion = version;
  }

  #writeAccounts(): void {
    for (const name of this.#changed) this.#statements.putAccount.run(name, JSON.stringify(this.#accounts.get(name)));
    this.#changed.clear();
  }

  #forget(): void {
    this.#accounts.clear();
    this.#changed.clear();
  }
}

interface Reservation {
  id: string;
  account: string;
  slots: Slots;
  lapsed: boolean;
}

function readReservation(row: Record<string, unknown>): Reservation {
  const slots: Slots = JSON.parse(String(row['slots']));
  return { id: String(row['id']), account: String(row['account']), slots, lapsed: row['lapsed'] === 1 };
}

interface Statements {
  dataVersion: StatementSync;
  findAccount: StatementSync;
  putAccount: StatementSync;
  findReservation: StatementSync;
  insertReservation: StatementSync;
  takeReservation: StatementSync;
  findOrphans: StatementSync;
  markLapsed: StatementSync;
  deleteLapsed: StatementSync;
  putProcess: StatementSync;
  deleteProcess: StatementSync;
  deleteProcesses: StatementSync;
}

function prepareStatements(database: DatabaseSync): Statements {
  return {
    dataVersion: database.prepare('PRAGMA data_version'),
    findAccount: database.prepare('SELECT state FROM ledger_account WHERE account = ?'),
    putAccount: database.prepare(
      'INSERT INTO ledger_account (account, state) VALUES (?, ?) ON CONFLICT (account) DO UPDATE SET state = excluded.state',
    ),
    findReservation: database.prepare('SELECT 1 FROM ledger_reservation WHERE id = ?'),
    insertReservation: database.prepare(
      'INSERT INTO ledger_reservation (id, account, process, slots, created_at, lapsed) VALUES (?, ?, ?, ?, ?, 0)',
    ),
    takeReservation: database.prepare('DELETE FROM ledger_reservation WHERE id = ? RETURNING *'),
    findOrphans: database.prepare(
      `SELECT * FROM ledger_reservation WHERE lapsed = 0
       AND (process NOT IN (SELECT id FROM ledger_process) OR created_at < ?) LIMIT ?`,
    ),
    markLapsed: database.prepare('UPDATE ledger_reservation SET lapsed = 1 WHERE id = ?'),
    deleteLapsed: database.prepare('DELETE FROM ledger_reservation WHERE lapsed = 1 AND created_at < ?'),
    putProcess: database.prepare(
      'INSERT INTO ledger_process (id, lease_until) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET lease_until = excluded.lease_until',
    ),
    deleteProcess: database.prepare('DELETE FROM ledger_process WHERE id = ?'),
    deleteProcesses: database.prepare('DELETE FROM ledger_process WHERE lease_until < ?'),
  };
}
