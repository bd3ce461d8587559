import type { QuotaUnit, WindowPeriod } from '../domain/plan.ts';
import type { Provider } from '../domain/provider.ts';
import { builtInPlans } from './built-in-plans.ts';

/** A plan of the platform, as far as its key's use is metered. */
export interface MeteredPlan {
  name: string;
  windows: readonly MeteredWindow[];
  /** Days, weeks and months begin at its midnight. */
  timeZone: string;
  /** For people: why windows have no limit. */
  unlimitedBecause?: string;
}

export interface MeteredWindow {
  /** Unique within the plan. */
  name: string;
  period: WindowPeriod;
  unit: QuotaUnit;
  /** Null: what the plan allows in this unit is not known. */
  limit: number | null;
}

/** A provider whose own key is on a plan of the platform. */
export interface MeteredProvider {
  /** The provider's configured name. */
  name: string;
  plan: MeteredPlan;
  /** When the plan was activated (Unix milliseconds): the day its months begin. */
  activatedAt: number;
}

/**
 * The Token Plan: credits per subscription month, without a weekly limit since 2026-09-22. The platform publishes how many
 * credits an edition has, not what a call costs in them, so that nothing can be said of what is left.
 */
const tokenPlan: MeteredPlan = {
  name: 'token-plan',
  windows: [
    { name: 'month', period: { kind: 'month' }, unit: 'calls', limit: null },
    { name: 'month-tokens', period: { kind: 'month' }, unit: 'tokens', limit: null },
  ],
  timeZone: 'UTC+8',
  unlimitedBecause:
    'A Token Plan is limited in credits, and the platform does not publish what a call costs in credits: calls and tokens are counted, without a limit and a forecast.',
};

/** The plan that a provider's key is on; undefined for a key that is not on a Coding or Token Plan. */
export function meteredProvider({ name, plan, planEdition, planSince }: Provider): MeteredProvider | undefined {
  const metered = plan === 'token' ? tokenPlan : plan === 'coding' ? codingPlan(planEdition ?? 'pro') : undefined;
  return metered && { name, plan: metered, activatedAt: startOf(planSince) };
}

function codingPlan(edition: 'lite' | 'pro'): MeteredPlan | undefined {
  return builtInPlans.find(({ name }) => name === `coding-plan-${edition}`);
}

/** 00:00 UTC+8 of the day; when nobody said which, of one on the 1st. */
function startOf(day = '1970-01-01'): number {
  return Date.parse(`${day}T00:00:00+08:00`);
}
