import type { AdmitRequest, LedgerWindow, Progress, Settlement, WindowStanding } from '../../domain/ledger.ts';
import { bucketLength, clockSkewMs, tidy } from './counter.ts';

/** Requests of one account that were reserved together, served one by one and settled together. */
export class Block {
  readonly id: string;
  readonly size: number;
  /** What every request in it reserves. */
  readonly windows: readonly LedgerWindow[];
  readonly #from: number;
  /** Unix milliseconds from which on it serves none; it serves none before it is reserved. */
  #until = 0;
  #left: number;
  /** What was left when it ceased to serve. */
  #unused: number | undefined;
  /** Served and not ended. */
  #open = 0;
  /** Ended with what they had reserved. */
  #ended = 0;
  #endedOtherwise = 0;
  /** What others used, by window. */
  readonly #otherwise = new Map<string, number>();

  /** So many requests like this one. */
  constructor(id: string, { windows, now }: AdmitRequest, size: number) {
    this.id = id;
    this.size = size;
    this.#left = size;
    this.windows = windows;
    this.#from = now;
  }

  /** It is reserved, and serves until then (Unix milliseconds). */
  open(until: number): void {
    this.#until = until;
  }

  /** Requests that it can still serve. */
  get left(): number {
    return this.#left;
  }

  get isRetired(): boolean {
    return this.#unused !== undefined;
  }

  /** Nothing is open or will be: it can be settled. */
  get isOver(): boolean {
    return this.#left === 0 && this.#open === 0;
  }

  /** Requests that have ended and count. */
  get ended(): number {
    return this.#ended + this.#endedOtherwise;
  }

  get progress(): Progress {
    const used: Record<string, number> = {};
    const open: Record<string, number> = {};
    for (const { name, amount } of this.windows) {
      used[name] = tidy(this.#ended * amount + (this.#otherwise.get(name) ?? 0));
      open[name] = tidy((this.#open + this.#left) * amount);
    }
    return { used, open };
  }

  get settlement(): Settlement {
    return { id: this.id, amounts: this.progress.used };
  }

  /** A time a little before the block is taken for its beginning, as the ledger does. */
  servesAt(now: number): boolean {
    return now >= this.#from - clockSkewMs && now < this.#until;
  }

  /** Whether it can serve this request: the same windows, at a time at which they are still what they were. */
  fits({ windows, now }: AdmitRequest): boolean {
    if (this.#left === 0 || !this.servesAt(now)) return false;
    return windows.length === this.windows.length && windows.every((window, at) => isSame(window, this.windows[at]));
  }

  serve(): void {
    this.#left -= 1;
    this.#open += 1;
  }

  /** Something of it is, or was when it ceased to serve, reserved for requests that have not come. */
  get isUnused(): boolean {
    return (this.#unused ?? this.#left) > 0;
  }

  /** What of a window is reserved for requests that have not come; when it serves no more, for those that had not come by then. */
  unusedOf(window: string): number {
    const requests = this.#unused ?? this.#left;
    return requests * (this.windows.find(({ name }) => name === window)?.amount ?? 0);
  }

  /** A request has ended; `amounts` are those in which it differs from what it reserved. */
  end(amounts: Readonly<Record<string, number>>): void {
    this.#open -= 1;
    if (Object.keys(amounts).length === 0) {
      this.#ended += 1;
      return;
    }
    this.#endedOtherwise += 1;
    for (const { name, amount } of this.windows) {
      this.#otherwise.set(name, (this.#otherwise.get(name) ?? 0) + (amounts[name] ?? amount));
    }
  }

  /** A request has used nothing: another may have its place. */
  giveBack(): void {
    this.#open -= 1;
    if (!this.isRetired) this.#left += 1;
  }

  /** It serves no more; returns how many it could have served. */
  retire(): number {
    this.#unused = this.#left;
    this.#left = 0;
    return this.#unused;
  }

  /** It was refused. */
  discard(): void {
    this.#unused = 0;
    this.#left = 0;
  }
}

function isSame(one: LedgerWindow, other: LedgerWindow | undefined): boolean {
  return (
    one.name === other?.name &&
    one.limit === other.limit &&
    one.amount === other.amount &&
    one.onStoreFailure === other.onStoreFailure &&
    (one.shape === other.shape || isSameShape(one.shape, other.shape))
  );
}

function isSameShape(one: LedgerWindow['shape'], other: LedgerWindow['shape']): boolean {
  if (one.kind === 'period')
    return other.kind === 'period' && one.startMs === other.startMs && one.endMs === other.endMs;
  return one.kind === other.kind && one.spanMs === other.spanMs;
}

/** A block is at most this part of what the tightest window has left: near a limit each request is reserved by itself. */
export const partOfRoom = 128;

/** With limits so much lower that a block is refused unless there is room for many of its size. */
export function windowsOfBlock(windows: readonly LedgerWindow[], size: number): LedgerWindow[] {
  return windows.map((window) => {
    const amount = tidy(window.amount * size);
    const limit = window.limit === null ? null : Math.max(0, tidy(window.limit - amount * (partOfRoom - 1)));
    return { ...window, amount, limit };
  });
}

/**
 * When windows are no longer what they are: a rolling one counts into its next bucket then, and what was counted into the one
 * before would leave too early. Both in the order of the request.
 */
export function windowsEnd({ windows, now }: AdmitRequest, standings: readonly WindowStanding[]): number {
  const ends = windows.map(({ shape }, place) => {
    if (shape.kind === 'period') return shape.endMs;
    const resetsAt = standings[place]?.resetsAt ?? now;
    if (shape.kind === 'first-use') return resetsAt;
    // Buckets begin in step with the moment at which the oldest leaves, also after a clock was set back.
    const length = bucketLength(shape.spanMs);
    const ahead = (resetsAt - now) % length;
    return now + (ahead > 0 ? ahead : ahead + length);
  });
  return Math.min(...ends);
}
