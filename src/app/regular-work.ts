import type { Logger } from '../telemetry/log.ts';

/** When work is done. Times are milliseconds. */
export interface Pace {
  everyMs: number;
  /** Work that takes longer has met a store that does not answer; absent: it may take long. */
  answerMs?: number;
  /** Whose answer it needs, as readiness and the log name it. */
  asks?: string;
}

/** What is done again and again on the store, and how it goes. Nothing of it keeps the process alive. */
export class RegularWork {
  readonly #log: Logger;
  readonly #timers: NodeJS.Timeout[] = [];
  /** The kinds of work that meet no answer now, with whose it is. */
  readonly #troubled = new Map<string, string>();

  constructor(log: Logger) {
    this.#log = log;
  }

  /** For readiness; undefined while all work goes well. */
  get problem(): string | undefined {
    if (this.#troubled.size === 0) return undefined;
    const byStore = Map.groupBy(this.#troubled, ([, store]) => store);
    return [...byStore].map(([store, troubled]) => noAnswer(store, troubled)).join('; ');
  }

  /** False from `end` on, for work that takes long. */
  get isGoingOn(): boolean {
    return this.#timers.length > 0;
  }

  /** Does the work again and again, never twice at the same time. It may reject. */
  repeat(name: string, pace: Pace, work: () => Promise<unknown>): void {
    let running = false;
    const timer = setInterval(() => {
      if (running) return;
      running = true;
      void this.#watch(name, pace, work).finally(() => (running = false));
    }, pace.everyMs);
    timer.unref();
    this.#timers.push(timer);
  }

  end(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#timers.length = 0;
  }

  /** A store that answers late is noticed before its answer, which may never come. */
  async #watch(name: string, { answerMs, asks = 'the database' }: Pace, work: () => Promise<unknown>): Promise<void> {
    const trouble = (error: unknown): void => {
      if (!this.#troubled.has(name))
        this.#log.error({ event: 'store', work: name, err: error }, `${asks} does not answer`);
      this.#troubled.set(name, asks);
    };
    const tooLate = (): void => trouble(new Error(`no answer within ${answerMs} ms`));
    const late = answerMs === undefined ? undefined : setTimeout(tooLate, answerMs).unref();
    try {
      await work();
      this.#troubled.delete(name);
    } catch (error) {
      trouble(error);
    } finally {
      clearTimeout(late);
    }
  }
}

function noAnswer(store: string, troubled: readonly [work: string, store: string][]): string {
  return `${store} does not answer (${troubled.map(([work]) => work).join(', ')})`;
}
