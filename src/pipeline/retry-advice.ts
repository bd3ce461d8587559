import type { UpstreamFailure } from '../domain/gateway-error.ts';

/** Seconds. No window of any plan is longer; what asks for more is a mistake. */
const longestWait = 366 * 24 * 3600;

/**
 * What the headers of a refusal say about the next attempt: `retry-after` in seconds or as a date, `retry-after-ms`, and
 * `x-should-retry: false`. A time that is past, absurd or not readable says nothing. `now` in epoch milliseconds.
 */
export function retryAdvice(
  headers: Readonly<Record<string, string>>,
  now: number,
): Pick<UpstreamFailure, 'retryAfterSeconds' | 'noRetry'> {
  const seconds = ofMilliseconds(headers['retry-after-ms']) ?? ofText(headers['retry-after'], now);
  return {
    ...(seconds === undefined ? {} : { retryAfterSeconds: seconds }),
    ...(headers['x-should-retry'] === 'false' ? { noRetry: true } : {}),
  };
}

const plainNumber = /^\d+(?:\.\d+)?$/;

function ofMilliseconds(text: string | undefined): number | undefined {
  return text !== undefined && plainNumber.test(text) ? sensible(Number(text) / 1000) : undefined;
}

function ofText(text: string | undefined, now: number): number | undefined {
  if (text === undefined) return undefined;
  if (plainNumber.test(text)) return sensible(Number(text));
  // `-5` is a date for JavaScript, of a year that is past: like any past date it is no reason to come back at once.
  const seconds = (Date.parse(text) - now) / 1000;
  return seconds > 0 ? sensible(seconds) : undefined;
}

function sensible(seconds: number): number | undefined {
  return seconds <= longestWait ? seconds : undefined;
}
