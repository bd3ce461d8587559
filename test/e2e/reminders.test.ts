import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { openSqliteDatabase } from '../../src/store/sql/open-sqlite.ts';
import { startGateway } from './support/gateway.ts';
import { json, startUpstream } from './support/upstream.ts';

const day = 86_400_000;
const secret = 'a-secret-that-signs-webhooks';

it('reminders that became due while nothing ran go to the signed webhook, each once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'atelier-reminders-'));
  const now = Date.now();
  const database = await openSqliteDatabase(join(folder, 'atelier.db'), { processId: 'earlier', now });
  const dates = { activatedAt: now - 28 * day, endsAt: now + 2.5 * day, cancelledAt: null };
  await database.store.subscriptions.insert({ id: 's1', owner: 'ada', plan: 'unlimited', keyId: 'k1', ...dates });
  await database.close();
  await using receiver = await startUpstream(json(500, {}), json(200, {}));
  const env = {
    ATELIER_DATA_DIR: folder,
    ATELIER_REMINDER_WEBHOOK_URL: `${receiver.url}/hook?x=1`,
    ATELIER_REMINDER_WEBHOOK_SECRET: secret,
  };
  // The second start has nothing to send: one was delivered, and the claim of the failed one has not run out.
  for (const expected of [2, 2]) {
    await using gateway = await startGateway(env);
    await eventually(() => receiver.calls.length >= expected);
    assert.ok(!JSON.stringify(gateway.log).includes(secret));
  }
  assert.deepEqual(
    receiver.calls.map(({ body }) => JSON.parse(body.toString()).days_before),
    [7, 3],
  );
  const call = receiver.calls[1];
  assert.equal(call?.path, '/hook?x=1');
  const [, seconds, signature] = /^t=(\d+),v1=(\w+)$/.exec(String(call.headers['x-atelier-signature'])) ?? [];
  const body = call.body.toString();
  assert.equal(signature, createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex'));
  rmSync(folder, { recursive: true, force: true });
});

async function eventually(condition: () => boolean): Promise<void> {
  for (let turn = 0; turn < 500 && !condition(); turn++) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.ok(condition());
}
