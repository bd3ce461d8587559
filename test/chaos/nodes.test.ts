import assert from 'node:assert/strict';
import { kill } from 'node:process';
import { after, before, describe, it } from 'node:test';
import { startRedis } from '../../scripts/services.ts';
import type { Service } from '../../scripts/services.ts';
import { asString } from '../../src/domain/json.ts';
import type { LedgerWindow } from '../../src/domain/ledger.ts';
import { openDatabase } from '../../src/store/open.ts';
import type { DatabaseLocation } from '../../src/store/open.ts';
import { largestBlock } from '../../src/store/ledger/ahead-ledger.ts';
import { temporaryPostgres, withoutPostgres, withoutRedis } from '../contract/store-services.ts';
import { temporaryFolder } from '../contract/store-temp-folder.ts';
import { json, startUpstream } from '../e2e/support/upstream.ts';
import { accountOf, assertAccount, chat, subscribe } from './nodes/customer.ts';
import type { Account } from './nodes/customer.ts';
import { startNode } from './nodes/node.ts';
import type { Answer, GatewayNode } from './nodes/node.ts';
import { startRelay } from './nodes/relay.ts';
import type { Relay } from './nodes/relay.ts';
import { within } from './nodes/within.ts';

/** What is changed on one node holds on the others after so many milliseconds. */
const spreadMs = 2_000;

/** A request that waits for a store that hangs takes longer than this by far. */
const longestMs = 1_000;

/** One database and one Redis for all tests of the file, and the nodes over them. */
const cleanup = new AsyncDisposableStack();
let redis: Service;
let relay: Relay;
let location: DatabaseLocation & { redisUrl: string };
let nodes: GatewayNode[] = [];
let upstream: Awaited<ReturnType<typeof startUpstream>>;

function isRunning({ pid }: Service): boolean {
  try {
    return kill(pid, 0);
  } catch {
    return false;
  }
}

function node(place: number): GatewayNode {
  const found = nodes[place];
  assert.ok(found);
  return found;
}

/** Waits until every node shows this account. */
async function assertAccountOnAll(key: string, expected: Account): Promise<void> {
  for (const gateway of nodes) await assertAccount(gateway, key, expected);
}

async function readiness(gateway: GatewayNode): Promise<{ status: string; reason: string }> {
  const { status, body } = await gateway.ask('GET /health/ready');
  assert.equal(status, 200);
  return { status: asString(body['status']) ?? '', reason: asString(body['reason']) ?? '' };
}

function assertAllAnswered(answers: readonly Answer[]): void {
  for (const { status, text } of answers) assert.equal(status, 200, text);
}

function assertRefused({ status, headers, text }: Answer): void {
  assert.equal(status, 429, text);
  assert.match(text, /hour allocated quota exceeded/);
  assert.match(text, /Window '5h' of the plan/);
  assert.ok(Number(headers['retry-after']) > 0);
  assert.equal(headers['x-atelier-quota-5h-remaining'], '0');
}

describe('three nodes over one Postgres and one Redis', { skip: withoutPostgres || withoutRedis }, () => {
  before(async () => {
    const folder = cleanup.use(temporaryFolder());
    const postgres = cleanup.use(await temporaryPostgres());
    redis = await startRedis();
    cleanup.defer(() => redis.stop());
    relay = cleanup.use(await startRelay(postgres.url));
    upstream = cleanup.use(await startUpstream(json(200, { id: 'x', choices: [], usage: null })));
    location = { dataDir: folder.path, databaseUrl: postgres.url, redisUrl: redis.url };
    const start = () =>
      startNode({
        ATELIER_DATA_DIR: folder.path,
        ATELIER_DATABASE_URL: relay.url,
        ATELIER_REDIS_URL: redis.url,
        ATELIER_SANDBOX: 'on',
        OPENAI_BASE_URL: `${upstream.url}/v1`,
        OPENAI_MODELS: 'm',
        CONFIGURED_PROVIDER_MODELS_MODE: 'allowlist',
      });
    nodes = await Promise.all([start(), start(), start()]);
    for (const started of nodes) cleanup.use(started);
  });
  after(() => cleanup.disposeAsync());

  it('what is changed on one of them holds on the others within two seconds', async () => {
    const { key, keyId } = await subscribe(node(0), 'spread', 1_000);
    assertAllAnswered(await Promise.all(nodes.map((gateway) => chat(gateway, key))));
    const windows = [{ period: 'rolling 5h', limit: 2_000 }];
    await node(1).ask('PUT /admin/api/plans/spread', { body: { windows } });
    const spread = (what: string, look: (gateway: GatewayNode) => Promise<boolean>) =>
      Promise.all(
        nodes.map((gateway) => within(spreadMs, what, async () => ((await look(gateway)) ? true : undefined))),
      );
    await spread('a plan that grew', async (gateway) => {
      return (await chat(gateway, key)).headers['x-atelier-quota-5h-limit'] === '2000';
    });

    const made = await node(2).ask('POST /admin/api/keys', { body: { owner: 'kim' } });
    const general = asString(made.body['secret']) ?? '';
    assertAllAnswered(await Promise.all(nodes.map((gateway) => chat(gateway, general))));

    await node(0).ask('PUT /admin/api/provider-secrets/openai', { body: { secret: 'sk-a-stored-key-of-all' } });
    await spread("a provider's key", async (gateway) => {
      const body = { model: 'openai/m', messages: [] };
      return (await gateway.ask('POST /v1/chat/completions', { key: general, body })).status === 200;
    });
    assert.equal(upstream.calls.at(-1)?.headers.authorization, 'Bearer sk-a-stored-key-of-all');

    await node(1).ask(`POST /admin/api/keys/${keyId}/revoke`);
    await spread('a key that is revoked', async (gateway) => (await chat(gateway, key)).status === 401);
  });

  it('of 1,000 requests at once exactly the 100 that are left pass', async () => {
    const { key } = await subscribe(node(0), 'burst', 103);
    assertAllAnswered(await Promise.all(nodes.map((gateway) => chat(gateway, key))));
    const answers = await Promise.all(Array.from({ length: 1_000 }, (_, place) => chat(node(place % 3), key)));
    const passed = answers.filter(({ status }) => status === 200);
    assert.equal(passed.length, 100);
    for (const answer of answers) if (answer.status !== 200) assertRefused(answer);
    const remainders = passed.map(({ headers }) => Number(headers['x-atelier-quota-5h-remaining']));
    assert.deepEqual(
      remainders.toSorted((a, b) => a - b),
      Array.from({ length: 100 }, (_, place) => place),
    );
    for (const { headers } of answers) {
      const [limit = 0, used = 0, remaining = 0] = ['limit', 'used', 'remaining'].map((name) =>
        Number(headers[`x-atelier-quota-5h-${name}`]),
      );
      assert.deepEqual([limit, used + remaining], [103, 103]);
    }
    await assertAccountOnAll(key, { used: 103, requests: 1_003 });
  });

  it('go on while both stores hang and while both are away, and lose nothing of it', async (test) => {
    // A failure here must not become one of the tests that follow.
    test.after(async () => {
      relay.comeBack();
      if (!isRunning(redis)) redis = await startRedis(Number(new URL(redis.url).port));
      kill(redis.pid, 'SIGCONT');
    });
    const [wide, narrow] = [await subscribe(node(0), 'wide', 10_000), await subscribe(node(0), 'narrow', 20)];
    for (const gateway of nodes.toReversed()) {
      assertAllAnswered([await chat(gateway, wide.key), await chat(gateway, narrow.key)]);
    }
    await assertAccountOnAll(wide.key, { used: 3, requests: 3 });
    await assertAccountOnAll(narrow.key, { used: 3, requests: 3 });

    relay.hang();
    kill(redis.pid, 'SIGSTOP');
    let longest = 0;
    const callTen = async (gateway: GatewayNode): Promise<void> => {
      for (let turn = 0; turn < 10; turn++) {
        const startedAt = performance.now();
        assertAllAnswered([await chat(gateway, wide.key)]);
        longest = Math.max(longest, performance.now() - startedAt);
      }
    };
    await Promise.all(nodes.map(callTen));
    assert.ok(longest < longestMs, `a request took ${longest} ms`);
    const scarce: Answer[] = [];
    for (let turn = 0; turn < 20; turn++) scarce.push(await chat(node(0), narrow.key));
    assert.equal(scarce.filter(({ status }) => status === 200).length, 17);
    for (const answer of scarce.slice(17)) assertRefused(answer);
    for (const gateway of nodes) {
      await within(10_000, 'a node that says what waits and for what', async () => {
        const { status, reason } = await readiness(gateway);
        const isTold = /changes/.test(reason) && /within \d+ ms|does not answer/.test(reason);
        return status === 'degraded' && isTold ? true : undefined;
      });
    }

    relay.leave();
    kill(redis.pid, 'SIGKILL');
    await redis.stop();
    await Promise.all(nodes.map(callTen));
    for (const gateway of nodes) assert.equal((await readiness(gateway)).status, 'degraded');

    relay.comeBack();
    redis = await startRedis(Number(new URL(redis.url).port));
    await assertAccountOnAll(wide.key, { used: 63, requests: 63 });
    await assertAccountOnAll(narrow.key, { used: 20, requests: 23 });
    for (const gateway of nodes) {
      await within(20_000, 'a node that is ready again', async () => {
        return (await readiness(gateway)).status === 'ready' ? true : undefined;
      });
    }
  });

  it('keep what one that is killed had admitted, and give back what it left open when its lease is over', async () => {
    const { key, id } = await subscribe(node(0), 'killed', 1_000_000);
    const open = 40;
    const lanesPerNode = 2;
    const slow = Array.from({ length: open }, () =>
      chat(node(2), key, '[[sandbox: delay=60s]]').then(
        ({ status }) => status,
        () => 'broken',
      ),
    );
    await within(10_000, 'requests under way', async () => {
      const account = await accountOf(node(0), key).catch(() => undefined);
      return account?.used === open ? true : undefined;
    });
    let answered = 0;
    let ended = false;
    const lane = async (gateway: GatewayNode): Promise<void> => {
      while (!ended) {
        const answer = await chat(gateway, key).catch(() => undefined);
        if (answer === undefined) return;
        assertAllAnswered([answer]);
        answered += 1;
      }
    };
    const lanes = nodes.flatMap((gateway) => Array.from({ length: lanesPerNode }, () => lane(gateway)));
    await within(10_000, 'some answers', async () => (answered > 100 ? true : undefined));
    await node(2).kill();
    ended = true;
    await Promise.all(lanes);
    assert.deepEqual(new Set(await Promise.all(slow)), new Set(['broken']));
    for (const gateway of nodes.slice(0, 2)) {
      const { used } = await within(10_000, 'an account', () => accountOf(gateway, key).catch(() => undefined));
      assert.ok(used >= answered + open - lanesPerNode, `${used} counted, ${answered} answered`);
      // What a node had reserved ahead counts as used until it, or its lease, is over.
      const ahead = nodes.length * largestBlock;
      assert.ok(used <= answered + open + lanesPerNode + ahead, `${used} counted, ${answered} answered`);
    }
    await Promise.all([node(0).stop(), node(1).stop()]);

    const used = await usedAfterLease(location, id);
    // What had just ended, and as much that was under way.
    assert.ok(Math.abs(used - answered) <= 2 * lanesPerNode, `${used} counted, ${answered} answered`);
    const { redisUrl: _redis, ...database } = location;
    assert.equal(await usedAfterLease(database, id), used);
  });
});

/** What is counted when the lease of every node is over, as one more process sees it. */
async function usedAfterLease(at: DatabaseLocation, account: string): Promise<number> {
  const now = Date.now() + 120_000;
  const window: LedgerWindow = {
    name: '5h',
    shape: { kind: 'rolling', spanMs: 18_000_000 },
    limit: 1_000_000,
    amount: 1,
  };
  const database = await openDatabase(at, { processId: `reader-${account}-${at.redisUrl ?? ''}`, now });
  try {
    await database.ledger.heartbeat(now);
    const [standing] = await database.ledger.standing(account, [window], now);
    return standing?.used ?? Number.NaN;
  } finally {
    await database.close();
  }
}
