import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AdmissionRequest } from '../../../src/governance/admission.ts';
import { admit } from '../../../src/pipeline/admit.ts';

/*
 * Symptom: a request whose body took longer than a minute to arrive set an account's day, week or month back when a new one had
 * begun meanwhile, and what was used of the new one was forgotten. Cause: it was counted under the time of its first byte, which
 * the ledger took for a clock that was set back. Fix: it is counted at the time at which it is admitted.
 */
test('a request is counted at the time of its admission, however long its body took to arrive', async (context) => {
  const midnight = Date.parse('2026-03-16T00:00:00+08:00');
  context.mock.timers.enable({ apis: ['Date'], now: midnight + 5_000 });
  const asked: AdmissionRequest[] = [];
  const desk = {
    admit: (request: AdmissionRequest) => {
      asked.push(request);
      return Promise.resolve({ requestId: request.requestId, targets: request.targets, headers: {}, windows: [] });
    },
  };
  const planned = { operation: 'messages', callId: 'c1', targets: [], headers: {}, receivedAt: midnight - 90_000 };
  await Reflect.apply(admit, undefined, [planned, { governance: { desk }, provider: () => undefined, fit: {} }]);
  assert.deepEqual(
    asked.map(({ now }) => now),
    [midnight + 5_000],
  );
});
