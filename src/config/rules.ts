import type { AtelierConfig } from '../domain/settings.ts';
import { isLoopbackHost } from './loopback.ts';
import type { Origin } from './origin.ts';
import { placeOf } from './problem.ts';
import type { Problem } from './problem.ts';
import { masterKeyMinLength } from './sections/general.ts';

type OriginOf = (path: string) => Origin;

/** What no single setting can know: whether the settings fit each other. */
export function checkTogether(config: AtelierConfig, originOf: OriginOf): Problem[] {
  return [
    ...openToTheNetwork(config, originOf),
    ...delaysInOrder(config, originOf),
    ...signedReminders(config, originOf),
  ];
}

function openToTheNetwork(config: AtelierConfig, originOf: OriginOf): Problem[] {
  const { host } = config.server;
  if (config.masterKey !== undefined || isLoopbackHost(host)) return [];
  return [
    {
      ...placeOf(originOf('server.host')),
      path: 'server.host',
      message: `is ${host}, which other machines can reach, and there is no master key: anyone could spend your provider keys`,
      suggestion:
        `Either set ATELIER_MASTER_KEY (${masterKeyMinLength} characters or more; make one with: openssl rand -hex 24), ` +
        'or listen on this machine only: HOST=127.0.0.1',
    },
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
