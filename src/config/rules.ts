import type { AtelierConfig } from '../domain/settings.ts';
import type { Origin } from './origin.ts';
import { placeOf } from './problem.ts';
import type { Problem } from './problem.ts';

type OriginOf = (path: string) => Origin;

/** What no single setting can know: whether the settings fit each other. */
export function checkTogether(config: AtelierConfig, originOf: OriginOf): Problem[] {
  return [...delaysInOrder(config, originOf), ...signedReminders(config, originOf)];
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
