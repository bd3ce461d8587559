import { StoreUnavailable } from '../../domain/store-unavailable.ts';

export interface TimeLimitOptions {
  /** Milliseconds. */
  limitMs: number;
  /** A steady clock in milliseconds. */
  clock(): number;
  /** For how long this process has had nothing to do, in milliseconds. */
  idle(): number;
}

/** Questions asked within this time share a timer. */
const togetherMs = 1;

/** Questions asked within this time belong to one burst. */
const burstMs = 10;
const longestProlonging = 4;

/** A process that is busy itself cannot blame the store, but waits for it no longer than this many time limits. */
const longestBusyWait = 40;

/** Questions asked together. */
interface Group {
  askedAt: number;
  idleAtStart: number;
  prolonged: number;
  timer: NodeJS.Timeout | undefined;
  /** Ends the waiting of each question that has no answer yet. */
  readonly open: Set<(error: Error) => void>;
}

/**
 * Ends the waiting for answers of a store after a time, which runs while this process has nothing else to do. A store that
 * answers what was asked at the same time is not slow, it has a burst to work off: then the limit is prolonged, a few times.
 */
export class TimeLimit {
  readonly #options: TimeLimitOptions;
  #latest: Group | undefined;
  /** When the newest of the answered questions was asked. */
  #answeredAsked = Number.NEGATIVE_INFINITY;

  constructor(options: TimeLimitOptions) {
    this.#options = options;
  }

  /** The answer to a question that was just asked, or a rejection with StoreUnavailable. */
  within<T>(answer: Promise<T>): Promise<T> {
    const group = this.#group();
    return new Promise((resolve, reject) => {
      group.open.add(reject);
      const end = (): void => {
        group.open.delete(reject);
        if (group.open.size === 0) clearTimeout(group.timer);
      };
      answer.then(
        (value) => {
          end();
          this.#answeredAsked = Math.max(this.#answeredAsked, group.askedAt);
          resolve(value);
        },
        (error: unknown) => {
          end();
          reject(error instanceof Error ? error : new Error(String(error)));
        },
      );
    });
  }

  #group(): Group {
    const { clock, idle } = this.#options;
    const now = clock();
    const latest = this.#latest;
    if (latest !== undefined && latest.open.size > 0 && now - latest.askedAt < togetherMs) return latest;
    const group: Group = { askedAt: now, idleAtStart: idle(), prolonged: 0, timer: undefined, open: new Set() };
    this.#wait(group);
    this.#latest = group;
    return group;
  }

  #wait(group: Group): void {
    // When this process was busy the answers may be here already, unread: they are read before the next immediate.
    group.timer = setTimeout(() => void setImmediate(() => this.#expire(group)), this.#options.limitMs);
  }

  #expire(group: Group): void {
    if (group.open.size === 0) return;
    if (this.#isBusySince(group)) {
      this.#wait(group);
    } else if (this.#answeredAsked >= group.askedAt - burstMs && group.prolonged < longestProlonging) {
      group.prolonged += 1;
      this.#wait(group);
    } else {
      const error = new StoreUnavailable(`the store did not answer within ${this.#options.limitMs} ms`);
      const open = [...group.open];
      group.open.clear();
      for (const end of open) end(error);
    }
  }

  #isBusySince({ askedAt, idleAtStart }: Group): boolean {
    const { limitMs, clock, idle } = this.#options;
    return idle() - idleAtStart < limitMs && clock() - askedAt < limitMs * longestBusyWait;
  }
}
