import { CommandError } from './control-client.ts';

const spans: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 };

/**
 * A moment as people write it, as RFC 3339: `7d` (`m`, `h`, `d`, `w`) before or after now, a day (from 00:00 UTC+8), or a
 * time with its offset. Throws CommandError that names the option.
 */
export function momentOf(text: string, { option, direction }: { option: string; direction: 'ago' | 'ahead' }): string {
  const [, amount, unit] = /^(\d{1,5})([mhdw])$/.exec(text) ?? [];
  if (amount !== undefined && unit !== undefined) {
    const span = Number(amount) * (spans[unit] ?? 0);
    return new Date(Date.now() + (direction === 'ago' ? -span : span)).toISOString();
  }
  const full = /^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00+08:00` : text;
  const instant = /^\d{4}-\d\d-\d\dT.*(?:Z|[+-]\d\d:\d\d)$/.test(full) ? Date.parse(full) : Number.NaN;
  if (Number.isNaN(instant)) {
    throw new CommandError(`${option} must be a span such as 7d, a day such as 2026-03-18, or a time, not "${text}"`);
  }
  return new Date(instant).toISOString();
}
