import type { Codec } from '../domain/codec.ts';
import { GatewayError } from '../domain/gateway-error.ts';
import type { UpstreamFailure } from '../domain/gateway-error.ts';
import type { Target } from '../domain/target.ts';
import { isModerationCode } from '../fit/flagged-turns.ts';
import { historyFlagged, lastUserText } from '../fit/history-flagged.ts';
import { mayHaveArrived } from '../upstream/network-error.ts';
import { BodyTooLargeError, collectBody } from '../upstream/response-body.ts';
import type { Transport, UpstreamResponse } from '../upstream/transport.ts';
import { attemptInTurn } from './attempts.ts';
import type { PipelineDependencies } from './dependencies.ts';
import { unnamedCode } from './diagnosis.ts';
import { awaitFirstFrame } from './first-frame.ts';
import { prepare } from './prepare.ts';
import type { Prepared } from './prepare.ts';
import { isTransientStatus } from './retry.ts';
import { retryAdvice } from './retry-advice.ts';
import { awaitSmallAnswer } from './small-answer.ts';
import { extend } from './stages.ts';
import { foreignEncoding, unusableAnswer } from './unusable-answer.ts';
import type { Admitted, Sent } from './stages.ts';

/** An error body larger than this says nothing that its beginning does not. */
const errorBodyLimit = 1024 * 1024;

/** Who is told on the way, so that what was tried is known when all fails. */
export interface SendListener {
  /** Before each attempt. */
  onAttempt(target: Target, prepared: Prepared, attempts: number): void;
  onReached: OnReached;
}

/** Told of each call that came to a provider, by the provider's name. */
export type OnReached = (provider: string) => void;

/**
 * Sends the request until an answer begins: to the first target, and after a retryable failure to the next one, or to the
 * last one again after a pause. Throws the last failure as a GatewayError.
 */
export async function send(
  admitted: Admitted,
  dependencies: PipelineDependencies,
  { onAttempt, onReached }: SendListener,
): Promise<Sent> {
  const { target, prepared, answer, attempts, upstreamMs } = await attemptInTurn(admitted, dependencies, {
    prepare: (next, attempt) => prepare(admitted, next, { first: attempt === 0, dependencies }),
    note: onAttempt,
    async call(next, fitted) {
      try {
        return await openAnswer(admitted, { target: next, prepared: fitted, dependencies, onReached });
      } catch (error) {
        rememberFlagged(error, { admitted, target: next, dependencies });
        throw error;
      }
    },
  });
  const { stripUsage, adjusted, toolNames } = prepared;
  const sent = { target, response: answer, stripUsage, adjusted, attempts, upstreamMs };
  return extend(admitted, toolNames ? { ...sent, toolNames } : sent);
}

interface Failed {
  admitted: Admitted;
  target: Target;
  dependencies: PipelineDependencies;
}

/** Notes the turn that moderation refused, for the rule `history-flagged`. */
function rememberFlagged(error: unknown, { admitted, target, dependencies }: Failed): void {
  if (!(error instanceof GatewayError) || !isModerationCode(error.code)) return;
  const { document, headers } = admitted;
  if (headers['x-atelier-fit'] === 'off' || !dependencies.fit.isEnabled(historyFlagged, target)) return;
  const text = lastUserText(document.get('messages'));
  if (text !== undefined) dependencies.flaggedTurns.note(text);
}

interface Opening {
  target: Target;
  prepared: Prepared;
  dependencies: PipelineDependencies;
  onReached: OnReached;
}

/** A stream that opens with an error is a failed call. */
async function openAnswer(
  { signal }: Admitted,
  { target, prepared, dependencies, onReached }: Opening,
): Promise<UpstreamResponse> {
  const codec = dependencies.codecs[target.protocol];
  const response = await post(prepared, { signal, codec, transport: dependencies.transport, onReached });
  if (!isEventStream(response)) return response;
  const failure = await awaitFirstFrame(response.body, codec);
  if (failure) {
    response.body.abort(new Error('The stream opened with an error.'));
    throw providerError(failure);
  }
  return response;
}

/** A call that is ready to be sent. */
export type ReadyCall = Pick<Prepared, 'endpoint' | 'provider' | 'path' | 'headers' | 'body'>;

interface Posting {
  signal: AbortSignal;
  codec: Codec;
  transport: Transport;
  onReached: OnReached;
}

/**
 * Sends one call. Any status from 300 up rejects as the provider's error, read by the codec, and so does an error in a small answer
 * with another status; no answer rejects as a network error.
 */
export async function post(
  call: ReadyCall,
  { signal, codec, transport, onReached }: Posting,
): Promise<UpstreamResponse> {
  const began = !signal.aborted;
  const response = await sendCall(call, signal, transport).catch((error: unknown) => {
    if (began && mayHaveArrived(error)) onReached(call.provider.name);
    throw error;
  });
  onReached(call.provider.name);
  const unusable = unusableAnswer(response);
  if (unusable) {
    response.body.abort(unusable);
    throw unusable;
  }
  if (response.status >= 400) throw refusal(await readRefusal(response, codec), response);
  if (isEventStream(response)) return response;
  const answer = await awaitSmallAnswer(response, codec);
  if ('failure' in answer) throw refusal(answer.failure, response);
  return { ...response, body: answer.body };
}

function sendCall(
  { endpoint, provider, path, headers, body }: ReadyCall,
  signal: AbortSignal,
  transport: Transport,
): Promise<UpstreamResponse> {
  return transport.send({
    origin: endpoint.origin,
    method: 'POST',
    path,
    headers,
    body,
    timeouts: provider.timeouts,
    signal,
    provider: provider.name,
  });
}

async function readRefusal(response: UpstreamResponse, codec: Codec): Promise<UpstreamFailure> {
  const { status } = response;
  const body = await collectErrorBody(response);
  const encoding = foreignEncoding(response);
  if (encoding === undefined) return codec.readError(status, body.toString('utf8'));
  return { status, message: `The upstream answered with status ${status} and a body in the encoding ${encoding}.` };
}

async function collectErrorBody(response: UpstreamResponse): Promise<Buffer> {
  try {
    return await collectBody(response.body, errorBodyLimit);
  } catch (error) {
    if (error instanceof BodyTooLargeError) return Buffer.alloc(0);
    throw error;
  }
}

export function isEventStream(response: UpstreamResponse): boolean {
  return response.headers['content-type']?.startsWith('text/event-stream') ?? false;
}

function refusal(failure: UpstreamFailure, { headers }: UpstreamResponse): GatewayError {
  return providerError({ ...failure, ...retryAdvice(headers, Date.now()) });
}

/** The upstream's refusal as the error that the client gets: same status and message, origin named. */
export function providerError(failure: UpstreamFailure): GatewayError {
  const status = failure.status < 400 ? 502 : failure.status;
  return new GatewayError({
    status,
    code: failure.code ?? unnamedCode,
    message: failure.message,
    origin: 'provider',
    retryable: isTransientStatus(status),
    ...(failure.type === undefined ? {} : { type: failure.type }),
    ...(failure.param === undefined ? {} : { param: failure.param }),
    ...(failure.requestId === undefined ? {} : { upstreamRequestId: failure.requestId }),
    ...(failure.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: failure.retryAfterSeconds }),
    ...(failure.noRetry === undefined ? {} : { noRetry: failure.noRetry }),
  });
}
