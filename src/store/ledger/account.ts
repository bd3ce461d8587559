import type {
  AdmitRequest,
  AdmitResult,
  LedgerRefusal,
  LedgerWindow,
  Progress,
  WindowStanding,
} from '../../domain/ledger.ts';
import { advance, clockSkewMs, copyCounter, correct, count, opensAt, resetsAt, tidy, usedOf } from './counter.ts';
import type { CounterState, Moment } from './counter.ts';

/** Everything that is counted for one account, as stored (JSON). */
export interface AccountState {
  /** The last ledger time seen. */
  clock: number;
  /** Ledger time minus wall time: not 0 after a clock was set back. */
  offset: number;
  /** Requests of a limited number at the same time that are neither settled nor released. */
  open: number;
  windows: Record<string, CounterState>;
}

/**
 * What a reservation counted where: window name to slot and amount, and how much of the amount is used for certain, which
 * is said only of several requests reserved together.
 */
export type Slots = Record<string, readonly [slot: number, amount: number, used?: number]>;

/** The decision on a request. */
export interface Decision {
  result: AdmitResult;
  /** Set when it was counted. */
  slots?: Slots;
  /** The state must be kept: the request was counted, or a clock was found to have been set back. */
  changed: boolean;
}

export function newAccount(): AccountState {
  return { clock: 0, offset: 0, open: 0, windows: {} };
}

/** Decides on a request and, when it is admitted, counts it. Changes `state`. */
export function admitTo(state: AccountState, request: AdmitRequest): Decision {
  const moment = tick(state, request.now);
  const meters = request.windows.map((window) => ({ window, counter: counterOf(state, window, moment) }));
  const refusal = request.force === true ? undefined : refusalOf(state, meters, request.concurrency);
  if (refusal !== undefined) {
    return { result: { admitted: false, refusal, windows: standings(state, meters) }, changed: moment.setBack };
  }
  const slots: Record<string, readonly [number, number]> = {};
  for (const { window, counter } of meters) {
    const slot = count(counter, window.shape, { amount: window.amount, now: moment.ledger });
    slots[window.name] = [slot, window.amount];
  }
  if (request.concurrency !== null) state.open += 1;
  return { result: { admitted: true, windows: standings(state, meters) }, slots, changed: true };
}

/** Replaces what was counted by `amounts`; a window not named keeps its amount. Returns whether that changed `state`. */
export function settleIn(state: AccountState, slots: Slots, amounts: Readonly<Record<string, number>>): boolean {
  let changed = false;
  for (const [name, [slot, reserved]] of Object.entries(slots)) {
    const difference = (amounts[name] ?? reserved) - reserved;
    const counter = state.windows[name];
    if (counter === undefined || difference === 0) continue;
    correct(counter, slot, difference);
    changed = true;
  }
  return changed;
}

/** Takes back everything that was counted. Returns whether that changed `state`. */
export function releaseIn(state: AccountState, slots: Slots): boolean {
  return settleIn(state, slots, Object.fromEntries(Object.keys(slots).map((name) => [name, 0])));
}

/** Takes back what is not used for certain, for a process that is gone. Changes `state`. */
export function lapseIn(state: AccountState, slots: Slots): void {
  settleIn(state, slots, Object.fromEntries(Object.entries(slots).map(([name, [, , used = 0]]) => [name, used])));
}

/** Counts again what `lapseIn` took back, for a request that turned out to be alive. Changes `state`. */
export function reopenIn(state: AccountState, slots: Slots): void {
  for (const [name, [slot, reserved, used = 0]] of Object.entries(slots)) {
    const counter = state.windows[name];
    if (counter !== undefined) correct(counter, slot, reserved - used);
  }
}

/**
 * Counts what a reservation has come to. Returns it as it is to be kept; `state` changes unless only the certain part grew.
 * Of a lapsed one nothing but the certain part counts. What says less than is known already is older: it changes nothing.
 */
export function progressIn(
  state: AccountState,
  { slots, lapsed }: { slots: Slots; lapsed: boolean },
  { used, open }: Progress,
): { slots: Slots; changed: boolean } {
  let changed = false;
  const kept: Record<string, Slots[string]> = {};
  for (const [name, [slot, reserved, before = 0]] of Object.entries(slots)) {
    const now = Math.max(before, used[name] ?? before);
    const amount = now === used[name] ? tidy(now + (open[name] ?? 0)) : reserved;
    kept[name] = [slot, amount, now];
    const difference = lapsed ? now - before : amount - reserved;
    const counter = state.windows[name];
    if (counter === undefined || difference === 0) continue;
    correct(counter, slot, difference);
    changed = true;
  }
  return { slots: kept, changed };
}

/** How the windows stand at `now`. Changes nothing. */
export function standingIn(state: AccountState, windows: readonly LedgerWindow[], now: number): WindowStanding[] {
  const copy = copyOf(state);
  const moment = tick(copy, now);
  return standings(
    copy,
    windows.map((window) => ({ window, counter: counterOf(copy, window, moment) })),
  );
}

function copyOf(state: AccountState): AccountState {
  const windows = Object.entries(state.windows).map(([name, counter]) => [name, copyCounter(counter)] as const);
  return { ...state, windows: Object.fromEntries(windows) };
}

/**
 * Moves the account's clock. Ledger time never runs backwards: a time a little before the last one counts as the last
 * one; after a larger step back the ledger goes on from where it was, at the pace of the new clock.
 */
function tick(state: AccountState, wall: number): Moment {
  const setBack = state.clock - wall - state.offset > clockSkewMs;
  if (wall >= state.clock) {
    state.offset = 0;
    state.clock = wall;
  } else if (wall + state.offset >= state.clock) {
    state.clock = wall + state.offset;
  } else if (setBack) {
    state.offset = state.clock - wall;
  }
  return { ledger: state.clock, wall, setBack };
}

function counterOf(state: AccountState, window: LedgerWindow, moment: Moment): CounterState {
  const counter = advance(state.windows[window.name], window.shape, moment);
  state.windows[window.name] = counter;
  return counter;
}

/** A window with its counter. */
interface Meter {
  window: LedgerWindow;
  counter: CounterState;
}

/** Undefined when the request fits. Of several full windows the one that opens last is named: waiting for another would not help. */
function refusalOf(
  state: AccountState,
  meters: readonly Meter[],
  concurrency: number | null,
): LedgerRefusal | undefined {
  let refusal: Extract<LedgerRefusal, { reason: 'window' }> | undefined;
  for (const meter of meters) {
    if (fits(meter)) continue;
    const opensAt = openingOf(meter, state.offset);
    if (refusal === undefined || opensAt > refusal.opensAt) {
      refusal = { reason: 'window', window: meter.window.name, opensAt };
    }
  }
  if (refusal === undefined && concurrency !== null && state.open >= concurrency) return { reason: 'concurrency' };
  return refusal;
}

/** A full window refuses even what asks for nothing yet: tokens are known only afterwards. */
function fits({ window, counter }: Meter): boolean {
  if (window.limit === null) return true;
  const used = usedOf(counter);
  return used < window.limit && tidy(used + window.amount) <= window.limit;
}

/** When enough has left. */
function openingOf({ window, counter }: Meter, offset: number): number {
  const needed = tidy(usedOf(counter) + window.amount - (window.limit ?? 0));
  return wallTime(window, opensAt(counter, needed), offset);
}

function standings(state: AccountState, meters: readonly Meter[]): WindowStanding[] {
  return meters.map(({ window, counter }) => {
    const used = usedOf(counter);
    const reset = resetsAt(counter);
    return {
      name: window.name,
      limit: window.limit,
      used,
      remaining: window.limit === null ? null : Math.max(0, tidy(window.limit - used)),
      resetsAt: reset === null ? null : wallTime(window, reset, state.offset),
    };
  });
}

function wallTime(window: LedgerWindow, time: number, offset: number): number {
  return window.shape.kind === 'period' ? time : time - offset;
}
