import type { UsageStore } from '../domain/ports.ts';
import type { UsageRecord } from '../domain/usage-record.ts';

/** Records kept for a store that is away; beyond it the newest is refused, so that memory stays bounded. */
const defaultCapacity = 100_000;

/** Records brought to the store at the same time. */
const portion = 500;

/**
 * Writes usage records, and keeps those that the store did not take until it does. Whether a record whose writing was not
 * confirmed is in the store does not matter: the store takes each id once.
 */
export class UsageBacklog {
  readonly #store: Pick<UsageStore, 'record'>;
  readonly #capacity: number;
  readonly #waiting = new Map<string, UsageRecord>();

  constructor(store: Pick<UsageStore, 'record'>, capacity = defaultCapacity) {
    this.#store = store;
    this.#capacity = capacity;
  }

  /** Records that the store does not have yet. */
  get size(): number {
    return this.#waiting.size;
  }

  /** Resolves when the record is in the store or kept; rejects when neither is possible: the store is away for too long. */
  async record(record: UsageRecord): Promise<void> {
    try {
      await this.#store.record(record);
    } catch (error) {
      if (this.#waiting.size >= this.#capacity) throw error;
      this.#waiting.set(record.id, record);
    }
  }

  /** Brings what waits to the store, oldest first; rejects when it is still away, and nothing is lost then. */
  async flush(): Promise<void> {
    while (this.#waiting.size > 0) {
      const records = [...this.#waiting.values()].slice(0, portion);
      await Promise.all(records.map((record) => this.#store.record(record)));
      for (const { id } of records) this.#waiting.delete(id);
    }
  }
}
