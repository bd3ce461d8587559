import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { ApiKey } from '../../src/domain/api-key.ts';
import type { Database } from '../../src/domain/database.ts';
import type { UsageFilter } from '../../src/domain/ports.ts';
import type { Reminder, Subscription } from '../../src/domain/subscription.ts';
import type { UsageRecord } from '../../src/domain/usage-record.ts';
import { builtInPlans } from '../../src/governance/built-in-plans.ts';
import { adoptSecret, isSecretOf } from '../../src/store/secret-mark.ts';

/** One database under test, empty at first; every `open` is another connection to it. */
export interface StoreHarness extends AsyncDisposable {
  open(): Promise<Database>;
}

const hour = 3_600_000;
/** 2026-03-18 00:00 UTC+8. */
export const midnight = Date.UTC(2026, 2, 17, 16);

const reportsBy = ['hour', 'day', 'key', 'model', 'provider', 'agent'] as const;

/** Records over forty days, unevenly, by several of everything. */
function manyRecords(): UsageRecord[] {
  return Array.from({ length: 400 }, (_, place) =>
    usageRecord(`m${place}`, {
      at: midnight + ((place * 7919) % 960) * hour + place,
      keyId: `k${place % 5}`,
      owner: place % 5 < 2 ? 'kim' : 'lee',
      model: `m${place % 3}`,
      provider: `p${place % 2}`,
      agent: place % 7 === 0 ? 'codex' : 'claude-code',
      tokens: { inputTokens: place },
    }),
  );
}

type Sums = [group: string, requests: number, inputTokens: number];

/** What a report must say, added up from the records. */
function sumsOf(by: (typeof reportsBy)[number], records: readonly UsageRecord[], filter: UsageFilter): Sums[] {
  const groupOf = {
    hour: ({ at }: UsageRecord) => String(at - (at % hour)),
    day: ({ at }: UsageRecord) => String(at - ((at - midnight) % (24 * hour))),
    key: ({ keyId }: UsageRecord) => keyId ?? '',
    model: ({ model }: UsageRecord) => model,
    provider: ({ provider }: UsageRecord) => provider ?? '',
    agent: ({ agent }: UsageRecord) => agent,
  };
  const { since, until, keyId, owner, model, provider } = filter;
  const sums = new Map<string, Sums>();
  for (const record of records) {
    if (record.at < since || record.at >= until) continue;
    if (keyId !== undefined && record.keyId !== keyId) continue;
    if (owner !== undefined && record.owner !== owner) continue;
    if (model !== undefined && record.model !== model) continue;
    if (provider !== undefined && record.provider !== provider) continue;
    const group = groupOf[by](record);
    const [, requests, tokens] = sums.get(group) ?? [group, 0, 0];
    sums.set(group, [group, requests + 1, tokens + (record.tokens.inputTokens ?? 0)]);
  }
  return [...sums.values()].toSorted(([one], [other]) => (one < other ? -1 : 1));
}

export const sampleKey: ApiKey = {
  id: 'AbCdEf123456',
  kind: 'plan',
  hash: 'ff00',
  owner: "kim o'hara; drop table api_key",
  labels: { team: 'vermilion' },
  models: ['qwen3.5-plus'],
  providers: null,
  ipRanges: ['10.0.0.0/8'],
  expiresAt: midnight + 30 * 24 * hour,
  state: 'active',
  subscriptionId: 'sub-1',
  createdAt: midnight,
};

export const sampleSubscription: Subscription = {
  id: 'sub-1',
  owner: 'kim',
  plan: 'coding-plan-lite',
  keyId: 'AbCdEf123456',
  activatedAt: midnight,
  endsAt: midnight + 30 * 24 * hour - 1000,
  cancelledAt: null,
};

export function usageRecord(id: string, more: Partial<UsageRecord> = {}): UsageRecord {
  return {
    id,
    at: midnight + 9 * hour,
    keyId: 'AbCdEf123456',
    owner: 'kim',
    subscriptionId: 'sub-1',
    agent: 'claude-code',
    route: '/v1/messages',
    protocol: 'anthropic-messages',
    provider: 'bailian',
    model: 'qwen3.5-plus',
    targetModel: 'qwen3.5-plus',
    status: 200,
    errorId: null,
    stream: true,
    aborted: false,
    tokens: { inputTokens: 1000, outputTokens: 200, cachedReadTokens: 600, reasoningTokens: 50 },
    estimated: false,
    cost: { cny: 0.25, usd: null },
    overheadMs: 0.4,
    firstByteMs: 312.5,
    totalMs: 2048,
    requestBytes: 4096,
    responseBytes: 123_456,
    adjusted: ['strip-billing-line'],
    ...more,
  };
}

/** What every database must do. */
export function storeSuite(name: string, newHarness: () => Promise<StoreHarness>): void {
  suite(`store on ${name}`, () => {
    const check = (title: string, body: (database: Database, harness: StoreHarness) => Promise<void>): void => {
      test(title, async () => {
        await using harness = await newHarness();
        await body(await harness.open(), harness);
      });
    };

    check('a key comes back as it was stored', async ({ store: { keys } }) => {
      await keys.insert(sampleKey);
      assert.deepEqual(await keys.find(sampleKey.id), sampleKey);
      const bare = {
        ...sampleKey,
        id: 'B',
        models: null,
        providers: ['bailian'],
        expiresAt: null,
        subscriptionId: null,
        labels: {},
        ipRanges: [],
      };
      await keys.insert(bare);
      assert.deepEqual(await keys.find('B'), bare);
      assert.equal(await keys.find("' or 1=1 --"), undefined);
    });

    check('a changed key is the changed key', async ({ store: { keys } }) => {
      await keys.insert(sampleKey);
      await keys.update({ ...sampleKey, state: 'revoked', hash: 'aa' });
      assert.deepEqual(await keys.find(sampleKey.id), { ...sampleKey, state: 'revoked', hash: 'aa' });
    });

    check('two keys cannot have one id', async ({ store: { keys } }) => {
      await keys.insert(sampleKey);
      await assert.rejects(keys.insert(sampleKey));
    });

    check('keys are listed page by page, and by owner', async ({ store: { keys } }) => {
      for (const id of ['k3', 'k1', 'k2']) await keys.insert({ ...sampleKey, id, owner: id === 'k2' ? 'lee' : 'kim' });
      const ids = async (filter: Parameters<typeof keys.list>[0]) => (await keys.list(filter)).map((key) => key.id);
      assert.deepEqual(await ids({ limit: 2 }), ['k1', 'k2']);
      assert.deepEqual(await ids({ limit: 2, after: 'k2' }), ['k3']);
      assert.deepEqual(await ids({ limit: 9, owner: 'kim' }), ['k1', 'k3']);
    });

    check('the owners of keys are found by id, however many are asked for', async ({ store: { keys } }) => {
      assert.deepEqual(await keys.owners([]), new Map());
      for (const id of ['k1', 'k2', 'k3']) await keys.insert({ ...sampleKey, id, owner: `holder of ${id}` });
      const strangers = Array.from({ length: 70_000 }, (_, place) => `stranger ${place}`);
      const found = await keys.owners(['k1', '', ...strangers, 'k3', 'k1']);
      assert.deepEqual(Object.fromEntries(found), { k1: 'holder of k1', k3: 'holder of k3' });
    });

    check('plans are put, replaced, listed and deleted', async ({ store: { plans } }) => {
      for (const plan of builtInPlans) await plans.put(plan);
      assert.deepEqual(await plans.list(), builtInPlans);
      const [lite] = builtInPlans;
      assert.ok(lite);
      await plans.put({ ...lite, concurrency: 3 });
      assert.equal((await plans.find(lite.name))?.concurrency, 3);
      assert.equal(await plans.delete(lite.name), true);
      assert.equal(await plans.delete(lite.name), false);
      assert.equal(await plans.find(lite.name), undefined);
    });

    check("an account's current subscription is the one that is not over", async ({ store: { subscriptions } }) => {
      await subscriptions.insert(sampleSubscription);
      assert.deepEqual(await subscriptions.find('sub-1'), sampleSubscription);
      const { endsAt } = sampleSubscription;
      assert.deepEqual(await subscriptions.findCurrent('kim', endsAt + 999), sampleSubscription);
      assert.equal(await subscriptions.findCurrent('kim', endsAt + 1000), undefined);
      assert.equal(await subscriptions.findCurrent('lee', endsAt), undefined);
      await subscriptions.update({ ...sampleSubscription, cancelledAt: midnight + hour });
      assert.equal(await subscriptions.findCurrent('kim', midnight + hour), undefined);
      assert.deepEqual(await subscriptions.list({ limit: 5, owner: 'kim' }), [
        { ...sampleSubscription, cancelledAt: midnight + hour },
      ]);
    });

    check('subscriptions that end soon are found', async ({ store: { subscriptions } }) => {
      for (const days of [1, 5, 9]) {
        await subscriptions.insert({ ...sampleSubscription, id: `in-${days}`, endsAt: midnight + days * 24 * hour });
      }
      await subscriptions.insert({
        ...sampleSubscription,
        id: 'gone',
        endsAt: midnight + 24 * hour,
        cancelledAt: midnight,
      });
      const ending = await subscriptions.endingWithin(midnight, midnight + 7 * 24 * hour);
      assert.deepEqual(
        ending.map(({ id }) => id),
        ['in-1', 'in-5'],
      );
    });

    check(
      'a reminder is claimed once, and again only if nobody confirms it',
      async ({ store: { reminders } }, harness) => {
        const reminder: Reminder = { subscriptionId: 'sub-1', owner: 'kim', plan: 'p', endsAt: 5, daysBefore: 7 };
        const other = (await harness.open()).store.reminders;
        const claim = (table: typeof reminders, now: number) => table.claim(reminder, { now, retryAfterMs: 600_000 });
        const claims = await Promise.all([claim(reminders, 1000), claim(other, 1000), claim(reminders, 1000)]);
        assert.equal(claims.filter((channels) => channels !== undefined).length, 1);
        assert.equal(await claim(other, 600_999), undefined);
        assert.deepEqual(await claim(other, 601_000), []);
        for (const channel of ['log', 'mail']) await reminders.delivered(reminder, channel);
        assert.deepEqual(await claim(other, 1_201_000), ['log', 'mail']);
        await reminders.confirm(reminder, 1_201_500);
        assert.equal(await claim(other, 9_000_000), undefined);
        assert.deepEqual(await other.claim({ ...reminder, daysBefore: 3 }, { now: 1, retryAfterMs: 1 }), []);
        assert.deepEqual(await other.claim({ ...reminder, endsAt: 6 }, { now: 1, retryAfterMs: 1 }), []);
      },
    );

    check('the database belongs to one server secret as soon as something depends on it', async ({ store }) => {
      const [first, second] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
      assert.equal(await isSecretOf(store, first), true);
      assert.equal(await isSecretOf(store, second), true, 'nothing depended on the first');
      await store.secrets.put('bailian', 'v1.aaa');
      assert.equal(await isSecretOf(store, first), false);
      assert.equal(await isSecretOf(store, second), true);
      await store.transaction((tables) => adoptSecret(tables, { secret: first, actor: 'cli', now: 5 }));
      const [entry] = await store.audit.newest({ limit: 1 });
      assert.deepEqual([entry?.at, entry?.actor, entry?.action, entry?.subject], [5, 'cli', 'adopt', 'server-secret']);
      assert.notEqual(entry?.before, entry?.after);
      assert.deepEqual([await isSecretOf(store, first), await isSecretOf(store, second)], [true, false]);
    });

    check('provider secrets are put, named and deleted', async ({ store: { secrets } }) => {
      await secrets.put('bailian', 'v1.aaa');
      await secrets.put('bailian', 'v1.bbb');
      await secrets.put('alpha', 'v1.ccc');
      assert.equal(await secrets.find('bailian'), 'v1.bbb');
      assert.deepEqual(await secrets.names(), ['alpha', 'bailian']);
      assert.equal(await secrets.delete('bailian'), true);
      assert.equal(await secrets.find('bailian'), undefined);
    });

    check('the audit trail is followed forwards and read backwards', async ({ store: { audit } }) => {
      assert.equal(await audit.latestId(), 0);
      for (const subject of ['a', 'b', 'c']) {
        await audit.append({
          at: midnight,
          actor: 'cli',
          action: 'create',
          kind: 'key',
          subject,
          before: null,
          after: { owner: subject },
        });
      }
      const first = await audit.after(0, 2);
      assert.deepEqual(
        first.map(({ subject, after, before }) => [subject, after, before]),
        [
          ['a', { owner: 'a' }, null],
          ['b', { owner: 'b' }, null],
        ],
      );
      const last = first.at(-1)?.id ?? 0;
      assert.deepEqual(
        (await audit.after(last, 9)).map(({ subject }) => subject),
        ['c'],
      );
      assert.deepEqual(
        (await audit.newest({ limit: 2 })).map(({ subject }) => subject),
        ['c', 'b'],
      );
      assert.deepEqual(
        (await audit.newest({ limit: 2, before: last })).map(({ subject }) => subject),
        ['a'],
      );
      assert.equal(await audit.latestId(), last + 1);
    });

    check('a change that fails half-way leaves nothing', async ({ store }) => {
      const failed = store.transaction(async (tables) => {
        await tables.keys.insert(sampleKey);
        throw new Error('half-way');
      });
      await assert.rejects(failed, /half-way/);
      assert.equal(await store.keys.find(sampleKey.id), undefined);
    });

    check('of changes that look first and write then, only one finds nothing', async ({ store }, harness) => {
      const other = (await harness.open()).store;
      const subscribe = (on: typeof store, id: string) =>
        on.transaction(async ({ subscriptions }) => {
          if (await subscriptions.findCurrent('kim', midnight)) return false;
          await subscriptions.insert({ ...sampleSubscription, id });
          return true;
        });
      const made = await Promise.all([
        subscribe(store, 's1'),
        subscribe(other, 's2'),
        subscribe(store, 's3'),
        subscribe(other, 's4'),
      ]);
      assert.equal(made.filter(Boolean).length, 1);
    });

    check('opening a database that is open finds its schema in place', async ({ store }, harness) => {
      await store.keys.insert(sampleKey);
      const [second, third] = await Promise.all([harness.open(), harness.open()]);
      assert.ok(await second.store.keys.find(sampleKey.id));
      await third.store.ping();
    });

    check('a usage record comes back as it was written', async ({ usage }) => {
      const full = usageRecord('r1');
      const refused = usageRecord('r2', {
        keyId: null, owner: null, subscriptionId: null, provider: null, targetModel: null, status: 429,
        errorId: 'insufficient_quota', stream: false, aborted: true, tokens: {}, estimated: true,
        cost: { cny: null, usd: 0 }, firstByteMs: null, adjusted: [],
      }); // prettier-ignore
      await Promise.all([usage.record(full), usage.record(refused)]);
      assert.deepEqual(await usage.find('r1'), full);
      assert.deepEqual(await usage.find('r2'), refused);
    });

    check('what a client or provider may have made up does no harm', async ({ usage }) => {
      const odd = usageRecord('odd', {
        model: `\u0000${'x'.repeat(1e6)}`,
        tokens: { inputTokens: 1.4, outputTokens: -1, reasoningTokens: Number.NaN },
      });
      await Promise.all([usage.record(odd), usage.record(usageRecord('plain'))]);
      const { model, tokens } = (await usage.find('odd')) ?? {};
      assert.deepEqual([model?.length, tokens], [200, { inputTokens: 1 }]);
      assert.ok(await usage.find('plain'));
    });

    check('the newest records come first, page by page, and by key', async ({ usage }) => {
      const records = ['a', 'b', 'c', 'd'].map((id, place) =>
        usageRecord(id, { at: midnight + Math.floor(place / 2), keyId: id === 'a' ? 'other' : 'mine' }),
      );
      await Promise.all(records.map((record) => usage.record(record)));
      const page = await usage.recent({ limit: 3 });
      assert.deepEqual(
        page.map(({ id }) => id),
        ['d', 'c', 'b'],
      );
      const [, , last] = page;
      assert.ok(last);
      assert.deepEqual(
        (await usage.recent({ limit: 3, before: last })).map(({ id }) => id),
        ['a'],
      );
      assert.deepEqual(
        (await usage.recent({ limit: 9, keyId: 'mine' })).map(({ id }) => id),
        ['d', 'c', 'b'],
      );
    });

    check('a record that is written twice counts once', async ({ usage }) => {
      await Promise.all([usage.record(usageRecord('r1')), usage.record(usageRecord('r1'))]);
      await usage.record(usageRecord('r1'));
      const [sum] = await usage.report('model', { since: midnight, until: midnight + 24 * hour });
      assert.equal(sum?.requests, 1);
    });

    check('reports sum up by any dimension, over hours and over days', async ({ usage }) => {
      const day = 24 * hour;
      await Promise.all([
        usage.record(usageRecord('r1', { at: midnight })),
        usage.record(usageRecord('r2', { at: midnight + hour, model: 'glm-5', cost: { cny: null, usd: null } })),
        usage.record(usageRecord('r3', { at: midnight + hour + 1, status: 500, agent: 'codex', tokens: {} })),
        usage.record(usageRecord('r4', { at: midnight + day, keyId: 'other', provider: null })),
        usage.record(usageRecord('r5', { at: midnight + 9 * day })),
      ]);
      const requests = async (...query: Parameters<typeof usage.report>) =>
        (await usage.report(...query)).map((row) => [row.group, row.requests]);
      const twoDays = { since: midnight, until: midnight + 2 * day };
      const all = { since: midnight, until: midnight + 10 * day };
      assert.deepEqual(await requests('hour', { since: midnight, until: midnight + 2 * hour }), [
        [String(midnight), 1],
        [String(midnight + hour), 2],
      ]);
      assert.deepEqual(await requests('day', all), [
        [String(midnight), 3],
        [String(midnight + day), 1],
        [String(midnight + 9 * day), 1],
      ]);
      assert.deepEqual(await requests('model', twoDays), [
        ['glm-5', 1],
        ['qwen3.5-plus', 3],
      ]);
      assert.deepEqual(await requests('model', all), [
        ['glm-5', 1],
        ['qwen3.5-plus', 4],
      ]);
      assert.deepEqual(await requests('agent', all), [
        ['claude-code', 4],
        ['codex', 1],
      ]);
      assert.deepEqual(await requests('provider', all), [
        ['', 1],
        ['bailian', 4],
      ]);
      assert.deepEqual(await requests('key', { ...all, keyId: 'other' }), [['other', 1]]);
      assert.deepEqual(await requests('model', { ...all, model: 'glm-5', owner: 'kim', provider: 'bailian' }), [
        ['glm-5', 1],
      ]);
      assert.deepEqual(await requests('model', { ...all, owner: 'lee' }), []);
      const [glm, qwen] = await usage.report('model', twoDays);
      assert.deepEqual(
        [
          glm?.unknownCny,
          glm?.costCny,
          qwen?.unknownCny,
          qwen?.costCny,
          qwen?.unknownUsd,
          qwen?.errors,
          qwen?.inputTokens,
          qwen?.cachedReadTokens,
        ],
        [1, 0, 0, 0.75, 3, 1, 2000, 1200],
      );
    });

    check(
      'every report is the sum of its records, whatever it is by, of whom, and over which days',
      async ({ usage }) => {
        const records = manyRecords();
        await Promise.all(records.map((record) => usage.record(record)));
        const day = 24 * hour;
        // Within a week; weeks with days around them; exactly whole weeks (the 16th of March is a Monday); all.
        const spans = [
          [1, 5],
          [1, 33],
          [5, 26],
          [12, 13],
          [0, 40],
        ] as const;
        const filters = [{}, { keyId: 'k1' }, { owner: 'kim' }, { model: 'm2' }, { provider: 'p1', model: 'm1' }];
        for (const [from, to] of spans) {
          const span = { since: midnight + from * day, until: midnight + to * day };
          for (const filter of filters) {
            for (const by of reportsBy) {
              const found = await usage.report(by, { ...span, ...filter });
              const shown = found.map(({ group, requests, inputTokens }) => [group, requests, inputTokens]);
              assert.deepEqual(
                shown,
                sumsOf(by, records, { ...span, ...filter }),
                JSON.stringify({ by, from, to, filter }),
              );
            }
          }
        }
      },
    );

    check('the report of an owner has all keys, however many', async ({ usage }) => {
      const records = Array.from({ length: 120 }, (_, place) =>
        usageRecord(`k${place}`, { keyId: `k${place % 60}`, owner: place % 60 < 59 ? 'lee' : 'kim' }),
      );
      await Promise.all(records.map((record) => usage.record(record)));
      const week = { since: midnight, until: midnight + 7 * 24 * hour };
      for (const [owner, keys] of [
        ['lee', 59],
        ['kim', 1],
        ['nobody', 0],
      ] as const) {
        const found = await usage.report('key', { ...week, owner });
        assert.deepEqual([found.length, found.every(({ requests }) => requests === 2)], [keys, true], owner);
      }
    });

    check('old records are pruned in portions, their sums stay', async ({ usage }) => {
      await Promise.all(
        Array.from({ length: 5 }, (_, place) => usage.record(usageRecord(`r${place}`, { at: midnight + place }))),
      );
      assert.equal(await usage.prune(midnight + 4, 3), 3);
      assert.equal(await usage.prune(midnight + 4, 3), 1);
      assert.equal(await usage.prune(midnight + 4, 3), 0);
      assert.deepEqual(
        (await usage.recent({ limit: 9 })).map(({ id }) => id),
        ['r4'],
      );
      const [sum] = await usage.report('model', { since: midnight, until: midnight + hour });
      assert.equal(sum?.requests, 5);
    });
  });
}
