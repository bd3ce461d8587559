import type { Retryable } from './record.ts';

const dayMs = 86_400_000;
const platformOffsetMs = 8 * 3_600_000;
/** 1970-01-05, the first Monday of Unix time. */
const firstMondayMs = 4 * dayMs;

/**
 * Seconds until the same request can succeed, where that is known: a fixed time, or the reset of the weekly window (Monday
 * 00:00 UTC+8, Coding Plan FAQ). The 5-hour window rolls with earlier calls and the monthly one begins on the day of the
 * subscription, which only the platform knows: undefined.
 */
export function secondsUntilRetry(retryable: Retryable, now: number): number | undefined {
  if (retryable.kind !== 'after') return undefined;
  if (retryable.seconds !== undefined) return retryable.seconds;
  if (retryable.until === 'minute') return 60;
  return retryable.until === 'window-week' ? Math.ceil((nextMonday(now) - now) / 1000) : undefined;
}

function nextMonday(now: number): number {
  const sinceMonday = (now + platformOffsetMs - firstMondayMs) % (7 * dayMs);
  return now - sinceMonday + 7 * dayMs;
}
