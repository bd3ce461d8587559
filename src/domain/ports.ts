import type { ApiKey } from './api-key.ts';
import type { AuditChange, AuditEntry } from './audit.ts';
import type {
  AdmitRequest,
  AdmitResult,
  LedgerWindow,
  Progress,
  Settled,
  Settlement,
  WindowStanding,
} from './ledger.ts';
import type { Plan } from './plan.ts';
import type { Reminder, Subscription } from './subscription.ts';
import type { UsageRecord } from './usage-record.ts';

/** A page of a list in the order of ids; `after` is the last id of the page before. */
export interface PageRequest {
  after?: string;
  limit: number;
}

export interface KeyStore {
  find(id: string): Promise<ApiKey | undefined>;
  list(filter: PageRequest & { owner?: string }): Promise<ApiKey[]>;
  /** The owners of any number of keys, by key id; ids of no key are left out. */
  owners(ids: readonly string[]): Promise<Map<string, string>>;
  insert(key: ApiKey): Promise<void>;
  /** Replaces the stored key of the same id. */
  update(key: ApiKey): Promise<void>;
}

export interface PlanStore {
  find(name: string): Promise<Plan | undefined>;
  list(): Promise<Plan[]>;
  /** Inserts or replaces. */
  put(plan: Plan): Promise<void>;
  /** False when there was none. */
  delete(name: string): Promise<boolean>;
}

export interface SubscriptionStore {
  find(id: string): Promise<Subscription | undefined>;
  /** The account's subscription that is not cancelled and ends after `now`; an account has at most one. */
  findCurrent(owner: string, now: number): Promise<Subscription | undefined>;
  list(filter: PageRequest & { owner?: string }): Promise<Subscription[]>;
  /** Not cancelled and with an end after `from` and not after `to`: whose reminders may be due. */
  endingWithin(from: number, to: number): Promise<Subscription[]>;
  insert(subscription: Subscription): Promise<void>;
  update(subscription: Subscription): Promise<void>;
}

/**
 * Makes each reminder go out once by each channel. A claim that is not confirmed may be claimed again after `retryAfterMs`,
 * so a reminder whose sender died is not lost.
 */
export interface ReminderStore {
  /** The channels by which it went out already, for exactly one caller; undefined for the others. */
  claim(reminder: Reminder, options: { now: number; retryAfterMs: number }): Promise<string[] | undefined>;
  /** It went out by this channel (a name without spaces); the claim goes on. */
  delivered(reminder: Reminder, channel: string): Promise<void>;
  /** It went out by every channel. */
  confirm(reminder: Reminder, now: number): Promise<void>;
}

/** Provider secrets, sealed by governance before they come here. */
export interface SecretStore {
  find(name: string): Promise<string | undefined>;
  names(): Promise<string[]>;
  put(name: string, sealed: string): Promise<void>;
  delete(name: string): Promise<boolean>;
}

/** Single facts about the database itself, by name. */
export interface MarkStore {
  find(name: string): Promise<string | undefined>;
  put(name: string, value: string): Promise<void>;
}

/** Append-only. */
export interface AuditTrail {
  append(change: AuditChange): Promise<void>;
  /** Entries with greater ids, oldest first. Ids become visible in order, so a reader that follows them misses none. */
  after(id: number, limit: number): Promise<AuditEntry[]>;
  /** Entries with smaller ids, newest first; without `before` the newest. */
  newest(options: { before?: number; limit: number }): Promise<AuditEntry[]>;
  /** 0 when there is none. */
  latestId(): Promise<number>;
}

/** What an administrative change may touch in one transaction. */
export interface Tables {
  keys: KeyStore;
  plans: PlanStore;
  subscriptions: SubscriptionStore;
  reminders: ReminderStore;
  secrets: SecretStore;
  marks: MarkStore;
  audit: AuditTrail;
}

/** The administrative side of a database. */
export interface Store extends Tables {
  /** All or nothing. The tables given to `work` must be used inside it, and no others. */
  transaction<T>(work: (tables: Tables) => Promise<T>): Promise<T>;
  /** Rejects when the database does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Counts use in windows. Every promise resolves when the change is as safe as the store makes it:
 * a process killed after that loses nothing.
 */
export interface Ledger {
  /** Reserves in all windows at once or in none. */
  admit(request: AdmitRequest): Promise<AdmitResult>;
  /** Corrects what was reserved by what happened. Exactly once per id: later calls answer false. */
  settle(settlement: Settlement): Promise<Settled>;
  /** Gives everything back that was reserved. Exactly once per id, exclusive with `settle`. */
  release(id: string): Promise<Settled>;
  /**
   * Says how far a reservation of several requests has come. `read` is asked when it is written, which may be a moment later,
   * and again when it has to be written again.
   */
  progress(id: string, read: () => Progress): Promise<Settled>;
  /** How the windows stand; changes nothing. */
  standing(account: string, windows: readonly LedgerWindow[], now: number): Promise<WindowStanding[]>;
  /** Prolongs this process's lease and gives back the reservations of processes whose lease is over; returns how many. */
  heartbeat(now: number): Promise<number>;
  /** Brings to the database what a process that has ended had left elsewhere; absent where nothing is elsewhere. */
  finish?(process: string): Promise<void>;
  /** Waits for what is under way, and ends the lease. */
  close(): Promise<void>;
}

/** What use is summed up by. */
export type UsageDimension = 'hour' | 'day' | 'key' | 'model' | 'provider' | 'agent';

export interface UsageFilter {
  /**
   * Unix milliseconds, `until` exclusive. Widened to whole days (UTC+8); for at most three days, and by the hour, to
   * whole hours.
   */
  since: number;
  until: number;
  keyId?: string;
  owner?: string;
  model?: string;
  provider?: string;
}

/** Sums over requests. A cost sum leaves out the requests of unknown cost, which are counted beside it. */
export interface UsageTotals {
  requests: number;
  errors: number;
  inputTokens: number;
  outputTokens: number;
  cachedReadTokens: number;
  cachedWriteTokens: number;
  reasoningTokens: number;
  costCny: number;
  costUsd: number;
  unknownCny: number;
  unknownUsd: number;
}

export interface UsageStore {
  /** Writes the record and its sums together; a second record of the same id is ignored. */
  record(record: UsageRecord): Promise<void>;
  find(id: string): Promise<UsageRecord | undefined>;
  /** Newest first; `before` is the last one of the page before. */
  recent(filter: { keyId?: string; before?: Pick<UsageRecord, 'at' | 'id'>; limit: number }): Promise<UsageRecord[]>;
  /** Sums in order of the group: an hour's or day's start in Unix milliseconds as text, or a name ('' for none). */
  report(by: UsageDimension, filter: UsageFilter): Promise<(UsageTotals & { group: string })[]>;
  /** Deletes at most `limit` records older than `before` (sums stay); returns how many. */
  prune(before: number, limit: number): Promise<number>;
}
