import { pino } from 'pino';
import type { Logger } from 'pino';
import type { RequestRecord } from '../domain/request-record.ts';
import type { LogSettings } from '../domain/settings.ts';
import { LogSink } from './log-sink.ts';

export type { Logger } from 'pino';

export interface Log {
  logger: Logger;
  /** Writes the audit line of a request. */
  request: LogRequest;
  /** Writes what is still buffered, as far as it can be written; call before the process ends. Never rejects. */
  flush(): Promise<void>;
}

/** JSON lines, gathered and written without blocking the request that caused them; `flush` at the end. */
export function createLog(settings: LogSettings): Log {
  const sink = new LogSink(settings.destination === 'stderr' ? 2 : 1);
  process.once('exit', () => sink.close());
  const time = clock();
  const logger = pino({ level: settings.level, base: null, timestamp: () => `,"time":"${time()}"` }, sink);
  return { logger, request: requestLog(logger, sink, time), flush: () => sink.flush() };
}

/** The time in RFC 3339 with milliseconds; most lines share their second with the one before. */
function clock(): (now?: number) => string {
  let second = Number.NaN;
  let start = '';
  return (now = Date.now()) => {
    const millisecond = now % 1000;
    if (now - millisecond !== second) {
      second = now - millisecond;
      start = new Date(second).toISOString().slice(0, -4);
    }
    return `${start}${millisecond < 100 ? (millisecond < 10 ? '00' : '0') : ''}${millisecond}Z`;
  };
}

/** Writes the line of a request that is over; the record must not change afterwards, since the line is made later. */
export type LogRequest = (record: RequestRecord) => void;

interface Grade {
  level: 'error' | 'warn' | 'info';
  msg?: string;
}

function gradeOf({ status, error }: RequestRecord): Grade {
  if (status >= 500 && error?.origin === 'gateway') return { level: 'error', msg: 'request failed in the gateway' };
  if (error && status !== 499) return { level: 'warn', msg: 'request answered with an error' };
  return { level: 'info' };
}

/**
 * The audit lines of requests: an allow-list, so that no header and no body can slip in. They look like the logger's and obey
 * its level, and are written past it, since it would make each line at once.
 */
export function requestLog(logger: Logger, sink: Pick<LogSink, 'writeLater'>, time = clock()): LogRequest {
  const { values } = logger.levels;
  return (record) => {
    const { level, msg } = gradeOf(record);
    if (!logger.isLevelEnabled(level)) return;
    const now = Date.now();
    sink.writeLater(
      () => `${JSON.stringify({ level: values[level], time: time(now), ...requestLine(record), msg })}\n`,
    );
  };
}

/**
 * Short on purpose: what repeats another member (the target's protocol when it is the client's, one attempt) is left out,
 * since writing is half of a line's cost.
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
