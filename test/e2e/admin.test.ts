import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { asArray, asNumber, asObject, asString, isObject } from '../../src/domain/json.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import { startGateway } from './support/gateway.ts';
import type { TestGateway } from './support/gateway.ts';

const masterKey = 'master-key-of-the-test';

interface Answer {
  status: number;
  headers: Headers;
  text: string;
  body: JsonObject;
}

async function ask(
  { url }: TestGateway,
  call: string,
  { key = masterKey, body, headers = {} }: { key?: string; body?: unknown; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const [method = '', path = ''] = call.split(' ');
  const response = await fetch(url + path, {
    method,
    headers: {
      ...(key !== '' && { authorization: `Bearer ${key}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const parsed: unknown = text.startsWith('{') ? JSON.parse(text) : undefined;
  return { status: response.status, headers: response.headers, text, body: isObject(parsed) ? parsed : {} };
}

/** A small call as a coding agent makes it. */
function chat(gateway: TestGateway, key: string): Promise<Answer> {
  return ask(gateway, 'POST /v1/chat/completions', {
    key,
    body: { model: 'qwen3-coder-plus', messages: [{ role: 'user', content: 'Hello' }] },
    headers: { 'user-agent': 'claude-cli/2.0' },
  });
}

async function subscribe(gateway: TestGateway): Promise<{ key: string; keyId: string; id: string }> {
  const { status, body } = await ask(gateway, 'POST /admin/api/subscriptions', {
    body: { owner: 'kim', plan: 'coding-plan-lite' },
  });
  assert.equal(status, 201);
  const key = asString(asObject(body['key'])?.['secret']) ?? '';
  return { key, keyId: asString(body['key_id']) ?? '', id: asString(body['id']) ?? '' };
}

/** Asks again until the account of a request has been written down. */
async function eventually<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (let turn = 0; turn < 200; turn++) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error('it did not happen');
}

describe('a plan key, from its sale to its end', () => {
  it('calls through the gateway, sees its quota go down, and ends when it is revoked', async () => {
    await using gateway = await startGateway({ ATELIER_MASTER_KEY: masterKey });
    const { key, keyId, id } = await subscribe(gateway);
    const first = await chat(gateway, key);
    assert.equal(first.status, 200, first.text);
    assert.equal(first.headers.get('x-atelier-quota-5h-remaining'), '1199');
    const second = await chat(gateway, key);
    assert.equal(second.headers.get('x-atelier-quota-5h-remaining'), '1198');
    assert.equal(second.headers.get('x-atelier-quota-month-used'), '2');

    const account = await ask(gateway, 'GET /account', { key });
    const [window] = asArray(account.body['windows']);
    assert.deepEqual([asObject(window)?.['used'], asObject(window)?.['remaining']], [2, 1198]);
    const byModel = await eventually(async () => {
      const { body } = await ask(gateway, 'GET /account', { key });
      const [model] = asArray(asObject(body['usage'])?.['by_model']).map(asObject);
      return asNumber(model?.['requests']) === 2 ? model : undefined;
    });
    assert.equal(byModel['model'], 'qwen3-coder-plus');
    const line = await ask(gateway, 'GET /account?format=line', { key });
    assert.match(line.text, /^5h 2\/1200 · week 1% · month 1% · resets \d\d:\d\d\n$/);

    const shown = await ask(gateway, `GET /admin/api/subscriptions/${id}`);
    assert.deepEqual(asArray(shown.body['windows']), asArray(account.body['windows']));
    const usage = await ask(gateway, 'GET /admin/api/usage?by=agent');
    assert.deepEqual(
      asArray(usage.body['data']).map((row) => [asObject(row)?.['group'], asObject(row)?.['requests']]),
      [['claude-code', 2]],
    );
    const byKey = await ask(gateway, 'GET /admin/api/usage?by=key');
    assert.deepEqual(
      asArray(byKey.body['data']).map((row) => [asObject(row)?.['group'], asObject(row)?.['owner']]),
      [[keyId, 'kim']],
    );

    const revoked = await ask(gateway, `POST /admin/api/keys/${keyId}/revoke`);
    assert.equal(revoked.body['state'], 'revoked');
    assert.equal((await chat(gateway, key)).status, 401);
    assert.equal((await ask(gateway, 'GET /account', { key })).status, 401);
    const audit = await ask(gateway, 'GET /admin/api/audit');
    assert.deepEqual(
      asArray(audit.body['data']).map((entry) => {
        const { actor, action, kind, subject } = asObject(entry) ?? {};
        return [actor, action, kind, subject];
      }),
      [
        ['master', 'revoke', 'key', keyId],
        ['master', 'create', 'subscription', id],
      ],
    );
  });

  it('goes on with the same use after its key is reset, and the old key ends at once', async () => {
    await using gateway = await startGateway({ ATELIER_MASTER_KEY: masterKey });
    const { key, keyId } = await subscribe(gateway);
    await chat(gateway, key);
    const reset = await ask(gateway, `POST /admin/api/keys/${keyId}/reset`);
    assert.equal((await chat(gateway, key)).status, 401);
    const next = asString(reset.body['secret']) ?? '';
    assert.equal((await chat(gateway, next)).headers.get('x-atelier-quota-5h-used'), '2');
  });

  it('is refused for other clients before a call is spent, and for other models', async () => {
    await using gateway = await startGateway({ ATELIER_MASTER_KEY: masterKey });
    const { key } = await subscribe(gateway);
    const body = { model: 'qwen3-coder-plus', messages: [{ role: 'user', content: 'Hello' }] };
    const script = await ask(gateway, 'POST /v1/chat/completions', { key, body, headers: { 'user-agent': 'curl/8' } });
    assert.equal(script.status, 405);
    assert.equal(script.headers.get('x-atelier-quota-5h-used'), '0');
    const other = await ask(gateway, 'POST /v1/chat/completions', {
      key,
      body: { ...body, model: 'qwen-plus' },
      headers: { 'user-agent': 'claude-cli/2.0' },
    });
    assert.deepEqual([other.status, other.headers.get('x-atelier-quota-5h-used')], [400, '0']);
    assert.match(other.text, /model 'qwen-plus' is not supported/);
  });
});

/** By the quota headers: how many calls are used in the first window; null without them. */
function usedIn({ headers }: Answer): string | null {
  return headers.get('x-atelier-quota-5h-used');
}

const agent = { 'user-agent': 'claude-cli/2.0' };

describe("a plan key's answers that spend nothing", () => {
  /*
   * Symptom: no quota headers on the answers named here. Cause: only the admission of a counted call wrote them. Fix: whatever
   * else answers a plan key asks the desk for them.
   */
  it('show how its windows stand on the paths of models, the account and administration', async () => {
    await using gateway = await startGateway({ ATELIER_MASTER_KEY: masterKey });
    const { key } = await subscribe(gateway);
    await chat(gateway, key);
    const expected = [
      ['/v1/models', 200],
      ['/v1/models/qwen3-coder-plus', 200],
      ['/v1/models/no', 404],
      ['/account', 200],
      ['/account?format=line', 200],
      ['/account?days=0', 400],
      ['/admin/api/keys', 403],
    ] as const;
    for (const [path, status] of expected) {
      const answer = await ask(gateway, `GET ${path}`, { key });
      assert.deepEqual([path, answer.status, usedIn(answer)], [path, status, '1']);
    }
    assert.equal(usedIn(await ask(gateway, 'GET /v1/models')), null);
    assert.equal(usedIn(await ask(gateway, 'GET /v1/models', { key: 'wrong' })), null);
  });

  it('show how its windows stand: errors before admission, counted tokens', async () => {
    await using gateway = await startGateway({ ATELIER_MASTER_KEY: masterKey });
    const { key } = await subscribe(gateway);
    await chat(gateway, key);
    const messages = [{ role: 'user', content: 'Hello' }];
    const count = { key, headers: agent, body: { model: 'qwen3-coder-plus', messages } };
    const answers = {
      unknown: await ask(gateway, 'POST /v1/chat/completions', {
        key,
        headers: agent,
        body: { model: 'no', messages },
      }),
      'no model': await ask(gateway, 'POST /v1/chat/completions', { key, headers: agent, body: { messages } }),
      tokens: await ask(gateway, 'POST /v1/messages/count_tokens', count),
      'unknown, to count': await ask(gateway, 'POST /v1/messages/count_tokens', {
        ...count,
        body: { ...count.body, model: 'no' },
      }),
    };
    assert.deepEqual(
      Object.entries(answers).map(([name, answer]) => [name, answer.status, usedIn(answer)]),
      [
        ['unknown', 400, '1'],
        ['no model', 400, '1'],
        ['tokens', 200, '1'],
        ['unknown, to count', 404, '1'],
      ],
    );
    assert.match(answers.unknown.text, /model 'no' is not supported/);
  });
});

describe('plans made through the admin API', () => {
  it('hold for the next request, and say which window is used up', async () => {
    await using gateway = await startGateway({ ATELIER_MASTER_KEY: masterKey });
    const windows = [{ period: 'rolling 5h', limit: 1 }];
    assert.equal((await ask(gateway, 'PUT /admin/api/plans/tiny', { body: { windows } })).status, 200);
    const sold = await ask(gateway, 'POST /admin/api/subscriptions', { body: { owner: 'lee', plan: 'tiny' } });
    const key = asString(asObject(sold.body['key'])?.['secret']) ?? '';
    assert.equal((await chat(gateway, key)).status, 200);
    const refused = await chat(gateway, key);
    assert.equal(refused.status, 429);
    assert.match(refused.text, /hour allocated quota exceeded/);
    assert.match(refused.text, /Window '5h' of the plan 'tiny'/);
    const larger = [{ period: 'rolling 5h', limit: 5 }];
    await ask(gateway, 'PUT /admin/api/plans/tiny', { body: { windows: larger } });
    assert.equal((await chat(gateway, key)).status, 200);
  });

  it('come from the configuration as well', async () => {
    const plans = JSON.stringify([{ name: 'house', windows: [{ period: 'day', limit: 7 }] }]);
    await using gateway = await startGateway({ ATELIER_MASTER_KEY: masterKey, ATELIER_PLANS: plans });
    const sold = await ask(gateway, 'POST /admin/api/subscriptions', { body: { owner: 'lee', plan: 'house' } });
    const key = asString(asObject(sold.body['key'])?.['secret']) ?? '';
    assert.equal((await chat(gateway, key)).headers.get('x-atelier-quota-day-remaining'), '6');
  });
});

describe('an open gateway', () => {
  it('makes its first admin key for programs of this machine and is closed from then on', async () => {
    await using gateway = await startGateway();
    const body = { owner: 'admin', kind: 'admin' };
    const page = await ask(gateway, 'POST /admin/api/keys', {
      key: '',
      body,
      headers: { origin: 'https://evil.test' },
    });
    assert.equal(page.status, 403);
    const made = await ask(gateway, 'POST /admin/api/keys', { key: '', body });
    assert.equal(made.status, 201);
    const admin = asString(made.body['secret']) ?? '';
    assert.equal((await ask(gateway, 'GET /admin/api/keys', { key: '' })).status, 401);
    assert.equal((await chat(gateway, '')).status, 401);
    assert.equal((await ask(gateway, 'GET /admin/api/keys', { key: admin })).status, 200);
    const general = await ask(gateway, 'POST /admin/api/keys', { key: admin, body: { owner: 'kim' } });
    const key = asString(general.body['secret']) ?? '';
    assert.equal((await chat(gateway, key)).status, 200);
    assert.equal((await ask(gateway, 'GET /admin/api/keys', { key })).status, 403);
    const audit = await ask(gateway, 'GET /admin/api/audit', { key: admin });
    assert.deepEqual(
      asArray(audit.body['data']).map((entry) => asObject(entry)?.['actor']),
      [made.body['id'], 'anonymous'],
    );
  });
});

describe('the control plane on the server', () => {
  it('answers beside the data plane on one connection, also bodies that come in pieces', async () => {
    await using gateway = await startGateway({ ATELIER_MASTER_KEY: masterKey });
    const pieces = [JSON.stringify({ owner: 'kim' }).slice(0, 5), JSON.stringify({ owner: 'kim' }).slice(5)];
    const body = new ReadableStream({
      start(controller) {
        for (const piece of pieces) controller.enqueue(new TextEncoder().encode(piece));
        controller.close();
      },
    });
    const headers = { authorization: `Bearer ${masterKey}`, 'content-type': 'application/json' };
    const init = { method: 'POST', headers, body, duplex: 'half' as const };
    assert.equal((await fetch(`${gateway.url}/admin/api/keys`, init)).status, 201);
    const models = await ask(gateway, 'GET /v1/models');
    assert.equal(models.status, 200);
    const document = await ask(gateway, 'GET /admin/api/openapi.json');
    assert.deepEqual([document.status, document.body['openapi']], [200, '3.1.0']);
  });

  it('refuses a body that is too large without reading it', async () => {
    await using gateway = await startGateway({ ATELIER_MASTER_KEY: masterKey });
    const answer = await ask(gateway, 'POST /admin/api/keys', { body: { owner: 'x'.repeat(3 * 2 ** 20) } });
    assert.equal(answer.status, 413);
    assert.equal((await ask(gateway, 'GET /admin/api/keys')).status, 200);
  });

  it('stops guessing at keys', async () => {
    await using gateway = await startGateway({ ATELIER_MASTER_KEY: masterKey });
    const statuses: number[] = [];
    for (let turn = 0; turn < 31; turn++) {
      statuses.push((await ask(gateway, 'GET /admin/api/keys', { key: `sk-guess-${turn}` })).status);
    }
    assert.deepEqual([statuses[0], statuses.at(-1)], [401, 429]);
  });
});
