import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { WindowStanding } from '../../../src/domain/ledger.ts';
import { asArray, asObject, asString } from '../../../src/domain/json.ts';
import { controlRoutes } from '../../../src/server/admin/routes.ts';
import { noon } from '../governance/fixtures.ts';
import { testControl } from './harness.ts';
import type { TestControl } from './harness.ts';

const hour = 3_600_000;

/** Buys the plan for kim. */
async function buy({ ask }: TestControl, plan: string): Promise<{ key: string; id: string }> {
  const { body } = await ask('POST /admin/api/subscriptions', { body: { owner: 'kim', plan } });
  return { key: asString(asObject(body['key'])?.['secret']) ?? '', id: asString(body['id']) ?? '' };
}

/** Makes the windows stand as a test wants them. */
function stand(
  { dependencies }: TestControl,
  windows: [name: string, limit: number, used: number, resetsAt: number | null][],
) {
  const standings = windows.map(([name, limit, used, resetsAt]): WindowStanding => ({
    name,
    limit,
    used,
    remaining: limit - used,
    resetsAt,
  }));
  dependencies.desk = { standing: () => Promise.resolve(standings), headers: () => Promise.resolve({}) };
}

describe('GET /account', () => {
  it('shows a plan key its plan, its windows and its own use', async () => {
    await using server = await testControl();
    const { key, id } = await buy(server, 'coding-plan-lite');
    const account = await server.ask('GET /account', { key });
    controlRoutes.find(({ name }) => name === 'getAccount')?.answer?.parse(account.body);
    assert.equal(asObject(account.body['plan'])?.['name'], 'coding-plan-lite');
    assert.equal(asObject(account.body['subscription'])?.['id'], id);
    assert.deepEqual(
      asArray(account.body['windows']).map((window) => [asObject(window)?.['name'], asObject(window)?.['remaining']]),
      [
        ['5h', 1200],
        ['week', 9000],
        ['month', 18_000],
      ],
    );
  });

  it("shows no other key's use", async () => {
    await using server = await testControl();
    const made = await server.ask('POST /admin/api/keys', { body: { owner: 'kim' } });
    const id = asString(made.body['id']) ?? '';
    const common = {
      at: noon - hour,
      owner: 'kim',
      subscriptionId: null,
      agent: 'other',
      route: '/v1/chat/completions',
      protocol: 'openai-chat' as const,
      provider: 'bailian',
      targetModel: null,
      status: 200,
      errorId: null,
      stream: false,
      aborted: false,
      tokens: { inputTokens: 10, outputTokens: 5 },
      estimated: false,
      cost: { cny: 1, usd: 1 },
      overheadMs: 0,
      firstByteMs: null,
      totalMs: 1,
      requestBytes: 1,
      responseBytes: 1,
      adjusted: [],
    };
    const { usage } = server.database;
    await usage.record({ ...common, id: 'r1', keyId: id, model: 'glm-5' });
    await usage.record({ ...common, id: 'r2', keyId: id, model: 'qwen3-max' });
    await usage.record({ ...common, id: 'r3', keyId: id, model: 'qwen3-max' });
    await usage.record({ ...common, id: 'r4', keyId: 'ZzZzZz123456', model: 'qwen3-max' });
    const { body } = await server.ask('GET /account', { key: asString(made.body['secret']) ?? '' });
    const summed = asObject(body['usage']);
    assert.deepEqual(
      asArray(summed?.['by_model']).map((row) => [asObject(row)?.['model'], asObject(row)?.['requests']]),
      [
        ['qwen3-max', 2],
        ['glm-5', 1],
      ],
    );
    assert.deepEqual(
      asArray(summed?.['by_day']).map((row) => [asObject(row)?.['day'], asObject(row)?.['requests']]),
      [['2026-03-17T16:00:00.000Z', 3]],
    );
    const line = await server.ask('GET /account?format=line', { key: asString(made.body['secret']) ?? '' });
    assert.deepEqual(
      [line.text, line.headers.get('content-type')],
      ['general key · 3 requests today\n', 'text/plain; charset=utf-8'],
    );
  });

  it('answers on an open gateway without a key', async () => {
    await using server = await testControl({ open: true });
    const { body } = await server.ask('GET /account', { key: '' });
    assert.deepEqual([body['kind'], body['key'], body['plan']], ['anonymous', null, null]);
    assert.equal((await server.ask('GET /account?format=line', { key: '' })).text, 'no key · 0 requests today\n');
  });
});

describe('the line of an account', () => {
  const cases: { what: string; windows: Parameters<typeof stand>[1]; says: string }[] = [
    {
      what: 'the first window in numbers, the others in percent, and when the first has more',
      windows: [
        ['5h', 6000, 12, noon + 2 * hour + 5 * 60_000],
        ['week', 45_000, 1300, noon + 90 * hour],
        ['month', 90_000, 1, null],
      ],
      says: '5h 12/6000 · week 3% · month 1% · resets 14:05',
    },
    {
      what: 'a window that is used up, and when it opens',
      windows: [
        ['5h', 6000, 12, noon + hour],
        ['week', 45_000, 45_000, Date.parse('2026-03-23T00:00:00+08:00')],
      ],
      says: '5h 12/6000 · week 100% · resets 03-23 00:00',
    },
    {
      what: 'a window that is nearly used up as not yet used up',
      windows: [
        ['5h', 10, 0, null],
        ['week', 1000, 999, null],
      ],
      says: '5h 0/10 · week 99%',
    },
    { what: 'parts of a call', windows: [['5h', 10, 2.5, null]], says: '5h 2.5/10' },
  ];
  for (const { what, windows, says } of cases) {
    it(`tells ${what}`, async () => {
      await using server = await testControl();
      const { key } = await buy(server, 'coding-plan-lite');
      stand(server, windows);
      assert.equal((await server.ask('GET /account?format=line', { key })).text, `${says}\n`);
    });
  }

  it('tells when a subscription ends soon', async () => {
    await using server = await testControl();
    const { key } = await buy(server, 'coding-plan-lite');
    stand(server, [['5h', 10, 1, null]]);
    server.at(Date.parse('2026-04-16T12:00:00+08:00'));
    assert.equal((await server.ask('GET /account?format=line', { key })).text, '5h 1/10 · ends in 3 d\n');
  });

  it('of a plan without limits tells what was used', async () => {
    await using server = await testControl();
    const { key } = await buy(server, 'unlimited');
    assert.equal((await server.ask('GET /account?format=line', { key })).text, 'unlimited · 0 requests today\n');
  });
});
