/**
 * The words of the ledger, which counts what accounts use within windows. It knows neither plans nor calendars:
 * governance says which windows a request counts in and when they start, the ledger counts. Times are Unix milliseconds.
 */

/**
 * `rolling`: what was counted within the last `spanMs`. `first-use`: a period of `spanMs` that the first count starts.
 * `period`: a period whose bounds the caller knows from the calendar.
 */
export type WindowShape =
  | { kind: 'rolling'; spanMs: number }
  | { kind: 'first-use'; spanMs: number }
  | { kind: 'period'; startMs: number; endMs: number };

/** What happens to a limit that cannot be checked because the store is away. */
export type StoreFailurePolicy = 'allow' | 'deny';

/** A window as one request meets it. */
export interface LedgerWindow {
  name: string;
  shape: WindowShape;
  /** Null: counted, never refused. */
  limit: number | null;
  /** What this request reserves. */
  amount: number;
  /** `allow` (the default): within the last known remainder. */
  onStoreFailure?: StoreFailurePolicy;
}

export interface AdmitRequest {
  /** The request id. A second admit with the same id counts nothing and is answered as admitted. */
  id: string;
  /** Whose windows: a subscription or a provider key. */
  account: string;
  windows: LedgerWindow[];
  /** Requests of the account at the same time; null: no limit. */
  concurrency: number | null;
  /** Count even when that exceeds a limit: for what has happened already. */
  force?: boolean;
  /**
   * The id is a new one, and the amounts are what the request will count: calls, not tokens. The next requests of the
   * account may then be reserved for together with it.
   */
  ahead?: boolean;
  /** The present. More than a minute before the last time heard of, it is taken for a clock that was set back. */
  now: number;
}

/** How a window stands. */
export interface WindowStanding {
  name: string;
  limit: number | null;
  used: number;
  /** Null without a limit; never negative. */
  remaining: number | null;
  /** When `remaining` next grows by itself: a period's end, or when the oldest part leaves a rolling window; null when nothing is used. */
  resetsAt: number | null;
}

export type AdmitResult =
  | { admitted: true; windows: WindowStanding[] }
  | { admitted: false; refusal: LedgerRefusal; windows: WindowStanding[] };

/** Why a request was not admitted. */
export type LedgerRefusal =
  | {
      reason: 'window';
      window: string;
      /** When the amount fits again, if nobody else uses the account. */ opensAt: number;
    }
  | { reason: 'concurrency' };

/** What a request really used, by window name; a window not named keeps what was reserved. */
export interface Settlement {
  id: string;
  amounts: Record<string, number>;
}

/**
 * How far a reservation of several requests has come, by window name: `used` is certain and stays counted when the process
 * dies, `open` may still be used, and what is left of the reservation is given back. Totals, so that saying it again changes
 * nothing; `used` only grows.
 */
export interface Progress {
  used: Record<string, number>;
  open: Record<string, number>;
}

/** False: the request was not open, either never admitted or already settled or released; nothing was changed. */
export type Settled = boolean;
