import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { UsageRecord } from '../../../src/domain/usage-record.ts';
import type { WaitingNotes } from '../../../src/domain/waiting-notes.ts';
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

/** Notes that are kept in memory, and what another process had left. */
function notes(left: readonly string[] = []) {
  const kept: string[] = [];
  const state: { problem?: string } = {};
  const waiting: WaitingNotes<UsageRecord> = {
    process: 'p',
    get problem() {
      return state.problem;
    },
    note: ({ id }) => void kept.push(id),
    written: async () => undefined,
    clear: () => void kept.splice(0),
    bringLeft: (bring) => bring({ process: 'q', notes: left.map(recordOf), add: async () => undefined }),
    close: async () => undefined,
  };
  return { kept, state, waiting };
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
    const backlog = new UsageBacklog(target, { capacity: 1 });
    target.state.away = true;
    await backlog.record(recordOf('a'));
    await assert.rejects(backlog.record(recordOf('b')), /away/);
    assert.equal(backlog.size, 1);
  });

  it('notes what waits, and forgets it when the store has everything', async () => {
    const target = store();
    const { kept, state, waiting } = notes();
    const backlog = new UsageBacklog(target, { notes: waiting });
    await backlog.record(recordOf('before'));
    assert.deepEqual(kept, []);
    target.state.away = true;
    for (const id of ['a', 'b']) await backlog.record(recordOf(id));
    assert.deepEqual(kept, ['a', 'b']);
    assert.equal(backlog.isLosing, false);
    state.problem = 'no space is left';
    assert.equal(backlog.isLosing, true);
    assert.equal(backlog.degraded, '2 usage records wait for the database; no space is left');
    target.state.away = false;
    await backlog.flush();
    assert.deepEqual([kept, target.taken], [[], ['before', 'a', 'b']]);
  });

  it('notes a record that a hanging store neither takes nor refuses, until it does', async (context) => {
    context.mock.timers.enable({ apis: ['setTimeout'] });
    const { kept, waiting } = notes();
    const answers: (() => void)[] = [];
    let time = 0;
    const hanging = { record: () => new Promise<void>((resolve) => answers.push(resolve)) };
    const backlog = new UsageBacklog(hanging, { notes: waiting, clock: () => time });
    const recorded = ['a', 'b'].map((id) => backlog.record(recordOf(id)));
    time = 500;
    context.mock.timers.tick(500);
    assert.deepEqual([kept, backlog.size], [['a', 'b'], 2]);
    answers[0]?.();
    await recorded[0];
    assert.deepEqual([kept, backlog.size], [['a', 'b'], 1]);
    answers[1]?.();
    await recorded[1];
    assert.deepEqual([kept, backlog.size], [[], 0]);
  });

  it('brings what another process had left, and says how many records that was', async () => {
    const target = store();
    const backlog = new UsageBacklog(target, { notes: notes(['x', 'y', 'x']).waiting });
    assert.equal(await backlog.bringLeft(), 2);
    assert.deepEqual(target.taken, ['x', 'y', 'x']);
    target.state.away = true;
    await assert.rejects(backlog.bringLeft(), /away/);
  });
});
