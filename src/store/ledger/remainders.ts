import type { AdmitRequest, AdmitResult, LedgerWindow, WindowStanding } from '../../domain/ledger.ts';
import { tidy } from './counter.ts';

interface Remainder {
  standing: WindowStanding;
  seenAt: number;
}

/** Accounts remembered; the ones used longest ago are forgotten first. */
const capacity = 10_000;

/**
 * What was left of each account's windows when its store was last heard of. While the store is away, requests are
 * admitted out of that, and only out of that.
 */
export class Remainders {
  readonly #accounts = new Map<string, Map<string, Remainder>>();

  knows(account: string): boolean {
    return this.#accounts.has(account);
  }

  remember(account: string, windows: readonly WindowStanding[], now: number): void {
    const known = this.#accounts.get(account) ?? new Map<string, Remainder>();
    for (const standing of windows) known.set(standing.name, { standing, seenAt: now });
    this.#accounts.delete(account);
    this.#accounts.set(account, known);
    const [oldest] = this.#accounts.keys();
    if (this.#accounts.size > capacity && oldest !== undefined) this.#accounts.delete(oldest);
  }

  /** Undefined when a limit may not be guessed: nothing is known of it, or it is to be refused without its store. */
  admit(request: AdmitRequest): AdmitResult | undefined {
    const known = this.#accounts.get(request.account);
    const standings: WindowStanding[] = [];
    for (const window of request.windows) {
      const standing = standingOf(window, known?.get(window.name), request.now);
      if (standing === undefined) return undefined;
      standings.push(standing);
    }
    const full = standings.findIndex((standing, place) => !fits(standing, request.windows[place]?.amount ?? 0));
    const refused = standings[full];
    if (refused !== undefined && request.force !== true) {
      const opensAt = refused.resetsAt ?? request.now;
      return { admitted: false, refusal: { reason: 'window', window: refused.name, opensAt }, windows: standings };
    }
    const windows = standings.map((standing, place) => withUse(standing, request.windows[place]?.amount ?? 0));
    this.remember(request.account, windows, request.now);
    return { admitted: true, windows };
  }

  /** A request that was admitted here came out otherwise than it had reserved; an amount not named is as reserved. */
  correct({ account, windows }: AdmitRequest, amounts: Readonly<Record<string, number>> | 'nothing'): void {
    const known = this.#accounts.get(account);
    for (const { name, shape, amount } of windows) {
      const remainder = known?.get(name);
      if (remainder === undefined || (shape.kind === 'period' && remainder.seenAt >= shape.endMs)) continue;
      const actual = amounts === 'nothing' ? 0 : (amounts[name] ?? amount);
      remainder.standing = withUse(remainder.standing, actual - amount);
    }
  }
}

function standingOf(window: LedgerWindow, known: Remainder | undefined, now: number): WindowStanding | undefined {
  if (window.limit === null)
    return known?.standing ?? { name: window.name, limit: null, used: 0, remaining: null, resetsAt: null };
  if (known === undefined || window.onStoreFailure === 'deny') return undefined;
  const used = isOver(window, known, now) ? 0 : known.standing.used;
  return { ...known.standing, limit: window.limit, used, remaining: Math.max(0, window.limit - used) };
}

/** Everything that was known has left the window. */
function isOver({ shape }: LedgerWindow, { standing, seenAt }: Remainder, now: number): boolean {
  if (shape.kind === 'period') return seenAt < shape.startMs;
  const wholeSpan = seenAt + shape.spanMs * 1.01;
  return now >= (shape.kind === 'first-use' ? (standing.resetsAt ?? wholeSpan) : wholeSpan);
}

function fits({ remaining }: WindowStanding, amount: number): boolean {
  return remaining === null || (remaining > 0 && remaining - amount >= -1e-9);
}

function withUse(standing: WindowStanding, amount: number): WindowStanding {
  const { remaining } = standing;
  return {
    ...standing,
    used: Math.max(0, tidy(standing.used + amount)),
    remaining: remaining === null ? null : Math.max(0, tidy(remaining - amount)),
  };
}
