import type { ErrorCodec } from '../domain/codec.ts';
import { GatewayError } from '../domain/gateway-error.ts';
import type { Target } from '../domain/target.ts';
import { headerValue } from '../wire/header-value.ts';
import { eventStreamHeaders } from './answer-form.ts';
import type { ErrorReport } from './error-report.ts';
import type { Admitted, ClientSink } from './stages.ts';

/** The client went away: nobody reads the answer. 499 is what nginx made customary for it. */
export class ClientLeftError extends GatewayError {
  constructor() {
    super({
      status: 499,
      code: 'client_closed_request',
      message: 'The client closed the connection.',
      origin: 'client',
    });
    this.name = 'ClientLeftError';
  }
}

/** Any throw as the one error type; what was not foreseen becomes a 500 that tells nothing of the inside. */
export function toGatewayError(thrown: unknown): GatewayError {
  if (thrown instanceof GatewayError) return thrown;
  return new GatewayError({
    status: 500,
    code: 'internal_error',
    message: 'The gateway failed on this request.',
    origin: 'gateway',
    fix: "Look for the request id in the gateway's log and report what stands there.",
    cause: thrown,
  });
}

export interface ErrorExit {
  sink: ClientSink;
  codec: ErrorCodec;
  requestId: string;
  /** Where the request had been sent, when it had. */
  target?: Target | undefined;
  /** What is known about the error. */
  report: ErrorReport;
  headers?: Record<string, string>;
}

/** Tells the client: as a status with a body, or as the last event of a stream that has begun. */
export function sendError(error: GatewayError, exit: ErrorExit): void {
  const { sink, codec, requestId, target, report, headers } = exit;
  if (sink.started) {
    sink.fail(codec.writeStreamError(error, requestId, report.explanation));
    return;
  }
  const { status, body } = codec.writeError(error, requestId, report.explanation);
  const text = Buffer.from(JSON.stringify(body));
  sink.start(status, {
    ...headers,
    ...error.headers,
    'content-type': 'application/json',
    'content-length': String(text.length),
    ...errorHeaders(error, requestId, report),
    ...(target === undefined ? {} : { 'x-atelier-provider': target.provider, 'x-atelier-model': target.model }),
  });
  sink.end(text);
}

/** The longest wait that a client's own retries are left to, in seconds. */
const longestClientWait = 60;

/** The headers of every error answer, on each surface. */
export function errorHeaders(
  error: GatewayError,
  requestId: string,
  { id, retryAfterSeconds = error.retryAfterSeconds }: ErrorReport = {},
): Record<string, string> {
  const headers: Record<string, string> = { 'x-request-id': requestId, 'x-atelier-error-origin': error.origin };
  if (id !== undefined) headers['x-atelier-error-id'] = id;
  if (retryAfterSeconds !== undefined) headers['retry-after'] = String(Math.ceil(retryAfterSeconds));
  // The official SDKs obey this header. Without it some retry at once, and some sleep for hours as `retry-after` says.
  if (error.noRetry || (retryAfterSeconds ?? 0) > longestClientWait) headers['x-should-retry'] = 'false';
  const { upstreamRequestId } = error;
  if (upstreamRequestId !== undefined) {
    headers['x-atelier-upstream-request-id'] = headerValue(upstreamRequestId.slice(0, longestForeignId));
  }
  return headers;
}

/** Characters of a provider's id: it may come from a body, where nothing bounds it. */
const longestForeignId = 128;

/** Comments that keep a silent stream open through proxies; the first one commits to status 200. */
export function startKeepalive(
  sink: ClientSink,
  { requestId, quotaHeaders }: Pick<Admitted, 'requestId' | 'quotaHeaders'>,
  intervalMs: number,
): () => void {
  if (intervalMs <= 0) return () => undefined;
  const timer = setInterval(() => {
    if (!sink.started) sink.start(200, { 'x-request-id': requestId, ...quotaHeaders, ...eventStreamHeaders });
    sink.write(': keep-alive\n\n');
  }, intervalMs);
  timer.unref();
  return () => clearInterval(timer);
}
