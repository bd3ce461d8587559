import type { LedgerWindow, WindowStanding } from '../domain/ledger.ts';
import type { QuotaUnit } from '../domain/plan.ts';
import type { Ledger, UsageStore, UsageTotals } from '../domain/ports.ts';
import { timeZone } from './calendar.ts';
import type { MeteredProvider } from './metered-plans.ts';
import { windowShape } from './windows.ts';

/** A window of a provider's plan, as far as it was used through this gateway. */
export interface MeterStanding extends WindowStanding {
  unit: QuotaUnit;
  /** When it will be used up at the pace of the window so far; null when it will start over before, or is not used. */
  runsOutAt: number | null;
  use: MeterUse;
}

/** What requests the use of a window came from. A request that was sent several times is one here, and several calls. */
export interface MeterUse {
  /** The sums are kept by the hour, so that of a rolling window the whole hour counts in which it begins. */
  since: number;
  until: number;
  /** By the model's name in the request, and by the agent; the most used first. */
  models: MeterGroup[];
  agents: MeterGroup[];
}

export interface MeterGroup extends UsageTotals {
  group: string;
}

/** Calls that came to a provider for one request. */
export interface MeteredCalls {
  /** Unique per request. */
  id: string;
  calls: number;
  tokens: number;
  now: number;
}

/**
 * Counts what goes through a provider's plan key in that plan's windows, and tells by model and agent what the platform
 * does not. Nothing is refused: the platform does that.
 */
export class UpstreamMeter {
  readonly #ledger: Ledger;
  readonly #usage: Pick<UsageStore, 'report'>;

  constructor(ledger: Ledger, usage: Pick<UsageStore, 'report'>) {
    this.#ledger = ledger;
    this.#usage = usage;
  }

  async count(provider: MeteredProvider, { id: request, calls, tokens, now }: MeteredCalls): Promise<void> {
    const windows = windowsOf(provider, { calls, tokens, money: 0 }, now);
    const id = `meter:${provider.name}:${request}`;
    await this.#ledger.admit({ id, account: accountOf(provider), windows, concurrency: null, force: true, now });
    await this.#ledger.settle({ id, amounts: {} });
  }

  /** How the windows stand, in the plan's order. */
  async standing(provider: MeteredProvider, now: number): Promise<MeterStanding[]> {
    const windows = windowsOf(provider, { calls: 1, tokens: 0, money: 0 }, now);
    const standings = await this.#ledger.standing(accountOf(provider), windows, now);
    const found: MeterStanding[] = [];
    for (const [place, { unit }] of provider.plan.windows.entries()) {
      const window = windows[place];
      const standing = standings[place];
      if (window === undefined || standing === undefined) continue;
      const use = await this.#use(provider, spanOf(window, standing, now));
      found.push({ ...standing, unit, runsOutAt: forecast(standing, window, now), use });
    }
    return found;
  }

  async #use({ name: provider }: MeteredProvider, { since, until }: Span): Promise<MeterUse> {
    // What happens in this very millisecond belongs to it.
    const filter = { since, until: until + 1, provider };
    const [models, agents] = await Promise.all([
      this.#usage.report('model', filter),
      this.#usage.report('agent', filter),
    ]);
    return { since, until, models: models.toSorted(mostFirst), agents: agents.toSorted(mostFirst) };
  }
}

function mostFirst(one: MeterGroup, other: MeterGroup): number {
  return other.requests - one.requests;
}

function accountOf({ name }: MeteredProvider): string {
  return `provider:${name}`;
}

function windowsOf(
  { plan, activatedAt }: MeteredProvider,
  amounts: Record<QuotaUnit, number>,
  now: number,
): LedgerWindow[] {
  const clock = { zone: timeZone(plan.timeZone), anchor: activatedAt, now };
  return plan.windows.map(({ name, period, unit, limit }) => ({
    name,
    shape: windowShape(period, clock),
    limit,
    amount: amounts[unit],
  }));
}

interface Span {
  since: number;
  until: number;
}

const hourMs = 3_600_000;

/** What of the sums of usage belongs to a window: they have hours, and days of UTC+8, with which weeks and months begin. */
function spanOf({ shape }: LedgerWindow, { resetsAt }: WindowStanding, now: number): Span {
  if (shape.kind === 'period') return { since: shape.startMs, until: now };
  const start = shape.kind === 'rolling' ? now - shape.spanMs : resetsAt === null ? now : resetsAt - shape.spanMs;
  return { since: Math.floor(start / hourMs) * hourMs, until: now };
}

/** At the mean pace since the window began; a rolling one never starts over, it runs out when its pace exceeds its limit. */
function forecast({ used, remaining, resetsAt }: WindowStanding, { shape }: LedgerWindow, now: number): number | null {
  if (remaining === null || used <= 0) return null;
  if (remaining <= 0) return now;
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
