/** A day of the calendar in some time zone; months count from 1. */
export interface CivilDate {
  year: number;
  month: number;
  day: number;
}

/** A place's clock: what to add to UTC at an instant, in milliseconds. */
export interface TimeZone {
  name: string;
  offsetAt(instant: number): number;
}

export const dayMs = 24 * 3_600_000;

/** `UTC`, `UTC+8`, `UTC-03:30`, or an IANA name such as `Asia/Shanghai`. Throws RangeError for anything else. */
export function timeZone(name: string): TimeZone {
  const fixed = /^UTC(?:([+-])(\d{1,2})(?::?(\d{2}))?)?$/.exec(name);
  if (fixed === null) return ianaZone(name);
  const [, sign = '+', hours = '0', minutes = '0'] = fixed;
  const offset = (Number(hours) * 60 + Number(minutes)) * 60_000 * (sign === '-' ? -1 : 1);
  if (Math.abs(offset) > 14 * 3_600_000 || Number(minutes) > 59) throw new RangeError(`no time zone: ${name}`);
  return { name, offsetAt: () => offset };
}

function ianaZone(name: string): TimeZone {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: name,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const offsetAt = (instant: number): number => {
    const parts = new Map(format.formatToParts(instant).map((part) => [part.type, Number(part.value)]));
    const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
    const local = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
    return local - Math.floor(instant / 1000) * 1000;
  };
  return { name, offsetAt };
}

/** The day that an instant falls on. */
export function civilDate(zone: TimeZone, instant: number): CivilDate {
  const local = new Date(instant + zone.offsetAt(instant));
  return { year: local.getUTCFullYear(), month: local.getUTCMonth() + 1, day: local.getUTCDate() };
}

/** The instant of 00:00 of a day. */
export function startOfDay(zone: TimeZone, date: CivilDate): number {
  const local = Date.UTC(date.year, date.month - 1, date.day);
  // The offset may change between the first guess and the day's start: look again from there.
  const guess = local - zone.offsetAt(local);
  return local - zone.offsetAt(guess);
}

export function addDays(date: CivilDate, days: number): CivilDate {
  const moved = new Date(Date.UTC(date.year, date.month - 1, date.day + days));
  return { year: moved.getUTCFullYear(), month: moved.getUTCMonth() + 1, day: moved.getUTCDate() };
}

/** The same day of another month, or that month's last day when it is shorter. `day` may be given to aim at another. */
export function addMonths(date: CivilDate, months: number, day = date.day): CivilDate {
  const first = new Date(Date.UTC(date.year, date.month - 1 + months, 1));
  const year = first.getUTCFullYear();
  const month = first.getUTCMonth() + 1;
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return { year, month, day: Math.min(day, last) };
}

/** 0 for Monday to 6 for Sunday. */
export function weekday(date: CivilDate): number {
  return (new Date(Date.UTC(date.year, date.month - 1, date.day)).getUTCDay() + 6) % 7;
}
