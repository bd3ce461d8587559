import { GatewayError } from '../domain/gateway-error.ts';
import type { Target } from '../domain/target.ts';
import type { Ailment, OrderedTargets } from '../routing/health.ts';
import { ailmentOf } from './ailment.ts';
import type { PipelineDependencies } from './dependencies.ts';
import { decideRetry } from './retry.ts';
import type { RetryDecision } from './retry.ts';
import type { Admitted } from './stages.ts';

type AttemptDependencies = Pick<PipelineDependencies, 'health' | 'retry' | 'errors' | 'provider'>;

/** What an operation does at one target. */
export interface Attempt<Prepared, Answer> {
  /** Brings the request into the form that this target takes; `attempt` counts from 0. What it throws is not tried again. */
  prepare(target: Target, attempt: number): Prepared;
  /** Told before each call, and again at the end when the failure of an earlier one is thrown: whose answer the client gets. */
  note(target: Target, prepared: Prepared, attempts: number): void;
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
 * Calls the first target, and after a retryable failure the next one, or the last one again after a pause. Targets that are
 * unwell come after the others and are not called again. Throws the last failure that was not to be expected. The one
 * place where a target's health is learnt.
 */
export async function attemptInTurn<Prepared, Answer>(
  { targets: planned, signal }: Pick<Admitted, 'targets' | 'signal'>,
  dependencies: AttemptDependencies,
  { prepare, note, call }: Attempt<Prepared, Answer>,
): Promise<Attempted<Prepared, Answer>> {
  const { health, retry } = dependencies;
  // Once more after the plan, now that the probe of a target that may be well again goes out in the same turn.
  const ordered = health.order(planned, performance.now());
  let upstreamMs = 0;
  let decisive: Failure<Prepared> | undefined;
  for (let attempt = 0; ; attempt++) {
    const target = targetOf(ordered, attempt);
    const prepared = prepare(target, attempt);
    note(target, prepared, attempt + 1);
    const sentAt = performance.now();
    health.asked(target, sentAt);
    try {
      const answer = await call(target, prepared);
      health.succeeded(target, sentAt);
      upstreamMs += performance.now() - sentAt;
      return { target, prepared, answer, attempts: attempt + 1, upstreamMs };
    } catch (error) {
      const failure = { ...judge(error, attempt, { target, dependencies }), target, prepared };
      const ailment = signal.aborted ? undefined : failure.ailment;
      health.failed(target, ailment, { sentAt, now: performance.now() });
      if (!decisive || !wasExpected(failure, attempt, ordered)) decisive = failure;
      const pause = attempt < retry.maxRetries ? pauseBefore(decisive.decision, attempt, ordered) : undefined;
      if (pause === undefined || signal.aborted) {
        if (decisive !== failure) note(decisive.target, decisive.prepared, attempt + 1);
        throw decisive.error;
      }
      await sleep(pause, signal);
      upstreamMs += performance.now() - sentAt;
    }
  }
}

/** Each target in turn, then the last one that is well again. */
function targetOf({ targets, well }: OrderedTargets, attempt: number): Target {
  const target = targets[attempt] ?? targets[well - 1];
  if (!target) throw new Error('A plan without targets');
  return target;
}

/** A target that was known to be unwell is still unwell: what follows is decided by the failure of one that was not. */
function wasExpected({ ailment }: Judged, attempt: number, { targets, well }: OrderedTargets): boolean {
  return ailment !== undefined && attempt >= well && attempt < targets.length;
}

/** Milliseconds to wait before the next attempt, which goes to the next target or, when none is left, to one again. */
function pauseBefore(decision: RetryDecision, attempt: number, { targets }: OrderedTargets): number | undefined {
  if (attempt + 1 < targets.length) return decision.fallback ? 0 : undefined;
  return decision.retry ? decision.afterMs : undefined;
}

interface Judged {
  error: unknown;
  decision: RetryDecision;
  ailment: Ailment | undefined;
}

interface Failure<Prepared> extends Judged {
  target: Target;
  prepared: Prepared;
}

interface Sending {
  target: Target;
  dependencies: AttemptDependencies;
}

function judge(error: unknown, attempt: number, { target, dependencies }: Sending): Judged {
  const { errors, provider, retry: settings } = dependencies;
  const destination = { target, provider: provider(target.provider) };
  const diagnosis = error instanceof GatewayError ? errors.diagnostics.diagnose(error, destination) : undefined;
  const now = Date.now();
  const decision = decideRetry({ error, diagnosis, attempt, settings, now });
  return { error, decision, ailment: ailmentOf(error, diagnosis, now) };
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
