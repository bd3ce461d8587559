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

/**
 * How far apart the clocks of two nodes may be, in milliseconds: a key that one node has just sold works on the others at once.
 * The ledger allows the same (`AdmitRequest.now`). Activation is always the present of the node that sells, so whoever holds
 * the key of a later one has met a clock that is behind.
 */
const clockSkewMs = 60_000;

/** Between activation and the end of its last second, unless cancelled; by a clock that may be a minute behind. */
export function isActive({ activatedAt, endsAt, cancelledAt }: Subscription, now: number): boolean {
  return cancelledAt === null && now >= activatedAt - clockSkewMs && now < endsAt + 1000;
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
  if (from.name === to.name) {
    throw conflict('subscription_no_downgrade', `The subscription has the plan '${to.name}' already.`);
  }
  const reason = whyNotLarger(from, to);
  if (reason !== undefined) {
    throw conflict(
      'subscription_no_downgrade',
      `'${to.name}' is not larger than '${from.name}': a plan cannot be changed to a smaller one.`,
      reason,
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

/**
 * Larger is a plan of which no limit is lower or new, and at least one is higher or gone. Gives the first thing that speaks
 * against it, as a sentence; undefined for a larger plan.
 */
function whyNotLarger(from: Plan, to: Plan): string | undefined {
  const limitIn = (plan: Plan, wanted: string) => plan.windows.find(({ name }) => name === wanted)?.limit ?? Infinity;
  for (const { name, limit } of to.windows) {
    const before = limitIn(from, name);
    if (before === Infinity)
      return `It has a limit for the window '${name}' (${limit}), where '${from.name}' has none.`;
    if (limit < before) return `Its limit for the window '${name}' is ${limit}, that of '${from.name}' is ${before}.`;
  }
  const grows = from.windows.some(({ name, limit }) => limitIn(to, name) > limit);
  return grows ? undefined : 'None of its limits is higher.';
}

function requireActive(subscription: Subscription, now: number): void {
  if (isActive(subscription, now)) return;
  throw conflict(
    'subscription_over',
    `The subscription '${subscription.id}' is over.`,
    'Create a new subscription; it comes with a new key.',
  );
}
