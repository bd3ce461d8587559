import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { UsageRecord } from '../../../src/domain/usage-record.ts';
import { UsageBacklog } from '../../../src/governance/usage-backlog.ts';

function recordOf(id: string): UsageRecord {
  return {
    id,
    at: 0,
    keyId: null,
    owner: null,
    subscriptionId: null,
    agent: 'other',
    route: '/v1/chat/completions',
    protocol: 'openai-chat',
    provider: null,
    model: 'm',
    targetModel: null,
    status: 200,
    errorId: null,
    stream: false,
    aborted: false,
    tokens: { inputTokens: 1, outputTokens: 1 },
    estimated: false,
    cost: { cny: null, usd: null },
    overheadMs: 0,
    firstByteMs: null,
    totalMs: 0,
    requestBytes: 0,
    responseBytes: 0,
    adjusted: [],
  };
}

/** A store that can go away. */
function store() {
  const taken: string[] = [];
  const state = { away: false };
  const record = async ({ id }: UsageRecord): Promise<void> => {
    if (state.away) throw new Error('away');
    taken.push(id);
  };
  return { taken, state, record };
}

describe('UsageBacklog', () => {
  it('passes records on while the store takes them', async () => {
    const target = store();
    const backlog = new UsageBacklog(target);
    await backlog.record(recordOf('a'));
    assert.deepEqual([target.taken, backlog.size], [['a'], 0]);
  });

  it('keeps what the store did not take, through failed attempts, and brings it in order', async () => {
    const target = store();
    const backlog = new UsageBacklog(target);
    target.state.away = true;
    for (const id of ['a', 'b']) await backlog.record(recordOf(id));
    await assert.rejects(backlog.flush(), /away/);
    assert.equal(backlog.size, 2);
    target.state.away = false;
    await backlog.flush();
    await backlog.flush();
    assert.deepEqual([target.taken, backlog.size], [['a', 'b'], 0]);
  });

  it('says so when it can keep no more', async () => {
    const target = store();
    const backlog = new UsageBacklog(target, 1);
    target.state.away = true;
    await backlog.record(recordOf('a'));
    await assert.rejects(backlog.record(recordOf('b')), /away/);
    assert.equal(backlog.size, 1);
  });
});
