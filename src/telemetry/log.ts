import { destination, pino, stdTimeFunctions } from 'pino';
import type { Logger } from 'pino';
import type { RequestRecord } from '../domain/request-record.ts';
import type { LogSettings } from '../domain/settings.ts';

export type { Logger } from 'pino';

export interface Log {
  logger: Logger;
  /** Writes what is still buffered; call before the process ends. */
  flush(): void;
}

/**
 * JSON lines. Buffered up to 4 KiB and written without blocking the request that caused them; `flush` at the end.
 * Lines below `warn` may wait up to a second for company.
 */
export function createLog(settings: LogSettings): Log {
  const stream = destination({
    fd: settings.destination === 'stderr' ? 2 : 1,
    sync: false,
    minLength: 4096,
    periodicFlush: 1_000,
  });
  const logger = pino({ level: settings.level, base: null, timestamp: stdTimeFunctions.isoTime }, stream);
  return { logger, flush: () => stream.flushSync() };
}

/** The audit line of a request: an allow-list, so that no header and no body can slip in. */
export function logRequest(logger: Logger, record: RequestRecord): void {
  const { status, error } = record;
  const line = { event: 'request', ...record };
  if (status >= 500 && error?.origin === 'gateway') logger.error(line, 'request failed in the gateway');
  else if (error && status !== 499) logger.warn(line, 'request answered with an error');
  else logger.info(line, 'request');
}
