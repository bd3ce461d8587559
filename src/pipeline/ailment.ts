import type { ErrorArea, ErrorRecord } from '../catalogue/errors/record.ts';
import { secondsUntilRetry } from '../catalogue/errors/retry-time.ts';
import { GatewayError } from '../domain/gateway-error.ts';
import type { Ailment } from '../routing/health.ts';
import type { Diagnosis } from './diagnosis.ts';
import { isTransientStatus } from './retry.ts';

type Finding = Pick<Ailment, 'scope' | 'lasts'>;

/** Whose trouble the errors of an area are. Those of other areas are about the request, unless their status says more. */
const scopes: Partial<Record<ErrorArea, Ailment['scope']>> = {
  account: 'provider',
  auth: 'provider',
  plan: 'provider',
  // Model Studio counts calls and tokens by account and model, and its services are one per model.
  'rate-limit': 'model',
  server: 'model',
};

/** Errors of the network at a host that was reached: a slow model does not speak for the others there. */
const reachedCodes = new Set(['upstream_first_byte_timeout', 'upstream_idle_timeout', 'upstream_empty_stream']);

/** Statuses that are about the key or the account whatever the words: unauthorized, payment required. */
const accountStatuses = new Set([401, 402]);

/**
 * What a failed call says about its provider's health; undefined when it says nothing, as every error that the request itself
 * brought about. A recognised error is judged by its record, any other by its status. `now` in epoch milliseconds.
 */
export function ailmentOf(error: unknown, diagnosis: Diagnosis | undefined, now: number): Ailment | undefined {
  if (!(error instanceof GatewayError)) return undefined;
  const record = diagnosis?.certain === true ? diagnosis.record : undefined;
  const finding = find(error, record);
  if (!finding) return undefined;
  const seconds = error.retryAfterSeconds ?? (record && secondsUntilRetry(record.retryable, now));
  return {
    scope: finding.scope,
    lasts: seconds !== undefined && seconds > 0 ? seconds * 1000 : finding.lasts,
    code: error.code,
    ...(record && { errorId: record.id }),
  };
}

function find({ origin, code, status }: GatewayError, record: ErrorRecord | undefined): Finding | undefined {
  if (origin === 'network') return { scope: reachedCodes.has(code) ? 'model' : 'provider', lasts: 'passing' };
  if (origin !== 'provider') return undefined;
  return record ? byRecord(record, status) : byStatus(status);
}

function byRecord({ area, concerns, origin, retryable }: ErrorRecord, status: number): Finding | undefined {
  if (concerns === 'request') return undefined;
  const scope = concerns ?? scopes[area];
  if (scope !== undefined) return { scope, lasts: retryable.kind === 'backoff' ? 'passing' : 'stays' };
  return origin === 'client' ? undefined : byStatus(status);
}

function byStatus(status: number): Finding | undefined {
  if (accountStatuses.has(status)) return { scope: 'provider', lasts: 'stays' };
  return isTransientStatus(status) ? { scope: 'model', lasts: 'passing' } : undefined;
}
