import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { UsageStore } from '../../../src/domain/ports.ts';
import type { Provider } from '../../../src/domain/provider.ts';
import { meteredProvider } from '../../../src/governance/metered-plans.ts';
import type { MeteredProvider } from '../../../src/governance/metered-plans.ts';
import { UpstreamMeter } from '../../../src/governance/upstream-meter.ts';
import type { MeterGroup, MeterStanding } from '../../../src/governance/upstream-meter.ts';
import { MemoryLedger } from '../../contract/ledger-memory.ts';
import { usageRecord } from '../../contract/store-suite.ts';
import { noon, testDatabase } from './fixtures.ts';

const hour = 3_600_000;
const day = 24 * hour;

/** A store of usage in which nothing is. */
const nothing: Pick<UsageStore, 'report'> = { report: () => Promise.resolve([]) };

/** A provider that is made ready, as far as its plan matters. */
function providerOn(more: Partial<Provider>): Provider {
  return {
    name: 'bailian',
    vendor: 'bailian',
    endpoints: {},
    staticModels: [],
    modelsMode: 'merge',
    quirks: {},
    timeouts: { connect: 1, firstByte: 1, idle: 1 },
    ...more,
  };
}

function metered(more: Partial<Provider>): MeteredProvider {
  const found = meteredProvider(providerOn(more));
  if (found === undefined) throw new Error('it is not metered');
  return found;
}

const lite = metered({ plan: 'coding', planEdition: 'lite', planSince: '2026-03-17' });

async function count(meter: UpstreamMeter, calls: number, now: number): Promise<void> {
  for (let call = 0; call < calls; call += 1)
    await meter.count(lite, { id: `${now}-${call}`, calls: 1, tokens: 10, now });
}

suite('upstream plan meter: windows', () => {
  test("counts calls in the provider's own windows, beyond the limit too", async () => {
    const meter = new UpstreamMeter(new MemoryLedger(), nothing);
    await count(meter, 1201, noon);
    const [hours, week] = await meter.standing(lite, noon);
    assert.deepEqual([hours?.used, hours?.remaining, hours?.runsOutAt, week?.used], [1201, 0, noon, 1201]);
  });

  test('counts the several calls of one request at once', async () => {
    const meter = new UpstreamMeter(new MemoryLedger(), nothing);
    await meter.count(lite, { id: 'r1', calls: 3, tokens: 10, now: noon });
    const used = (await meter.standing(lite, noon)).map((window) => [window.name, window.unit, window.used]);
    assert.deepEqual(used, [['5h', 'calls', 3], ['week', 'calls', 3], ['month', 'calls', 3]]); // prettier-ignore
  });

  test('says when a window will be used up at its pace, if before it starts over', async () => {
    const meter = new UpstreamMeter(new MemoryLedger(), nothing);
    await count(meter, 300, noon);
    await count(meter, 300, noon + hour);
    const [hours, week, month] = await meter.standing(lite, noon + hour);
    const inTwoHours = (hours?.runsOutAt ?? 0) - noon;
    assert.ok(Math.abs(inTwoHours - 2 * hour) < 0.05 * hour, String(inTwoHours / hour));
    // 600 in 61 hours of the week: 9,000 would take 38 days.
    assert.equal(week?.runsOutAt, null);
    assert.equal(month?.runsOutAt, null);
  });

  test('an unused meter runs out never', async () => {
    const standings = await new UpstreamMeter(new MemoryLedger(), nothing).standing(lite, noon);
    assert.deepEqual(
      standings.map(({ used, runsOutAt }) => [used, runsOutAt]),
      [
        [0, null],
        [0, null],
        [0, null],
      ],
    );
  });
});

suite('upstream plan meter: plans', () => {
  const limits = ({ plan }: MeteredProvider): (number | null)[] => plan.windows.map(({ limit }) => limit);

  test('the edition of a Coding Plan decides its limits; without one it is Pro', () => {
    assert.deepEqual(limits(lite), [1_200, 9_000, 18_000]);
    assert.deepEqual(limits(metered({ plan: 'coding', planEdition: 'pro' })), [6_000, 45_000, 90_000]);
    assert.equal(metered({ plan: 'coding' }).plan.name, 'coding-plan-pro');
  });

  test('months begin on the day of the activation at 00:00 UTC+8, or on the 1st', async () => {
    const meter = new UpstreamMeter(new MemoryLedger(), nothing);
    const sinceOfMonth = async (planSince?: string): Promise<string> => {
      const provider = metered({ plan: 'coding', ...(planSince !== undefined && { planSince }) });
      const { use } = (await meter.standing(provider, noon))[2] ?? {};
      return new Date(use?.since ?? 0).toISOString();
    };
    // It is the 18th of March.
    assert.equal(await sinceOfMonth('2026-01-15'), '2026-03-14T16:00:00.000Z');
    assert.equal(await sinceOfMonth('2026-01-31'), '2026-02-27T16:00:00.000Z');
    assert.equal(await sinceOfMonth(), '2026-02-28T16:00:00.000Z');
  });

  test('a Token Plan is counted in calls and tokens of its month, without a limit, and says why', async () => {
    const provider = metered({ plan: 'token', planSince: '2026-03-15' });
    const meter = new UpstreamMeter(new MemoryLedger(), nothing);
    // On the 14th: the month before.
    await meter.count(provider, { id: 'r0', calls: 1, tokens: 50, now: noon - 4 * day });
    await meter.count(provider, { id: 'r1', calls: 2, tokens: 700, now: noon });
    const shown = (await meter.standing(provider, noon + hour)).map(
      ({ unit, used, limit, remaining, runsOutAt, resetsAt }) => ({
        unit,
        used,
        limit,
        remaining,
        runsOutAt,
        resetsAt,
      }),
    );
    const month = { limit: null, remaining: null, runsOutAt: null, resetsAt: Date.parse('2026-04-15T00:00:00+08:00') };
    assert.deepEqual(shown, [
      { unit: 'calls', used: 2, ...month },
      { unit: 'tokens', used: 700, ...month },
    ]);
    assert.match(provider.plan.unlimitedBecause ?? '', /limited in credits/);
  });

  test('other keys are not metered', () => {
    for (const plan of ['payg', 'trial'] as const) assert.equal(meteredProvider(providerOn({ plan })), undefined);
    assert.equal(meteredProvider(providerOn({})), undefined);
  });
});

suite('upstream plan meter: use', () => {
  const requests = (groups: readonly MeterGroup[] | undefined): (string | number)[][] | undefined =>
    groups?.map(({ group, requests: number, inputTokens }) => [group, number, inputTokens]);
  const timeOf = (window: MeterStanding | undefined): string => new Date(window?.use.since ?? 0).toISOString();

  test('is told by model and agent for each window, the most used first, and of this provider alone', async () => {
    await using database = await testDatabase();
    const { usage, ledger } = database;
    const now = noon + hour / 2;
    const tokens = { inputTokens: 100, outputTokens: 10 };
    const made: [string, number, string, string][] = [
      ['r1', now, 'glm-5', 'codex'],
      ['r2', now, 'qwen3-max', 'claude-code'],
      // 07:10, in the hour in which the five hours began; 06:50, in the one before.
      ['r3', now - 5 * hour - 20 * 60_000, 'qwen3-max', 'claude-code'],
      ['r4', now - 5 * hour - 40 * 60_000, 'kimi-k2.5', 'claude-code'],
      // Monday; Sunday, in the month that began on Saturday; Friday.
      ['r5', Date.parse('2026-03-16T00:00:00+08:00'), 'qwen3-max', 'opencode'],
      ['r6', Date.parse('2026-03-15T23:59:59+08:00'), 'qwen3-max', 'opencode'],
      ['r7', Date.parse('2026-03-13T23:59:59+08:00'), 'qwen3-max', 'opencode'],
    ];
    for (const [id, at, model, agent] of made) {
      await usage.record(usageRecord(id, { at, model, agent, tokens, provider: 'bailian' }));
    }
    await usage.record(usageRecord('other', { at: now, provider: 'bailian-sg' }));
    const provider = metered({ plan: 'coding', planSince: '2026-02-14' });
    const [hours, week, month] = await new UpstreamMeter(ledger, usage).standing(provider, now);
    assert.equal(hours?.use.until, now);
    assert.equal(timeOf(hours), '2026-03-17T23:00:00.000Z');
    assert.deepEqual(requests(hours?.use.models), [['qwen3-max', 2, 200], ['glm-5', 1, 100]]); // prettier-ignore
    assert.deepEqual(requests(hours?.use.agents), [['claude-code', 2, 200], ['codex', 1, 100]]); // prettier-ignore
    assert.equal(timeOf(week), '2026-03-15T16:00:00.000Z');
    assert.deepEqual(requests(week?.use.models), [['qwen3-max', 3, 300], ['glm-5', 1, 100], ['kimi-k2.5', 1, 100]]); // prettier-ignore
    assert.equal(timeOf(month), '2026-03-13T16:00:00.000Z');
    assert.deepEqual(requests(month?.use.agents), [['claude-code', 3, 300], ['opencode', 2, 200], ['codex', 1, 100]]); // prettier-ignore
  });
});
