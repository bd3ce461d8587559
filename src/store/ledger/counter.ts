import type { WindowShape } from '../../domain/ledger.ts';

/*
 * The arithmetic of one window, the same for every store. State is plain data and JSON, times are Unix milliseconds.
 * A `slot` names the part of a window in which an amount was counted, so that a correction meets the same part or,
 * when that part is over, nothing.
 */

/** Buckets of a rolling window: an amount counts for its span and up to one bucket more, so never less: error at most 1/120. */
const bucketsPerSpan = 120;

/** How long a rolling window counts into the same bucket. */
export function bucketLength(spanMs: number): number {
  return Math.ceil(spanMs / bucketsPerSpan);
}

/** Clocks of nodes differ; up to this much a time before the last one is taken for the last one. */
export const clockSkewMs = 60_000;

export interface RollingState {
  kind: 'rolling';
  bucketMs: number;
  /** Index of the newest bucket (ledger time / bucketMs). */
  latest: number;
  total: number;
  /** A ring: bucket i is at i mod length. */
  counts: number[];
}

export interface PeriodState {
  kind: 'period';
  /** Grows with every new period. */
  sequence: number;
  start: number;
  end: number;
  used: number;
}

export type CounterState = RollingState | PeriodState;

/**
 * Both clocks of a moment: `ledger` never runs backwards for an account, `wall` is what the caller's clock says. Calendar
 * periods keep wall time, the other windows ledger time.
 */
export interface Moment {
  ledger: number;
  wall: number;
  /** Becomes true when the caller's clock proves to have been set back: the state must then be kept in any case. */
  setBack: boolean;
}

/** The state as it is at this moment: what is over is gone. Changes and returns `state` where it can. */
export function advance(state: CounterState | undefined, shape: WindowShape, moment: Moment): CounterState {
  if (shape.kind === 'rolling') return advanceRolling(state, shape.spanMs, moment.ledger);
  const period = state?.kind === 'period' ? state : emptyPeriod();
  return shape.kind === 'period' ? advancePeriod(period, shape, moment) : advanceFirstUse(period, moment.ledger);
}

function advanceRolling(state: CounterState | undefined, spanMs: number, now: number): RollingState {
  const bucketMs = bucketLength(spanMs);
  const index = Math.floor(now / bucketMs);
  if (state?.kind !== 'rolling' || state.bucketMs !== bucketMs) {
    return {
      kind: 'rolling',
      bucketMs,
      latest: index,
      total: 0,
      counts: Array.from({ length: bucketsPerSpan + 1 }, () => 0),
    };
  }
  const { counts } = state;
  const first = Math.max(state.latest + 1, index - counts.length + 1);
  for (let bucket = first; bucket <= index; bucket += 1) {
    const at = bucket % counts.length;
    state.total -= counts[at] ?? 0;
    counts[at] = 0;
  }
  state.latest = Math.max(state.latest, index);
  return state;
}

function emptyPeriod(): PeriodState {
  return { kind: 'period', sequence: 0, start: 0, end: 0, used: 0 };
}

type CalendarShape = Extract<WindowShape, { kind: 'period' }>;

/**
 * A period that starts before the one being counted means that a clock was set back. The count is kept either way:
 * by a little, the later period stays; by more, the count moves to the earlier one, or the account would wait for
 * the wrong clock's next period.
 */
function advancePeriod(state: PeriodState, shape: CalendarShape, moment: Moment): PeriodState {
  if (shape.startMs > state.start) {
    state.sequence += 1;
    state.used = 0;
  } else if (shape.startMs < state.start) {
    if (state.start - moment.wall <= clockSkewMs) return state;
    moment.setBack = true;
  }
  state.start = shape.startMs;
  state.end = shape.endMs;
  return state;
}

/** An over period is left empty; `count` starts the next one. */
function advanceFirstUse(state: PeriodState, now: number): PeriodState {
  if (now >= state.end && (state.used !== 0 || state.start !== 0)) {
    return { ...emptyPeriod(), sequence: state.sequence + 1 };
  }
  return state;
}

export function copyCounter(state: CounterState): CounterState {
  return state.kind === 'rolling' ? { ...state, counts: state.counts.slice() } : { ...state };
}

/** What is counted now. The state must be advanced. */
export function usedOf(state: CounterState): number {
  return tidy(state.kind === 'rolling' ? state.total : state.used);
}

/** Counts an amount in the current part of an advanced state and returns the slot. */
export function count(
  state: CounterState,
  shape: WindowShape,
  { amount, now }: { amount: number; now: number },
): number {
  if (state.kind === 'rolling') {
    addToBucket(state, state.latest, amount);
    return state.latest;
  }
  if (shape.kind === 'first-use' && state.end === 0) {
    state.start = now;
    state.end = now + shape.spanMs;
  }
  state.used += amount;
  return state.sequence;
}

/** Adds a (negative) difference to what was counted in `slot`; nothing when that part of the window is over. */
export function correct(state: CounterState, slot: number, difference: number): void {
  if (state.kind === 'rolling') {
    if (slot <= state.latest && slot > state.latest - state.counts.length) addToBucket(state, slot, difference);
  } else if (state.sequence === slot) {
    state.used = Math.max(0, state.used + difference);
  }
}

function addToBucket(state: RollingState, bucket: number, amount: number): void {
  const at = bucket % state.counts.length;
  const before = state.counts[at] ?? 0;
  const after = Math.max(0, before + amount);
  state.counts[at] = after;
  state.total += after - before;
}

/** When something next leaves the window by itself; null when nothing is counted and no period runs. */
export function resetsAt(state: CounterState): number | null {
  if (state.kind === 'period') return state.end > 0 ? state.end : null;
  return tidy(state.total) > 0 ? leavesAt(state, 0) : null;
}

/** When at least `needed` will have left the window, but at least something; when all has, if that is never enough. */
export function opensAt(state: CounterState, needed: number): number {
  return state.kind === 'period' ? state.end : leavesAt(state, needed);
}

function leavesAt({ counts, latest, bucketMs }: RollingState, needed: number): number {
  const { length } = counts;
  let freed = 0;
  for (let bucket = Math.max(0, latest - length + 1); bucket <= latest; bucket += 1) {
    const amount = counts[bucket % length] ?? 0;
    freed += amount;
    if (amount > 0 && tidy(freed) >= needed) return (bucket + length) * bucketMs;
  }
  return (latest + length) * bucketMs;
}

/** Weighted and money amounts are fractions: drops the noise that sums of them gather. */
export function tidy(amount: number): number {
  return Math.round(amount * 1e9) / 1e9;
}
