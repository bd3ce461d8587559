import type { StoreFailurePolicy } from './ledger.ts';

/** What a window counts: model calls, tokens (input and output), or money in CNY. */
export type QuotaUnit = 'calls' | 'tokens' | 'money';

/**
 * When a window starts over. `rolling`: what is older than N hours no longer counts. `fixed`: N hours from the first
 * use. `week`: from Monday 00:00. `month`: from the subscription's day 00:00. `calendar-month`: from the 1st 00:00.
 */
export type WindowPeriod =
  | { kind: 'rolling'; hours: number }
  | { kind: 'fixed'; hours: number }
  | { kind: 'day' }
  | { kind: 'week' }
  | { kind: 'month' }
  | { kind: 'calendar-month' };

/** One limit of a plan. */
export interface PlanWindow {
  /** Unique within the plan; part of header names (`x-atelier-quota-5h-limit`), so `[a-z0-9-]`. */
  name: string;
  period: WindowPeriod;
  unit: QuotaUnit;
  limit: number;
  /** `allow`: within the last known remainder. */
  onStoreFailure: StoreFailurePolicy;
}

/** A cap on what may be spent within seconds, whatever the long windows have left. */
export interface ShortTermLimit {
  seconds: number;
  unit: QuotaUnit;
  limit: number;
}

/** What a subscription buys. */
export interface Plan {
  /** For programs: `coding-plan-lite`. */
  name: string;
  title: string;
  windows: PlanWindow[];
  /** `UTC+8`, `UTC-03:30`, or an IANA name; days, weeks and months start at its midnight. */
  timeZone: string;
  /** How many calls one call of this model counts as; a model not named counts 1, one of weight 0 is free. */
  modelWeights: Record<string, number>;
  /** Model ids, case-sensitive; null: all. */
  models: string[] | null;
  /** Requests at the same time; null: no limit. */
  concurrency: number | null;
  shortTerm: ShortTermLimit | null;
  /** Refuse clients that are not coding agents. */
  codingAgentsOnly: boolean;
  /** Per term; null: not sold. */
  price: { amount: number; currency: 'CNY' | 'USD' } | null;
  termMonths: number;
}
