import { secondsUntilRetry } from '../catalogue/errors/retry-time.ts';
import { GatewayError } from '../domain/gateway-error.ts';
import type { RetrySettings } from '../domain/settings.ts';
import type { Diagnosis } from './diagnosis.ts';

/** An attempt that failed before any byte reached the client. */
export interface FailedAttempt {
  error: unknown;
  /** Absent while the catalogue is being read. */
  diagnosis: Diagnosis | undefined;
  /** Counts from 0. */
  attempt: number;
  settings: RetrySettings;
  /** Epoch milliseconds. */
  now: number;
}

export interface RetryDecision {
  /** The same target may be asked again. */
  retry: boolean;
  /** Milliseconds to wait before that. */
  afterMs: number;
  /** Another target may be asked, at once. */
  fallback: boolean;
}

/** Statuses whose cause passes with time: all there is to go by when the catalogue does not know the error. */
const transientStatuses = new Set([408, 425, 429, 500, 502, 503, 504, 529]);

export function isTransientStatus(status: number): boolean {
  return transientStatuses.has(status);
}

const giveUp: RetryDecision = { retry: false, afterMs: 0, fallback: false };

/**
 * The one place that decides what follows a failure. A recognised error is judged by its record: what never passes is not
 * repeated, a window that is used up waits for its reset. Anything else is judged by the error itself, for a provider's
 * answer that is its status.
 */
export function decideRetry(failed: FailedAttempt): RetryDecision {
  const { error, diagnosis, attempt, settings } = failed;
  if (!(error instanceof GatewayError) || attempt >= settings.maxRetries) return giveUp;
  const record = error.origin === 'provider' && diagnosis?.certain === true ? diagnosis.record : undefined;
  if (record === undefined ? !error.retryable : record.retryable.kind === 'never') {
    return { ...giveUp, fallback: record !== undefined && concernsProvider(record) };
  }
  const wanted = wantedPause(failed);
  // A longer wait is the client's to decide: it gets the header.
  const tooLong = wanted === undefined || wanted > settings.maxDelayMs;
  // What a provider says about sending again holds for itself, not for the others.
  return { retry: !tooLong && !error.noRetry, afterMs: wanted ?? 0, fallback: true };
}

/** Areas whose errors are about the provider's key, account or list of models, even where the document blames the caller. */
const providerAreas: ReadonlySet<string> = new Set(['account', 'auth', 'plan', 'model']);

/** Another provider may well answer the same request. */
function concernsProvider({ origin, area }: Diagnosis['record']): boolean {
  return origin !== 'client' || providerAreas.has(area);
}

/** Milliseconds; undefined when the end of the wait is not known. */
function wantedPause({ error, diagnosis, attempt, settings, now }: FailedAttempt): number | undefined {
  if (error instanceof GatewayError && error.retryAfterSeconds !== undefined) return error.retryAfterSeconds * 1000;
  const retryable = diagnosis?.certain === true ? diagnosis.record.retryable : undefined;
  if (retryable?.kind === 'after') {
    const seconds = secondsUntilRetry(retryable, now);
    return seconds === undefined ? undefined : seconds * 1000;
  }
  const ramp = retryable?.kind === 'backoff' && retryable.ramp === true;
  return growingPause(attempt, settings, ramp ? rampGrowth : plainGrowth);
}

/** The first pause in units of the base delay, and what each further one is multiplied by. */
const plainGrowth = { first: 1, factor: 2 };
/** After a burst the load has to come back slowly: 4, 16, 64 times the base delay. */
const rampGrowth = { first: 4, factor: 4 };

/** Half of it at random, so that clients that failed together do not return together. */
function growingPause(attempt: number, settings: RetrySettings, { first, factor }: typeof plainGrowth): number {
  const ceiling = Math.min(settings.maxDelayMs, settings.baseDelayMs * first * factor ** attempt);
  return ceiling / 2 + (Math.random() * ceiling) / 2;
}
