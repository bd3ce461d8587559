import type { AuditEntry } from '../domain/audit.ts';
import type { AuditTrail } from '../domain/ports.ts';

export interface ChangeListener {
  /** One change, in order, made by this or another node. */
  changed(entry: AuditEntry): void;
  /** The trail was read to its end at this moment. */
  confirmed(now: number): void;
}

const page = 500;

/**
 * Follows the audit trail, which is how a node learns what others changed. Call `poll` every second: then a revoked key
 * is refused everywhere within two.
 */
export class ChangeFollower {
  readonly #audit: AuditTrail;
  readonly #listener: ChangeListener;
  #lastId: number | undefined;

  constructor(audit: AuditTrail, listener: ChangeListener) {
    this.#audit = audit;
    this.#listener = listener;
  }

  /** Rejects when the store is away; the next poll goes on from the same place. The first one only finds the place. */
  async poll(now: number): Promise<void> {
    this.#lastId ??= await this.#audit.latestId();
    for (;;) {
      const entries = await this.#audit.after(this.#lastId, page);
      for (const entry of entries) this.#listener.changed(entry);
      this.#lastId = entries.at(-1)?.id ?? this.#lastId;
      if (entries.length < page) break;
    }
    this.#listener.confirmed(now);
  }
}
