import type { Plan } from '../domain/plan.ts';
import type { ReminderSettings } from '../domain/settings.ts';
import type { Reminder } from '../domain/subscription.ts';
import { reminderMail } from '../governance/reminder-mail.ts';
import type { ReminderChannel } from '../governance/reminders.ts';
import { reminderWebhook } from '../governance/reminders.ts';
import type { Logger } from '../telemetry/log.ts';
import { collectBody } from '../upstream/response-body.ts';
import type { Transport } from '../upstream/transport.ts';

/** A receiver that needs longer is asked again later. */
const webhookTimeoutMs = 10_000;
const answerLimit = 64 * 1024;

export interface ReminderParts {
  transport: Transport;
  log: Logger;
  /** Undefined when there is none of that name any more. */
  plan(name: string): Promise<Plan | undefined>;
}

/** The ways that lead to people: always a line in the log, the signed webhook and the mail server when they are configured. */
export function reminderChannels(settings: ReminderSettings, parts: ReminderParts): ReminderChannel[] {
  const channels = [logChannel(parts), webhookChannel(settings, parts), mailChannel(settings, parts)];
  return channels.filter((channel) => channel !== undefined).map((channel) => loud(channel, parts.log));
}

function logChannel({ log }: ReminderParts): ReminderChannel {
  return {
    name: 'log',
    async deliver({ endsAt, ...reminder }) {
      const line = { event: 'reminder', ...reminder, endsAt: new Date(endsAt).toISOString() };
      log.warn(line, 'a subscription ends soon');
    },
  };
}

/** Rejects when the answer is not 2xx. */
function webhookChannel(
  { webhookUrl, webhookSecret }: ReminderSettings,
  { transport }: ReminderParts,
): ReminderChannel | undefined {
  if (webhookUrl === undefined || webhookSecret === undefined) return undefined;
  const url = new URL(webhookUrl);
  return {
    name: 'webhook',
    deliver: (reminder, now) => post(url, reminderWebhook(reminder, webhookSecret, now), transport),
  };
}

/** Rejects when the server does not take it. A reminder that nobody could get is no failure: trying again would not help. */
function mailChannel({ mail }: ReminderSettings, { log, plan }: ReminderParts): ReminderChannel | undefined {
  const { smtpUrl, from, to } = mail;
  if (smtpUrl === undefined || from === undefined) return undefined;
  let wasSaid = false;
  const sayOnce = ({ owner }: Reminder): void => {
    if (wasSaid) return;
    wasSaid = true;
    log.warn(
      { event: 'reminder', owner },
      'no mail is sent: the owner is no mail address, and reminders.mail.to is not set',
    );
  };
  return {
    name: 'mail',
    async deliver(reminder) {
      const message = reminderMail(reminder, {
        from,
        plan: await plan(reminder.plan),
        ...(to !== undefined && { to }),
      });
      if (message === undefined) return sayOnce(reminder);
      // Loaded with the first mail: most gateways never send one.
      const { sendMail } = await import('./mail.ts');
      await sendMail(new URL(smtpUrl), { from, ...message });
    },
  };
}

/** Says what failed. Only the message: an error of a server may carry what was said to it. */
function loud({ name, deliver }: ReminderChannel, log: Logger): ReminderChannel {
  return {
    name,
    async deliver(reminder, now) {
      try {
        await deliver(reminder, now);
      } catch (error) {
        const { subscriptionId, daysBefore } = reminder;
        const reason = error instanceof Error ? error.message : String(error);
        log.error(
          { event: 'reminder', channel: name, subscriptionId, daysBefore, reason },
          'a reminder could not be delivered and is tried again later',
        );
        throw error;
      }
    },
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
