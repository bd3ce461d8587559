import { GatewayError } from '../domain/gateway-error.ts';
import type { Target } from '../domain/target.ts';
import type { PipelineDependencies } from './dependencies.ts';
import { decideRetry } from './retry.ts';
import type { RetryDecision } from './retry.ts';
import type { Admitted } from './stages.ts';

/** What an operation does at one target. */
export interface Attempt<Prepared, Answer> {
  /** Brings the request into the form that this target takes; `attempt` counts from 0. What it throws is not tried again. */
  prepare(target: Target, attempt: number): Prepared;
  call(target: Target, prepared: Prepared): Promise<Answer>;
}

/** What came of it. */
export interface Attempted<Prepared, Answer> {
  target: Target;
  prepared: Prepared;
  answer: Answer;
  attempts: number;
  /** Milliseconds spent waiting for upstreams, all attempts together. */
  upstreamMs: number;
}

/**
 * Calls the first target, and after a retryable failure the next one, or the last one again after a pause. Throws the last
 * failure.
 */
export async function attemptInTurn<Prepared, Answer>(
  { targets, signal }: Pick<Admitted, 'targets' | 'signal'>,
  dependencies: PipelineDependencies,
  { prepare, call }: Attempt<Prepared, Answer>,
): Promise<Attempted<Prepared, Answer>> {
  let upstreamMs = 0;
  for (let attempt = 0; ; attempt++) {
    const target = targetOf(targets, attempt);
    const prepared = prepare(target, attempt);
    const sentAt = performance.now();
    try {
      const answer = await call(target, prepared);
      upstreamMs += performance.now() - sentAt;
      return { target, prepared, answer, attempts: attempt + 1, upstreamMs };
    } catch (error) {
      const pause = pauseBefore(decide(error, attempt, { target, dependencies }), attempt, targets);
      if (pause === undefined || signal.aborted) throw error;
      await sleep(pause, signal);
      upstreamMs += performance.now() - sentAt;
    }
  }
}

function targetOf(targets: readonly Target[], attempt: number): Target {
  const target = targets[Math.min(attempt, targets.length - 1)];
  if (!target) throw new Error('A plan without targets');
  return target;
}

/** Milliseconds to wait before the next attempt, which goes to the next target or, when none is left, to the last one again. */
function pauseBefore(decision: RetryDecision, attempt: number, targets: readonly Target[]): number | undefined {
  if (attempt + 1 < targets.length) return decision.fallback ? 0 : undefined;
  return decision.retry ? decision.afterMs : undefined;
}

interface Sending {
  target: Target;
  dependencies: PipelineDependencies;
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
