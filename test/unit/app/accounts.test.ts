import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { pino } from 'pino';
import { openBooks, openOffice } from '../../../src/app/governance.ts';
import { loadConfig } from '../../../src/config/load.ts';
import type { Provider } from '../../../src/domain/provider.ts';
import type { RequestRecord } from '../../../src/domain/request-record.ts';
import { meteredProvider } from '../../../src/governance/metered-plans.ts';
import { temporaryFolder } from '../../contract/store-temp-folder.ts';
import { vendors } from '../config/sample.ts';
import { target } from '../governance/fixtures.ts';

const minute = 60_000;
/** Windows of weeks begin on Mondays at 00:00 UTC+8. */
const monday = Date.parse('2026-03-16T00:00:00+08:00');

const provider: Provider = {
  name: 'bailian',
  vendor: 'bailian',
  endpoints: {},
  staticModels: [],
  modelsMode: 'merge',
  quirks: {},
  timeouts: { connect: 1, firstByte: 1, idle: 1 },
  plan: 'coding',
};

/** A call that began and ended then. */
function call(id: string, from: number, to: number): RequestRecord {
  return {
    requestId: id,
    callId: id,
    receivedAt: from,
    route: '/v1/chat/completions',
    protocol: 'openai-chat',
    model: 'qwen3-coder-plus',
    status: 200,
    stream: true,
    attempts: 1,
    adjusted: [],
    timings: { overheadMs: 1, totalMs: to - from },
    bytesIn: 1,
    bytesOut: 1,
  };
}

suite('the account of a request', () => {
  /*
   * Symptom: a meter lost the calls of a week that had just begun, and its rolling window ran ahead of the clock. Cause: a call
   * was counted when it ended, under the time at which it had come, which the ledger took for a clock that was set back. Fix: it
   * is counted at the time of its end.
   */
  test('of a call that took long counts in the meter at its end, and disturbs no other', async () => {
    using folder = temporaryFolder();
    const { config } = loadConfig({ cwd: folder.path, env: {}, vendors });
    const log = pino({ enabled: false });
    const books = await openBooks(config, log);
    try {
      const office = openOffice(config, { books, log, provider: () => provider, agents: [] });
      const account = (record: RequestRecord): void =>
        office.account(record, {
          headers: {},
          target: target('qwen3-coder-plus'),
          reached: new Map([['bailian', 1]]),
          result: 'used',
          estimated: false,
        });
      for (let minutes = 1; minutes <= 10; minutes += 1) {
        account(call(`short-${minutes}`, monday + minutes * minute, monday + minutes * minute + 500));
      }
      account(call('long', monday - 20 * minute, monday + 11 * minute));
      account(call('last', monday + 12 * minute, monday + 12 * minute + 500));
      const metered = meteredProvider(provider) ?? assert.fail('it is not metered');
      const [rolling, week] = await office.meter.standing(metered, monday + 13 * minute);
      assert.deepEqual([rolling?.used, week?.used], [12, 12]);
      const [later] = await office.meter.standing(metered, monday + 4.9 * 60 * minute);
      assert.equal(later?.used, 12, 'nothing leaves a rolling window before its time');
    } finally {
      await books.close();
    }
  });
});
