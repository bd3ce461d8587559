import type { WindowStanding } from '../domain/ledger.ts';
import type { Plan, PlanWindow } from '../domain/plan.ts';
import { isoSeconds } from './refusals.ts';
import { planWindow } from './windows.ts';

/** Of one window. */
interface HeaderNames {
  limit: string;
  used: string;
  remaining: string;
  reset: string;
}

const rememberedTimes = 5_000;

/** Writes the response headers of plan keys; remembers the names and times that come again with every answer. */
export class QuotaHeaders {
  readonly #names = new WeakMap<PlanWindow, HeaderNames>();
  readonly #times = new Map<number, string>();

  /**
   * `x-atelier-quota-{window}-{limit,used,remaining,reset}` for each of the plan's windows (reset as an RFC 3339 time), and
   * the OpenAI and Anthropic rate-limit headers for the window of calls that has the least left.
   */
  write(plan: Plan, windows: readonly WindowStanding[], now: number): Record<string, string> {
    const headers: Record<string, string> = {};
    let tightest: WindowStanding | undefined;
    for (const standing of windows) {
      const window = planWindow(plan, standing.name);
      if (window === undefined || standing.limit === null || standing.remaining === null) continue;
      const names = this.#namesOf(window);
      headers[names.limit] = String(standing.limit);
      headers[names.used] = String(standing.used);
      headers[names.remaining] = String(standing.remaining);
      if (standing.resetsAt !== null) headers[names.reset] = this.#time(standing.resetsAt);
      if (window.unit === 'calls' && standing.remaining < (tightest?.remaining ?? Number.POSITIVE_INFINITY))
        tightest = standing;
    }
    if (tightest !== undefined) this.#addRateLimit(headers, tightest, now);
    return headers;
  }

  #addRateLimit(headers: Record<string, string>, { limit, remaining, resetsAt }: WindowStanding, now: number): void {
    const whole = String(Math.floor(remaining ?? 0));
    headers['x-ratelimit-limit-requests'] = String(limit);
    headers['x-ratelimit-remaining-requests'] = whole;
    headers['anthropic-ratelimit-requests-limit'] = String(limit);
    headers['anthropic-ratelimit-requests-remaining'] = whole;
    if (resetsAt === null) return;
    headers['x-ratelimit-reset-requests'] = durationText(Math.max(0, resetsAt - now));
    headers['anthropic-ratelimit-requests-reset'] = this.#time(resetsAt);
  }

  #namesOf(window: PlanWindow): HeaderNames {
    const known = this.#names.get(window);
    if (known !== undefined) return known;
    const prefix = `x-atelier-quota-${window.name}`;
    const names = {
      limit: `${prefix}-limit`,
      used: `${prefix}-used`,
      remaining: `${prefix}-remaining`,
      reset: `${prefix}-reset`,
    };
    this.#names.set(window, names);
    return names;
  }

  /** Most windows end at the same few moments. */
  #time(instant: number): string {
    const known = this.#times.get(instant);
    if (known !== undefined) return known;
    if (this.#times.size >= rememberedTimes) this.#times.clear();
    const text = isoSeconds(instant);
    this.#times.set(instant, text);
    return text;
  }
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
