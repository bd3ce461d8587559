import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createErrorCatalogue } from '../../../src/catalogue/errors/catalogue.ts';
import { secondsUntilRetry } from '../../../src/catalogue/errors/retry-time.ts';
import { GatewayError } from '../../../src/domain/gateway-error.ts';
import { diagnose } from '../../../src/pipeline/diagnosis.ts';
import { decideRetry, isTransientStatus } from '../../../src/pipeline/retry.ts';
import type { RetryDecision } from '../../../src/pipeline/retry.ts';

const catalogue = createErrorCatalogue();
const settings = { maxRetries: 3, baseDelayMs: 100, maxDelayMs: 10_000, breaker: true };
/** 2026-03-18, a Wednesday, 12:00 UTC+8. */
const wednesday = Date.UTC(2026, 2, 18, 4);

interface Given {
  status: number;
  code?: string;
  message: string;
  retryAfterSeconds?: number;
  noRetry?: boolean;
  attempt?: number;
  /** False while the catalogue is being read. */
  known?: boolean;
}

/** The decision on what a provider answered. */
function decide({ known = true, attempt = 0, code = 'upstream_error', ...failure }: Given): RetryDecision {
  const retryable = isTransientStatus(failure.status);
  const error = new GatewayError({ ...failure, code, retryable, origin: 'provider' });
  const diagnosis = known ? diagnose(error, catalogue) : undefined;
  return decideRetry({ error, diagnosis, attempt, settings, now: wednesday });
}

const quota = 'You exceeded your current quota, please check your plan and billing details.';
const burst =
  'Request rate increased too quickly. To ensure system stability, please adjust your client logic to scale requests more smoothly over time.';

describe('a recognised error is judged by its record', () => {
  for (const [what, given, retry, fallback] of [
    ['insufficient_quota backs off', { status: 429, code: 'insufficient_quota', message: quota }, true, true],
    ['a code alone is enough', { status: 429, code: 'insufficient_quota', message: 'other words' }, true, true],
    ['Arrearage never', { status: 400, code: 'Arrearage', message: 'Access denied.' }, false, true],
    ['an overdue bill never', { status: 429, code: 'PostpaidBillOverdue', message: 'Bill' }, false, true],
    [
      'a wait of 300 s is not repeated',
      { status: 500, code: 'RequestTimeOut', message: 'Response timeout!' },
      false,
      true,
    ],
    ['capacity backs off', { status: 503, code: 'ModelServingError', message: 'Too many requests.' }, true, true],
    ['a wrong parameter never', { status: 400, message: 'Range of max_tokens should be [1, 8192]' }, false, false],
    ['moderation never', { status: 400, code: 'data_inspection_failed', message: 'Input' }, false, false],
    ['the 5-hour window waits', { status: 429, message: 'hour allocated quota exceeded' }, false, true],
    ['the weekly window waits', { status: 429, message: 'week allocated quota exceeded' }, false, true],
    ['the monthly window waits', { status: 429, message: 'month allocated quota exceeded' }, false, true],
    ['a key that is wrong for this provider', { status: 401, code: 'invalid_api_key', message: 'No' }, false, true],
    ['a model that this provider lacks', { status: 404, code: 'model_not_found', message: 'No' }, false, true],
  ] as const) {
    test(what, () => {
      const decision = decide(given);
      assert.deepEqual([decision.retry, decision.fallback], [retry, fallback]);
    });
  }
});

describe('anything else is judged by its status', () => {
  for (const status of [408, 425, 429, 500, 502, 503, 504, 529]) {
    test(`${status} passes with time`, () => {
      const { retry, fallback } = decide({ status, message: 'Something new' });
      assert.deepEqual([retry, fallback], [true, true]);
    });
  }
  for (const status of [400, 401, 403, 404, 405, 413, 422, 501]) {
    test(`${status} does not`, () => {
      const { retry, fallback } = decide({ status, message: 'Something new' });
      assert.deepEqual([retry, fallback], [false, false]);
    });
  }
  test('so it is while the catalogue is being read', () => {
    assert.equal(decide({ status: 429, message: quota, known: false }).retry, true);
    assert.equal(decide({ status: 400, code: 'Arrearage', message: 'Access denied.', known: false }).retry, false);
  });
});

describe('the pause', () => {
  /** The bounds of the pauses before the next three attempts. */
  function pauses(given: Given): number[] {
    return [0, 1, 2].map((attempt) => decide({ ...given, attempt }).afterMs);
  }
  test('doubles, half of it at random', () => {
    for (const [index, pause] of pauses({ status: 503, message: 'busy' }).entries()) {
      const ceiling = 100 * 2 ** index;
      assert.ok(pause >= ceiling / 2 && pause <= ceiling, String(pause));
    }
  });
  test('ramps after a burst: longer from the start and four times as long each time', () => {
    for (const [index, pause] of pauses({ status: 429, code: 'limit_burst_rate', message: burst }).entries()) {
      const ceiling = Math.min(10_000, 400 * 4 ** index);
      assert.ok(pause >= ceiling / 2 && pause <= ceiling, String(pause));
    }
  });
  test('is what the provider asks for, unless that is too long', () => {
    assert.deepEqual(decide({ status: 429, message: quota, retryAfterSeconds: 2 }), {
      retry: true,
      afterMs: 2_000,
      fallback: true,
    });
    const long = decide({ status: 429, message: quota, retryAfterSeconds: 60 });
    assert.deepEqual([long.retry, long.fallback], [false, true]);
  });
});

test('a provider that says not to send again is not asked again, another one is', () => {
  for (const given of [
    { status: 503, message: 'Something new' },
    { status: 429, code: 'limit_requests', message: quota, retryAfterSeconds: 1 },
  ]) {
    const { retry, fallback } = decide({ ...given, noRetry: true });
    assert.deepEqual([retry, fallback], [false, true]);
  }
});

test('what is not an error of a call, and the last attempt, end it', () => {
  const end = { retry: false, afterMs: 0, fallback: false };
  assert.deepEqual(
    decideRetry({ error: new Error('bug'), diagnosis: undefined, attempt: 0, settings, now: wednesday }),
    end,
  );
  assert.deepEqual(decide({ status: 503, message: 'busy', attempt: 3 }), end);
});

test('an error of the network is judged by itself, not by its record', () => {
  for (const retryable of [true, false]) {
    const error = new GatewayError({
      status: 502,
      code: 'upstream_disconnected',
      message: 'x',
      origin: 'network',
      retryable,
    });
    const decision = decideRetry({
      error,
      diagnosis: diagnose(error, catalogue),
      attempt: 0,
      settings,
      now: wednesday,
    });
    assert.deepEqual([decision.retry, decision.fallback], [retryable, retryable]);
  }
});

describe('the time until a retry makes sense', () => {
  const week = { kind: 'after', until: 'window-week' } as const;
  test('the weekly window resets on Monday at 00:00 UTC+8', () => {
    assert.equal(secondsUntilRetry(week, wednesday), (4 * 24 + 12) * 3600);
    const monday = Date.UTC(2026, 2, 15, 16);
    assert.equal(secondsUntilRetry(week, monday), 7 * 24 * 3600);
    assert.equal(secondsUntilRetry(week, monday - 1), 1);
  });
  test('it is unknown for the windows that only the platform sees', () => {
    assert.equal(secondsUntilRetry({ kind: 'after', until: 'window-5h' }, wednesday), undefined);
    assert.equal(secondsUntilRetry({ kind: 'after', until: 'window-month' }, wednesday), undefined);
    assert.equal(secondsUntilRetry({ kind: 'backoff' }, wednesday), undefined);
    assert.equal(secondsUntilRetry({ kind: 'after', seconds: 5 }, wednesday), 5);
  });
});
