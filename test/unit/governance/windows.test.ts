import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { WindowPeriod } from '../../../src/domain/plan.ts';
import { addMonths, civilDate, startOfDay, timeZone } from '../../../src/governance/calendar.ts';
import { builtInPlans } from '../../../src/governance/built-in-plans.ts';
import { PlanCalendar, windowShape } from '../../../src/governance/windows.ts';

const beijing = timeZone('UTC+8');
/** An instant written as Beijing's clocks show it. */
const at = (local: string): number => Date.parse(`${local}+08:00`);
const shown = (instant: number): string => new Date(instant + 8 * 3_600_000).toISOString().slice(0, 19);

function bounds(
  period: WindowPeriod,
  now: string,
  { anchor = '2026-01-01T00:00:00', zone = beijing } = {},
): [string, string] {
  const shape = windowShape(period, { zone, anchor: at(anchor), now: at(now) });
  assert.equal(shape.kind, 'period');
  return shape.kind === 'period' ? [shown(shape.startMs), shown(shape.endMs)] : ['', ''];
}

suite('windows', () => {
  test('a day begins at midnight of the time zone', () => {
    assert.deepEqual(bounds({ kind: 'day' }, '2026-03-18T00:00:00'), ['2026-03-18T00:00:00', '2026-03-19T00:00:00']);
    assert.deepEqual(bounds({ kind: 'day' }, '2026-03-18T23:59:59'), ['2026-03-18T00:00:00', '2026-03-19T00:00:00']);
  });

  test('a week begins on Monday 00:00 (UTC+8)', () => {
    const week = ['2026-03-16T00:00:00', '2026-03-23T00:00:00'];
    assert.deepEqual(bounds({ kind: 'week' }, '2026-03-16T00:00:00'), week);
    assert.deepEqual(bounds({ kind: 'week' }, '2026-03-18T12:00:00'), week);
    assert.deepEqual(bounds({ kind: 'week' }, '2026-03-22T23:59:59'), week);
    assert.deepEqual(bounds({ kind: 'week' }, '2026-03-23T00:00:00')[0], '2026-03-23T00:00:00');
  });

  test('a month begins on the subscription day 00:00 (UTC+8)', () => {
    const anchor = { anchor: '2026-03-15T10:00:00' };
    const first = ['2026-03-15T00:00:00', '2026-04-15T00:00:00'];
    assert.deepEqual(bounds({ kind: 'month' }, '2026-03-15T10:00:00', anchor), first);
    assert.deepEqual(bounds({ kind: 'month' }, '2026-04-14T23:59:59', anchor), first);
    assert.deepEqual(bounds({ kind: 'month' }, '2026-04-15T00:00:00', anchor), [
      '2026-04-15T00:00:00',
      '2026-05-15T00:00:00',
    ]);
  });

  test('a subscription day that a month does not have is its last day, and the day again after it', () => {
    const anchor = { anchor: '2026-01-31T10:00:00' };
    assert.deepEqual(bounds({ kind: 'month' }, '2026-02-27T23:00:00', anchor), [
      '2026-01-31T00:00:00',
      '2026-02-28T00:00:00',
    ]);
    assert.deepEqual(bounds({ kind: 'month' }, '2026-02-28T00:00:00', anchor), [
      '2026-02-28T00:00:00',
      '2026-03-31T00:00:00',
    ]);
    assert.deepEqual(bounds({ kind: 'month' }, '2026-03-31T00:00:00', anchor), [
      '2026-03-31T00:00:00',
      '2026-04-30T00:00:00',
    ]);
  });

  test('a month window at the turn of the year', () => {
    const anchor = { anchor: '2026-12-20T10:00:00' };
    assert.deepEqual(bounds({ kind: 'month' }, '2027-01-05T00:00:00', anchor), [
      '2026-12-20T00:00:00',
      '2027-01-20T00:00:00',
    ]);
  });

  test('a calendar month begins on the first', () => {
    assert.deepEqual(bounds({ kind: 'calendar-month' }, '2026-12-31T23:59:59'), [
      '2026-12-01T00:00:00',
      '2027-01-01T00:00:00',
    ]);
  });

  test('hours, rolling or from the first use, need no calendar', () => {
    const clock = { zone: beijing, anchor: 0, now: 0 };
    assert.deepEqual(windowShape({ kind: 'rolling', hours: 5 }, clock), { kind: 'rolling', spanMs: 18_000_000 });
    assert.deepEqual(windowShape({ kind: 'fixed', hours: 5 }, clock), { kind: 'first-use', spanMs: 18_000_000 });
  });

  test('every moment lies in its window, and windows follow each other without a gap', () => {
    for (const period of [{ kind: 'day' }, { kind: 'week' }, { kind: 'month' }, { kind: 'calendar-month' }] as const) {
      for (const zone of ['UTC+8', 'UTC-03:30', 'America/New_York', 'Asia/Kathmandu'].map(timeZone)) {
        const anchor = at('2026-01-31T06:00:00');
        const windowAt = (now: number) => {
          const shape = windowShape(period, { zone, anchor, now });
          assert.ok(shape.kind === 'period' && shape.startMs <= now && now < shape.endMs);
          return shape;
        };
        let now = at('2026-01-31T07:00:00');
        for (const until = at('2027-03-01T00:00:00'); now < until;) {
          const { startMs, endMs } = windowAt(now);
          if (now !== at('2026-01-31T07:00:00')) assert.equal(startMs, now);
          for (const inside of [(now + endMs) / 2, endMs - 1]) assert.equal(windowAt(inside).startMs, startMs);
          now = endMs;
        }
      }
    }
  });

  test('a plan in a time zone with summer time keeps to its midnight', () => {
    const zone = timeZone('America/New_York');
    assert.equal(
      new Date(startOfDay(zone, { year: 2026, month: 3, day: 8 })).toISOString(),
      '2026-03-08T05:00:00.000Z',
    );
    assert.equal(
      new Date(startOfDay(zone, { year: 2026, month: 3, day: 9 })).toISOString(),
      '2026-03-09T04:00:00.000Z',
    );
  });

  test('time zones that do not exist are refused', () => {
    for (const name of ['UTC+15', 'UTC+8:75', 'Mars/Olympus', ''])
      assert.throws(() => timeZone(name), RangeError, name);
  });

  test('months are added by the calendar', () => {
    assert.deepEqual(addMonths({ year: 2026, month: 1, day: 31 }, 1), { year: 2026, month: 2, day: 28 });
    assert.deepEqual(addMonths({ year: 2028, month: 1, day: 31 }, 1), { year: 2028, month: 2, day: 29 });
    assert.deepEqual(addMonths({ year: 2026, month: 2, day: 28 }, 1, 31), { year: 2026, month: 3, day: 31 });
    assert.deepEqual(addMonths({ year: 2026, month: 1, day: 5 }, -1), { year: 2025, month: 12, day: 5 });
    assert.deepEqual(civilDate(beijing, Date.UTC(2026, 0, 31, 16)), { year: 2026, month: 2, day: 1 });
  });

  test("the coding plan's windows are those of the platform", () => {
    const lite = builtInPlans.find((plan) => plan.name === 'coding-plan-lite');
    assert.ok(lite);
    const calendar = new PlanCalendar(lite, at('2026-03-15T10:00:00'));
    const windows = calendar.windows(at('2026-03-18T12:00:00'), { calls: 1, tokens: 0, money: 0 });
    assert.deepEqual(
      windows.map(({ name, limit, amount }) => [name, limit, amount]),
      [
        ['5h', 1200, 1],
        ['week', 9000, 1],
        ['month', 18000, 1],
      ],
    );
  });

  test('a calendar that is asked again and again gives the windows of each moment, also after a clock was set back', () => {
    const [lite] = builtInPlans;
    assert.ok(lite);
    const anchor = at('2026-01-31T10:00:00');
    const calendar = new PlanCalendar(lite, anchor);
    const moments = [
      '2026-02-27T23:59:59',
      '2026-02-28T00:00:00',
      '2026-03-01T23:59:59',
      '2026-03-02T00:00:00',
      '2026-02-01T00:00:00',
    ];
    for (const now of moments.map(at)) {
      const shapes = calendar.windows(now, { calls: 1, tokens: 0, money: 0 }).map(({ shape }) => shape);
      assert.deepEqual(
        shapes,
        lite.windows.map(({ period }) => windowShape(period, { zone: beijing, anchor, now })),
      );
    }
  });

  test('a model of weight 0 meets no window of calls, but every other', () => {
    const [lite] = builtInPlans;
    assert.ok(lite);
    const plan = { ...lite, shortTerm: { seconds: 60, unit: 'tokens' as const, limit: 100_000 } };
    const windows = new PlanCalendar(plan, 0).windows(0, { calls: 0, tokens: 500, money: 0 });
    assert.deepEqual(windows, [
      { name: 'short-term', shape: { kind: 'rolling', spanMs: 60_000 }, limit: 100_000, amount: 500 },
    ]);
  });
});
