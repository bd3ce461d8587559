import { setTimeout as sleep } from 'node:timers/promises';

export interface BacklogOptions<Entry> {
  /** Brings entries to the database, all or none. May be called again with the same ones, and must then do nothing twice. */
  write(entries: readonly Entry[]): Promise<void>;
  /** True for an error that the same entries would meet again; anything else is a database that is away. */
  isRefusal(error: unknown): boolean;
  /** What happens to entries while the database is away: they wait, or are given back to whoever added them. */
  whileAway: 'keep' | 'reject';
  /** Where entries that are kept outlive this process. */
  notes?: { note(entry: Entry): void; clear(): void };
  /** Entries gather for this long: few large transactions cost less than many small ones. */
  gatherMs: number;
  /** Between two attempts while the database is away, in milliseconds. */
  retryMs?: number;
}

interface Waiting<Entry> {
  entry: Entry;
  done: (error?: Error) => void;
}

const entriesPerTransaction = 1_000;
const defaultRetryMs = 250;

/** Brings entries to the database in order, each once, in few large transactions. */
export class Backlog<Entry> {
  readonly #options: BacklogOptions<Entry>;
  readonly #entries: Waiting<Entry>[] = [];
  readonly #hurry = new AbortController();
  /** So many of the first entries are noted. */
  #noted = 0;
  #running: Promise<void> | undefined;

  constructor(options: BacklogOptions<Entry>) {
    this.#options = options;
  }

  /** Entries that are not in the database yet. */
  get length(): number {
    return this.#entries.length;
  }

  /** `done` hears when the entry is in the database, or why it is not. */
  add(entry: Entry, done: (error?: Error) => void = () => undefined): void {
    this.#entries.push({ entry, done });
    this.#running ??= this.#work();
  }

  /** Resolves when every entry is in the database. */
  async drain(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  /** One attempt for what is left, no waiting for a database that is away. */
  async close(): Promise<void> {
    this.#hurry.abort();
    await this.drain();
    for (const { done } of this.#entries) done(new Error('the database did not come back before the end'));
  }

  async #work(): Promise<void> {
    let portion = entriesPerTransaction;
    while (this.#entries.length > 0) {
      await this.#pause(this.#options.gatherMs);
      const waiting = this.#entries.slice(0, portion);
      const failure = await this.#write(waiting);
      if (failure === undefined) {
        portion = Math.min(portion * 2, entriesPerTransaction);
      } else if (this.#options.isRefusal(failure)) {
        // One entry's fault must not be the others': it is found by halving, and left out.
        if (waiting.length === 1) this.#finish(waiting, failure);
        portion = Math.max(1, Math.floor(waiting.length / 2));
      } else if (this.#options.whileAway === 'reject') {
        this.#finish(waiting, failure);
      } else {
        this.#noteAll();
        if (this.#hurry.signal.aborted) break;
        await this.#pause(this.#options.retryMs ?? defaultRetryMs);
      }
    }
    // At once with the look at what is left: an entry added in between would wait for another.
    this.#running = undefined;
  }

  /** What went wrong; undefined when the entries are in the database. */
  async #write(waiting: readonly Waiting<Entry>[]): Promise<Error | undefined> {
    try {
      await this.#options.write(waiting.map(({ entry }) => entry));
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
    this.#finish(waiting);
    return undefined;
  }

  #noteAll(): void {
    const { notes } = this.#options;
    if (notes === undefined) return;
    for (const { entry } of this.#entries.slice(this.#noted)) notes.note(entry);
    this.#noted = this.#entries.length;
  }

  #finish(waiting: readonly Waiting<Entry>[], error?: Error): void {
    this.#entries.splice(0, waiting.length);
    const wasNoted = this.#noted > 0;
    this.#noted = Math.max(0, this.#noted - waiting.length);
    if (wasNoted && this.#noted === 0) this.#options.notes?.clear();
    for (const { done } of waiting) done(error);
  }

  async #pause(milliseconds: number): Promise<void> {
    await sleep(milliseconds, undefined, { signal: this.#hurry.signal }).catch(() => undefined);
  }
}
