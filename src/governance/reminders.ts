import { createHmac } from 'node:crypto';
import type { Tables } from '../domain/ports.ts';
import { reminderDays } from '../domain/subscription.ts';
import type { Reminder } from '../domain/subscription.ts';
import { dayMs } from './calendar.ts';
import { isoSeconds } from './refusals.ts';
import { dueReminders } from './subscription.ts';

/** A reminder whose sender did not finish within this time is sent again. */
const retryAfterMs = 600_000;

/** A way to bring a reminder to people. */
export interface ReminderChannel {
  name: 'log' | 'webhook' | 'mail';
  /** Rejects when it must be tried again. */
  deliver(reminder: Reminder, now: number): Promise<void>;
}

/**
 * Sends what is due and was not sent, each once over all nodes by every channel, also what became due while nothing ran.
 * Returns what was sent, and rejects for none: what one channel could not deliver is due again later, for that channel.
 */
export async function sendReminders(
  tables: Tables,
  channels: readonly ReminderChannel[],
  now: number,
): Promise<Reminder[]> {
  const sent: Reminder[] = [];
  const ending = await tables.subscriptions.endingWithin(now - 1000, now + Math.max(...reminderDays) * dayMs);
  for (const reminder of ending.flatMap((subscription) => dueReminders(subscription, now))) {
    const delivered = await tables.reminders.claim(reminder, { now, retryAfterMs });
    if (delivered === undefined) continue;
    const missing = channels.filter(({ name }) => !delivered.includes(name));
    const results = await Promise.allSettled(missing.map((channel) => sendBy(channel, reminder, { tables, now })));
    if (results.some(({ status }) => status === 'rejected')) continue;
    await tables.reminders.confirm(reminder, now);
    sent.push(reminder);
  }
  return sent;
}

async function sendBy(
  channel: ReminderChannel,
  reminder: Reminder,
  { tables, now }: { tables: Tables; now: number },
): Promise<void> {
  await channel.deliver(reminder, now);
  await tables.reminders.delivered(reminder, channel.name);
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
