import type { UsageStore } from '../domain/ports.ts';
import { dayMs } from './calendar.ts';

/** Records deleted at once: a few milliseconds. */
const portion = 500;

export interface RetentionOptions {
  /** Days that raw usage records are kept; their sums are kept for ever. */
  days?: number;
  now: number;
  /** Waits between portions, so that requests are served in between; false stops. */
  pause: () => Promise<boolean>;
}

/** Deletes old usage records, portion by portion. Returns how many. */
export async function pruneUsage(usage: UsageStore, { days = 90, now, pause }: RetentionOptions): Promise<number> {
  let total = 0;
  for (;;) {
    const deleted = await usage.prune(now - days * dayMs, portion);
    total += deleted;
    if (deleted < portion || !(await pause())) return total;
  }
}
