import { createHmac } from 'node:crypto';
import type { Tables } from '../domain/ports.ts';
import { reminderDays } from '../domain/subscription.ts';
import type { Reminder } from '../domain/subscription.ts';
import { dayMs } from './calendar.ts';
import { isoSeconds } from './refusals.ts';
import { dueReminders } from './subscription.ts';

/** A reminder whose sender did not finish within this time is sent again. */
const retryAfterMs = 600_000;

/** Brings a reminder to people: log, webhook, mail. Rejects when it must be tried again. */
export type DeliverReminder = (reminder: Reminder, now: number) => Promise<void>;

/**
 * Sends what is due and was not sent, each once over all nodes, also what became due while nothing ran. Returns what was
 * sent, and rejects for none: a reminder whose delivery fails is due again later.
 */
export async function sendReminders(tables: Tables, deliver: DeliverReminder, now: number): Promise<Reminder[]> {
  const sent: Reminder[] = [];
  const ending = await tables.subscriptions.endingWithin(now - 1000, now + Math.max(...reminderDays) * dayMs);
  for (const reminder of ending.flatMap((subscription) => dueReminders(subscription, now))) {
    if (!(await tables.reminders.claim(reminder, { now, retryAfterMs }))) continue;
    const delivered = await deliver(reminder, now).then(
      () => true,
      () => false,
    );
    if (!delivered) continue;
    await tables.reminders.confirm(reminder, now);
    sent.push(reminder);
  }
  return sent;
}

/** A webhook call, ready to send. */
export interface WebhookCall {
  body: string;
  headers: Record<string, string>;
}

/**
 * The reminder as a signed webhook. `x-atelier-signature` is `t={unix seconds},v1={hex}`, the HMAC-SHA-256 of
 * `{t}.{body}`; `id` is the same if a reminder must be sent again. Throws for an empty secret: it would sign nothing.
 */
export function reminderWebhook(reminder: Reminder, secret: string, now: number): WebhookCall {
  if (secret === '') throw new RangeError('a webhook needs a secret');
  const { subscriptionId, owner, plan, endsAt, daysBefore } = reminder;
  const body = JSON.stringify({
    id: `${subscriptionId}:${endsAt}:${daysBefore}`,
    type: 'subscription.ending',
    subscription: subscriptionId,
    owner,
    plan,
    ends_at: isoSeconds(endsAt),
    days_before: daysBefore,
  });
  const seconds = Math.floor(now / 1000);
  const signature = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
  return {
    body,
    headers: { 'content-type': 'application/json', 'x-atelier-signature': `t=${seconds},v1=${signature}` },
  };
}
