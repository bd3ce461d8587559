import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { GatewayError } from '../../../src/domain/gateway-error.ts';
import type { Plan } from '../../../src/domain/plan.ts';
import type { Subscription } from '../../../src/domain/subscription.ts';
import { builtInPlans } from '../../../src/governance/built-in-plans.ts';
import { activate, cancel, dueReminders, isActive, renew, upgrade } from '../../../src/governance/subscription.ts';

const at = (local: string): number => Date.parse(`${local}+08:00`);
const shown = (instant: number): string => new Date(instant + 8 * 3_600_000).toISOString().slice(0, 19);
const plan = (name: string): Plan => {
  const found = builtInPlans.find((candidate) => candidate.name === name);
  assert.ok(found, name);
  return found;
};
const lite = plan('coding-plan-lite');
const pro = plan('coding-plan-pro');

const subject = { id: 'sub-1', owner: 'kim', keyId: 'abc' };
const bought = (local: string): Subscription => activate(lite, subject, at(local));
const days = (subscription: Subscription, local: string): number[] =>
  dueReminders(subscription, at(local)).map((reminder) => reminder.daysBefore);

function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof GatewayError) return error.code;
    throw error;
  }
  return 'none';
}

// The examples and rules are those of the Coding Plan FAQ of 2026-03-20.
suite('subscription', () => {
  test('activated on February 3 it ends on March 3, after 28 days', () => {
    assert.equal(shown(bought('2026-02-03T14:20:00').endsAt), '2026-03-03T23:59:59');
  });

  test('activated on March 15 it ends on April 15; renewed on April 10 it ends on May 15', () => {
    const first = bought('2026-03-15T10:00:00');
    assert.equal(shown(first.endsAt), '2026-04-15T23:59:59');
    assert.equal(shown(renew(first, lite, at('2026-04-10T09:00:00')).endsAt), '2026-05-15T23:59:59');
  });

  test('where the next month has no such day it ends on its last day', () => {
    assert.equal(shown(bought('2026-01-31T00:00:00').endsAt), '2026-02-28T23:59:59');
    assert.equal(shown(bought('2028-01-30T00:00:00').endsAt), '2028-02-29T23:59:59');
    assert.equal(shown(bought('2026-03-31T00:00:00').endsAt), '2026-04-30T23:59:59');
  });

  test('the day is that of UTC+8, not of UTC', () => {
    assert.equal(shown(activate(lite, subject, Date.UTC(2026, 2, 14, 16, 30)).endsAt), '2026-04-15T23:59:59');
  });

  /*
   * Symptom: a plan key just sold was 401 on another node. Cause: that node's clock was a little behind the seller's, so the
   * subscription began in its future. Fix: clocks may be a minute apart, as for the ledger.
   */
  test('it is active at once for a node whose clock is up to a minute behind', () => {
    const subscription = bought('2026-03-15T10:00:00');
    assert.equal(isActive(subscription, at('2026-03-15T09:59:00')), true);
    assert.equal(isActive(subscription, at('2026-03-15T09:59:00') - 1), false);
  });

  test('it is active through its last second and not after', () => {
    const subscription = bought('2026-03-15T10:00:00');
    assert.equal(isActive(subscription, at('2026-03-15T09:58:59')), false);
    assert.equal(isActive(subscription, at('2026-03-15T10:00:00')), true);
    assert.equal(isActive(subscription, at('2026-04-15T23:59:59') + 999), true);
    assert.equal(isActive(subscription, at('2026-04-16T00:00:00')), false);
  });

  test('it cannot be renewed after its end', () => {
    const subscription = bought('2026-03-15T10:00:00');
    assert.equal(
      refusal(() => renew(subscription, lite, at('2026-04-15T23:59:59'))),
      'none',
    );
    assert.equal(
      refusal(() => renew(subscription, lite, at('2026-04-16T00:00:00'))),
      'subscription_over',
    );
  });

  test('an upgrade keeps key, id, start and end', () => {
    const subscription = bought('2026-03-15T10:00:00');
    const upgraded = upgrade(subscription, { from: lite, to: pro }, at('2026-03-20T00:00:00'));
    assert.deepEqual(upgraded, { ...subscription, plan: 'coding-plan-pro' });
  });

  test('there is no downgrade, and no upgrade to the same plan', () => {
    const subscription = activate(pro, subject, at('2026-03-15T10:00:00'));
    const now = at('2026-03-20T00:00:00');
    assert.equal(
      refusal(() => upgrade(subscription, { from: pro, to: lite }, now)),
      'subscription_no_downgrade',
    );
    assert.equal(
      refusal(() => upgrade(subscription, { from: pro, to: pro }, now)),
      'subscription_no_downgrade',
    );
    assert.equal(
      refusal(() => upgrade(subscription, { from: plan('unlimited'), to: pro }, now)),
      'subscription_no_downgrade',
    );
    assert.equal(
      refusal(() => upgrade(subscription, { from: pro, to: plan('unlimited') }, now)),
      'none',
    );
  });

  test('a refused upgrade says why', () => {
    const subscription = activate(pro, subject, at('2026-03-15T10:00:00'));
    const unlimited = plan('unlimited');
    for (const [from, to, words] of [
      [pro, pro, /has the plan 'coding-plan-pro' already/],
      [pro, lite, /is not larger.*Its limit for the window '5h' is 1200, that of 'coding-plan-pro' is 6000\./],
      [unlimited, lite, /is not larger.*It has a limit for the window '5h' \(1200\), where 'unlimited' has none\./],
      [pro, { ...pro, name: 'same' }, /is not larger.*None of its limits is higher\./],
    ] as const) {
      assert.throws(
        () => upgrade(subscription, { from, to }, at('2026-03-20T00:00:00')),
        (error) => error instanceof GatewayError && words.test(`${error.message} ${error.fix}`),
      );
    }
  });

  test('a cancelled one is over at once', () => {
    const now = at('2026-03-20T00:00:00');
    const cancelled = cancel(bought('2026-03-15T10:00:00'), now);
    assert.equal(isActive(cancelled, now), false);
    assert.equal(
      refusal(() => renew(cancelled, lite, now)),
      'subscription_over',
    );
    assert.deepEqual(dueReminders(cancelled, at('2026-04-15T12:00:00')), []);
  });

  test('reminders are due 7, 3 and 1 days before the end', () => {
    const subscription = bought('2026-03-15T10:00:00');
    assert.deepEqual(days(subscription, '2026-04-08T23:59:58'), []);
    assert.deepEqual(days(subscription, '2026-04-08T23:59:59'), [7]);
    assert.deepEqual(days(subscription, '2026-04-12T23:59:59'), [7, 3]);
    assert.deepEqual(days(subscription, '2026-04-14T23:59:59'), [7, 3, 1]);
    assert.deepEqual(days(subscription, '2026-04-16T00:00:00'), []);
  });

  test('a renewal makes its own reminders', () => {
    const renewed = renew(bought('2026-03-15T10:00:00'), lite, at('2026-04-14T00:00:00'));
    assert.deepEqual(days(renewed, '2026-04-15T00:00:00'), []);
    assert.deepEqual(days(renewed, '2026-05-15T00:00:00'), [7, 3, 1]);
  });
});
