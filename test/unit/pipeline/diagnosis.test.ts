import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createErrorCatalogue } from '../../../src/catalogue/errors/catalogue.ts';
import { GatewayError } from '../../../src/domain/gateway-error.ts';
import type { GatewayErrorOptions } from '../../../src/domain/gateway-error.ts';
import { diagnose, Diagnostics } from '../../../src/pipeline/diagnosis.ts';
import { docLink, reportError } from '../../../src/pipeline/error-report.ts';

const catalogue = createErrorCatalogue();

function provider(options: Partial<GatewayErrorOptions>): GatewayError {
  return new GatewayError({ status: 400, code: 'upstream_error', message: 'x', origin: 'provider', ...options });
}

function idOf(error: GatewayError): [string | undefined, boolean | undefined] {
  const diagnosis = diagnose(error, catalogue);
  return [diagnosis?.record.id, diagnosis?.certain];
}

test('a message counts more than a code, a code more than a type, and a status is no proof', () => {
  const message = 'Range of max_tokens should be [1, 8192]';
  assert.deepEqual(idOf(provider({ message, code: 'invalid_request_error' })), ['chat-max-tokens-range', true]);
  assert.deepEqual(idOf(provider({ status: 429, code: 'limit_burst_rate' })), ['rate-limit-burst', true]);
  assert.deepEqual(idOf(provider({ status: 429, type: 'rate_limit_error' })), ['rate-limit-throttled', true]);
  assert.deepEqual(idOf(provider({ status: 429 })), ['gateway-upstream-error', false]);
});

test('words that only resemble another error do not hide a clear code', () => {
  assert.deepEqual(idOf(provider({ code: 'Arrearage', message: 'Access denied.' })), ['account-arrearage', true]);
});

test("the gateway's own errors go by their code; its checks speak with the platform's words", () => {
  const own = {
    code: 'model_not_found',
    origin: 'client',
    status: 404,
    message: 'The model `x` does not exist',
  } as const;
  assert.deepEqual(idOf(provider(own)), ['gateway-model-not-found', true]);
  assert.deepEqual(idOf(provider({ code: 'upstream_invalid_frame', status: 502 })), [
    'gateway-upstream-invalid-frame',
    true,
  ]);
  const check = provider({
    code: 'invalid_parameter_error',
    origin: 'gateway',
    message: 'Range of input length should be [1, 100]',
  });
  assert.deepEqual(idOf(check), ['chat-input-length', true]);
});

test('an error is looked up once, as soon as the catalogue is there', () => {
  let asked = 0;
  const state: { loaded?: typeof catalogue } = {};
  const diagnostics = new Diagnostics(() => {
    asked += 1;
    return state.loaded;
  });
  const error = provider({ code: 'Arrearage' });
  assert.equal(diagnostics.diagnose(error), undefined);
  state.loaded = catalogue;
  assert.equal(diagnostics.diagnose(error)?.record.id, 'account-arrearage');
  assert.equal(diagnostics.diagnose(error)?.record.id, 'account-arrearage');
  assert.equal(asked, 2);
});

test('the advice of the gateway itself is kept in English, and translated by its record', () => {
  const diagnostics = new Diagnostics(() => catalogue);
  const error = new GatewayError({
    status: 503,
    code: 'no_provider',
    message: 'No provider.',
    origin: 'gateway',
    fix: 'Do this.',
  });
  const report = (language: string) =>
    reportError(error, { diagnostics, explain: true }, { headers: { 'accept-language': language }, now: 0 })
      .explanation;
  assert.equal(report('en')?.fix, 'Do this.');
  assert.match(report('zh')?.fix ?? '', /\p{Script=Han}/u);
  assert.equal(report('en')?.origin, 'gateway');
});

test('of an unknown error the status says whether to try again', () => {
  const knowledge = { diagnostics: new Diagnostics(() => catalogue), explain: true };
  for (const [retryable, kind] of [
    [true, 'backoff'],
    [false, 'never'],
  ] as const) {
    const { explanation } = reportError(provider({ status: 503, retryable }), knowledge, { headers: {}, now: 0 });
    assert.deepEqual([explanation?.id, explanation?.retryable], ['gateway-upstream-error', kind]);
  }
});

test('without the catalogue an error goes out as it is', () => {
  const knowledge = { diagnostics: new Diagnostics(() => undefined), explain: true };
  assert.deepEqual(reportError(provider({ retryAfterSeconds: 3 }), knowledge, { headers: {}, now: 0 }), {
    retryAfterSeconds: 3,
  });
});

test('the link is whole only where the request shows the address beyond doubt', () => {
  for (const [headers, link] of [
    [{ host: '127.0.0.1:8080' }, 'http://127.0.0.1:8080/errors/x-y'],
    [{ host: 'localhost' }, 'http://localhost/errors/x-y'],
    [{ host: '[::1]:8080' }, 'http://[::1]:8080/errors/x-y'],
    [{ host: 'gateway.example' }, '/errors/x-y'],
    [{ host: 'gateway.example', 'x-forwarded-proto': 'https' }, 'https://gateway.example/errors/x-y'],
    [{ host: '127.0.0.1:8080', 'x-forwarded-for': '10.1.1.1' }, '/errors/x-y'],
    [{ host: 'a.example/evil?', 'x-forwarded-proto': 'https' }, '/errors/x-y'],
    [{ host: 'user@evil.example', 'x-forwarded-proto': 'https' }, '/errors/x-y'],
    [{ host: 'a.example', 'x-forwarded-proto': 'javascript' }, '/errors/x-y'],
    [{}, '/errors/x-y'],
  ] as const) {
    assert.equal(docLink('x-y', headers), link, JSON.stringify(headers));
  }
});
