import type { WindowStanding } from '../domain/ledger.ts';
import type { Plan } from '../domain/plan.ts';
import { isoSeconds } from './refusals.ts';
import { planWindow } from './windows.ts';

export interface HeaderClock {
  now: number;
  /** How an instant is written; for one that remembers what it wrote. */
  time?: (instant: number) => string;
}

/**
 * The response headers of a plan key: `x-atelier-quota-{window}-{limit,used,remaining,reset}` for each of the plan's
 * windows (reset as an RFC 3339 time), and the OpenAI and Anthropic rate-limit headers for the window of calls that has
 * the least left.
 */
export function quotaHeaders(
  plan: Plan,
  windows: readonly WindowStanding[],
  { now, time = isoSeconds }: HeaderClock,
): Record<string, string> {
  const headers: Record<string, string> = {};
  let tightest: WindowStanding | undefined;
  for (const standing of windows) {
    const window = planWindow(plan, standing.name);
    if (window === undefined || standing.limit === null || standing.remaining === null) continue;
    const prefix = `x-atelier-quota-${standing.name}`;
    headers[`${prefix}-limit`] = String(standing.limit);
    headers[`${prefix}-used`] = String(standing.used);
    headers[`${prefix}-remaining`] = String(standing.remaining);
    if (standing.resetsAt !== null) headers[`${prefix}-reset`] = time(standing.resetsAt);
    if (window.unit === 'calls' && standing.remaining < (tightest?.remaining ?? Number.POSITIVE_INFINITY))
      tightest = standing;
  }
  if (tightest !== undefined) addRateLimit(headers, tightest, { now, time });
  return headers;
}

function addRateLimit(
  headers: Record<string, string>,
  { limit, remaining, resetsAt }: WindowStanding,
  { now, time }: Required<HeaderClock>,
): void {
  const whole = String(Math.floor(remaining ?? 0));
  headers['x-ratelimit-limit-requests'] = String(limit);
  headers['x-ratelimit-remaining-requests'] = whole;
  headers['anthropic-ratelimit-requests-limit'] = String(limit);
  headers['anthropic-ratelimit-requests-remaining'] = whole;
  if (resetsAt === null) return;
  headers['x-ratelimit-reset-requests'] = durationText(Math.max(0, resetsAt - now));
  headers['anthropic-ratelimit-requests-reset'] = time(resetsAt);
}

/** A duration as OpenAI writes it: `1h2m3s`, `6m0s`, `12s`. */
function durationText(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  const rest = `${seconds % 60}s`;
  if (hours > 0) return `${hours}h${minutes}m${rest}`;
  return minutes > 0 ? `${minutes}m${rest}` : rest;
}
