import type { AtelierConfig } from '../domain/settings.ts';
import type { Origin } from './origin.ts';
import { placeOf } from './problem.ts';
import type { Problem } from './problem.ts';

type OriginOf = (path: string) => Origin;

/** What no single setting can know: whether the settings fit each other. */
export function checkTogether(config: AtelierConfig, originOf: OriginOf): Problem[] {
  return [
    ...delaysInOrder(config, originOf),
    ...signedReminders(config, originOf),
    ...mailedReminders(config, originOf),
    ...redisWithPostgres(config, originOf),
  ];
}

function delaysInOrder(config: AtelierConfig, originOf: OriginOf): Problem[] {
  const { baseDelayMs, maxDelayMs } = config.retry;
  if (baseDelayMs <= maxDelayMs) return [];
  const message = `is ${baseDelayMs}, more than retry.max_delay_ms (${maxDelayMs})`;
  return [{ ...placeOf(originOf('retry.base_delay_ms')), path: 'retry.base_delay_ms', message }];
}

/** An unsigned webhook could be forged by anyone who knows its address. */
function signedReminders({ reminders }: AtelierConfig, originOf: OriginOf): Problem[] {
  if ((reminders.webhookUrl === undefined) === (reminders.webhookSecret === undefined)) return [];
  const [given, missing] =
    reminders.webhookUrl === undefined ? ['webhook_secret', 'webhook_url'] : ['webhook_url', 'webhook_secret'];
  const path = `reminders.${given}`;
  return [{ ...placeOf(originOf(path)), path, message: `needs reminders.${missing} beside it` }];
}

/** A mail needs a server and a sender. */
function mailedReminders({ reminders }: AtelierConfig, originOf: OriginOf): Problem[] {
  const { smtpUrl, from, to } = reminders.mail;
  const missing = smtpUrl === undefined ? 'smtp_url' : from === undefined ? 'from' : undefined;
  const given = smtpUrl !== undefined ? 'smtp_url' : from !== undefined ? 'from' : to !== undefined ? 'to' : undefined;
  if (missing === undefined || given === undefined) return [];
  const path = `reminders.mail.${given}`;
  return [{ ...placeOf(originOf(path)), path, message: `needs reminders.mail.${missing} beside it` }];
}

/** A SQLite file belongs to one machine: there is nothing to share. */
function redisWithPostgres({ store }: AtelierConfig, originOf: OriginOf): Problem[] {
  if (store.redisUrl === undefined || !store.databaseUrl.startsWith('sqlite:')) return [];
  const path = 'store.redis_url';
  const message = 'counts for several nodes that share one Postgres, and store.database_url names a SQLite file';
  return [{ ...placeOf(originOf(path)), path, message, suggestion: 'Take it out, or set a postgres:// URL.' }];
}
