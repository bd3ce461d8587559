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
import { StoreUnavailable } from '../../domain/store-unavailable.ts';
import type { WaitingNotes } from '../../domain/waiting-notes.ts';
import { Breaker } from './breaker.ts';
import { Remainders } from './remainders.ts';
import { TimeLimit } from './time-limit.ts';
import { WaitingCalls } from './waiting-calls.ts';
import type { CallEnd, CallNote } from './waiting-calls.ts';

export interface FailoverOptions {
  /** No request waits longer for the store than this; Infinity for an embedded store. */
  timeLimitMs?: number;
  /** Failures in a row after which the store is asked only now and then. */
  failures?: number;
  probeAfterMs?: number;
  /** A steady clock in milliseconds. */
  clock?: () => number;
  /** For how long this process has had nothing to do, in milliseconds. */
  idle?: () => number;
  /** Where changes that wait for the store outlive this process; absent for a store that is never away. */
  notes?: WaitingNotes<CallNote>;
}

/** Changes kept for a store that is away; beyond it requests are refused. */
const waitingLimit = 100_000;

/** What cannot go on without the store, as an account of which nothing is known, may wait for its answer this much longer. */
const longerMs = 1_000;

/**
 * A ledger that goes on while its store is away or slow: within the last known remainder, or refusing, as each limit
 * says. What is admitted meanwhile waits, and is brought to the store when it returns.
 */
export class FailoverLedger implements Ledger {
  readonly #store: Ledger;
  /** Absent for an embedded store. */
  readonly #timeLimit: TimeLimit | undefined;
  readonly #clock: () => number;
  readonly #breaker: Breaker;
  readonly #remainders = new Remainders();
  readonly #waiting: WaitingCalls;
  #reason: string | undefined;
  #failedAt = Number.NEGATIVE_INFINITY;

  constructor(store: Ledger, options: FailoverOptions = {}) {
    const { timeLimitMs = 50, failures = 5, probeAfterMs = 1_000, clock = () => performance.now() } = options;
    const { idle = () => performance.eventLoopUtilization().idle } = options;
    this.#store = store;
    this.#waiting = new WaitingCalls(store, options.notes);
    if (timeLimitMs !== Number.POSITIVE_INFINITY)
      this.#timeLimit = new TimeLimit({ limitMs: timeLimitMs, clock, idle });
    this.#clock = clock;
    this.#breaker = new Breaker({ failures, probeAfterMs });
  }

  /** Why the ledger works without its store, for readiness; undefined while all is well. */
  get degraded(): string | undefined {
    const { size, problem } = this.#waiting;
    const away = this.#breaker.isOpen ? (this.#reason ?? 'the ledger store is away') : undefined;
    const waiting = away === undefined && size > 0 ? `${size} changes wait for the ledger store` : undefined;
    const reasons = [away, waiting, problem].filter((reason) => reason !== undefined);
    return reasons.length > 0 ? reasons.join('; ') : undefined;
  }

  /** It goes by the last known remainder, or did a moment ago. */
  get isAway(): boolean {
    return this.#breaker.isOpen || this.#waiting.size > 0;
  }

  /** Changes that the store does not have yet. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Why what waits would be lost with this process; undefined when it is noted, or nothing waits. */
  get notesProblem(): string | undefined {
    return this.#waiting.problem;
  }

  async admit(request: AdmitRequest): Promise<AdmitResult> {
    this.#waiting.noteTime(request.now);
    const asked = this.#breaker.allows(this.#clock());
    let answer: Promise<AdmitResult> | undefined;
    const question = (): Promise<AdmitResult> => (answer = this.#store.admit(request));
    const inTime = asked ? await this.#ask(question).catch(() => undefined) : undefined;
    const isNew = !this.#remainders.knows(request.account);
    const result = inTime ?? (answer !== undefined && isNew ? await this.#lateAnswer(answer) : undefined);
    if (result !== undefined) {
      this.#remainders.remember(request.account, result.windows, request.now);
      return result;
    }
    const local = this.#waiting.size < waitingLimit ? this.#remainders.admit(request) : undefined;
    if (local?.admitted === true) this.#waiting.admitted(request);
    // An answer that did not come in time may have been a yes.
    else if (asked) this.#waiting.ended(request.id, 'release');
    if (local === undefined) throw new StoreUnavailable('the ledger store is away');
    return local;
  }

  settle(settlement: Settlement): Promise<Settled> {
    return this.#end(settlement.id, settlement, () => this.#store.settle(settlement));
  }

  release(id: string): Promise<Settled> {
    return this.#end(id, 'release', () => this.#store.release(id));
  }

  async progress(id: string, read: () => Progress): Promise<Settled> {
    if (this.#waiting.has(id)) return this.#waiting.progressed(id, read());
    try {
      return await this.#askIfAllowed(() => this.#store.progress(id, read));
    } catch {
      return this.#waiting.progressed(id, read());
    }
  }

  /** What stands in the store, and nowhere else: it is waited for longer than a call may take. */
  async standing(account: string, windows: readonly LedgerWindow[], now: number): Promise<WindowStanding[]> {
    let answer: Promise<WindowStanding[]> | undefined;
    try {
      return await this.#askIfAllowed(() => (answer = this.#store.standing(account, windows, now)));
    } catch (error) {
      const late = answer && (await this.#lateAnswer(answer));
      if (late === undefined) throw error;
      return late;
    }
  }

  /** Without a time limit, which is for requests. Also the moment at which waiting changes are brought to the store. */
  async heartbeat(now: number): Promise<number> {
    this.#waiting.noteTime(now);
    const released = await this.#store.heartbeat(now);
    this.#breaker.succeeded();
    await this.#waiting.bring();
    return released;
  }

  /** Brings what processes that ended without their store had noted; resolves to how many calls that was, rejects while the store is away. */
  bringLeft(now: number): Promise<number> {
    this.#waiting.noteTime(now);
    return this.#waiting.bringLeft();
  }

  async close(): Promise<void> {
    await this.#waiting.bring();
    await this.#waiting.close();
    await this.#store.close();
  }

  async #end(id: string, end: CallEnd, ask: () => Promise<Settled>): Promise<Settled> {
    const waiting = this.#waiting.admission(id);
    if (waiting !== undefined) this.#remainders.correct(waiting, end === 'release' ? 'nothing' : end.amounts);
    if (this.#waiting.has(id)) return this.#waiting.ended(id, end);
    try {
      return await this.#askIfAllowed(ask);
    } catch {
      return this.#waiting.ended(id, end);
    }
  }

  async #askIfAllowed<T>(question: () => Promise<T>): Promise<T> {
    if (!this.#breaker.allows(this.#clock())) throw new StoreUnavailable(this.#reason ?? 'the ledger store is away');
    return this.#ask(question);
  }

  /** Undefined when it is a failure, or does not come for long. */
  #lateAnswer<T>(answer: Promise<T>): Promise<T | undefined> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(undefined), longerMs);
      const end = (result?: T): void => {
        clearTimeout(timer);
        resolve(result);
      };
      answer.then(end, () => end());
    });
  }

  /** Asks the store within the time limit; rejects with StoreUnavailable. */
  async #ask<T>(question: () => Promise<T>): Promise<T> {
    const askedAt = this.#clock();
    try {
      const answer = question();
      const value = await (this.#timeLimit?.within(answer) ?? answer);
      this.#breaker.succeeded();
      if (this.#waiting.size > 0) void this.#waiting.bring();
      return value;
    } catch (error) {
      this.#noteFailure(askedAt);
      this.#reason = error instanceof Error ? error.message : String(error);
      throw error instanceof StoreUnavailable ? error : new StoreUnavailable(this.#reason, { cause: error });
    }
  }

  /** What was asked before the last failure was known fails with it: together they are one failure. */
  #noteFailure(askedAt: number): void {
    if (askedAt < this.#failedAt) return;
    this.#failedAt = this.#clock();
    this.#breaker.failed(this.#failedAt);
  }
}
