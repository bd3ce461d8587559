import type { LedgerWindow, WindowShape } from '../domain/ledger.ts';
import type { Plan, PlanWindow, QuotaUnit, WindowPeriod } from '../domain/plan.ts';
import { addDays, addMonths, civilDate, startOfDay, timeZone, weekday } from './calendar.ts';
import type { CivilDate, TimeZone } from './calendar.ts';

const hourMs = 3_600_000;

/** What decides where the windows of one account begin and end. */
export interface WindowClock {
  zone: TimeZone;
  /** The start of the subscription; its day is the day of `month` windows. */
  anchor: number;
  now: number;
}

/** The name of the short-term limit's window; no plan window may have it. */
export const shortTermWindow = 'short-term';

/**
 * The windows of one account on a plan. The calendar is asked again only when a window has ended, or the clock was set back.
 */
export class PlanCalendar {
  readonly #plan: Plan;
  readonly #zone: TimeZone;
  readonly #anchor: number;
  /** No window counts what is known only afterwards. */
  readonly countsCallsOnly: boolean;
  #shapes: WindowShape[] = [];
  #from = 0;
  #until = 0;

  /** `anchor` is the start of the subscription: its day is the day of `month` windows. */
  constructor(plan: Plan, anchor: number) {
    this.#plan = plan;
    this.#zone = timeZone(plan.timeZone);
    this.#anchor = anchor;
    const units = [...plan.windows, ...(plan.shortTerm === null ? [] : [plan.shortTerm])].map(({ unit }) => unit);
    this.countsCallsOnly = units.every((unit) => unit === 'calls');
  }

  /** The windows at a moment, with the part of `amounts` that each counts. A window of calls leaves out a free model. */
  windows(now: number, amounts: Readonly<Record<QuotaUnit, number>>): LedgerWindow[] {
    if (now < this.#from || now >= this.#until) this.#turnTo(now);
    const windows: LedgerWindow[] = [];
    for (const [place, { name, unit, limit, onStoreFailure }] of this.#plan.windows.entries()) {
      const shape = this.#shapes[place];
      if (shape === undefined || (unit === 'calls' && amounts.calls === 0)) continue;
      windows.push({ name, shape, limit, amount: amounts[unit], onStoreFailure });
    }
    const { shortTerm } = this.#plan;
    if (shortTerm !== null && (shortTerm.unit !== 'calls' || amounts.calls > 0)) {
      const shape = { kind: 'rolling', spanMs: shortTerm.seconds * 1000 } as const;
      windows.push({ name: shortTermWindow, shape, limit: shortTerm.limit, amount: amounts[shortTerm.unit] });
    }
    return windows;
  }

  #turnTo(now: number): void {
    const clock = { zone: this.#zone, anchor: this.#anchor, now };
    this.#shapes = this.#plan.windows.map(({ period }) => windowShape(period, clock));
    const periods = this.#shapes.filter((shape) => shape.kind === 'period');
    this.#from = Math.max(...periods.map(({ startMs }) => startMs), Number.NEGATIVE_INFINITY);
    this.#until = Math.min(...periods.map(({ endMs }) => endMs), Number.POSITIVE_INFINITY);
  }
}

/** The unit that a window of the plan counts, by its name. */
export function unitOf(plan: Plan, name: string): QuotaUnit | undefined {
  if (name === shortTermWindow) return plan.shortTerm?.unit;
  return plan.windows.find((window) => window.name === name)?.unit;
}

/** The plan's window of this name; undefined also for the short-term limit. */
export function planWindow(plan: Plan, name: string): PlanWindow | undefined {
  return plan.windows.find((window) => window.name === name);
}

/** Where the window is at `clock.now`. */
export function windowShape(period: WindowPeriod, clock: WindowClock): WindowShape {
  switch (period.kind) {
    case 'rolling':
      return { kind: 'rolling', spanMs: period.hours * hourMs };
    case 'fixed':
      return { kind: 'first-use', spanMs: period.hours * hourMs };
    case 'day':
      return wholeDays(clock, (today) => today, 1);
    case 'week':
      return wholeDays(clock, (today) => addDays(today, -weekday(today)), 7);
    case 'month':
      return subscriptionMonth(clock);
    case 'calendar-month':
      return calendarMonth(clock);
  }
}

function wholeDays({ zone, now }: WindowClock, firstDay: (today: CivilDate) => CivilDate, days: number): WindowShape {
  const start = firstDay(civilDate(zone, now));
  return between(zone, start, addDays(start, days));
}

function calendarMonth({ zone, now }: WindowClock): WindowShape {
  const first = { ...civilDate(zone, now), day: 1 };
  return between(zone, first, addMonths(first, 1));
}

/** From the subscription's day to the same day of the next month, or the last day of a month that has no such day. */
function subscriptionMonth({ zone, anchor, now }: WindowClock): WindowShape {
  const { day } = civilDate(zone, anchor);
  const today = civilDate(zone, now);
  const thisMonth = addMonths(today, 0, day);
  const start = startOfDay(zone, thisMonth) <= now ? thisMonth : addMonths(today, -1, day);
  return between(zone, start, addMonths(start, 1, day));
}

function between(zone: TimeZone, start: CivilDate, end: CivilDate): WindowShape {
  return { kind: 'period', startMs: startOfDay(zone, start), endMs: startOfDay(zone, end) };
}
