import { destination, pino, stdTimeFunctions } from 'pino';
import type { Logger } from 'pino';
import type { RequestRecord } from '../domain/request-record.ts';
import type { LogSettings } from '../domain/settings.ts';

export type { Logger } from 'pino';

export interface Log {
  logger: Logger;
  /** Writes what is still buffered, as far as it can be written; call before the process ends. Never rejects. */
  flush(): Promise<void>;
}

/**
 * JSON lines. Buffered up to 16 KB and written without blocking the request that caused them; `flush` at the end.
 * Lines below `warn` may wait up to a second for company.
 */
export function createLog(settings: LogSettings): Log {
  const stream = destination({
    fd: settings.destination === 'stderr' ? 2 : 1,
    sync: false,
    minLength: 16_000,
    maxLength: 4 * 2 ** 20,
    periodicFlush: 1_000,
  });
  outliveFailures(stream);
  const logger = pino({ level: settings.level, base: null, timestamp: stdTimeFunctions.isoTime }, stream);
  return { logger, flush: () => new Promise((resolve) => stream.flush(() => resolve())) };
}

/**
 * A full disk or a terminal that was closed costs log lines, not the gateway: without a listener the error would end the
 * process, and the synchronous write at the end of the process would repeat itself for ever (sonic-boom 4 retries
 * every error there). Lines beyond `maxLength` are dropped until writing works again.
 */
function outliveFailures(stream: ReturnType<typeof destination>): void {
  let failing = false;
  stream.on('error', () => {
    failing = true;
  });
  stream.on('write', () => {
    failing = false;
  });
  const flushSync = stream.flushSync.bind(stream);
  stream.flushSync = () => {
    if (!failing) flushSync();
  };
}

/** The audit line of a request: an allow-list, so that no header and no body can slip in. */
export function logRequest(logger: Logger, record: RequestRecord): void {
  const { status, error } = record;
  if (status >= 500 && error?.origin === 'gateway') logger.error(requestLine(record), 'request failed in the gateway');
  else if (error && status !== 499) logger.warn(requestLine(record), 'request answered with an error');
  else if (logger.isLevelEnabled('info')) logger.info(requestLine(record));
}

/**
 * Flat on purpose: pino writes nested objects through a slow path. Short on purpose: what repeats another member (the target's
 * protocol when it is the client's, one attempt) is left out, since writing is half of a line's cost.
 */
function requestLine(record: RequestRecord): Record<string, unknown> {
  const {
    adjusted,
    attempts,
    callId,
    error,
    model,
    protocol,
    receivedAt: _receivedAt,
    stream,
    targetModel,
    targetProtocol,
    timings,
    usage,
    ...rest
  } = record;
  return {
    event: 'request',
    ...rest,
    protocol,
    model,
    ...usage,
    ...timings,
    ...(callId !== rest.requestId && { callId }),
    ...(stream && { stream }),
    ...(attempts !== 1 && { attempts }),
    ...(targetModel !== model && { targetModel }),
    ...(targetProtocol !== protocol && { targetProtocol }),
    ...(adjusted.length > 0 && { adjusted: adjusted.join(',') }),
    ...(error && { errorCode: error.code, errorOrigin: error.origin, errorMessage: error.message }),
    ...(error?.id !== undefined && { errorId: error.id }),
  };
}
