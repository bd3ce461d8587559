import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { asArray, asObject, asString } from '../../../src/domain/json.ts';
import type { JsonObject } from '../../../src/domain/json.ts';
import { StoreUnavailable } from '../../../src/domain/store-unavailable.ts';
import type { UsageRecord } from '../../../src/domain/usage-record.ts';
import { controlRoutes } from '../../../src/server/admin/routes.ts';
import { noon } from '../governance/fixtures.ts';
import { testControl } from './harness.ts';
import type { Answer, TestControl } from './harness.ts';

/** The answer, after a check that it is what its route's schema promises. */
function as(name: string, answer: Answer): JsonObject {
  const route = controlRoutes.find((candidate) => candidate.name === name);
  assert.equal(answer.status, route?.status, `${name}: ${answer.text}`);
  route?.answer?.parse(answer.body);
  return answer.body;
}

function errorOf({ status, body }: Answer): unknown[] {
  const error = asObject(body['error']);
  return [status, error?.['code'], error?.['param'] ?? null];
}

async function auditOf({ ask }: TestControl): Promise<JsonObject[]> {
  return asArray(as('listAudit', await ask('GET /admin/api/audit'))['data']).map((entry) => asObject(entry) ?? {});
}

function record(id: string, changes: Partial<UsageRecord>): UsageRecord {
  return {
    id,
    at: noon - 1000,
    keyId: 'AbCdEf123456',
    owner: 'kim',
    subscriptionId: null,
    agent: 'claude-code',
    route: '/v1/messages',
    protocol: 'anthropic-messages',
    provider: 'bailian',
    model: 'qwen3-coder-plus',
    targetModel: 'qwen3-coder-plus',
    status: 200,
    errorId: null,
    stream: true,
    aborted: false,
    tokens: { inputTokens: 10, outputTokens: 5 },
    estimated: false,
    cost: { cny: 0.5, usd: null },
    overheadMs: 0.1,
    firstByteMs: 20,
    totalMs: 50,
    requestBytes: 100,
    responseBytes: 200,
    adjusted: [],
    ...changes,
  };
}

function byCode(left: string, right: string): number {
  return left < right ? -1 : 1;
}

describe('keys', () => {
  it('are made, shown, changed, disabled, enabled, reset and revoked', async () => {
    await using server = await testControl();
    const { ask } = server;
    const made = as(
      'createKey',
      await ask('POST /admin/api/keys', {
        body: {
          owner: 'kim',
          labels: { team: 'red' },
          models: ['qwen3-max'],
          providers: ['bailian'],
          ip_ranges: ['10.0.0.0/8'],
          expires_at: '2026-04-01T00:00:00+08:00',
        },
      }),
    );
    const { secret, ...shown } = made;
    assert.match(asString(secret) ?? '', /^sk-at-/);
    assert.equal(shown['expires_at'], '2026-03-31T16:00:00.000Z');
    const path = `/admin/api/keys/${asString(made['id'])}` as const;
    assert.deepEqual(as('getKey', await ask(`GET ${path}`)), shown);
    const changed = as('updateKey', await ask(`PATCH ${path}`, { body: { models: null, expires_at: null } }));
    assert.deepEqual(changed, { ...shown, models: null, expires_at: null });
    const states = [
      as('disableKey', await ask(`POST ${path}/disable`))['state'],
      as('enableKey', await ask(`POST ${path}/enable`))['state'],
    ];
    assert.deepEqual(states, ['disabled', 'active']);
    const next = as('resetKey', await ask(`POST ${path}/reset`));
    assert.notEqual(next['id'], made['id']);
    assert.deepEqual(next['labels'], { team: 'red' });
    assert.equal(as('revokeKey', await ask(`POST /admin/api/keys/${asString(next['id'])}/revoke`))['state'], 'revoked');
    assert.deepEqual(errorOf(await ask(`POST ${path}/enable`)), [409, 'key_revoked', null]);
    assert.deepEqual(
      (await auditOf(server)).map(({ actor, action, subject }) => [actor, action, subject]),
      [
        ['master', 'revoke', next['id']],
        ['master', 'reset', made['id']],
        ['master', 'enable', made['id']],
        ['master', 'disable', made['id']],
        ['master', 'update', made['id']],
        ['master', 'create', made['id']],
      ],
    );
  });

  it('are listed page by page, of one owner when asked', async () => {
    await using server = await testControl();
    for (const owner of ['kim', 'lee', 'kim']) await server.ask('POST /admin/api/keys', { body: { owner } });
    const seen: unknown[] = [];
    let next: string | undefined = '';
    while (next !== undefined) {
      const query: string = next === '' ? '' : `&after=${next}`;
      const page = as('listKeys', await server.ask(`GET /admin/api/keys?limit=1${query}`));
      seen.push(...asArray(page['data']).map((key) => asObject(key)?.['id']));
      next = asString(page['next']);
    }
    assert.equal(new Set(seen).size, 3);
    assert.deepEqual(seen, seen.map(String).toSorted(byCode));
    const ofKim = as('listKeys', await server.ask('GET /admin/api/keys?owner=kim'));
    assert.equal(asArray(ofKim['data']).length, 2);
  });

  it('never show a secret or a hash again, here or in the audit trail', async () => {
    await using server = await testControl();
    const made = await server.ask('POST /admin/api/keys', { body: { owner: 'kim' } });
    const secret = asString(made.body['secret']) ?? '';
    const stored = await server.database.store.keys.find(asString(made.body['id']) ?? '');
    const lists = ['GET /admin/api/keys', 'GET /admin/api/audit', `GET /admin/api/keys/${stored?.id}`] as const;
    for (const call of lists) {
      const { text } = await server.ask(call);
      assert.ok(!text.includes(secret) && !text.includes(stored?.hash ?? 'no hash'), call);
    }
  });

  /*
   * Symptom: a label `__proto__` was gone from the key that was answered. Cause: the schemas leave that name out. Fix: it is
   * refused before they see it.
   */
  it('have no label that would be lost', async () => {
    await using server = await testControl();
    for (const name of ['__proto__', String.raw`\u005f_proto__`]) {
      const refused = await server.ask('POST /admin/api/keys', { body: `{"owner":"kim","labels":{"${name}":"x"}}` });
      assert.deepEqual(errorOf(refused), [400, 'invalid_parameter', '__proto__']);
    }
    const kept = await server.ask('POST /admin/api/keys', { body: '{"owner":"kim","labels":{"constructor":"x"}}' });
    assert.deepEqual(as('createKey', kept)['labels'], { constructor: 'x' });
  });

  it('begin with an admin key on an open gateway', async () => {
    await using server = await testControl({ open: true });
    const early = [
      await server.ask('POST /admin/api/keys', { key: '', body: { owner: 'kim' } }),
      await server.ask('POST /admin/api/subscriptions', { key: '', body: { owner: 'kim', plan: 'unlimited' } }),
    ];
    for (const answer of early) assert.deepEqual(errorOf(answer), [409, 'admin_key_first', null]);
    const first = await server.ask('POST /admin/api/keys', { key: '', body: { owner: 'lee', kind: 'admin' } });
    const admin = asString(as('createKey', first)['secret']) ?? '';
    assert.equal((await server.ask('GET /admin/api/keys', { key: '' })).status, 401);
    assert.equal((await server.ask('POST /admin/api/keys', { key: admin, body: { owner: 'kim' } })).status, 201);
  });
});

describe('plans and subscriptions', () => {
  it('are sold, renewed, upgraded and cancelled', async () => {
    await using server = await testControl();
    const { ask } = server;
    const bought = as(
      'createSubscription',
      await ask('POST /admin/api/subscriptions', { body: { owner: 'kim', plan: 'coding-plan-lite' } }),
    );
    const path = `/admin/api/subscriptions/${asString(bought['id'])}` as const;
    assert.deepEqual([bought['state'], bought['ends_at']], ['active', '2026-04-18T15:59:59.000Z']);
    const key = asObject(bought['key']);
    assert.match(asString(key?.['secret']) ?? '', /^sk-sp-/);
    const again = await ask('POST /admin/api/subscriptions', { body: { owner: 'kim', plan: 'coding-plan-pro' } });
    assert.deepEqual(errorOf(again), [409, 'subscription_exists', null]);
    assert.equal(as('renewSubscription', await ask(`POST ${path}/renew`))['ends_at'], '2026-05-18T15:59:59.000Z');
    const upgraded = await ask(`POST ${path}/upgrade`, { body: { plan: 'coding-plan-pro' } });
    assert.equal(as('upgradeSubscription', upgraded)['key_id'], key?.['id']);
    const down = await ask(`POST ${path}/upgrade`, { body: { plan: 'coding-plan-lite' } });
    assert.deepEqual(errorOf(down), [409, 'subscription_no_downgrade', null]);
    const shown = as('getSubscription', await ask(`GET ${path}`));
    assert.deepEqual(asArray(shown['windows'])[0], {
      name: '5h',
      unit: 'calls',
      limit: 6000,
      used: 0,
      remaining: 6000,
      resets_at: null,
    });
    assert.equal(as('cancelSubscription', await ask(`POST ${path}/cancel`))['state'], 'cancelled');
    assert.equal((await ask('GET /account', { key: asString(key?.['secret']) ?? '' })).status, 401);
    const list = as('listSubscriptions', await ask('GET /admin/api/subscriptions?owner=kim'));
    assert.deepEqual(
      asArray(list['data']).map((one) => asObject(one)?.['state']),
      ['cancelled'],
    );
  });

  /*
   * Symptom: "kim " could buy a second subscription beside kim's, and looked the same in every list. Cause: an owner was taken
   * as typed. Fix: white space around it is taken off.
   */
  it('are of the same account with and without white space around the owner, as keys are', async () => {
    await using server = await testControl();
    const { ask } = server;
    const body = { owner: ' kim\u00a0', plan: 'coding-plan-lite' };
    assert.equal(as('createSubscription', await ask('POST /admin/api/subscriptions', { body }))['owner'], 'kim');
    const again = await ask('POST /admin/api/subscriptions', { body: { ...body, owner: 'kim' } });
    assert.deepEqual(errorOf(again), [409, 'subscription_exists', null]);
    assert.equal(as('createKey', await ask('POST /admin/api/keys', { body: { owner: 'kim ' } }))['owner'], 'kim');
    assert.equal(asArray(as('listKeys', await ask('GET /admin/api/keys?owner=%20kim'))['data']).length, 2);
    const nobody = await ask('POST /admin/api/keys', { body: { owner: '  ' } });
    assert.deepEqual(errorOf(nobody), [400, 'invalid_parameter', 'owner']);
  });

  it('are made, replaced and deleted', async () => {
    await using server = await testControl();
    const { ask } = server;
    const windows = [{ period: 'rolling 5h', limit: 100 }];
    const made = as('putPlan', await ask('PUT /admin/api/plans/team', { body: { windows, concurrency: 2 } }));
    assert.deepEqual(as('getPlan', await ask('GET /admin/api/plans/team')), made);
    as('putPlan', await ask('PUT /admin/api/plans/team', { body: made }));
    const names = asArray(as('listPlans', await ask('GET /admin/api/plans'))['data']);
    assert.deepEqual(
      names.map((plan) => asObject(plan)?.['name']),
      ['coding-plan-lite', 'coding-plan-pro', 'team', 'unlimited'],
    );
    const renamed = await ask('PUT /admin/api/plans/team', { body: { ...made, name: 'other' } });
    assert.deepEqual(errorOf(renamed), [400, 'invalid_parameter', 'name']);
    assert.equal((await ask('DELETE /admin/api/plans/team')).status, 204);
    assert.deepEqual(errorOf(await ask('DELETE /admin/api/plans/team')), [404, 'not_found', null]);
    assert.deepEqual(errorOf(await ask('DELETE /admin/api/plans/unlimited')), [409, 'plan_not_stored', null]);
    const [last] = await auditOf(server);
    assert.deepEqual([last?.['action'], last?.['kind'], last?.['after']], ['delete', 'plan', null]);
  });
});

describe('provider secrets', () => {
  it('go in and never come out', async () => {
    await using server = await testControl();
    const { ask, dependencies } = server;
    const put = await ask('PUT /admin/api/provider-secrets/bailian', { body: { secret: 'sk-hunter2' } });
    assert.deepEqual(as('putProviderSecret', put), { object: 'provider_secret', provider: 'bailian' });
    assert.equal(await dependencies.secrets.open('bailian'), 'sk-hunter2');
    for (const call of ['GET /admin/api/provider-secrets', 'GET /admin/api/audit'] as const) {
      const { text } = await ask(call);
      assert.ok(text.includes('bailian') && !text.includes('hunter2'), call);
    }
    assert.equal((await ask('DELETE /admin/api/provider-secrets/bailian')).status, 204);
    assert.deepEqual(errorOf(await ask('DELETE /admin/api/provider-secrets/bailian')), [404, 'not_found', null]);
  });

  it('have to fit into a header', async () => {
    await using server = await testControl();
    const refused = await server.ask('PUT /admin/api/provider-secrets/bailian', { body: { secret: 'sk hunter2' } });
    assert.deepEqual(errorOf(refused), [400, 'invalid_parameter', 'secret']);
    assert.ok(!refused.text.includes('hunter2'));
  });
});

describe('usage', () => {
  it('is summed up by what is asked for', async () => {
    await using server = await testControl();
    const { usage } = server.database;
    await usage.record(record('r1', {}));
    await usage.record(record('r2', { model: 'glm-5', agent: 'other', status: 500, cost: { cny: null, usd: null } }));
    await usage.record(record('r3', { at: noon - 3 * 24 * 3_600_000, keyId: 'ZzZzZz123456', owner: 'lee' }));
    const byModel = as('getUsage', await server.ask('GET /admin/api/usage?by=model&since=2026-03-17'));
    assert.deepEqual(
      asArray(byModel['data']).map((row) => [asObject(row)?.['group'], asObject(row)?.['requests']]),
      [
        ['glm-5', 1],
        ['qwen3-coder-plus', 1],
      ],
    );
    const total = asObject(byModel['total']);
    assert.deepEqual(
      [total?.['requests'], total?.['errors'], total?.['cost_cny'], total?.['unknown_cost_cny']],
      [2, 1, 0.5, 1],
    );
    const byDay = as('getUsage', await server.ask('GET /admin/api/usage'));
    assert.deepEqual(
      asArray(byDay['data']).map((row) => asObject(row)?.['group']),
      ['2026-03-14T16:00:00.000Z', '2026-03-17T16:00:00.000Z'],
    );
    const ofLee = as('getUsage', await server.ask('GET /admin/api/usage?by=key&owner=lee'));
    assert.equal(asObject(ofLee['total'])?.['requests'], 1);
    const backwards = await server.ask('GET /admin/api/usage?since=2026-03-17&until=2026-03-16');
    assert.deepEqual(errorOf(backwards), [400, 'invalid_parameter', 'since']);
  });

  /*
   * Symptom: `"cost_cny": 0.30000000000000004`. Cause: sums of binary fractions. Fix: sums have nine decimals, as costs have.
   */
  it('sums up money without what binary fractions leave behind', async () => {
    await using server = await testControl();
    for (const [place, cny] of [0.1, 0.2].entries()) {
      await server.database.usage.record(record(`r${place}`, { cost: { cny, usd: cny }, model: `m${place}` }));
    }
    const report = as('getUsage', await server.ask('GET /admin/api/usage?by=key'));
    const [row] = asArray(report['data']).map((one) => asObject(one));
    assert.deepEqual([row?.['cost_cny'], row?.['cost_usd']], [0.3, 0.3]);
    const byModel = as('getUsage', await server.ask('GET /admin/api/usage?by=model'));
    assert.equal(asObject(byModel['total'])?.['cost_cny'], 0.3);
  });

  it('tells by key, and only by key, who holds it: null for no key and for one that is not there', async () => {
    await using server = await testControl();
    const { ask, database } = server;
    const made = as('createKey', await ask('POST /admin/api/keys', { body: { owner: 'kim' } }));
    const keyId = asString(made['id']) ?? '';
    // A revoked key is still there, and what it says of itself is what is told.
    await database.usage.record(record('r1', { keyId, owner: 'nobody' }));
    as('revokeKey', await ask(`POST /admin/api/keys/${keyId}/revoke`));
    await database.usage.record(record('r2', { keyId: 'gone' }));
    await database.usage.record(record('r3', { keyId: null, owner: null }));
    await database.usage.record(record('r4', { keyId: 'master', owner: null }));
    const rows = async (by: string) =>
      asArray(as('getUsage', await ask(`GET /admin/api/usage?by=${by}`))['data']).map((row) => asObject(row) ?? {});
    assert.deepEqual(Object.fromEntries((await rows('key')).map(({ group, owner }) => [asString(group), owner])), {
      [keyId]: 'kim',
      gone: null,
      '': null,
      master: null,
    });
    for (const by of ['model', 'day']) {
      const others = await rows(by);
      assert.ok(others.length > 0 && others.every((row) => !('owner' in row)), by);
    }
  });

  it('is listed record by record, newest first', async () => {
    await using server = await testControl();
    for (const id of ['r1', 'r2', 'r3']) await server.database.usage.record(record(id, {}));
    const first = as('listUsageRecords', await server.ask('GET /admin/api/usage/records?limit=2'));
    const second = as(
      'listUsageRecords',
      await server.ask(`GET /admin/api/usage/records?limit=2&after=${asString(first['next'])}`),
    );
    const ids = [...asArray(first['data']), ...asArray(second['data'])].map((one) => asObject(one)?.['id']);
    assert.deepEqual([ids, second['next']], [['r3', 'r2', 'r1'], null]);
    assert.equal(as('getUsageRecord', await server.ask('GET /admin/api/usage/records/r1'))['id'], 'r1');
    assert.deepEqual(errorOf(await server.ask('GET /admin/api/usage/records/r9')), [404, 'not_found', null]);
    assert.deepEqual(errorOf(await server.ask('GET /admin/api/usage/records?after=r9')), [
      400,
      'invalid_parameter',
      'after',
    ]);
  });
});

describe('what is sent', () => {
  const refusals: { what: string; body: unknown; headers?: Record<string, string>; says: unknown[] }[] = [
    { what: 'a body that is not JSON', body: '{', says: [400, 'invalid_json', null] },
    {
      what: 'another content type',
      body: {},
      headers: { 'content-type': 'text/plain' },
      says: [415, 'unsupported_media_type', null],
    },
    {
      what: 'a compressed body',
      body: {},
      headers: { 'content-encoding': 'gzip' },
      says: [415, 'unsupported_media_type', null],
    },
    { what: 'a missing member', body: {}, says: [400, 'invalid_parameter', 'owner'] },
    { what: 'an unknown member', body: { owner: 'kim', admin: true }, says: [400, 'invalid_parameter', 'admin'] },
    {
      what: 'a wrong member',
      body: { owner: 'kim', ip_ranges: ['here'] },
      says: [400, 'invalid_parameter', 'ip_ranges.0'],
    },
    {
      what: 'a member too deep',
      body: { owner: 'kim', labels: { a: 1 } },
      says: [400, 'invalid_parameter', 'labels.a'],
    },
    { what: 'a plan key', body: { owner: 'kim', kind: 'plan' }, says: [400, 'invalid_parameter', 'kind'] },
    { what: 'too much', body: { owner: 'x'.repeat(2 ** 20) }, says: [413, 'request_too_large', null] },
  ];
  for (const { what, body, headers = {}, says } of refusals) {
    it(`is refused for ${what}`, async () => {
      await using server = await testControl();
      assert.deepEqual(errorOf(await server.ask('POST /admin/api/keys', { body, headers })), says);
    });
  }

  it('is known by the id that the client gave it', async () => {
    await using server = await testControl();
    const answer = await server.ask('GET /admin/api/nothing', { headers: { 'x-request-id': 'mine-1' } });
    assert.deepEqual([answer.headers.get('x-request-id'), answer.body['request_id']], ['mine-1', 'mine-1']);
    assert.equal(answer.headers.get('cache-control'), 'no-store');
  });

  it('that breaks something unforeseen is told nothing of the inside', async () => {
    await using server = await testControl();
    const seen: unknown[] = [];
    server.dependencies.unexpected = (error) => seen.push(error);
    server.dependencies.usage = {
      ...server.dependencies.usage,
      report: () => Promise.reject(new Error('disk on fire')),
    };
    const answer = await server.ask('GET /admin/api/usage');
    assert.deepEqual(errorOf(answer), [500, 'internal_error', null]);
    assert.ok(!answer.text.includes('fire'));
    assert.equal(seen.length, 1);
  });

  it('that needs a database that is away is told so, and to try again', async () => {
    await using server = await testControl();
    server.dependencies.usage = {
      ...server.dependencies.usage,
      report: () => Promise.reject(new StoreUnavailable('no answer')),
    };
    const answer = await server.ask('GET /admin/api/usage');
    assert.deepEqual(errorOf(answer), [503, 'accounting_unavailable', null]);
    assert.equal(answer.headers.get('retry-after'), '5');
  });
});
