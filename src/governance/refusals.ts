import type { ApiKey } from '../domain/api-key.ts';
import type { LedgerRefusal, WindowStanding } from '../domain/ledger.ts';
import { GatewayError } from '../domain/gateway-error.ts';
import type { Plan, WindowPeriod } from '../domain/plan.ts';
import type { Protocol } from '../domain/protocol.ts';
import { planWindow, unitOf } from './windows.ts';

/*
 * What governance answers when it refuses: the platform's words first, so that clients that look for them find them, then
 * ours. Sources: the Coding Plan FAQ (2026-03-20), the error-code pages.
 */

/** A key that is missing, malformed, unknown, wrong, expired, disabled or revoked; which of these a stranger is not told. */
export function wrongKey({
  planForm,
  presented,
  protocol,
}: {
  planForm: boolean;
  presented: boolean;
  protocol: Protocol;
}): GatewayError {
  if (planForm) {
    return new GatewayError({
      status: 401,
      code: 'invalid_api_key',
      type: 'invalid_request_error',
      message: 'invalid access token or token expired',
      origin: 'client',
      fix: 'Check that the plan key is complete, that the subscription has not ended, and that the key was not reset since.',
    });
  }
  // The platform's Anthropic endpoint answers 403 authentication_error where its OpenAI endpoint answers 401.
  const anthropic = protocol === 'anthropic-messages';
  return new GatewayError({
    status: anthropic ? 403 : 401,
    code: 'invalid_api_key',
    type: anthropic ? 'authentication_error' : 'invalid_request_error',
    message: presented ? 'Incorrect API key provided.' : 'No API-key provided.',
    origin: 'client',
    fix: 'Send a key of this gateway as "Authorization: Bearer KEY" or "x-api-key: KEY".',
  });
}

export function tooManyFailedAttempts(retryAfterSeconds: number): GatewayError {
  return new GatewayError({
    status: 429,
    code: 'too_many_failed_attempts',
    message: 'Too many requests with a wrong key came from this address.',
    origin: 'client',
    retryAfterSeconds,
    fix: 'Correct the key and wait.',
  });
}

export function addressNotAllowed(): GatewayError {
  return new GatewayError({
    status: 403,
    code: 'access_denied',
    message: 'Access denied. This key may not be used from this address.',
    origin: 'client',
    fix: "Ask the gateway's administrator to add your address to the key's IP ranges.",
  });
}

/** A general key that may not use the model or any provider that has it. */
export function modelNotAllowed(model: string, key: Pick<ApiKey, 'models' | 'providers'> | undefined): GatewayError {
  const models = key?.models ? `these models: ${key.models.join(', ')}` : 'all models';
  const providers = key?.providers ? `, at these providers: ${key.providers.join(', ')}` : '';
  return new GatewayError({
    status: 403,
    code: 'model_access_denied',
    message: `Model access denied. This key may not use the model '${model}'.`,
    param: 'model',
    origin: 'client',
    fix: `The key allows ${models}${providers}.`,
  });
}

export function modelNotInPlan(model: string, plan: Plan): GatewayError {
  return new GatewayError({
    status: 400,
    code: 'model_not_supported',
    message: `model '${model}' is not supported`,
    param: 'model',
    origin: 'client',
    fix: `The plan '${plan.name}' has these models (case-sensitive): ${(plan.models ?? []).join(', ')}.`,
  });
}

export function codingAgentsOnly(): GatewayError {
  return new GatewayError({
    status: 405,
    code: 'coding_agents_only',
    message: 'Coding Plan is currently only available for Coding Agents',
    origin: 'client',
    fix: 'Use this key in a coding agent; apps and scripts need a general key.',
  });
}

export function storeAway(cause: unknown): GatewayError {
  return new GatewayError({
    status: 503,
    code: 'accounting_unavailable',
    message: 'The gateway cannot check your key or quota at the moment.',
    cause,
    origin: 'gateway',
    retryable: true,
    retryAfterSeconds: 5,
    fix: 'Try again shortly; /health/ready shows the reason.',
  });
}

const periodWords: Record<WindowPeriod['kind'], string> = {
  rolling: 'hour',
  fixed: 'hour',
  day: 'day',
  week: 'week',
  month: 'month',
  'calendar-month': 'month',
};

/** Response headers: how the plan's windows stand. */
type Headers = Record<string, string>;

/** How the ledger refused. */
export interface Refused {
  plan: Plan;
  refusal: LedgerRefusal;
  windows: readonly WindowStanding[];
  headers: Headers;
  now: number;
}

/** The ledger's refusal in the platform's words, with the window, its standing and when it opens again. */
export function quotaExceeded({ plan, refusal, windows, headers, now }: Refused): GatewayError {
  if (refusal.reason === 'concurrency') {
    const fix = `The plan '${plan.name}' allows ${plan.concurrency} requests at the same time. Wait until one is over.`;
    return quotaError('concurrency allocated quota exceeded', { retryAfterSeconds: 1, headers, fix });
  }
  const { window: name, opensAt } = refusal;
  const period = planWindow(plan, name)?.period;
  const message =
    period === undefined
      ? 'usage allocated quota exceeded. please try again later.'
      : `${periodWords[period.kind]} allocated quota exceeded`;
  const standing = windows.find((window) => window.name === name);
  const used = `${standing?.used} of ${standing?.limit} ${unitNames[unitOf(plan, name) ?? 'calls']}`;
  return quotaError(message, {
    retryAfterSeconds: Math.max(1, Math.ceil((opensAt - now) / 1000)),
    headers,
    fix: `Window '${name}' of the plan '${plan.name}': ${used} used; it opens again at ${isoSeconds(opensAt)}, in ${durationText(opensAt - now)}.`,
  });
}

const unitNames = { calls: 'calls', tokens: 'tokens', money: 'CNY' } as const;

/** A time to wait in its two largest units, rounded up to minutes beyond one: `3 d 2 h`, `5 h 3 min`, `40 s`. */
function durationText(milliseconds: number): string {
  const seconds = Math.max(1, Math.ceil(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24];
  if (days > 0) return hours > 0 ? `${days} d ${hours} h` : `${days} d`;
  const rest = minutes % 60;
  return [hours > 0 ? `${hours} h` : '', rest > 0 ? `${rest} min` : ''].filter((part) => part !== '').join(' ');
}

/** An instant as `2026-03-18T05:00:00Z`, rounded up to whole seconds. */
export function isoSeconds(instant: number): string {
  return `${new Date(Math.ceil(instant / 1000) * 1000).toISOString().slice(0, 19)}Z`;
}

function quotaError(
  message: string,
  options: { retryAfterSeconds: number; headers: Headers; fix: string },
): GatewayError {
  return new GatewayError({ status: 429, code: 'insufficient_quota', message, origin: 'gateway', ...options });
}
