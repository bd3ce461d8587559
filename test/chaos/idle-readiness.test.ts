import assert from 'node:assert/strict';
import { it } from 'node:test';
import { startRedis } from '../../scripts/services.ts';
import type { Service } from '../../scripts/services.ts';
import { temporaryPostgres, withoutPostgres, withoutRedis } from '../contract/store-services.ts';
import { startNode } from './nodes/node.ts';
import { within } from './nodes/within.ts';

const skip = withoutPostgres || withoutRedis;

it('a gateway that nobody uses a plan key of tells within seconds of a Redis that is away', { skip }, async () => {
  await using stack = new AsyncDisposableStack();
  const postgres = stack.use(await temporaryPostgres());
  let redis: Service = await startRedis();
  stack.defer(() => redis.stop());
  const gateway = stack.use(
    await startNode({
      ATELIER_DATABASE_URL: postgres.url,
      ATELIER_REDIS_URL: redis.url,
      ATELIER_SANDBOX: 'on',
    }),
  );
  const becomes = (status: string): Promise<unknown> =>
    within(10_000, `a node that is ${status}`, async () => {
      const { body } = await gateway.ask('GET /health/ready');
      return body['status'] === status ? (body['reason'] ?? '') : undefined;
    });
  await becomes('ready');
  await redis.stop();
  assert.match(String(await becomes('degraded')), /Redis does not answer \(live counters\)/);
  redis = await startRedis(Number(new URL(redis.url).port));
  await becomes('ready');
});
