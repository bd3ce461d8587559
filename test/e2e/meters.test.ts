import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { request } from 'undici';
import { asArray, asNumber, asObject, asString, parseJson } from '../../src/domain/json.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import { startGateway } from './support/gateway.ts';
import type { TestGateway } from './support/gateway.ts';
import { json, startUpstream } from './support/upstream.ts';
import type { Script } from './support/upstream.ts';

const master = 'master-key-for-tests';
const quickRetries = { ATELIER_RETRY_BASE_DELAY_MS: '1', ATELIER_RETRY_MAX_DELAY_MS: '20' };
const model = 'qwen3.7-plus';
const planKey = 'sk-sp-0123456789abcdef0123456789abcd';

const busy = json(503, { error: { message: 'The service is busy.', type: 'server_error', code: 'busy' } });
const answer = json(200, {
  id: 'x',
  object: 'chat.completion',
  model,
  choices: [{ index: 0, message: { role: 'assistant', content: 'Hello' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 40, completion_tokens: 2, total_tokens: 42 },
});

/** A provider on a plan at this address. */
function onPlan(prefix: string, url: string, plan = 'coding'): Record<string, string> {
  return { [`${prefix}_API_KEY`]: planKey, [`${prefix}_BASE_URL`]: url, [`${prefix}_PLAN`]: plan };
}

function start(env: Record<string, string>): Promise<TestGateway> {
  return startGateway({ ATELIER_MASTER_KEY: master, ...quickRetries, ...env });
}

/** One call as a coding agent makes it; the status of its answer. */
async function chat({ url }: TestGateway): Promise<number> {
  const { statusCode, body } = await request(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${master}`,
      'content-type': 'application/json',
      'user-agent': 'opencode/1.18.33',
    },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello' }] }),
  });
  await body.dump();
  return statusCode;
}

/** The meters by provider, once so many requests are accounted for; accounts are kept just after the answers. */
async function metersAfter({ url }: TestGateway, requests: number): Promise<Map<string, JsonObject>> {
  const ask = async (path: string): Promise<JsonObject> => {
    const { body } = await request(url + path, { headers: { authorization: `Bearer ${master}` } });
    return asObject(parseJson(await body.text())) ?? {};
  };
  for (let turn = 0; turn < 500; turn++) {
    const { data } = await ask('/admin/api/usage/records');
    if (asArray(data).length < requests) continue;
    const meters = asArray((await ask('/admin/api/meters'))['data']).map((meter) => asObject(meter) ?? {});
    return new Map(meters.map((meter) => [asString(meter['provider']) ?? '', meter]));
  }
  return assert.fail('no account was kept');
}

/** What the windows of a meter have counted. */
function usedIn(meter: JsonObject | undefined): (number | undefined)[] {
  return asArray(meter?.['windows']).map((window) => asNumber(asObject(window)?.['used']));
}

/** Requests by model or agent in the first window. */
function useOf(meter: JsonObject | undefined, by: 'model' | 'agent'): unknown[] {
  const [window] = asArray(meter?.['windows']);
  const use = asObject(asObject(window)?.['use']);
  return asArray(use?.[`by_${by}`]).map((row) => {
    const { [by]: group, requests, input_tokens: input, output_tokens: output } = asObject(row) ?? {};
    return [group, requests, input, output];
  });
}

describe('the meter of a plan key', () => {
  it('counts a call for each time that a request was sent, and one request in its use', async () => {
    await using upstream = await startUpstream(busy, answer);
    await using gateway = await start(onPlan('BAILIAN', upstream.url));
    assert.equal(await chat(gateway), 200);
    const meter = (await metersAfter(gateway, 1)).get('bailian');
    assert.equal(upstream.calls.length, 2);
    assert.deepEqual(usedIn(meter), [2, 2, 2]);
    assert.deepEqual(useOf(meter, 'model'), [[model, 1, 40, 2]]);
    assert.deepEqual(useOf(meter, 'agent'), [['opencode', 1, 40, 2]]);
  });

  it('counts at every provider that was asked, also before another one answered', async () => {
    await using first = await startUpstream(busy);
    await using second = await startUpstream(answer);
    await using gateway = await start({
      ...onPlan('BAILIAN', first.url),
      ...onPlan('BAILIAN_TOKENS', second.url, 'token'),
    });
    assert.equal(await chat(gateway), 200);
    const meters = await metersAfter(gateway, 1);
    assert.deepEqual([first.calls.length, second.calls.length], [1, 1]);
    assert.deepEqual(usedIn(meters.get('bailian')), [1, 1, 1]);
    assert.deepEqual(useOf(meters.get('bailian'), 'model'), []);
    // Calls, and tokens.
    assert.deepEqual(usedIn(meters.get('bailian-tokens')), [1, 42]);
    assert.deepEqual(useOf(meters.get('bailian-tokens'), 'model'), [[model, 1, 40, 2]]);
  });

  it('counts a call that was cut off, and none for which there was no connection', async () => {
    const cut: Script = (response) => void response.destroy();
    await using upstream = await startUpstream(cut);
    await using gateway = await start(onPlan('BAILIAN', upstream.url));
    assert.equal(await chat(gateway), 502);
    const sent = upstream.calls.length;
    assert.ok(sent > 0);
    assert.deepEqual(usedIn((await metersAfter(gateway, 1)).get('bailian')), [sent, sent, sent]);
    await upstream.close();
    assert.equal(await chat(gateway), 502);
    assert.deepEqual(usedIn((await metersAfter(gateway, 2)).get('bailian')), [sent, sent, sent]);
  });
});
