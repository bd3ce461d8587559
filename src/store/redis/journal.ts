import { setTimeout as sleep } from 'node:timers/promises';
import type { NumberedJob } from '../ledger/job.ts';

/** A change that was made on the live counters, on its way to the database. */
export interface JournalEntry extends NumberedJob {
  /** The life of the live counters in which it was made. */
  epoch: string;
}

export interface JournalOptions {
  /** Brings entries to the database, all or none; may be called again with the same ones. */
  apply(entries: readonly JournalEntry[]): Promise<ReadonlyMap<string, number>>;
  /** Called after that, with the versions of the entries' accounts. */
  applied(entries: readonly JournalEntry[], versions: ReadonlyMap<string, number>): Promise<void>;
}

const entriesPerTransaction = 1_000;
/** Entries gather for this long: few large transactions cost less than many small ones. */
const gatherMs = 20;
/** Between two attempts while the database is away. */
const retryMs = 250;

/** Brings changes to the database in order, each once, and keeps them while it is away. */
export class Journal {
  readonly #options: JournalOptions;
  readonly #entries: JournalEntry[] = [];
  readonly #hurry = new AbortController();
  #running: Promise<void> | undefined;

  constructor(options: JournalOptions) {
    this.#options = options;
  }

  /** Entries that are not in the database yet. */
  get length(): number {
    return this.#entries.length;
  }

  /** Numbers of entries must grow. */
  add(entry: JournalEntry): void {
    this.#entries.push(entry);
    this.#running ??= this.#work().finally(() => {
      this.#running = undefined;
    });
  }

  /** Resolves when every entry is in the database. */
  async drain(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  /** One attempt for what is left, no waiting for a database that is away. */
  async close(): Promise<void> {
    this.#hurry.abort();
    await this.drain();
  }

  async #work(): Promise<void> {
    while (this.#entries.length > 0) {
      await this.#pause(gatherMs);
      const entries = this.#entries.slice(0, entriesPerTransaction);
      const versions = await this.#options.apply(entries).catch(() => undefined);
      if (versions !== undefined) {
        this.#entries.splice(0, entries.length);
        await this.#options.applied(entries, versions).catch(() => undefined);
      } else {
        if (this.#hurry.signal.aborted) return;
        await this.#pause(retryMs);
      }
    }
  }

  async #pause(milliseconds: number): Promise<void> {
    await sleep(milliseconds, undefined, { signal: this.#hurry.signal }).catch(() => undefined);
  }
}
