import type { DatabaseSync, StatementSync } from 'node:sqlite';
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
import type { AccountState } from '../ledger/account.ts';
import { WorkingSet } from '../ledger/working-set.ts';
import type { Reservation } from '../ledger/working-set.ts';
import { lapsedKeptMs, oldestReservationMs, orphansPerTransaction } from './lease.ts';
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

/**
 * The ledger on one SQLite file, exact for any number of processes on it: counters are read and written inside the
 * batch's transaction. What was read stays in memory as long as no other process has written the file.
 */
export class SqliteLedger implements Ledger {
  readonly #batch: SqliteBatch;
  readonly #statements: Statements;
  readonly #work: WorkingSet;
  readonly #processId: string;
  readonly #leaseMs: number;
  #dataVersion: unknown;
  /** An id came again that was taken for new: from then on each is looked up. */
  #idsRepeat = false;

  constructor({ database, batch, processId, leaseMs }: SqliteLedgerOptions) {
    const statements = prepareStatements(database);
    this.#batch = batch;
    this.#statements = statements;
    this.#work = new WorkingSet({
      account: (name) => accountFromRow(statements.findAccount.get(name)),
      reservation: (id) => reservationFromRow(statements.findReservation.get(id)),
    });
    this.#processId = processId;
    this.#leaseMs = leaseMs;
    batch.join({
      begin: () => this.#forgetIfOthersWrote(),
      flush: () => this.#write(),
      discard: () => {
        this.#work.forget();
        this.#idsRepeat = true;
      },
    });
  }

  admit(request: AdmitRequest): Promise<AdmitResult> {
    // Ids are unique by construction: one that comes again after all breaks the key, and the transaction runs again with a look.
    return this.#batch.run(() => this.#work.admit(request, this.#processId, this.#idsRepeat));
  }

  settle(settlement: Settlement): Promise<Settled> {
    return this.#batch.run(() => this.#work.settle(settlement));
  }

  release(id: string): Promise<Settled> {
    return this.#batch.run(() => this.#work.release(id));
  }

  progress(id: string, read: () => Progress): Promise<Settled> {
    return this.#batch.run(() => this.#work.progress(id, read()));
  }

  standing(account: string, windows: readonly LedgerWindow[], now: number): Promise<WindowStanding[]> {
    return this.#batch.run(() => this.#work.standing(account, windows, now));
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

  #releaseOrphans(now: number): number {
    this.#statements.putProcess.run(this.#processId, now + this.#leaseMs);
    this.#statements.deleteProcesses.run(now);
    this.#statements.deleteLapsed.run(now - lapsedKeptMs);
    const orphans = this.#statements.findOrphans.all(now - oldestReservationMs, orphansPerTransaction);
    for (const row of orphans) {
      const reservation = reservationFromRow(row);
      if (reservation !== undefined) this.#work.lapse(reservation);
    }
    return orphans.length;
  }

  /** `data_version` changes when another connection has committed. */
  #forgetIfOthersWrote(): void {
    const version = this.#statements.dataVersion.get()?.['data_version'];
    if (version !== this.#dataVersion || this.#work.size > cachedAccounts) this.#work.forget();
    this.#dataVersion = version;
  }

  #write(): void {
    const { accounts, added, updated, removed, lapsed } = this.#work.take();
    for (const [name, state] of accounts) this.#statements.putAccount.run(name, JSON.stringify(state));
    for (const { id, account, process, slots, concurrent, createdAt } of added) {
      this.#statements.insertReservation.run(
        id,
        account,
        process,
        JSON.stringify(slots),
        Number(concurrent),
        createdAt,
      );
    }
    for (const { id, slots } of updated) this.#statements.updateReservation.run(JSON.stringify(slots), id);
    for (const id of removed) this.#statements.deleteReservation.run(id);
    for (const id of lapsed) this.#statements.markLapsed.run(id);
  }
}

type Row = Record<string, unknown>;

function accountFromRow(row: Row | undefined): AccountState | undefined {
  return row === undefined ? undefined : JSON.parse(String(row['state']));
}

function reservationFromRow(row: Row | undefined): Reservation | undefined {
  if (row === undefined) return undefined;
  return {
    id: String(row['id']),
    account: String(row['account']),
    process: String(row['process']),
    slots: JSON.parse(String(row['slots'])),
    concurrent: row['concurrent'] === 1,
    createdAt: Number(row['created_at']),
    lapsed: row['lapsed'] === 1,
  };
}

interface Statements {
  dataVersion: StatementSync;
  findAccount: StatementSync;
  putAccount: StatementSync;
  findReservation: StatementSync;
  insertReservation: StatementSync;
  updateReservation: StatementSync;
  deleteReservation: StatementSync;
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
    findReservation: database.prepare('SELECT * FROM ledger_reservation WHERE id = ?'),
    insertReservation: database.prepare(
      'INSERT INTO ledger_reservation (id, account, process, slots, concurrent, created_at, lapsed) VALUES (?, ?, ?, ?, ?, ?, 0)',
    ),
    updateReservation: database.prepare('UPDATE ledger_reservation SET slots = ? WHERE id = ?'),
    deleteReservation: database.prepare('DELETE FROM ledger_reservation WHERE id = ?'),
    findOrphans: database.prepare(
      `SELECT * FROM ledger_reservation WHERE lapsed = 0
       AND (process NOT IN (SELECT id FROM ledger_process) OR created_at < ?) LIMIT ?`,
    ),
    markLapsed: database.prepare('UPDATE ledger_reservation SET lapsed = 1 WHERE id = ?'),
    deleteLapsed: database.prepare('DELETE FROM ledger_reservation WHERE lapsed = 1 AND created_at < ?'),
    putProcess: database.prepare(
      `INSERT INTO ledger_process (id, lease_until) VALUES (?, ?)
       ON CONFLICT (id) DO UPDATE SET lease_until = excluded.lease_until`,
    ),
    deleteProcess: database.prepare('DELETE FROM ledger_process WHERE id = ?'),
    deleteProcesses: database.prepare('DELETE FROM ledger_process WHERE lease_until < ?'),
  };
}
