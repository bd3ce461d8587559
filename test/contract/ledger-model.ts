import assert from 'node:assert/strict';
import type { LedgerWindow } from '../../src/domain/ledger.ts';
import type { Ledger } from '../../src/domain/ports.ts';

/*
 * A ledger as one would write it without a thought of cost: every amount in a list, every question answered by adding up.
 * `checkSchedule` runs a random schedule, with clocks that jump, on a real ledger and on this one and compares them.
 */

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const span = 5 * hour;
/** A rolling window may hold an amount for up to 1% longer than its span, never shorter. */
const tolerance = 1.01;

interface Entry {
  id: string;
  /** Ledger time at which it was counted. */
  at: number;
  /** Which of the week-like and first-use periods it belongs to. */
  period: number;
  firstUse: number;
  amount: number;
}

class PlainLedger {
  entries: Entry[] = [];
  open = new Set<string>();
  now = 0;
  period = { number: 0, start: 0 };
  firstUse = { number: 0, end: 0 };
  #drift = 0;

  /** Time never runs backwards: a step back of up to a minute is waited out, after a longer one time goes on from where it was. */
  tick(wall: number): void {
    const time = wall + this.#drift;
    if (wall >= this.now) {
      this.now = wall;
      this.#drift = 0;
    } else if (time >= this.now) this.now = time;
    else if (this.now - time > minute) this.#drift = this.now - wall;
    if (this.now >= this.firstUse.end) this.firstUse = { number: this.firstUse.number, end: 0 };
    const start = periodStart(wall);
    if (start > this.period.start) this.period = { number: this.period.number + 1, start };
    else if (start < this.period.start && this.period.start - wall > minute) {
      this.period = { number: this.period.number, start };
    }
  }

  /** How it would be at another time; this one stays as it is. */
  at(wall: number): PlainLedger {
    const later = Object.assign(new PlainLedger(), this);
    later.#drift = this.#drift;
    later.tick(wall);
    return later;
  }

  count(id: string, amount: number): void {
    if (this.firstUse.end === 0) this.firstUse = { number: this.firstUse.number + 1, end: this.now + span };
    this.entries.push({ id, at: this.now, period: this.period.number, firstUse: this.firstUse.number, amount });
    this.open.add(id);
  }

  /** Bounds of what a rolling window may show as used. */
  rolling(): { least: number; most: number } {
    return {
      least: this.#sum(({ at }) => at > this.now - span),
      most: this.#sum(({ at }) => at > this.now - span * tolerance),
    };
  }

  inPeriod(): number {
    return this.#sum(({ period }) => period === this.period.number);
  }

  inFirstUse(): number {
    return this.firstUse.end === 0 ? 0 : this.#sum(({ firstUse }) => firstUse === this.firstUse.number);
  }

  #sum(counts: (entry: Entry) => boolean): number {
    return this.entries.filter(counts).reduce((sum, { amount }) => sum + amount, 0);
  }
}

/** Periods of a day. */
const periodStart = (wall: number): number => Math.floor(wall / day) * day;

interface Limits {
  rolling: number;
  period: number;
  firstUse: number;
}

function windowsAt(wall: number, limits: Limits, amount: number): LedgerWindow[] {
  const startMs = periodStart(wall);
  return [
    { name: 'rolling', shape: { kind: 'rolling', spanMs: span }, limit: limits.rolling, amount },
    { name: 'period', shape: { kind: 'period', startMs, endMs: startMs + day }, limit: limits.period, amount },
    { name: 'first-use', shape: { kind: 'first-use', spanMs: span }, limit: limits.firstUse, amount },
  ];
}

/** Small, seeded and good enough (mulberry32). */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const steps = [0, 1, 900, minute, 7 * minute, hour, 4 * hour, 6 * hour, 2 * day];
const jumps = [-1, -5_000, -minute, -61_000, -hour, -2 * day, -400 * day, 400 * day];

/**
 * What is served from a block the ledger does not see: of a clock set back by just a minute, or set back and forth again to
 * the second, the ledger and the model may each be right.
 */
const jumpsOfBusy = [-1, -5_000, -hour, -2 * day, 400 * day];
const shortSteps = [0, 0, 0, 1, 10, 100, 700, 1_500, minute, hour];

/**
 * Runs one schedule on account `schedule-{seed}` and fails with the first difference. Any of `ledgers` may take the next
 * step. Without jumps time only moves on. `busy`: many requests within seconds and with wide limits, which may be
 * reserved ahead.
 */
export async function checkSchedule(
  ledgers: readonly Ledger[],
  seed: number,
  { jumping = true, length = 16, busy = false } = {},
): Promise<void> {
  const random = randomNumbers(seed);
  const pick = <T>(list: readonly T[]): T => list[random(list.length)] ?? assert.fail('an empty list');
  const width = busy ? 1 + random(200) : 1;
  const limits = {
    rolling: (1 + random(20)) * width,
    period: (1 + random(30)) * width,
    firstUse: (1 + random(25)) * width,
  };
  const model = new PlainLedger();
  const account = `schedule-${seed}`;
  let wall = Date.UTC(2026, 2, 18) + random(day);
  for (let step = 0; step < length; step += 1) {
    wall +=
      random(12) === 0 && jumping
        ? pick(busy ? jumpsOfBusy : jumps)
        : pick(busy ? shortSteps : steps) + random(busy ? 9 : 500);
    const context = `seed ${seed}, step ${step}`;
    const action = random(10);
    if (action < 6)
      await admit({
        ledger: pick(ledgers),
        model,
        account,
        limits,
        wall,
        context,
        amount: busy ? 1 + random(random(4) + 1) : random(4),
        ahead: busy,
        id: `${account}-${step}`,
      });
    else if (model.open.size > 0)
      await end(pick(ledgers), model, pick([...model.open]), action < 8 ? random(6) : 0, context);
    const windows = windowsAt(wall, limits, 0);
    const used = (await pick(ledgers).standing(account, windows, wall)).map((window) => window.used);
    checkUse(used, model.at(wall), context);
  }
}

function checkUse([rolling = -1, period, firstUse]: number[], model: PlainLedger, context: string): void {
  const { least, most } = model.rolling();
  assert.ok(rolling >= least, `${context}: rolling window shows ${rolling}, ${least} were used`);
  assert.ok(rolling <= most, `${context}: rolling window shows ${rolling}, at most ${most} count`);
  assert.equal(period, model.inPeriod(), `${context}: period`);
  assert.equal(firstUse, model.inFirstUse(), `${context}: first use`);
}

interface AdmitStep {
  ledger: Ledger;
  model: PlainLedger;
  account: string;
  limits: Limits;
  wall: number;
  context: string;
  amount: number;
  ahead: boolean;
  id: string;
}

async function admit(step: AdmitStep): Promise<void> {
  const { ledger, model, account, limits, wall, context, amount, ahead, id } = step;
  const windows = windowsAt(wall, limits, amount);
  const request = { id, account, windows, concurrency: null, ahead, now: wall };
  const { admitted, windows: shown } = await ledger.admit(request);
  assert.deepEqual(shown, await ledger.standing(account, windows, wall), `${context}: standing`);
  model.tick(wall);
  const fits = (used: number, limit: number): boolean => used < limit && used + amount <= limit;
  const others = fits(model.inPeriod(), limits.period) && fits(model.inFirstUse(), limits.firstUse);
  const { least, most } = model.rolling();
  if (admitted) assert.ok(others && fits(least, limits.rolling), `${context}: too generous`);
  else assert.ok(!others || !fits(most, limits.rolling), `${context}: too strict`);
  if (admitted) model.count(id, amount);
}

async function end(ledger: Ledger, model: PlainLedger, id: string, actual: number, context: string): Promise<void> {
  const amounts = { rolling: actual, period: actual, 'first-use': actual };
  const closed = actual === 0 ? await ledger.release(id) : await ledger.settle({ id, amounts });
  assert.equal(closed, true, `${context}: ${id} was open`);
  assert.equal(await ledger.settle({ id, amounts: {} }), false, `${context}: ${id} was settled twice`);
  model.open.delete(id);
  for (const entry of model.entries) if (entry.id === id) entry.amount = actual;
}
