import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { startRedis } from '../../scripts/services.ts';
import type { Service } from '../../scripts/services.ts';
import { asArray, asNumber, asObject, asString } from '../../src/domain/json.ts';
import { temporaryPostgres, withoutPostgres, withoutRedis } from '../contract/store-services.ts';
import { temporaryFolder } from '../contract/store-temp-folder.ts';
import { startNode } from './nodes/node.ts';
import type { GatewayNode } from './nodes/node.ts';
import { startRelay } from './nodes/relay.ts';

/*
 * What is admitted and answered while the stores are away outlives the process: killed, or ended in the usual way.
 */

async function within<T>(milliseconds: number, what: string, look: () => Promise<T | undefined>): Promise<T> {
  for (const end = Date.now() + milliseconds; Date.now() < end;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`not within ${milliseconds} ms: ${what}`);
}

/** Calls counted in the plan's window, and requests with a usage record, as the holder of the key sees them. */
async function accountOf(gateway: GatewayNode, key: string): Promise<string> {
  const { body } = await gateway.ask('GET /account', { key });
  const [window] = asArray(body['windows']).map(asObject);
  const models = asArray(asObject(body['usage'])?.['by_model']).map(asObject);
  const requests = models.reduce((sum, model) => sum + (asNumber(model?.['requests']) ?? 0), 0);
  return `${asNumber(window?.['used'])} counted, ${requests} recorded`;
}

async function assertAccount(gateway: GatewayNode, key: string, expected: string): Promise<void> {
  let seen = '';
  await within(20_000, expected, async () => {
    seen = await accountOf(gateway, key).catch(String);
    return seen === expected ? true : undefined;
  }).catch((error: unknown) => assert.equal(seen, expected, String(error)));
}

async function callTimes(gateway: GatewayNode, key: string, count: number): Promise<void> {
  for (let call = 0; call < count; call += 1) {
    const body = { model: 'sandbox/qwen3-coder-plus', messages: [{ role: 'user', content: 'Hello' }] };
    const { status, text } = await gateway.ask('POST /v1/chat/completions', { key, body });
    assert.equal(status, 200, text);
  }
}

/** What is in the files of the data folder: settlements, changes that Redis had, usage records. */
function noted(dataDir: string): { settled: number; changes: number; records: number } {
  const folder = join(dataDir, 'waiting');
  const files = existsSync(folder) ? readdirSync(folder) : [];
  const lines = (kind: string, pattern: RegExp) =>
    files
      .filter((name) => name.endsWith(`.${kind}.jsonl`))
      .flatMap((name) => readFileSync(join(folder, name), 'utf8').match(pattern) ?? []).length;
  return {
    settled: lines('calls', /^\{"settle":.*\}$/gm),
    changes: lines('journal', /^\{"number":.*\}$/gm),
    records: lines('usage', /^\{"id":.*\}$/gm),
  };
}

for (const [stores, skip] of [
  ['Redis and Postgres', withoutPostgres || withoutRedis],
  ['Postgres, and then Redis with all that it had,', withoutPostgres || withoutRedis],
  ['Postgres alone', withoutPostgres],
] as const) {
  describe(`what is admitted while ${stores} are away`, { skip }, () => {
    for (const [how, end] of [
      ['killed', (gateway: GatewayNode) => gateway.kill()],
      ['stopped', (gateway: GatewayNode) => gateway.stop()],
    ] as const) {
      it(`is counted once and has its usage record when its process is ${how} before they are back`, async () => {
        await using stack = new AsyncDisposableStack();
        const folder = stack.use(temporaryFolder());
        const postgres = stack.use(await temporaryPostgres());
        const relay = stack.use(await startRelay(postgres.url));
        let redis: Service | undefined = stores === 'Postgres alone' ? undefined : await startRedis();
        stack.defer(() => redis?.stop());
        const start = async (): Promise<GatewayNode> =>
          stack.use(
            await startNode({
              ATELIER_DATA_DIR: folder.path,
              ATELIER_DATABASE_URL: relay.url,
              ATELIER_SANDBOX: 'on',
              ...(redis && { ATELIER_REDIS_URL: redis.url }),
            }),
          );
        const first = await start();
        const windows = [{ period: 'rolling 5h', limit: 1_000 }];
        await first.ask('PUT /admin/api/plans/wide', { body: { windows } });
        const sold = await first.ask('POST /admin/api/subscriptions', { body: { owner: 'ada', plan: 'wide' } });
        const key = asString(asObject(sold.body['key'])?.['secret']) ?? '';
        await callTimes(first, key, 3);
        await assertAccount(first, key, '3 counted, 3 recorded');
        assert.equal(existsSync(join(folder.path, 'waiting')), false);

        const redisPort = redis && Number(new URL(redis.url).port);
        /** Answered calls, until they are noted. */
        const calls = async (count: number, notes: ReturnType<typeof noted>): Promise<void> => {
          await callTimes(first, key, count);
          await within(10_000, 'notes of all calls', async () =>
            isDeepStrictEqual(noted(folder.path), notes) ? true : undefined,
          ).catch((error: unknown) => assert.deepEqual(noted(folder.path), notes, String(error)));
        };
        let changes = 0;
        if (stores.startsWith('Postgres,')) {
          relay.leave();
          changes = 2 * 10;
          await calls(10, { settled: 0, changes, records: 10 });
          await redis?.stop();
          await calls(10, { settled: 10, changes, records: 20 });
        } else {
          await redis?.stop();
          relay.leave();
          await calls(20, { settled: 20, changes, records: 20 });
        }
        await end(first);
        assert.deepEqual(noted(folder.path), { settled: changes > 0 ? 10 : 20, changes, records: 20 });

        relay.comeBack();
        if (redisPort !== undefined) redis = await startRedis(redisPort);
        const second = await start();
        await assertAccount(second, key, '23 counted, 23 recorded');
        await within(10_000, 'an empty folder', async () =>
          readdirSync(join(folder.path, 'waiting')).length === 0 ? true : undefined,
        );
        await second.stop();
        const third = await start();
        await callTimes(third, key, 1);
        await assertAccount(third, key, '24 counted, 24 recorded');
      });
    }
  });
}
