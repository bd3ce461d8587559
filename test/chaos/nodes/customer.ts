import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { asArray, asNumber, asObject, asString } from '../../../src/domain/json.ts';
import type { Answer, GatewayNode } from './node.ts';
import { within } from './within.ts';

/** What the holder of a key has: calls counted in the plan's window, and requests with a usage record. */
export interface Account {
  used: number;
  requests: number;
}

/** A subscription, sold by this node, to a plan of this name with so many calls in 5 hours. */
export async function subscribe(
  gateway: GatewayNode,
  plan: string,
  limit: number,
): Promise<{ key: string; keyId: string; id: string }> {
  const windows = [{ period: 'rolling 5h', limit }];
  const saved = await gateway.ask(`PUT /admin/api/plans/${plan}`, { body: { windows } });
  assert.equal(saved.status, 200, saved.text);
  const body = { owner: `owner-of-${plan}`, plan };
  const sold = await gateway.ask('POST /admin/api/subscriptions', { body });
  assert.equal(sold.status, 201, sold.text);
  const key = asString(asObject(sold.body['key'])?.['secret']) ?? '';
  return { key, keyId: asString(sold.body['key_id']) ?? '', id: asString(sold.body['id']) ?? '' };
}

/** A small call as a coding agent makes it. */
export function chat(gateway: GatewayNode, key: string, content = 'Hello'): Promise<Answer> {
  const body = { model: 'sandbox/qwen3-coder-plus', messages: [{ role: 'user', content }] };
  return gateway.ask('POST /v1/chat/completions', { key, body, headers: { 'user-agent': 'claude-cli/2.0' } });
}

/** What a node shows to the holder of a key. */
export async function accountOf(gateway: GatewayNode, key: string): Promise<Account> {
  const { status, body, text } = await gateway.ask('GET /account', { key });
  assert.equal(status, 200, text);
  const [window] = asArray(body['windows']).map(asObject);
  const models = asArray(asObject(body['usage'])?.['by_model']).map(asObject);
  const requests = models.reduce((sum, model) => sum + (asNumber(model?.['requests']) ?? 0), 0);
  return { used: asNumber(window?.['used']) ?? Number.NaN, requests };
}

/** Waits until the node shows this account. */
export async function assertAccount(gateway: GatewayNode, key: string, expected: Account): Promise<void> {
  let seen: unknown;
  await within(20_000, `an account of ${JSON.stringify(expected)}`, async () => {
    seen = await accountOf(gateway, key).catch(String);
    return isDeepStrictEqual(seen, expected) ? true : undefined;
  }).catch((error: unknown) => assert.deepEqual(seen, expected, String(error)));
}
