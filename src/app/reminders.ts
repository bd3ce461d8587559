import type { ReminderSettings } from '../domain/settings.ts';
import type { DeliverReminder } from '../governance/reminders.ts';
import { reminderWebhook } from '../governance/reminders.ts';
import type { Logger } from '../telemetry/log.ts';
import { collectBody } from '../upstream/response-body.ts';
import type { Transport } from '../upstream/transport.ts';

/** A receiver that needs longer is asked again later. */
const webhookTimeoutMs = 10_000;
const answerLimit = 64 * 1024;

/**
 * Brings a reminder to people: always a line in the log, and the signed webhook when one is configured (mail is what its receiver
 * makes of it). Rejects when the webhook was not accepted with 2xx, so that it is sent again.
 */
export function reminderDelivery(
  { webhookUrl, webhookSecret }: ReminderSettings,
  transport: Transport,
  log: Logger,
): DeliverReminder {
  return async (reminder, now) => {
    if (webhookUrl !== undefined && webhookSecret !== undefined) {
      await post(new URL(webhookUrl), reminderWebhook(reminder, webhookSecret, now), transport);
    }
    const { subscriptionId, owner, plan, daysBefore, endsAt } = reminder;
    log.warn(
      { event: 'reminder', subscriptionId, owner, plan, daysBefore, endsAt: new Date(endsAt).toISOString() },
      'a subscription ends soon',
    );
  };
}

async function post(
  url: URL,
  call: { body: string; headers: Record<string, string> },
  transport: Transport,
): Promise<void> {
  const response = await transport.send({
    origin: url.origin,
    method: 'POST',
    path: url.pathname + url.search,
    headers: { 'content-type': 'application/json', ...call.headers },
    body: Buffer.from(call.body),
    timeouts: { connect: webhookTimeoutMs, firstByte: webhookTimeoutMs, idle: webhookTimeoutMs },
    signal: AbortSignal.timeout(webhookTimeoutMs),
    provider: 'reminders.webhook_url',
  });
  await collectBody(response.body, answerLimit);
  if (response.status < 200 || response.status >= 300)
    throw new Error(`The reminder webhook answered ${response.status}.`);
}
