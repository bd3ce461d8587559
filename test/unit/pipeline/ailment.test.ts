import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createErrorCatalogue } from '../../../src/catalogue/errors/catalogue.ts';
import { GatewayError } from '../../../src/domain/gateway-error.ts';
import type { GatewayErrorOptions } from '../../../src/domain/gateway-error.ts';
import { ailmentOf } from '../../../src/pipeline/ailment.ts';
import { diagnose } from '../../../src/pipeline/diagnosis.ts';

const catalogue = createErrorCatalogue();
/** 2026-03-18, a Wednesday, 12:00 UTC+8. */
const wednesday = Date.UTC(2026, 2, 18, 4);
const agentsOnly = 'Coding Plan is currently only available for Coding Agents';

type Given = Partial<GatewayErrorOptions> & { status: number };

/** As `scope lasts`; undefined when the error says nothing. `known` is false while the catalogue is being read. */
function verdict(given: Given, known = true): string | undefined {
  const error = new GatewayError({ code: 'upstream_error', message: 'Something new', origin: 'provider', ...given });
  const ailment = ailmentOf(error, known ? diagnose(error, catalogue) : undefined, wednesday);
  return ailment && `${ailment.scope} ${ailment.lasts}`;
}

function check(cases: readonly (readonly [string, Given, string | undefined])[], known = true): void {
  for (const [what, given, expected] of cases) test(what, () => assert.equal(verdict(given, known), expected));
}

describe('a recognised error is judged by its record', () => {
  check([
    ['an unpaid bill stays', { status: 400, code: 'Arrearage', message: 'Access denied.' }, 'provider stays'],
    ['so does an overdue one', { status: 429, code: 'PostpaidBillOverdue' }, 'provider stays'],
    ['a wrong key stays', { status: 401, code: 'invalid_api_key' }, 'provider stays'],
    ['the 5-hour window, whose end only the platform knows', windowOf('hour'), 'provider stays'],
    ['the month, likewise', windowOf('month'), 'provider stays'],
    ['the week lasts until Monday', windowOf('week'), `provider ${(4 * 24 + 12) * 3_600_000}`],
    ['a burst of plan usage lasts an hour', windowOf('usage'), 'provider 3600000'],
    ['too many at once in a plan pass', windowOf('concurrency'), 'provider passing'],
    ['calls are counted by model', { status: 429, code: 'limit_requests' }, 'model passing'],
    ['tokens as well', { status: 429, code: 'insufficient_quota' }, 'model passing'],
    ['bursts as well', { status: 429, code: 'limit_burst_rate' }, 'model passing'],
    ['until when the provider says', { status: 429, code: 'limit_requests', retryAfterSeconds: 30 }, 'model 30000'],
    ['at once is no time', { status: 429, code: 'limit_requests', retryAfterSeconds: 0 }, 'model passing'],
    ['a lack of capacity passes', { status: 503, code: 'ModelServingError' }, 'model passing'],
    ['a free quota is of one model', { status: 403, code: 'AllocationQuota.FreeTierOnly' }, 'model stays'],
    ['access to one model', { status: 403, code: 'Model.AccessDenied' }, 'model stays'],
    ['a wrong parameter says nothing', { status: 400, message: 'Range of max_tokens should be [1, 8192]' }, undefined],
    ['nor does moderation', { status: 400, code: 'data_inspection_failed' }, undefined],
    ['nor a client whom the terms exclude', { status: 405, message: agentsOnly }, undefined],
    ['nor a workspace that a client named', { status: 404, code: 'WorkSpaceNotFound' }, undefined],
    ['nor an answer that became too long', { status: 500, code: 'RequestTimeOut' }, undefined],
    ['nor a model that is not there, at any status', { status: 404, code: 'model_not_found' }, undefined],
    ['nor an image that could not be fetched', { status: 400, code: 'InvalidURL.Timeout' }, undefined],
  ]);
});

describe('any other error is judged by its status', () => {
  const transient = [408, 425, 429, 500, 502, 503, 504, 529];
  check([
    ...[401, 402].map((status) => [`${status} stays`, { status }, 'provider stays'] as const),
    ...transient.map((status) => [`${status} passes`, { status }, 'model passing'] as const),
    ['503 lasts as long as it says', { status: 503, retryAfterSeconds: 2.5 }, 'model 2500'],
    ...[400, 403, 404, 405, 413, 422, 501].map((status) => [`${status} says nothing`, { status }, undefined] as const),
    ['even with a time', { status: 400, retryAfterSeconds: 5 }, undefined],
    ['an answer that made no sense passes', { status: 502, code: 'upstream_bad_answer' }, 'model passing'],
  ]);
});

describe('while the catalogue is being read only the status speaks', () => {
  check(
    [
      ['429', { status: 429, message: 'hour allocated quota exceeded' }, 'model passing'],
      ['400', { status: 400, code: 'Arrearage' }, undefined],
    ],
    false,
  );
});

describe('an error of the network', () => {
  check([
    ['concerns the whole host', { status: 502, code: 'upstream_unreachable', origin: 'network' }, 'provider passing'],
    ['or a slow model', { status: 504, code: 'upstream_first_byte_timeout', origin: 'network' }, 'model passing'],
  ]);
});

test('an error of the client or of the gateway, and a bug, say nothing', () => {
  for (const origin of ['client', 'gateway'] as const) assert.equal(verdict({ status: 503, origin }), undefined);
  assert.equal(ailmentOf(new Error('bug'), undefined, wednesday), undefined);
});

test('the code and the id of the record are kept, the message is not', () => {
  const error = new GatewayError({ status: 400, code: 'Arrearage', message: 'sk-secret', origin: 'provider' });
  assert.deepEqual(ailmentOf(error, diagnose(error, catalogue), wednesday), {
    scope: 'provider',
    lasts: 'stays',
    code: 'Arrearage',
    errorId: 'account-arrearage',
  });
});

function windowOf(name: string): Given {
  return { status: 429, message: `${name} allocated quota exceeded` };
}
