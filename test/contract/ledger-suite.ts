import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { AdmitRequest, LedgerWindow, Progress } from '../../src/domain/ledger.ts';
import type { Ledger } from '../../src/domain/ports.ts';
import { checkSchedule } from './ledger-model.ts';

/** One store under test, empty at first; `open` gives a ledger as one more process would have it. */
export interface LedgerHarness extends AsyncDisposable {
  open(processId: string, leaseMs?: number): Promise<Ledger>;
}

const hour = 3_600_000;
/** 2026-03-18 00:00 UTC, a Wednesday. */
export const start = Date.UTC(2026, 2, 18);

/** The three windows of a coding plan as seen at `now`. */
export function planWindows(limits: { hours: number; week: number; month: number }, amount = 1): LedgerWindow[] {
  return [
    { name: '5h', shape: { kind: 'rolling', spanMs: 5 * hour }, limit: limits.hours, amount },
    { name: 'week', shape: days(-2, 5), limit: limits.week, amount },
    { name: 'month', shape: days(-9, 22), limit: limits.month, amount },
  ];
}

/** A period given in days before and after the start. */
function days(from: number, to: number): LedgerWindow['shape'] {
  return { kind: 'period', startMs: start + from * 24 * hour, endMs: start + to * 24 * hour };
}

/** A request of account `a` at the start of the test's time. */
export function requestOf(id: string, windows: LedgerWindow[], more: Partial<AdmitRequest> = {}): AdmitRequest {
  return { id, account: 'a', windows, concurrency: null, now: start, ...more };
}

function progressOf(windows: readonly LedgerWindow[], used: number, open: number): Progress {
  const all = (amount: number) => Object.fromEntries(windows.map(({ name }) => [name, amount]));
  return { used: all(used), open: all(open) };
}

/** What every ledger must do. */
export function ledgerSuite(name: string, newHarness: () => Promise<LedgerHarness>): void {
  suite(`ledger on ${name}`, () => {
    const check = (title: string, body: (ledger: Ledger, harness: LedgerHarness) => Promise<void>): void => {
      test(title, async () => {
        await using harness = await newHarness();
        const ledger = await harness.open('first');
        await body(ledger, harness);
      });
    };
    const roomy = planWindows({ hours: 10, week: 20, month: 30 });
    const usedNow = async (ledger: Ledger, windows: LedgerWindow[], now = start): Promise<number[]> =>
      (await ledger.standing('a', windows, now)).map((window) => window.used);

    check('an admitted request counts in every window', async (ledger) => {
      const result = await ledger.admit(requestOf('r1', roomy));
      assert.equal(result.admitted, true);
      assert.deepEqual(result.windows, await ledger.standing('a', roomy, start));
      assert.deepEqual(
        result.windows.map(({ name: window, used, remaining }) => [window, used, remaining]),
        [
          ['5h', 1, 9],
          ['week', 1, 19],
          ['month', 1, 29],
        ],
      );
    });

    check('a request that one window refuses counts in none', async (ledger) => {
      const tight = planWindows({ hours: 10, week: 1, month: 30 });
      await ledger.admit(requestOf('r1', tight));
      const result = await ledger.admit(requestOf('r2', tight));
      assert.equal(result.admitted, false);
      if (!result.admitted) {
        assert.deepEqual(result.refusal, { reason: 'window', window: 'week', opensAt: start + 5 * 24 * hour });
      }
      assert.deepEqual(await usedNow(ledger, tight), [1, 1, 1]);
    });

    check(
      'a rolling window opens when its oldest calls leave, not before 5 hours and within 1% after',
      async (ledger) => {
        const tight = planWindows({ hours: 2, week: 20, month: 30 });
        await ledger.admit(requestOf('r1', tight));
        await ledger.admit(requestOf('r2', tight, { now: start + hour }));
        const result = await ledger.admit(requestOf('r3', tight, { now: start + 2 * hour }));
        assert.equal(result.admitted, false);
        if (result.admitted || result.refusal.reason !== 'window') return;
        assert.equal(result.refusal.window, '5h');
        const { opensAt } = result.refusal;
        assert.ok(opensAt >= start + 5 * hour && opensAt <= start + 5.05 * hour, String(opensAt));
        assert.equal((await ledger.admit(requestOf('r4', tight, { now: opensAt - 1 }))).admitted, false);
        assert.equal((await ledger.admit(requestOf('r5', tight, { now: opensAt }))).admitted, true);
        assert.equal((await ledger.admit(requestOf('r6', tight, { now: opensAt }))).admitted, false);
      },
    );

    check('a window of fixed hours starts with the first use and is whole again after them', async (ledger) => {
      const fixed: LedgerWindow[] = [
        { name: '5h', shape: { kind: 'first-use', spanMs: 5 * hour }, limit: 1, amount: 1 },
      ];
      assert.equal((await ledger.standing('a', fixed, start))[0]?.resetsAt, null);
      await ledger.admit(requestOf('r1', fixed));
      const result = await ledger.admit(requestOf('r2', fixed, { now: start + 5 * hour - 1 }));
      assert.deepEqual(result.admitted ? undefined : result.refusal, {
        reason: 'window',
        window: '5h',
        opensAt: start + 5 * hour,
      });
      assert.equal((await ledger.admit(requestOf('r3', fixed, { now: start + 5 * hour }))).admitted, true);
    });

    check('a new calendar period starts from nothing', async (ledger) => {
      const month = (startMs: number): LedgerWindow[] => [
        { name: 'month', shape: { kind: 'period', startMs, endMs: startMs + 30 * 24 * hour }, limit: 1, amount: 1 },
      ];
      await ledger.admit(requestOf('r1', month(start)));
      const next = start + 30 * 24 * hour;
      assert.equal((await ledger.admit(requestOf('r2', month(start), { now: next - 1 }))).admitted, false);
      assert.equal((await ledger.admit(requestOf('r3', month(next), { now: next }))).admitted, true);
    });

    check('settling corrects every window, once', async (ledger) => {
      const tokens = planWindows({ hours: 1000, week: 2000, month: 3000 }, 100);
      await ledger.admit(requestOf('r1', tokens));
      assert.equal(await ledger.settle({ id: 'r1', amounts: { '5h': 130, week: 130, month: 130 } }), true);
      assert.equal(await ledger.settle({ id: 'r1', amounts: { '5h': 500, week: 500, month: 500 } }), false);
      assert.equal(await ledger.release('r1'), false);
      assert.deepEqual(await usedNow(ledger, tokens), [130, 130, 130]);
    });

    check('settling keeps what was reserved in windows it does not name', async (ledger) => {
      await ledger.admit(requestOf('r1', roomy));
      await ledger.settle({ id: 'r1', amounts: { week: 3 } });
      assert.deepEqual(await usedNow(ledger, roomy), [1, 3, 1]);
    });

    check('releasing gives everything back, once', async (ledger) => {
      await ledger.admit(requestOf('r1', roomy));
      await ledger.admit(requestOf('r2', roomy));
      assert.equal(await ledger.release('r1'), true);
      assert.equal(await ledger.release('r1'), false);
      assert.equal(await ledger.settle({ id: 'r1', amounts: {} }), false);
      assert.deepEqual(await usedNow(ledger, roomy), [1, 1, 1]);
    });

    check('a correction does not reach into a period that followed', async (ledger) => {
      const month = (startMs: number): LedgerWindow[] => [
        { name: 'month', shape: { kind: 'period', startMs, endMs: startMs + 30 * 24 * hour }, limit: 100, amount: 10 },
      ];
      const next = start + 30 * 24 * hour;
      await ledger.admit(requestOf('r1', month(start), { now: next - 1 }));
      await ledger.admit(requestOf('r2', month(next), { now: next }));
      await ledger.release('r1');
      assert.deepEqual(await usedNow(ledger, month(next), next), [10]);
    });

    check('the same id is counted once however often it is admitted', async (ledger) => {
      await ledger.admit(requestOf('r1', roomy));
      assert.equal((await ledger.admit(requestOf('r1', roomy))).admitted, true);
      assert.deepEqual(await usedNow(ledger, roomy), [1, 1, 1]);
    });

    check('what has happened already is counted beyond the limit', async (ledger) => {
      const tight = planWindows({ hours: 1, week: 1, month: 1 });
      await ledger.admit(requestOf('r1', tight));
      assert.equal((await ledger.admit(requestOf('r2', tight, { force: true }))).admitted, true);
      assert.deepEqual(await usedNow(ledger, tight), [2, 2, 2]);
      assert.equal((await ledger.standing('a', tight, start))[0]?.remaining, 0);
    });

    check('a full window refuses a request that reserves nothing yet', async (ledger) => {
      const tokens = planWindows({ hours: 100, week: 100, month: 100 }, 0);
      await ledger.admit(requestOf('r1', tokens));
      await ledger.settle({ id: 'r1', amounts: { '5h': 100, week: 100, month: 100 } });
      assert.equal((await ledger.admit(requestOf('r2', tokens))).admitted, false);
    });

    check('no more requests at the same time than allowed', async (ledger) => {
      const two = { concurrency: 2 };
      await ledger.admit(requestOf('r1', roomy, two));
      await ledger.admit(requestOf('r2', roomy, two));
      const result = await ledger.admit(requestOf('r3', roomy, two));
      assert.deepEqual(result.admitted ? undefined : result.refusal, { reason: 'concurrency' });
      await ledger.settle({ id: 'r1', amounts: {} });
      assert.equal((await ledger.admit(requestOf('r4', roomy, two))).admitted, true);
    });

    check('accounts do not share windows', async (ledger) => {
      await ledger.admit(requestOf('r1', roomy));
      await ledger.admit(requestOf('r2', roomy, { account: 'b' }));
      assert.deepEqual(await usedNow(ledger, roomy), [1, 1, 1]);
    });

    check('fractions add up exactly', async (ledger) => {
      const tenths = planWindows({ hours: 1, week: 1, month: 1 }, 0.1);
      for (let call = 0; call < 10; call += 1) {
        assert.equal((await ledger.admit(requestOf(`r${call}`, tenths))).admitted, true, `call ${call}`);
      }
      assert.equal((await ledger.admit(requestOf('r10', tenths))).admitted, false);
      assert.deepEqual(await usedNow(ledger, tenths), [1, 1, 1]);
    });

    check('of 1,000 requests at once exactly the 100 that are left pass', async (ledger) => {
      const windows = planWindows({ hours: 1200, week: 9000, month: 100 });
      const results = await Promise.all(
        Array.from({ length: 1000 }, (_, call) => ledger.admit(requestOf(`r${call}`, windows))),
      );
      assert.equal(results.filter((result) => result.admitted).length, 100);
      assert.deepEqual(await usedNow(ledger, windows), [100, 100, 100]);
    });

    check('two processes count as one', async (ledger, harness) => {
      const second = await harness.open('second');
      const windows = planWindows({ hours: 1200, week: 9000, month: 100 });
      const results = await Promise.all(
        Array.from({ length: 400 }, (_, call) =>
          (call % 2 === 0 ? ledger : second).admit(requestOf(`r${call}`, windows)),
        ),
      );
      assert.equal(results.filter((result) => result.admitted).length, 100);
      assert.deepEqual(await usedNow(second, windows), [100, 100, 100]);
    });

    check(
      'an id that another process has admitted is not counted again, nor does it hold up others',
      async (ledger, harness) => {
        const second = await harness.open('second');
        await ledger.admit(requestOf('r1', roomy));
        const results = await Promise.all(['r2', 'r1', 'r3'].map((id) => second.admit(requestOf(id, roomy))));
        assert.deepEqual(
          results.map(({ admitted }) => admitted),
          [true, true, true],
        );
        assert.deepEqual(await usedNow(second, roomy), [3, 3, 3]);
        assert.equal(await second.settle({ id: 'r1', amounts: { '5h': 2 } }), true);
        assert.deepEqual(await usedNow(ledger, roomy), [4, 3, 3]);
      },
    );

    check('a request can be settled by another process than admitted it', async (ledger, harness) => {
      const second = await harness.open('second');
      await ledger.admit(requestOf('r1', roomy));
      assert.equal(await second.settle({ id: 'r1', amounts: { '5h': 4 } }), true);
      assert.equal(await ledger.settle({ id: 'r1', amounts: {} }), false);
      assert.deepEqual(await usedNow(ledger, roomy), [4, 1, 1]);
    });

    check('what a dead process had reserved is given back when its lease is over', async (ledger, harness) => {
      const dead = await harness.open('dead', 60_000);
      await dead.heartbeat(start);
      await ledger.heartbeat(start);
      await dead.admit(requestOf('r1', roomy));
      await dead.admit(requestOf('r2', roomy));
      await dead.settle({ id: 'r2', amounts: {} });
      assert.equal(await ledger.heartbeat(start + 59_000), 0);
      assert.deepEqual(await usedNow(ledger, roomy), [2, 2, 2]);
      assert.equal(await ledger.heartbeat(start + 61_000), 1);
      assert.deepEqual(await usedNow(ledger, roomy), [1, 1, 1]);
    });

    check('of several reserved together the dead keep what they used for certain', async (ledger, harness) => {
      const wide = planWindows({ hours: 100, week: 100, month: 100 }, 10);
      const dead = await harness.open('dead', 60_000);
      await dead.heartbeat(start);
      await ledger.heartbeat(start);
      await dead.admit(requestOf('block', wide));
      const say = (used: number, open: number) => dead.progress('block', () => progressOf(wide, used, open));
      assert.equal(await say(2, 8), true);
      assert.deepEqual(await usedNow(ledger, wide), [10, 10, 10]);
      assert.equal(await say(3, 4), true);
      assert.deepEqual(await usedNow(ledger, wide), [7, 7, 7], 'what is neither used nor open is given back');
      await say(2, 8);
      assert.deepEqual(await usedNow(ledger, wide), [7, 7, 7], 'what says less came later than it was said');
      assert.equal(await ledger.heartbeat(start + 61_000), 1);
      assert.deepEqual(await usedNow(ledger, wide), [3, 3, 3]);
      await say(5, 2);
      assert.deepEqual(await usedNow(ledger, wide), [5, 5, 5], 'it was not dead, and what it used counts');
      assert.equal(await dead.settle({ id: 'block', amounts: { '5h': 6, week: 6, month: 9 } }), true);
      assert.deepEqual(await usedNow(ledger, wide), [6, 6, 9]);
      assert.equal(await say(7, 0), false);
      assert.deepEqual(await usedNow(ledger, wide), [6, 6, 9]);
    });

    check('progress and settlement in one turn count once', async (ledger) => {
      const wide = planWindows({ hours: 100, week: 100, month: 100 }, 10);
      // From here on the live counters know the account.
      await ledger.admit(requestOf('r1', roomy));
      await ledger.release('r1');
      const admitted = ledger.admit(requestOf('block', wide));
      const said = ledger.progress('block', () => progressOf(wide, 4, 2));
      const amounts = { '5h': 5, week: 5, month: 5 };
      const settled = ledger.settle({ id: 'block', amounts });
      assert.equal((await admitted).admitted, true);
      assert.deepEqual(await Promise.all([said, settled]), [true, true]);
      assert.deepEqual(await usedNow(ledger, wide), [5, 5, 5]);
      assert.equal(await ledger.progress('nothing', () => progressOf(wide, 1, 1)), false);
    });

    check('a request that was given up too early is still settled, once', async (ledger, harness) => {
      const slow = await harness.open('slow', 60_000);
      await slow.heartbeat(start);
      await slow.admit(requestOf('r1', roomy));
      await ledger.heartbeat(start + 61_000);
      assert.deepEqual(await usedNow(ledger, roomy), [0, 0, 0]);
      assert.equal(await slow.settle({ id: 'r1', amounts: { month: 5 } }), true);
      assert.equal(await slow.settle({ id: 'r1', amounts: { month: 5 } }), false);
      assert.deepEqual(await usedNow(ledger, roomy), [1, 1, 5]);
    });

    check('a clock set back by an hour frees nothing', async (ledger) => {
      const tight = planWindows({ hours: 2, week: 20, month: 30 });
      await ledger.admit(requestOf('r1', tight));
      await ledger.admit(requestOf('r2', tight));
      assert.equal((await ledger.admit(requestOf('r3', tight, { now: start - hour }))).admitted, false);
      assert.equal((await ledger.admit(requestOf('r4', tight, { now: start + 4.9 * hour }))).admitted, false);
      assert.equal((await ledger.admit(requestOf('r5', tight, { now: start + 5.05 * hour }))).admitted, true);
    });

    check('a clock that was a year ahead does not freeze a rolling window', async (ledger) => {
      const tight = planWindows({ hours: 2, week: 20, month: 30 });
      const nextYear = start + 365 * 24 * hour;
      await ledger.admit(requestOf('r1', tight, { now: nextYear }));
      await ledger.admit(requestOf('r2', tight, { now: nextYear }));
      assert.equal((await ledger.admit(requestOf('r3', tight))).admitted, false);
      assert.equal((await ledger.admit(requestOf('r4', tight, { now: start + 4.9 * hour }))).admitted, false);
      assert.equal((await ledger.admit(requestOf('r5', tight, { now: start + 5.05 * hour }))).admitted, true);
    });

    check('a clock that was a month ahead does not freeze a calendar period, and frees nothing', async (ledger) => {
      const month = (startMs: number): LedgerWindow[] => [
        { name: 'month', shape: { kind: 'period', startMs, endMs: startMs + 30 * 24 * hour }, limit: 1, amount: 1 },
      ];
      const next = start + 30 * 24 * hour;
      await ledger.admit(requestOf('r1', month(next), { now: next + 40 * hour }));
      assert.equal((await ledger.admit(requestOf('r2', month(start)))).admitted, false);
      assert.equal((await ledger.admit(requestOf('r3', month(next), { now: next }))).admitted, true);
    });

    check('an upgrade carries the use over', async (ledger) => {
      const lite = planWindows({ hours: 1, week: 1, month: 1 });
      await ledger.admit(requestOf('r1', lite));
      assert.equal((await ledger.admit(requestOf('r2', lite))).admitted, false);
      const pro = planWindows({ hours: 2, week: 2, month: 2 });
      assert.equal((await ledger.admit(requestOf('r3', pro))).admitted, true);
      assert.deepEqual(await usedNow(ledger, pro), [2, 2, 2]);
    });
  });
}

/** Random schedules against the plain model, each on two processes that take turns as chance will have it. */
export function ledgerSchedules(name: string, newHarness: () => Promise<LedgerHarness>, schedules = 300): void {
  test(`ledger on ${name} agrees with a plain model on ${schedules} random schedules`, async () => {
    await using harness = await newHarness();
    const ledgers = [await harness.open('first'), await harness.open('second')];
    const seeds = Array.from({ length: schedules }, (_, seed) => seed);
    await Promise.all(seeds.map((seed) => checkSchedule(ledgers, seed, { jumping: false })));
  });
}
