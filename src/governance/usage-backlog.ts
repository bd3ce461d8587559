import type { UsageStore } from '../domain/ports.ts';
import type { UsageRecord } from '../domain/usage-record.ts';
import type { WaitingNotes } from '../domain/waiting-notes.ts';

export interface UsageBacklogOptions {
  /** Where records that wait outlive this process; absent for a store that is never away. */
  notes?: WaitingNotes<UsageRecord>;
  /** Records kept for a store that is away; beyond it the newest is refused, so that memory stays bounded. */
  capacity?: number;
  /** A steady clock in milliseconds. */
  clock?: () => number;
}

/** Records brought to the store at the same time. */
const portion = 500;

/** A record that the store has not taken for so long waits for it; longer than a busy store needs. */
const slowMs = 500;

/**
 * Writes usage records, and keeps those that the store did not take until it does. Whether a record whose writing was not
 * confirmed is in the store does not matter: the store takes each id once.
 */
export class UsageBacklog {
  readonly #store: Pick<UsageStore, 'record'>;
  readonly #capacity: number;
  readonly #clock: () => number;
  readonly #notes: WaitingNotes<UsageRecord> | undefined;
  readonly #waiting = new Map<string, UsageRecord>();
  /** What the store is being asked to take; only while there is somewhere to note it. */
  readonly #asked = new Map<string, { record: UsageRecord; since: number }>();
  #timer: NodeJS.Timeout | undefined;

  constructor(store: Pick<UsageStore, 'record'>, options: UsageBacklogOptions = {}) {
    const { notes, capacity = 100_000, clock = () => performance.now() } = options;
    this.#store = store;
    this.#notes = notes;
    this.#capacity = capacity;
    this.#clock = clock;
  }

  /** Records that the store does not have yet. */
  get size(): number {
    return this.#waiting.size;
  }

  /** True when what waits would be lost with this process. */
  get isLosing(): boolean {
    return this.#notes === undefined || this.#notes.problem !== undefined;
  }

  /** For readiness; undefined while all is well. */
  get degraded(): string | undefined {
    const waiting = this.size > 0 ? `${this.size} usage records wait for the database` : undefined;
    const reasons = [waiting, this.#notes?.problem].filter((reason) => reason !== undefined);
    return reasons.length > 0 ? reasons.join('; ') : undefined;
  }

  /** Resolves when the record is in the store or kept; rejects when neither is possible: the store is away for too long. */
  async record(record: UsageRecord): Promise<void> {
    if (this.#notes !== undefined) this.#watch(record);
    try {
      await this.#store.record(record);
      this.#asked.delete(record.id);
      this.#taken([record]);
    } catch (error) {
      this.#asked.delete(record.id);
      if (!this.#keep(record)) throw error;
    }
  }

  /** Brings what waits to the store, oldest first; rejects when it is still away, and nothing is lost then. */
  async flush(): Promise<void> {
    while (this.#waiting.size > 0) {
      const records = [...this.#waiting.values()].slice(0, portion);
      await this.#bring(records);
      this.#taken(records);
    }
  }

  /** Brings what processes that ended without the store had noted; resolves to how many records that was, rejects while it is away. */
  async bringLeft(): Promise<number> {
    const brought = this.#notes?.bringLeft(async ({ notes }) => {
      for (let place = 0; place < notes.length; place += portion)
        await this.#bring(notes.slice(place, place + portion));
      return new Set(notes.map(({ id }) => id)).size;
    });
    return (await brought) ?? 0;
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#notes?.close();
  }

  async #bring(records: readonly UsageRecord[]): Promise<void> {
    await Promise.all(records.map((record) => this.#store.record(record)));
  }

  #taken(records: readonly UsageRecord[]): void {
    if (this.#waiting.size === 0) return;
    for (const { id } of records) this.#waiting.delete(id);
    if (this.#waiting.size === 0) this.#notes?.clear();
  }

  /** False when there is no room for it. */
  #keep(record: UsageRecord): boolean {
    if (this.#waiting.has(record.id)) return true;
    if (this.#waiting.size >= this.#capacity) return false;
    this.#waiting.set(record.id, record);
    this.#notes?.note(record);
    return true;
  }

  /** A store that hangs gives no answer for long, and until then its records would be in memory only. */
  #watch(record: UsageRecord): void {
    this.#asked.set(record.id, { record, since: this.#clock() });
    this.#timer ??= setTimeout(() => this.#lookForSlow(), slowMs).unref();
  }

  #lookForSlow(): void {
    this.#timer = undefined;
    const before = this.#clock() - slowMs;
    for (const [id, { record, since }] of this.#asked) {
      // In the order in which they were asked: those behind are younger.
      if (since > before) break;
      this.#asked.delete(id);
      this.#keep(record);
    }
    if (this.#asked.size > 0) this.#timer = setTimeout(() => this.#lookForSlow(), slowMs).unref();
  }
}
