import type { Plan } from '../domain/plan.ts';
import { reminderDays } from '../domain/subscription.ts';
import type { Reminder, Subscription } from '../domain/subscription.ts';
import { conflict } from './administration.ts';
import { addDays, addMonths, civilDate, dayMs, startOfDay, timeZone } from './calendar.ts';
import type { CivilDate, TimeZone } from './calendar.ts';

/*
 * The life of a subscription, by the rules of the Coding Plan FAQ (2026-03-20). Everything returns a new value;
 * what is against the rules throws a GatewayError (409, origin client).
 */

/** 23:59:59 of the same day some months later, or of that month's last day. */
function endOfTerm(zone: TimeZone, from: CivilDate, months: number): number {
  return startOfDay(zone, addDays(addMonths(from, months), 1)) - 1000;
}

/** Starts now, for one term. `keyId` is its one key; a subscription that follows an expired one gets a new key. */
export function activate(plan: Plan, subject: Pick<Subscription, 'id' | 'owner' | 'keyId'>, now: number): Subscription {
  const zone = timeZone(plan.timeZone);
  const endsAt = endOfTerm(zone, civilDate(zone, now), plan.termMonths);
  return { ...subject, plan: plan.name, activatedAt: now, endsAt, cancelledAt: null };
}

/** Between activation and the end of its last second, unless cancelled. */
export function isActive({ activatedAt, endsAt, cancelledAt }: Subscription, now: number): boolean {
  return cancelledAt === null && now >= activatedAt && now < endsAt + 1000;
}

/** One more term from the old end. Not after the end: then a new subscription, with a new key, is needed. */
export function renew(subscription: Subscription, plan: Plan, now: number): Subscription {
  requireActive(subscription, now);
  const zone = timeZone(plan.timeZone);
  return { ...subscription, endsAt: endOfTerm(zone, civilDate(zone, subscription.endsAt), plan.termMonths) };
}

/** The same subscription, key, end and use on a larger plan. */
export function upgrade(subscription: Subscription, plans: { from: Plan; to: Plan }, now: number): Subscription {
  requireActive(subscription, now);
  const { from, to } = plans;
  if (!isLarger(from, to)) {
    throw conflict(
      'subscription_no_downgrade',
      `'${to.name}' is not larger than '${from.name}': a plan cannot be changed to a smaller one.`,
    );
  }
  return { ...subscription, plan: to.name };
}

/** Ends at once. */
export function cancel(subscription: Subscription, now: number): Subscription {
  requireActive(subscription, now);
  return { ...subscription, cancelledAt: now };
}

/** What is due for a subscription by now, oldest first; nothing once it is over. Which of them went out is the store's to say. */
export function dueReminders(subscription: Subscription, now: number): Reminder[] {
  if (!isActive(subscription, now)) return [];
  const { id: subscriptionId, owner, plan, endsAt, activatedAt } = subscription;
  return reminderDays
    .filter((days) => now >= endsAt - days * dayMs && activatedAt < endsAt - days * dayMs)
    .map((daysBefore) => ({ subscriptionId, owner, plan, endsAt, daysBefore }));
}

/** No limit of the new plan is lower, and at least one is higher or gone. */
function isLarger(from: Plan, to: Plan): boolean {
  const changes = from.windows.map((window) => {
    const same = to.windows.find(({ name }) => name === window.name);
    return same === undefined ? 1 : same.limit - window.limit;
  });
  const narrower = to.windows.some(({ name }) => !from.windows.some((window) => window.name === name));
  return !narrower && changes.every((change) => change >= 0) && changes.some((change) => change > 0);
}

function requireActive(subscription: Subscription, now: number): void {
  if (isActive(subscription, now)) return;
  throw conflict(
    'subscription_over',
    `The subscription '${subscription.id}' is over.`,
    'Create a new subscription; it comes with a new key.',
  );
}
