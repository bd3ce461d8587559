import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { StoreUnavailable } from '../../domain/store-unavailable.ts';
import { isBusy, isSqliteError } from './sqlite-error.ts';

/** Takes part in every transaction of a batch; all calls are synchronous. */
export interface BatchMember {
  /** The write lock is held: what other processes wrote is visible now. */
  begin?(): void;
  /** The jobs have run: write what they left behind. */
  flush(): void;
  /** The transaction was rolled back: forget what the jobs left behind. */
  discard(): void;
}

interface Job {
  run(): void;
  commit(): void;
  fail(error: unknown): void;
}

/** Jobs in one transaction; bounds how long the event loop is held. */
const jobsPerTransaction = 500;

/** How long writes that nobody waits for are gathered: a commit costs several times what a row does. */
const lateMs = 20;

/** How long a batch waits for other processes' transactions before its jobs fail. */
const busyLimitMs = 5_000;

/**
 * Runs the writes that were asked for within one turn of the event loop in one transaction, and answers each when that
 * is committed. The connection must be this batch's own, and not wait for locks: waiting is done here, between turns.
 */
export class SqliteBatch {
  readonly #database: DatabaseSync;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  readonly #members: BatchMember[] = [];
  #queue: Job[] = [];
  #scheduled = false;
  readonly #late: Job[] = [];
  #lateTimer: NodeJS.Timeout | undefined;
  /** How many of the next jobs get a transaction of their own. */
  #single = 0;
  /** When the write lock was first found taken, in `performance.now()` time. */
  #busySince: number | undefined;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#begin = database.prepare('BEGIN IMMEDIATE');
    this.#commit = database.prepare('COMMIT');
  }

  join(member: BatchMember): void {
    this.#members.push(member);
  }

  /** Rejects with what `work` throws, or with StoreUnavailable; then nothing of it was written. */
  run<T>(work: () => T): Promise<T> {
    const done = enqueue(this.#queue, work);
    this.#schedule();
    return done;
  }

  /** Like `run`, but gathered for up to 20 ms: for what no answer waits for. Goes with the next transaction, if one comes before. */
  runLate<T>(work: () => T): Promise<T> {
    this.#lateTimer ??= setTimeout(() => this.hurry(), lateMs);
    return enqueue(this.#late, work);
  }

  /** Runs what is gathered with the next batch. */
  hurry(): void {
    this.#takeLate();
    if (this.#queue.length > 0) this.#schedule();
  }

  #takeLate(): void {
    clearTimeout(this.#lateTimer);
    this.#lateTimer = undefined;
    for (const job of this.#late) this.#queue.push(job);
    this.#late.length = 0;
  }

  /** Resolves when everything asked for before is done. */
  async drain(): Promise<void> {
    this.hurry();
    if (this.#queue.length > 0) await this.run(() => undefined);
  }

  #schedule(delayMs?: number): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    const flush = (): void => {
      this.#scheduled = false;
      this.#flush();
    };
    if (delayMs === undefined) setImmediate(flush);
    else setTimeout(flush, delayMs);
  }

  #flush(): void {
    this.#takeLate();
    const jobs = this.#queue.splice(0, this.#single > 0 ? 1 : jobsPerTransaction);
    if (jobs.length === 0) return;
    try {
      this.#begin.run();
      this.#busySince = undefined;
    } catch (error) {
      this.#locked(jobs, error);
      return;
    }
    this.#single = Math.max(0, this.#single - 1);
    this.#execute(jobs);
    if (this.#queue.length > 0) this.#schedule();
  }

  /** Another process writes: try again soon, with whatever has gathered by then. */
  #locked(jobs: Job[], error: unknown): void {
    const now = performance.now();
    this.#busySince ??= now;
    if (isBusy(error) && now - this.#busySince < busyLimitMs) {
      this.#queue = [...jobs, ...this.#queue];
      this.#schedule(1);
      return;
    }
    this.#busySince = undefined;
    const unavailable = new StoreUnavailable('the database could not be written', { cause: error });
    for (const job of jobs) job.fail(unavailable);
    if (this.#queue.length > 0) this.#schedule();
  }

  /** Inside the transaction. */
  #execute(jobs: readonly Job[]): void {
    try {
      for (const member of this.#members) member.begin?.();
      for (const job of jobs) job.run();
      for (const member of this.#members) member.flush();
      this.#commit.run();
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      for (const member of this.#members) member.discard();
      this.#failed(jobs, error);
      return;
    }
    for (const job of jobs) job.commit();
  }

  /** One job's failure must not be the others': they are run again, one at a time. */
  #failed(jobs: readonly Job[], error: unknown): void {
    const [only] = jobs;
    if (only !== undefined && jobs.length === 1) {
      only.fail(isSqliteError(error) ? new StoreUnavailable('the database refused a write', { cause: error }) : error);
      return;
    }
    this.#queue = [...jobs, ...this.#queue];
    this.#single = jobs.length;
  }
}

function enqueue<T>(queue: Job[], work: () => T): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    let value: T;
    queue.push({
      run: () => {
        value = work();
      },
      commit: () => resolve(value),
      fail: reject,
    });
  });
}
