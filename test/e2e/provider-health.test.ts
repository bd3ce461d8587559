import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { startGateway } from './support/gateway.ts';
import type { TestGateway } from './support/gateway.ts';
import { asOpenai, json, startUpstream } from './support/upstream.ts';
import type { TestUpstream } from './support/upstream.ts';

const chat = { model: 'm', messages: [{ role: 'user', content: 'hi' }] };
const answering = json(200, { id: 'x', choices: [], usage: null });
const failing = json(500, { error: { message: 'broken' } });
const throttled = json(429, { error: { message: 'later', code: 'limit_requests' } }, { 'retry-after': '30' });
const inArrears = json(400, { error: { message: 'Access denied, please pay.', code: 'Arrearage' } });
const first = 'openai-compatible';
const second = 'openai-compatible-b';

/** Two providers of the model `m`, the first asked first; each attempt is the only one unless retries are wanted. */
async function startPair(
  one: TestUpstream,
  other: TestUpstream,
  env: Record<string, string> = {},
): Promise<TestGateway> {
  const gateway = await startGateway({
    ...asOpenai(one),
    OPENAI_COMPATIBLE_B_BASE_URL: `${other.url}/v1`,
    OPENAI_COMPATIBLE_B_MODELS: 'm',
    ATELIER_RETRY_BASE_DELAY_MS: '1',
    ...env,
  });
  // The list answers only when the catalogue has been read.
  await fetch(`${gateway.url}/errors`);
  return gateway;
}

async function ask({ url }: TestGateway, path = '/v1/chat/completions') {
  const answer = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(chat),
  });
  await answer.text();
  return {
    status: answer.status,
    provider: answer.headers.get('x-atelier-provider'),
    attempts: Number(answer.headers.get('x-atelier-attempts') ?? 1),
  };
}

async function heldBack({ url }: TestGateway): Promise<Record<string, unknown>> {
  const { providers } = JSON.parse(await (await fetch(`${url}/health/ready`)).text());
  return Object.fromEntries(
    providers.map((provider: { name: string; held_back?: unknown }) => [provider.name, provider.held_back]),
  );
}

function healthLines({ log }: TestGateway): unknown[] {
  return log
    .filter(({ event }) => event === 'provider_held' || event === 'provider_released')
    .map(({ level, event, provider, model, code, errorId }) => ({ level, event, provider, model, code, errorId }));
}

/** Lets time pass on the clock that pauses are measured by. */
function clockOf(context: TestContext): (milliseconds: number) => void {
  const real = performance.now.bind(performance);
  let ahead = 0;
  context.mock.method(performance, 'now', () => real() + ahead);
  return (milliseconds) => {
    ahead += milliseconds;
  };
}

describe('a provider that is unwell', () => {
  it('is not asked before its retry-after has passed while another one is well', async (context) => {
    const pass = clockOf(context);
    await using one = await startUpstream(throttled, answering);
    await using other = await startUpstream(answering);
    await using gateway = await startPair(one, other);
    assert.deepEqual(await ask(gateway), { status: 200, provider: second, attempts: 2 });
    assert.deepEqual(await ask(gateway), { status: 200, provider: second, attempts: 1 });
    const counted = await ask(gateway, '/v1/messages/count_tokens');
    assert.deepEqual([counted.status, counted.provider], [200, second], 'the plan knows it as well');
    assert.equal(one.calls.length, 1);
    const { [first]: held, [second]: well } = await heldBack(gateway);
    assert.ok(Array.isArray(held));
    const { until, ...rest } = held[0];
    assert.deepEqual(rest, { model: 'm', code: 'limit_requests', error_id: 'rate-limit-requests' });
    const left = Date.parse(until) - Date.now();
    assert.ok(left > 0 && left <= 30_000, String(left));
    assert.equal(well, undefined);
    pass(30_000);
    assert.deepEqual(await ask(gateway), { status: 200, provider: first, attempts: 1 });
    assert.deepEqual(await heldBack(gateway), { [first]: undefined, [second]: undefined });
    const line = { provider: first, model: 'm', code: 'limit_requests', errorId: 'rate-limit-requests' };
    assert.deepEqual(healthLines(gateway), [
      { level: 40, event: 'provider_held', ...line },
      { level: 30, event: 'provider_released', ...line },
    ]);
  });

  it('with an unpaid bill is asked once a minute, for whichever model', async (context) => {
    const pass = clockOf(context);
    await using one = await startUpstream(inArrears);
    await using other = await startUpstream(answering);
    await using gateway = await startPair(one, other, {
      OPENAI_COMPATIBLE_MODELS: 'm,n',
      OPENAI_COMPATIBLE_B_MODELS: 'm,n',
    });
    assert.deepEqual(await ask(gateway), { status: 200, provider: second, attempts: 2 });
    for (const model of ['m', 'n']) {
      const answer = await fetch(`${gateway.url}/v1/chat/completions`, {
        method: 'POST',
        body: JSON.stringify({ ...chat, model }),
      });
      await answer.text();
      assert.equal(answer.headers.get('x-atelier-provider'), second);
    }
    assert.equal(one.calls.length, 1);
    pass(60_000);
    assert.deepEqual(await ask(gateway), { status: 200, provider: second, attempts: 2 });
    assert.deepEqual(await ask(gateway), { status: 200, provider: second, attempts: 1 });
    assert.equal(one.calls.length, 2);
    assert.ok(!JSON.stringify([await heldBack(gateway), healthLines(gateway)]).includes('please pay'));
  });

  it('is held back after five failures in a row, and a probe that goes well ends it', async (context) => {
    const pass = clockOf(context);
    await using one = await startUpstream(failing);
    await using other = await startUpstream(answering);
    await using gateway = await startPair(one, other);
    for (let request = 0; request < 5; request++) assert.equal((await ask(gateway)).attempts, 2);
    assert.deepEqual(await ask(gateway), { status: 200, provider: second, attempts: 1 });
    pass(5_000);
    assert.deepEqual(await ask(gateway), { status: 200, provider: second, attempts: 2 });
    pass(9_000);
    assert.deepEqual(await ask(gateway), { status: 200, provider: second, attempts: 1 });
    pass(1_000);
    one.script(answering);
    assert.deepEqual(await ask(gateway), { status: 200, provider: first, attempts: 1 });
    assert.deepEqual(await ask(gateway), { status: 200, provider: first, attempts: 1 });
    assert.deepEqual([one.calls.length, other.calls.length], [8, 8]);
  });

  it('is asked all the same when it is the only one, or when the others are unwell too', async () => {
    await using one = await startUpstream(inArrears);
    await using gateway = await startGateway(asOpenai(one));
    for (let request = 0; request < 3; request++) assert.equal((await ask(gateway)).status, 400);
    one.script(answering);
    assert.deepEqual(await ask(gateway), { status: 200, provider: first, attempts: 1 });

    one.script(throttled);
    await using other = await startUpstream(throttled);
    await using pair = await startPair(one, other);
    const before = one.calls.length;
    for (let request = 0; request < 3; request++) assert.equal((await ask(pair)).status, 429);
    assert.deepEqual([one.calls.length - before, other.calls.length], [3, 3]);
    other.script(answering);
    assert.deepEqual(await ask(pair), { status: 200, provider: second, attempts: 2 });
    assert.deepEqual(await ask(pair), { status: 200, provider: second, attempts: 1 });
  });

  it('is still known after a reload, unless its key or address changed', async () => {
    await using one = await startUpstream(throttled);
    await using other = await startUpstream(answering);
    let config: Parameters<TestGateway['app']['reload']>[0] | undefined;
    await using gateway = await startGateway(
      {
        ...asOpenai(one),
        OPENAI_COMPATIBLE_B_BASE_URL: `${other.url}/v1`,
        OPENAI_COMPATIBLE_B_MODELS: 'm',
        OPENAI_COMPATIBLE_API_KEY: 'old',
      },
      (loaded) => {
        config = loaded;
        return loaded;
      },
    );
    assert.ok(config);
    await ask(gateway);
    await gateway.app.reload({ ...config, errors: { explain: false } });
    await ask(gateway);
    assert.equal(one.calls.length, 1);
    const providers = config.providers.map((provider) =>
      provider.name === first ? { ...provider, apiKey: 'new' } : provider,
    );
    await gateway.app.reload({ ...config, providers });
    await ask(gateway);
    assert.equal(one.calls.length, 2);
  });

  it('is asked first as ever when the breaker is off', async () => {
    await using one = await startUpstream(inArrears);
    await using other = await startUpstream(answering);
    await using gateway = await startPair(one, other, { ATELIER_BREAKER: 'off' });
    for (let request = 0; request < 3; request++) assert.equal((await ask(gateway)).attempts, 2);
    assert.equal(one.calls.length, 3);
    assert.deepEqual(await heldBack(gateway), { [first]: undefined, [second]: undefined });
  });
});
