import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dashscopeErrors } from '../../../src/codec/dashscope/error.ts';
import { GatewayError } from '../../../src/domain/gateway-error.ts';

const explanation = {
  id: 'rate-limit-requests',
  origin: 'provider',
  cause: 'Too many.',
  fix: 'Wait.',
  retryable: 'backoff' as const,
  retry_after: 3,
  doc: '/errors/rate-limit-requests',
};
const error = new GatewayError({
  status: 429,
  code: 'Throttling.RateQuota',
  message: 'Requests rate limit exceeded',
  origin: 'provider',
  fix: 'Wait.',
});

test('a native error has code, message and id at the top, and the extension beside them', () => {
  const told = { code: 'Throttling.RateQuota', message: 'Requests rate limit exceeded. Wait.', request_id: 'r' };
  assert.deepEqual(dashscopeErrors.writeError(error, 'r'), { status: 429, body: told });
  assert.deepEqual(dashscopeErrors.writeError(error, 'r', explanation).body, { ...told, atelier: explanation });
});

test('a native stream ends with an event that carries the status in a comment', () => {
  assert.match(
    dashscopeErrors.writeStreamError(error, 'r', explanation),
    /^id:1\nevent:error\n:HTTP_STATUS\/429\ndata:\{"code":"Throttling.RateQuota",.*"atelier":\{"id":"rate-limit-requests".*\}\n\n$/,
  );
});
