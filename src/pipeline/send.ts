import { GatewayError } from '../domain/gateway-error.ts';
import type { UpstreamFailure } from '../domain/gateway-error.ts';
import type { Target } from '../domain/target.ts';
import { isModerationCode } from '../fit/flagged-turns.ts';
import { historyFlagged, lastUserText } from '../fit/history-flagged.ts';
import { BodyTooLargeError, collectBody } from '../upstream/response-body.ts';
import type { UpstreamResponse } from '../upstream/transport.ts';
import type { PipelineDependencies } from './dependencies.ts';
import { unnamedCode } from './diagnosis.ts';
import { awaitFirstFrame } from './first-frame.ts';
import { prepare } from './prepare.ts';
import type { Prepared } from './prepare.ts';
import { decideRetry, isTransientStatus } from './retry.ts';
import type { RetryDecision } from './retry.ts';
import type { Admitted, Sent } from './stages.ts';

/** An error body larger than this says nothing that its beginning does not. */
const errorBodyLimit = 1024 * 1024;

/** Told before each attempt, so that what was tried is known when all fail. */
export type OnAttempt = (target: Target, prepared: Prepared, attempts: number) => void;

/**
 * Sends the request until an answer begins: to the first target, and after a retryable failure to the next one, or to the
 * last one again after a pause. Throws the last failure as a GatewayError.
 */
export async function send(
  admitted: Admitted,
  dependencies: PipelineDependencies,
  onAttempt: OnAttempt,
): Promise<Sent> {
  let upstreamMs = 0;
  for (let attempt = 0; ; attempt++) {
    const target = targetOf(admitted.targets, attempt);
    const prepared = prepare(admitted, target, { first: attempt === 0, dependencies });
    onAttempt(target, prepared, attempt + 1);
    const sentAt = performance.now();
    try {
      const response = await attemptOnce(admitted, { target, prepared, dependencies });
      upstreamMs += performance.now() - sentAt;
      const { stripUsage, adjusted, toolNames } = prepared;
      const sent = { ...admitted, target, response, stripUsage, adjusted, attempts: attempt + 1, upstreamMs };
      return toolNames ? { ...sent, toolNames } : sent;
    } catch (error) {
      rememberFlagged(error, { admitted, target, dependencies });
      const pause = pauseBefore(decide(error, attempt, { target, dependencies }), attempt, admitted.targets);
      if (pause === undefined || admitted.signal.aborted) throw error;
      await sleep(pause, admitted.signal);
      upstreamMs += performance.now() - sentAt;
    }
  }
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
  if (headers['x-atelier-fit'] === 'off' || !dependencies.isRuleEnabled(historyFlagged, target)) return;
  const text = lastUserText(document.get('messages'));
  if (text !== undefined) dependencies.flaggedTurns.note(text);
}

function targetOf(targets: readonly Target[], attempt: number): Target {
  const target = targets[Math.min(attempt, targets.length - 1)];
  if (!target) throw new Error('A plan without targets');
  return target;
}

interface Sending {
  target: Target;
  dependencies: PipelineDependencies;
}

async function attemptOnce(
  admitted: Admitted,
  { target, prepared, dependencies }: Sending & { prepared: Prepared },
): Promise<UpstreamResponse> {
  const { endpoint, provider, path, headers, body } = prepared;
  const codec = dependencies.codecs[target.protocol];
  const response = await dependencies.transport.send({
    origin: endpoint.origin,
    method: 'POST',
    path,
    headers,
    body,
    timeouts: provider.timeouts,
    signal: admitted.signal,
    provider: provider.name,
  });
  if (response.status >= 300) {
    const text = (await collectErrorBody(response)).toString('utf8');
    throw providerError({ ...codec.readError(response.status, text), ...retryAfter(response.headers) });
  }
  if (isEventStream(response)) {
    const failure = await awaitFirstFrame(response.body, codec);
    if (failure) {
      response.body.abort(new Error('The stream opened with an error.'));
      throw providerError(failure);
    }
  }
  return response;
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

/** The upstream's refusal as the error that the client gets: same status and message, origin named. */
export function providerError(failure: UpstreamFailure): GatewayError {
  // A redirect is not followed: it would carry the key to another host.
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
  });
}

/** `retry-after` in seconds or as a date, or `retry-after-ms`. */
function retryAfter(headers: Record<string, string>): { retryAfterSeconds?: number } {
  const milliseconds = Number(headers['retry-after-ms'] ?? Number.NaN);
  if (milliseconds >= 0) return { retryAfterSeconds: milliseconds / 1000 };
  const text = headers['retry-after'];
  if (text === undefined) return {};
  const seconds = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : (Date.parse(text) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? { retryAfterSeconds: Math.max(0, seconds) } : {};
}

/** Milliseconds to wait before the next attempt, which goes to the next target or, when none is left, to the last one again. */
function pauseBefore(decision: RetryDecision, attempt: number, targets: readonly Target[]): number | undefined {
  if (attempt + 1 < targets.length) return decision.fallback ? 0 : undefined;
  return decision.retry ? decision.afterMs : undefined;
}

function decide(error: unknown, attempt: number, { target, dependencies }: Sending): RetryDecision {
  const { errors, provider, retry: settings } = dependencies;
  const destination = { target, provider: provider(target.provider) };
  const diagnosis = error instanceof GatewayError ? errors.diagnostics.diagnose(error, destination) : undefined;
  return decideRetry({ error, diagnosis, attempt, settings, now: Date.now() });
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (milliseconds === 0) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    }, milliseconds);
    signal.addEventListener('abort', onAbort, { once: true });
  });
}
