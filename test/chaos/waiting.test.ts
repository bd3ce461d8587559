import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { startRedis } from '../../scripts/services.ts';
import type { Service } from '../../scripts/services.ts';
import { asNumber, asObject } from '../../src/domain/json.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import { temporaryPostgres, withoutPostgres, withoutRedis } from '../contract/store-services.ts';
import { temporaryFolder } from '../contract/store-temp-folder.ts';
import { assertAccount, chat, subscribe } from './nodes/customer.ts';
import { startNode } from './nodes/node.ts';
import type { GatewayNode } from './nodes/node.ts';
import { startRelay } from './nodes/relay.ts';
import { within } from './nodes/within.ts';

/*
 * What is admitted and answered while the stores are away outlives the process: killed, or ended in the usual way.
 */

async function callTimes(gateway: GatewayNode, key: string, count: number): Promise<void> {
  for (let call = 0; call < count; call += 1) {
    const { status, text } = await chat(gateway, key);
    assert.equal(status, 200, text);
  }
}

/** Nothing when it was removed since it was listed. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** The notes of a kind in the data folder; the last line of a file may be under way. */
function notesOf(dataDir: string, kind: string): JsonObject[] {
  const folder = join(dataDir, 'waiting');
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(`.${kind}.jsonl`)) : [];
  const lines = files.flatMap((name) => textOf(join(folder, name)).split('\n').slice(0, -1));
  return lines.map((line) => asObject(JSON.parse(line)) ?? {});
}

/**
 * How many calls have their usage record in the files, and how many settlements are missing there. Calls that were reserved
 * together are settled together, and until then by what has ended so far.
 */
function noted(dataDir: string): { records: number; unsettled: number } {
  const calls = new Set(notesOf(dataDir, 'usage').map(({ id }) => id));
  const settled = new Map<unknown, number>();
  for (const { settle } of notesOf(dataDir, 'calls')) noteSettled(settled, settle);
  for (const { job } of notesOf(dataDir, 'journal')) {
    const { kind, id, progress, settlement } = asObject(job) ?? {};
    noteSettled(settled, kind === 'progress' ? { id, amounts: asObject(progress)?.['used'] } : settlement);
  }
  const total = [...settled.values()].reduce((sum, count) => sum + count, 0);
  return { records: calls.size, unsettled: Math.max(0, calls.size - total) };
}

function noteSettled(settled: Map<unknown, number>, settlement: unknown): void {
  const { id, amounts } = asObject(settlement) ?? {};
  const calls = asNumber(asObject(amounts)?.['5h']) ?? 1;
  if (id !== undefined) settled.set(id, Math.max(calls, settled.get(id) ?? 0));
}

/** On a busy machine a store may be waited for at any time, but not for long. */
async function nothingWaits(dataDir: string): Promise<void> {
  const folder = join(dataDir, 'waiting');
  await within(10_000, 'no notes', async () => {
    const files = existsSync(folder) ? readdirSync(folder) : [];
    return files.some((name) => name.endsWith('.jsonl')) ? undefined : true;
  });
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
        const { key } = await subscribe(first, 'wide', 10_000);
        await callTimes(first, key, 3);
        await assertAccount(first, key, { used: 3, requests: 3 });
        await nothingWaits(folder.path);

        const redisPort = redis && Number(new URL(redis.url).port);
        /** Answered calls, until all are noted. */
        const calls = async (count: number, total: number): Promise<void> => {
          await callTimes(first, key, count);
          const expected = { records: total, unsettled: 0 };
          await within(10_000, 'notes of all calls', async () =>
            isDeepStrictEqual(noted(folder.path), expected) ? true : undefined,
          ).catch((error: unknown) => assert.deepEqual(noted(folder.path), expected, String(error)));
        };
        if (stores.startsWith('Postgres,')) {
          relay.leave();
          await calls(10, 10);
          assert.ok(notesOf(folder.path, 'journal').length > 0);
          await redis?.stop();
          await calls(10, 20);
        } else {
          await redis?.stop();
          relay.leave();
          await calls(20, 20);
        }
        await end(first);
        assert.deepEqual(noted(folder.path), { records: 20, unsettled: 0 });

        relay.comeBack();
        if (redisPort !== undefined) redis = await startRedis(redisPort);
        const second = await start();
        await assertAccount(second, key, { used: 23, requests: 23 });
        await nothingWaits(folder.path);
        await second.stop();
        const third = await start();
        await callTimes(third, key, 1);
        await assertAccount(third, key, { used: 24, requests: 24 });
      });
    }
  });
}
