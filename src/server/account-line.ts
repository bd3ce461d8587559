import { civilDate, dayMs, timeZone } from '../governance/calendar.ts';
import type { TimeZone } from '../governance/calendar.ts';
import type { Account } from './account.ts';
import type { WindowJson } from './admin/shapes.ts';

/** From when the end of a subscription is mentioned. */
const endSoonDays = 7;

/**
 * An account in one line for the status line of an agent: `5h 12/6000 · week 3% · month 1% · resets 14:05`. The first
 * window is told in numbers, the others in percent; times are in the plan's time zone.
 */
export function accountLine({ plan, windows, subscription, usage, kind }: Account, now: number): string {
  if (plan === null) return `${kind === 'anonymous' ? 'no key' : `${kind} key`} · ${todayText(usage.by_day, now)}`;
  const zone = timeZone(plan.time_zone);
  const limited = windows.filter(({ limit }) => limit !== null);
  const parts = limited.map((window, place) => (place === 0 ? inNumbers(window) : inPercent(window)));
  if (parts.length === 0) parts.push(`${plan.name} · ${todayText(usage.by_day, now)}`);
  // What is exhausted decides when work can go on, else the window that starts over first.
  const empty = limited.filter(({ remaining }) => remaining === 0);
  const reset = lastOrFirst(empty.length > 0 ? empty : limited.slice(0, 1));
  if (reset !== undefined) parts.push(`resets ${clockText(zone, reset, now)}`);
  const daysLeft = subscription === null ? Infinity : (Date.parse(subscription.ends_at) - now) / dayMs;
  if (daysLeft < endSoonDays) parts.push(`ends in ${Math.max(0, Math.ceil(daysLeft))} d`);
  return parts.join(' · ');
}

/** The moment at which the last of these windows has something again. */
function lastOrFirst(windows: readonly WindowJson[]): number | undefined {
  const resets = windows.flatMap(({ resets_at: at }) => (at === null ? [] : [Date.parse(at)]));
  return resets.length === 0 ? undefined : Math.max(...resets);
}

function inNumbers({ name, used, limit, unit }: WindowJson): string {
  return `${name} ${unit === 'money' ? 'CNY ' : ''}${short(used)}/${short(limit ?? 0)}`;
}

function inPercent({ name, used, limit }: WindowJson): string {
  const share = limit === null || limit === 0 ? 100 : (used / limit) * 100;
  // 100% is said only of what is really used up, 0% only of what was not touched.
  const percent = share >= 100 ? 100 : Math.min(99, Math.ceil(share));
  return `${name} ${percent}%`;
}

/** At most two decimals; whole where it is whole. */
function short(amount: number): string {
  return String(Math.round(amount * 100) / 100);
}

function todayText(days: Account['usage']['by_day'], now: number): string {
  const today = days.find(({ day }) => now - Date.parse(day) < dayMs);
  const requests = today?.requests ?? 0;
  return `${requests} ${requests === 1 ? 'request' : 'requests'} today`;
}

/** `14:05` within the next day, else `03-23 00:00`. */
function clockText(zone: TimeZone, instant: number, now: number): string {
  // Up to the next minute: a clock that shows the minute before would make people come too early.
  const minute = Math.ceil(instant / 60_000) * 60_000;
  const local = new Date(minute + zone.offsetAt(minute));
  const time = `${two(local.getUTCHours())}:${two(local.getUTCMinutes())}`;
  if (minute - now < dayMs) return time;
  const { month, day } = civilDate(zone, minute);
  return `${two(month)}-${two(day)} ${time}`;
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}
