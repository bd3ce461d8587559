import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { RequestRecord } from '../../../src/domain/request-record.ts';
import { codingAgentOf } from '../../../src/catalogue/coding-agents.ts';
import { pruneUsage } from '../../../src/governance/retention.ts';
import { usageRecordOf } from '../../../src/governance/usage-record.ts';
import { usageRecord } from '../../contract/store-suite.ts';
import { holderOf, noon, planNamed, testDatabase } from './fixtures.ts';

const hour = 3_600_000;

const record: RequestRecord = {
  requestId: 'chosen by the client',
  callId: 'r1',
  receivedAt: noon,
  route: '/v1/messages',
  protocol: 'anthropic-messages',
  model: 'coder',
  provider: 'bailian',
  targetModel: 'qwen-plus',
  status: 200,
  stream: true,
  usage: { inputTokens: 1000, outputTokens: 500 },
  attempts: 1,
  adjusted: ['strip-billing-line'],
  timings: { overheadMs: 0.5, firstByteMs: 300, totalMs: 2000 },
  bytesIn: 100,
  bytesOut: 200,
};
const context = {
  principal: holderOf(planNamed('coding-plan-lite')),
  headers: { 'user-agent': 'opencode/1.18.33' },
  listPrices: true,
  scope: 'cn',
  thinking: false,
  estimated: false,
} as const;

suite('usage record', () => {
  test('is the account of a request, with its cost', () => {
    assert.deepEqual(usageRecordOf(record, context), {
      id: 'r1', at: noon, keyId: 'AbCdEf123456', owner: null, subscriptionId: 'sub-1', agent: 'opencode', route: '/v1/messages',
      protocol: 'anthropic-messages', provider: 'bailian', model: 'coder', targetModel: 'qwen-plus', status: 200, errorId: null,
      stream: true, aborted: false, tokens: { inputTokens: 1000, outputTokens: 500 }, estimated: false,
      cost: { cny: 0.0018, usd: null }, overheadMs: 0.5, firstByteMs: 300, totalMs: 2000, requestBytes: 100, responseBytes: 200,
      adjusted: ['strip-billing-line'],
    }); // prettier-ignore
  });

  test('tokens spent on thinking show that the price of thinking applies', () => {
    const usage = { ...record.usage, reasoningTokens: 100 };
    assert.equal(usageRecordOf({ ...record, usage }, context).cost.cny, 0.0048);
  });

  test('without list prices, or without usage, the cost is unknown', () => {
    const { usage: _usage, ...silent } = record;
    assert.deepEqual(usageRecordOf(record, { ...context, listPrices: false }).cost, { cny: null, usd: null });
    assert.deepEqual(usageRecordOf(silent, context).cost, { cny: null, usd: null });
    const left = usageRecordOf(
      { ...silent, status: 499, error: { code: 'client_left', origin: 'client', message: '' } },
      context,
    );
    assert.deepEqual([left.aborted, left.cost.cny], [true, null]);
  });

  test('what was refused costs nothing', () => {
    const { usage: _usage, ...silent } = record;
    const error = { code: 'rate_limit', origin: 'provider' as const, message: '' };
    assert.deepEqual(usageRecordOf({ ...silent, status: 429, error }, context).cost, { cny: 0, usd: 0 });
    assert.deepEqual(usageRecordOf({ ...silent, attempts: 0 }, context).cost, { cny: 0, usd: 0 });
  });

  test('an open gateway has no key, and an unknown client is other', () => {
    const open = usageRecordOf(record, { ...context, principal: { kind: 'anonymous', id: 'anonymous' }, headers: {} });
    assert.deepEqual([open.keyId, open.subscriptionId, open.agent], [null, null, 'other']);
  });
});

suite('coding agents', () => {
  test('known by the headers they send', () => {
    const agents = [
      [{ 'user-agent': 'claude-cli/2.1.329 (external, sdk-cli)' }, 'claude-code'],
      [{ 'x-claude-code-session-id': '1', 'user-agent': 'node' }, 'claude-code'],
      [{ originator: 'codex_exec', 'user-agent': 'codex_exec/0.169.0 (Debian)' }, 'codex'],
      [{ 'user-agent': 'opencode/1.18.33 ai-sdk/provider-utils' }, 'opencode'],
      [{ 'user-agent': 'QwenCode/0.24.4 (linux; x64)' }, 'qwen-code'],
      [{ 'user-agent': 'curl/8.5.0' }, undefined],
      [{ 'user-agent': 'my claude-cli/1' }, undefined],
      [{}, undefined],
    ] as const;
    for (const [headers, agent] of agents) assert.equal(codingAgentOf(headers), agent);
  });
});

suite('retention', () => {
  test('records older than their days go, portion by portion, and pauses can stop it', async () => {
    await using database = await testDatabase();
    const { usage } = database;
    const day = 24 * hour;
    await Promise.all(
      Array.from({ length: 1200 }, (_, place) => usage.record(usageRecord(`old-${place}`, { at: noon - 91 * day }))),
    );
    await usage.record(usageRecord('young', { at: noon - 89 * day }));
    let pauses = 0;
    const stop = async () => {
      pauses += 1;
      return false;
    };
    assert.equal(await pruneUsage(usage, { now: noon, pause: stop }), 500);
    assert.equal(pauses, 1);
    assert.equal(await pruneUsage(usage, { now: noon, pause: async () => true }), 700);
    assert.deepEqual(
      (await usage.recent({ limit: 5 })).map(({ id }) => id),
      ['young'],
    );
  });
});
