import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { retryAdvice } from '../../../src/pipeline/retry-advice.ts';

const now = Date.UTC(2026, 2, 18, 4);
const date = (milliseconds: number): string => new Date(now + milliseconds).toUTCString();

/*
 * Symptom: with `retry-after: -5` a request was sent three times within 3 ms. Cause: the value was read as a date of long ago,
 * and a time that is past as a pause of 0. Fix: such a value says nothing, and the usual pauses are made.
 */
describe('the headers of a refusal', () => {
  for (const [headers, seconds] of [
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after': '2' }, 2],
    [{ 'retry-after': '1.5' }, 1.5],
    [{ 'retry-after': date(30_000) }, 30],
    [{ 'retry-after-ms': '300' }, 0.3],
    [{ 'retry-after-ms': '300', 'retry-after': '5' }, 0.3],
    [{ 'retry-after-ms': '-1', 'retry-after': '5' }, 5],
    [{ 'retry-after-ms': '', 'retry-after': '5' }, 5],
  ] as const) {
    test(`${JSON.stringify(headers)} ask for ${seconds} s`, () => {
      assert.deepEqual(retryAdvice(headers, now), { retryAfterSeconds: seconds });
    });
  }

  for (const headers of [
    {},
    { 'retry-after': '' },
    { 'retry-after': '-5' },
    { 'retry-after': 'soon' },
    { 'retry-after': date(-30_000) },
    { 'retry-after': date(2 * 366 * 86_400_000) },
    { 'retry-after': '99999999999' },
    { 'retry-after-ms': '1e30' },
    { 'x-should-retry': 'true' },
  ]) {
    test(`${JSON.stringify(headers)} say nothing`, () => {
      assert.deepEqual(retryAdvice(headers, now), {});
    });
  }

  test('x-should-retry: false forbids to send again', () => {
    assert.deepEqual(retryAdvice({ 'x-should-retry': 'false', 'retry-after': '1' }, now), {
      retryAfterSeconds: 1,
      noRetry: true,
    });
  });
});
