import type {
  AdmitRequest,
  AdmitResult,
  LedgerWindow,
  Progress,
  Settlement,
  WindowStanding,
} from '../../domain/ledger.ts';
import { admitTo, lapseIn, newAccount, progressIn, releaseIn, reopenIn, settleIn, standingIn } from './account.ts';
import type { AccountState, Slots } from './account.ts';

/** What an admitted request counted, kept until it is settled. */
export interface Reservation {
  id: string;
  account: string;
  /** The process that admitted it. */
  process: string;
  slots: Slots;
  /** It is one of a limited number at the same time. */
  concurrent: boolean;
  createdAt: number;
  /** Given back because its process was gone; a settlement that comes after all is still counted. */
  lapsed: boolean;
}

/** Where accounts and reservations are read from, inside the transaction. */
export interface LedgerSource {
  account(name: string): AccountState | undefined;
  reservation(id: string): Reservation | undefined;
}

/** What a transaction has to write. */
export interface LedgerChanges {
  accounts: Map<string, AccountState>;
  added: Reservation[];
  /** Reservations whose slots have changed. */
  updated: Reservation[];
  removed: string[];
  lapsed: string[];
}

/**
 * The ledger's work of one transaction, the same for every SQL database: reads through the source, changes in memory,
 * then says what is to be written. What it has read and written stays known until `forget`.
 */
export class WorkingSet {
  readonly #source: LedgerSource;
  readonly #accounts = new Map<string, AccountState>();
  /** Open reservations written since the last `forget`. */
  readonly #written = new Map<string, Reservation>();
  readonly #changed = new Set<string>();
  readonly #added = new Map<string, Reservation>();
  readonly #updated = new Map<string, Reservation>();
  readonly #removed = new Set<string>();
  readonly #lapsed = new Set<string>();

  constructor(source: LedgerSource) {
    this.#source = source;
  }

  get size(): number {
    return this.#accounts.size;
  }

  /** `known`: whether the id may be that of a reservation which only the source knows; a new one spares the look. */
  admit(request: AdmitRequest, process: string, known = true): AdmitResult {
    const { id, account: name, now } = request;
    const account = this.#account(name);
    if (this.#reservation(id, known) !== undefined) {
      return { admitted: true, windows: standingIn(account, request.windows, now) };
    }
    const { result, slots, changed } = admitTo(account, request);
    if (changed) this.#changed.add(name);
    if (slots !== undefined) {
      const concurrent = request.concurrency !== null;
      this.#added.set(id, { id, account: name, process, slots, concurrent, createdAt: now, lapsed: false });
    }
    return result;
  }

  settle({ id, amounts }: Settlement): boolean {
    return this.#close(id, (account, slots) => settleIn(account, slots, amounts));
  }

  release(id: string): boolean {
    return this.#close(id, releaseIn);
  }

  progress(id: string, progress: Progress): boolean {
    const reservation = this.#reservation(id);
    if (reservation === undefined) return false;
    const { slots, changed } = progressIn(this.#account(reservation.account), reservation, progress);
    if (changed) this.#changed.add(reservation.account);
    const kept = { ...reservation, slots };
    (this.#added.has(id) ? this.#added : this.#updated).set(id, kept);
    return true;
  }

  /** Gives back what a reservation counted, and did not use for certain, and remembers it. */
  lapse({ id, account: name, slots, concurrent }: Reservation): void {
    const account = this.#account(name);
    lapseIn(account, slots);
    if (concurrent) account.open = Math.max(0, account.open - 1);
    this.#changed.add(name);
    this.#lapsed.add(id);
  }

  standing(account: string, windows: readonly LedgerWindow[], now: number): WindowStanding[] {
    return standingIn(this.#account(account), windows, now);
  }

  /** What is to be written; from here on it counts as written. */
  take(): LedgerChanges {
    for (const [id, reservation] of [...this.#added, ...this.#updated]) this.#written.set(id, reservation);
    for (const id of [...this.#removed, ...this.#lapsed]) this.#written.delete(id);
    const accounts = new Map([...this.#changed].map((name) => [name, this.#account(name)]));
    const changes = {
      accounts,
      added: [...this.#added.values()],
      updated: [...this.#updated.values()],
      removed: [...this.#removed],
      lapsed: [...this.#lapsed],
    };
    this.#clearChanges();
    return changes;
  }

  /** Nothing that was read or changed holds any longer. */
  forget(): void {
    this.#accounts.clear();
    this.#written.clear();
    this.#clearChanges();
  }

  #close(id: string, apply: (account: AccountState, slots: Slots) => boolean): boolean {
    const reservation = this.#reservation(id);
    if (reservation === undefined) return false;
    const { account: name, slots, concurrent, lapsed } = reservation;
    const account = this.#account(name);
    if (lapsed) reopenIn(account, slots);
    else if (concurrent) account.open = Math.max(0, account.open - 1);
    // The usual call counts what it reserved: then only the reservation goes, and the account is not written.
    if (apply(account, slots) || lapsed || concurrent) this.#changed.add(name);
    this.#updated.delete(id);
    if (!this.#added.delete(id)) this.#removed.add(id);
    return true;
  }

  #account(name: string): AccountState {
    const known = this.#accounts.get(name);
    if (known !== undefined) return known;
    const account = this.#source.account(name) ?? newAccount();
    this.#accounts.set(name, account);
    return account;
  }

  #reservation(id: string, inSource = true): Reservation | undefined {
    if (this.#removed.has(id)) return undefined;
    const known = this.#added.get(id) ?? this.#updated.get(id) ?? this.#written.get(id);
    return known ?? (inSource ? this.#source.reservation(id) : undefined);
  }

  #clearChanges(): void {
    this.#changed.clear();
    this.#added.clear();
    this.#updated.clear();
    this.#removed.clear();
    this.#lapsed.clear();
  }
}
