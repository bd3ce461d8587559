import type { LedgerWindow, WindowStanding } from '../domain/ledger.ts';
import type { Plan, QuotaUnit } from '../domain/plan.ts';
import type { Ledger } from '../domain/ports.ts';
import { PlanCalendar } from './windows.ts';

/** A provider whose own key is on a plan of the platform. */
export interface MeteredProvider {
  /** The provider's configured name. */
  name: string;
  plan: Plan;
  /** When its subscription was activated (Unix milliseconds): the day its months begin. */
  activatedAt: number;
}

/** A window of a provider's plan, as far as it was used through this gateway. */
export interface MeterStanding extends WindowStanding {
  /** When it will be used up at the pace of the window so far; null when it will start over before, or is not used. */
  runsOutAt: number | null;
}

/**
 * Counts what goes through a provider's plan key in that plan's windows, which the platform does not show by model or
 * agent. Nothing is refused: the platform does that.
 */
export class UpstreamMeter {
  readonly #ledger: Ledger;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  /** One call was sent. `tokens` and `money` (CNY) where known; the id must be unique per call, retries included. */
  async count(
    provider: MeteredProvider,
    call: { id: string; tokens: number; money: number; now: number },
  ): Promise<void> {
    const windows = meterWindows(provider, { calls: 1, tokens: call.tokens, money: call.money }, call.now);
    const id = `meter:${provider.name}:${call.id}`;
    await this.#ledger.admit({
      id,
      account: accountOf(provider),
      windows,
      concurrency: null,
      force: true,
      now: call.now,
    });
    await this.#ledger.settle({ id, amounts: {} });
  }

  async standing(provider: MeteredProvider, now: number): Promise<MeterStanding[]> {
    const windows = meterWindows(provider, { calls: 1, tokens: 0, money: 0 }, now);
    const standings = await this.#ledger.standing(accountOf(provider), windows, now);
    return standings.map((standing, place) => ({ ...standing, runsOutAt: forecast(standing, windows[place], now) }));
  }
}

function accountOf(provider: MeteredProvider): string {
  return `provider:${provider.name}`;
}

function meterWindows(
  { plan, activatedAt }: MeteredProvider,
  amounts: Record<QuotaUnit, number>,
  now: number,
): LedgerWindow[] {
  return new PlanCalendar(plan, activatedAt).windows(now, amounts);
}

/** At the mean pace since the window began; a rolling one never starts over, it runs out when its pace exceeds its limit. */
function forecast(
  { used, remaining, resetsAt }: WindowStanding,
  window: LedgerWindow | undefined,
  now: number,
): number | null {
  if (window === undefined || remaining === null || used <= 0) return null;
  if (remaining <= 0) return now;
  const { shape } = window;
  if (shape.kind === 'rolling') return rollingForecast({ used, remaining, resetsAt }, shape.spanMs, now);
  const end = shape.kind === 'period' ? shape.endMs : resetsAt;
  const start = shape.kind === 'period' ? shape.startMs : end === null ? null : end - shape.spanMs;
  if (start === null || end === null || now <= start) return null;
  const runsOutAt = now + (remaining * (now - start)) / used;
  return runsOutAt < end ? Math.round(runsOutAt) : null;
}

/** While nothing leaves the window yet, it fills at the pace since its oldest call. */
function rollingForecast(
  { used, remaining, resetsAt }: { used: number; remaining: number; resetsAt: number | null },
  spanMs: number,
  now: number,
): number | null {
  if (resetsAt === null) return null;
  const elapsed = now - (resetsAt - spanMs);
  const runsOutAt = now + (remaining * Math.max(elapsed, 1)) / used;
  return runsOutAt < resetsAt ? Math.round(runsOutAt) : null;
}
