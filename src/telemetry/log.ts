import { pino } from 'pino';
import type { Logger } from 'pino';
import type { RequestRecord } from '../domain/request-record.ts';
import type { LogSettings } from '../domain/settings.ts';
import { LogSink } from './log-sink.ts';

export type { Logger } from 'pino';

export interface Log {
  logger: Logger;
  /** Writes what is still buffered, as far as it can be written; call before the process ends. Never rejects. */
  flush(): Promise<void>;
}

/** JSON lines, gathered and written without blocking the request that caused them; `flush` at the end. */
export function createLog(settings: LogSettings): Log {
  const sink = new LogSink(settings.destination === 'stderr' ? 2 : 1);
  process.once('exit', () => sink.close());
  const logger = pino({ level: settings.level, base: null, timestamp: timeMember() }, sink);
  return { logger, flush: () => sink.flush() };
}

/** The member `time` of a line, in RFC 3339 with milliseconds; most lines share their second with the one before. */
function timeMember(): () => string {
  let second = Number.NaN;
  let start = '';
  return () => {
    const now = Date.now();
    const millisecond = now % 1000;
    if (now - millisecond !== second) {
      second = now - millisecond;
      start = `,"time":"${new Date(second).toISOString().slice(0, -4)}`;
    }
    return `${start}${millisecond < 100 ? (millisecond < 10 ? '00' : '0') : ''}${millisecond}Z"`;
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
  const { adjusted, attempts, callId, error, model, protocol, requestId, stream, targetModel, targetProtocol } = record;
  const line: Record<string, unknown> = {
    event: 'request',
    requestId,
    route: record.route,
    status: record.status,
    principal: record.principal,
    agent: record.agent,
    provider: record.provider,
    protocol,
    model,
    upstreamRequestId: record.upstreamRequestId,
    bytesIn: record.bytesIn,
    bytesOut: record.bytesOut,
  };
  Object.assign(line, record.usage, record.timings);
  if (callId !== requestId) line['callId'] = callId;
  if (stream) line['stream'] = stream;
  if (attempts !== 1) line['attempts'] = attempts;
  if (targetModel !== model) line['targetModel'] = targetModel;
  if (targetProtocol !== protocol) line['targetProtocol'] = targetProtocol;
  if (adjusted.length > 0) line['adjusted'] = adjusted.join(',');
  if (error) {
    Object.assign(line, { errorCode: error.code, errorOrigin: error.origin, errorMessage: error.message });
    if (error.id !== undefined) line['errorId'] = error.id;
  }
  return line;
}
