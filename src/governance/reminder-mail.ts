import { isMailAddress } from '../domain/mail-address.ts';
import type { Plan } from '../domain/plan.ts';
import type { Reminder } from '../domain/subscription.ts';
import { timeZone } from './calendar.ts';
import { isoSeconds } from './refusals.ts';

/** A mail, ready to send. */
export interface ReminderMail {
  to: string;
  /** Without the angle brackets; the same whenever the reminder is sent. */
  messageId: string;
  subject: string;
  /** Plain text. */
  text: string;
}

export interface ReminderMailOptions {
  /** Its address is also where the id of the mail is from. */
  from: string;
  /** Gets it when the owner is no mail address. */
  to?: string;
  /** Undefined when it was deleted. */
  plan: Plan | undefined;
}

/** The reminder as a mail to the owner; undefined when nobody is known who could get one. */
export function reminderMail(reminder: Reminder, { from, to, plan }: ReminderMailOptions): ReminderMail | undefined {
  const { subscriptionId, owner, endsAt, daysBefore } = reminder;
  const receiver = isMailAddress(owner) ? owner : to;
  if (receiver === undefined) return undefined;
  const title = plan?.title ?? reminder.plan;
  const { date, lines } = endIn(plan, endsAt);
  const days = daysBefore === 1 ? '1 day' : `${daysBefore} days`;
  return {
    to: receiver,
    messageId: `reminder.${plain(subscriptionId)}.${endsAt}.${daysBefore}@${from.slice(from.lastIndexOf('@') + 1)}`,
    subject: `Your subscription to ${title} ends on ${date}`,
    text: [
      `The subscription ${subscriptionId} of ${owner}`,
      `to the plan ${title} ends at`,
      '',
      ...lines.map((line) => `    ${line}`),
      '',
      'From then on its key is refused. Until then it can be renewed for another',
      'term, and the key stays the same. Whoever runs the gateway renews it with',
      '',
      `    atelier subscriptions renew ${subscriptionId}`,
      '',
      'After the end it cannot be renewed: a new subscription comes with a new key.',
      '',
      `This is the reminder of ${days} before the end.`,
      '',
    ].join('\n'),
  };
}

/** In the plan's time zone, where its days begin and end, and in UTC. */
function endIn(plan: Plan | undefined, endsAt: number): { date: string; lines: string[] } {
  const utc = written(endsAt);
  if (plan === undefined || plan.timeZone === 'UTC') return { date: utc.slice(0, 10), lines: [`${utc} UTC`] };
  const zone = timeZone(plan.timeZone);
  const local = written(endsAt + zone.offsetAt(endsAt));
  return { date: local.slice(0, 10), lines: [`${local} ${zone.name}`, `${utc} UTC`] };
}

function written(instant: number): string {
  return isoSeconds(instant).replace('T', ' ').replace('Z', '');
}

/** Ids are plain already; what is not would end the header that it stands in. */
function plain(id: string): string {
  return id.replaceAll(/[^\w-]/g, '_');
}
