import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, it } from 'node:test';
import { request } from 'undici';
import { asArray, asNumber, asObject, asString, parseJson } from '../../src/domain/json.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import { eventually } from './clients/support/eventually.ts';
import { startGateway } from './support/gateway.ts';
import type { TestGateway } from './support/gateway.ts';
import { asAnthropic, asOpenai, json, startUpstream } from './support/upstream.ts';
import type { Script, TestUpstream } from './support/upstream.ts';

const quickRetries = { ATELIER_RETRY_BASE_DELAY_MS: '1', ATELIER_RETRY_MAX_DELAY_MS: '20' };
const v4 = 'text-embedding-v4';

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  body: JsonObject;
}

async function embed(url: string, body: unknown, extra: Record<string, string> = {}): Promise<Answer> {
  const answer = await request(url.replace(/(:\d+)$/, '$1/v1/embeddings'), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...extra },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await answer.body.text();
  return { status: answer.statusCode, headers: answer.headers, text, body: asObject(parseJson(text)) ?? {} };
}

function texts(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `text ${index}`);
}

/** The texts of a call that the upstream got. */
function inputOf({ body }: { body: Buffer }): unknown[] {
  return asArray(asObject(parseJson(body.toString()))?.['input']);
}

/** Answers with one vector of one number for each text: the number in the text. Each text is one token. */
const vectors: Script = (response, call) => {
  const rows = inputOf(call).map((text) => Number(String(text).replace('text ', '')));
  const answer = {
    object: 'list',
    data: rows.map((row, index) => ({ object: 'embedding', index, embedding: [row] })),
    model: v4,
    usage: { prompt_tokens: rows.length, total_tokens: rows.length },
    id: `of ${rows[0]}`,
  };
  response.writeHead(200, { 'content-type': 'application/json', 'x-request-id': `call ${rows[0]}` });
  response.end(JSON.stringify(answer));
};

/** The environment that makes this upstream Model Studio. */
function asBailian(upstream: TestUpstream): Record<string, string> {
  return {
    BAILIAN_API_KEY: 'sk-0123456789abcdef',
    BAILIAN_BASE_URL: `${upstream.url}/compatible-mode/v1`,
    BAILIAN_MODELS: v4,
    CONFIGURED_PROVIDER_MODELS_MODE: 'allowlist',
    ...quickRetries,
  };
}

const master = 'master-key-for-tests';

/** The account of the one request so far, as an administrator sees it; it is kept just after the answer. */
async function recordOf(gateway: TestGateway): Promise<JsonObject> {
  for (let turn = 0; turn < 500; turn++) {
    const answer = await request(`${gateway.url}/admin/api/usage/records`, {
      headers: { authorization: `Bearer ${master}` },
    });
    const [record] = asArray(asObject(parseJson(await answer.body.text()))?.['data']);
    if (record !== undefined) return asObject(record) ?? {};
  }
  return assert.fail('no account was kept');
}

/** The header of a new key whose plan has so many calls in 5 hours. */
async function subscribe(gateway: TestGateway, limit: number): Promise<string> {
  const admin = async (method: 'PUT' | 'POST', path: string, body: object): Promise<JsonObject> => {
    const headers = { authorization: `Bearer ${master}`, 'content-type': 'application/json' };
    const answer = await request(`${gateway.url}/admin/api${path}`, { method, headers, body: JSON.stringify(body) });
    return asObject(parseJson(await answer.body.text())) ?? {};
  };
  await admin('PUT', '/plans/few', { windows: [{ name: '5h', period: 'rolling 5h', limit }] });
  const { key } = await admin('POST', '/subscriptions', { owner: 'kim', plan: 'few' });
  return `Bearer ${asString(asObject(key)?.['secret'])}`;
}

describe('embeddings that pass', () => {
  const oddRequest = '{ "input":["größe 模型 🎈"],\n "zzz" : {"b":[1.0e2]} , "model":"m", "encoding_format":"base64"}';
  const oddAnswer =
    '{"data" : [{"embedding":"AACAPw==","index":0, "object":"embedding"}],\n"model":"m","x":[1.50],"object":"list","usage":{"total_tokens":7,"prompt_tokens":7},"id":"e-1"}';

  it('keep every byte, both ways, on every path that clients use; tokens are accounted for', async () => {
    await using upstream = await startUpstream(json(200, oddAnswer));
    await using gateway = await startGateway(asOpenai(upstream));
    const paths = [
      '/v1/embeddings',
      '/embeddings',
      '/v1/v1/embeddings',
      '/compatible-mode/v1/embeddings',
      '/openai/v1/embeddings/',
    ];
    for (const path of paths) {
      const answer = await embed(gateway.url + path, oddRequest);
      assert.deepEqual([answer.status, answer.text], [200, oddAnswer], path);
      assert.deepEqual(
        [answer.headers['x-atelier-adjusted'], answer.headers['x-atelier-provider']],
        [undefined, 'openai-compatible'],
      );
      const call = upstream.calls.at(-1);
      assert.deepEqual([call?.path, call?.body.toString()], ['/v1/embeddings', oddRequest]);
    }
    for (const line of gateway.requests()) {
      const { route, protocol, inputTokens, outputTokens, status, upstreamRequestId } = line;
      assert.deepEqual([route, protocol, status], ['/v1/embeddings', 'openai-chat', 200]);
      assert.deepEqual([inputTokens, outputTokens, upstreamRequestId], [7, undefined, 'e-1']);
    }
    assert.equal(gateway.requests().length, paths.length);
  });

  it('change by the model name alone when a provider stands in front; a member `stream` starts none', async () => {
    await using upstream = await startUpstream(json(200, oddAnswer));
    await using gateway = await startGateway(asOpenai(upstream));
    const body = oddRequest.replace('"m"', '"openai-compatible/m","stream":true');
    assert.equal((await embed(gateway.url, body)).text, oddAnswer);
    assert.equal(upstream.calls[0]?.body.toString(), oddRequest.replace('"m"', '"m","stream":true'));
    assert.equal(gateway.requests()[0]?.['stream'], undefined);
  });

  it('are sent again for what passes with time', async () => {
    await using upstream = await startUpstream(json(503, { error: { message: 'busy' } }), vectors);
    await using gateway = await startGateway({ ...asOpenai(upstream), ...quickRetries });
    const { status, headers } = await embed(gateway.url, { model: 'm', input: ['text 1'] });
    assert.deepEqual([status, headers['x-atelier-attempts'], upstream.calls.length], [200, '2', 2]);
    assert.deepEqual(upstream.calls[0]?.body, upstream.calls[1]?.body);
  });

  it('go on to the next provider that has the model and embeddings', async () => {
    await using upstream = await startUpstream(json(503, { error: { message: 'busy' } }), vectors);
    await using gateway = await startGateway({
      ...asOpenai(upstream),
      ...asAnthropic(upstream),
      OPENAI_COMPATIBLE_TWO_BASE_URL: `${upstream.url}/two/v1`,
      OPENAI_COMPATIBLE_TWO_MODELS: 'm',
      ...quickRetries,
    });
    const { status, headers } = await embed(gateway.url, { model: 'm', input: ['text 1'] });
    assert.deepEqual([status, headers['x-atelier-attempts']], [200, '2']);
    assert.deepEqual(
      new Set(upstream.calls.map(({ path }) => path)),
      new Set(['/v1/embeddings', '/two/v1/embeddings']),
    );
  });

  it("are the provider's own refusal when it refuses, in OpenAI's shape", async () => {
    const refusal = {
      error: { message: 'no such format', type: 'invalid_request_error', param: 'encoding_format', code: 'bad_format' },
    };
    await using upstream = await startUpstream(json(422, refusal));
    await using gateway = await startGateway(asOpenai(upstream));
    const { status, headers, body } = await embed(gateway.url, { model: 'm', input: 'a' });
    const { message, code, param } = asObject(body['error']) ?? {};
    assert.deepEqual([status, message, code, param], [422, 'no such format', 'bad_format', 'encoding_format']);
    assert.equal(headers['x-atelier-error-origin'], 'provider');
  });

  it('do not exist where there is no OpenAI surface: 404, and no call', async () => {
    await using upstream = await startUpstream(vectors);
    await using gateway = await startGateway(asAnthropic(upstream));
    const { status, headers, body } = await embed(gateway.url, { model: 'm', input: 'a' });
    const error = asObject(body['error']);
    assert.deepEqual([status, error?.['code']], [404, 'embeddings_not_served']);
    assert.match(
      asString(error?.['message']) ?? '',
      /^There are no embeddings at anthropic-compatible\. .*OpenAI surface/,
    );
    assert.equal(headers['x-atelier-error-id'], 'gateway-embeddings-not-served');
    assert.equal(upstream.calls.length, 0);
  });

  it('are broken off upstream when the client leaves', async () => {
    const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
    await using upstream = await startUpstream(() => arrive());
    await using gateway = await startGateway(asOpenai(upstream));
    const socket = connect(gateway.app.address.port, '127.0.0.1');
    await once(socket, 'connect');
    const body = JSON.stringify({ model: 'm', input: 'a' });
    socket.write(`POST /v1/embeddings HTTP/1.1\r\nhost: localhost\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
    await arrived;
    socket.destroy();
    await upstream.aborted;
    await eventually(() => gateway.requests().length === 1);
    assert.equal(gateway.requests()[0]?.['status'], 499);
  });
});

describe('more texts than the model takes', () => {
  it('go in several calls and come back as one answer in order, with their usage and cost', async () => {
    const { promise: othersArrived, resolve: arrive } = Promise.withResolvers<void>();
    await using upstream = await startUpstream(async (response, call, message) => {
      // The first part is answered last.
      if (inputOf(call).includes('text 20')) arrive();
      else if (inputOf(call).includes('text 0')) await othersArrived;
      await vectors(response, call, message);
    });
    await using gateway = await startGateway({ ...asBailian(upstream), ATELIER_MASTER_KEY: master });
    const body = `{"input":${JSON.stringify(texts(25))}, "zzz":[1.0e2],"model":"bailian/${v4}"}`;
    const extra = { authorization: `Bearer ${master}`, 'idempotency-key': 'once' };
    const answer = await embed(gateway.url, body, extra);
    assert.equal(answer.status, 200, answer.text);
    const sent = upstream.calls.map((call) => call.body.toString());
    const part = (from: number, to: number): string =>
      `{"input":${JSON.stringify(texts(25).slice(from, to))}, "zzz":[1.0e2],"model":"${v4}"}`;
    assert.deepEqual(new Set(sent), new Set([part(0, 10), part(10, 20), part(20, 25)]));
    assert.equal(sent.length, 3);
    assert.ok(upstream.calls.every(({ path }) => path === '/compatible-mode/v1/embeddings'));
    assert.ok(upstream.calls.every(({ headers }) => headers['idempotency-key'] === undefined));
    assert.deepEqual(
      asArray(answer.body['data']).map((row) => [asObject(row)?.['index'], asObject(row)?.['embedding']]),
      texts(25).map((_, index) => [index, [index]]),
    );
    assert.deepEqual(answer.body['usage'], { prompt_tokens: 25, total_tokens: 25 });
    assert.deepEqual([answer.body['object'], answer.body['model'], answer.body['id']], ['list', v4, 'of 0']);
    assert.equal(answer.headers['x-atelier-adjusted'], 'embeddings-batch');
    assert.equal(answer.headers['x-atelier-upstream-request-id'], 'call 0');
    assert.equal(Number(answer.headers['content-length']), answer.text.length);
    const [line] = gateway.requests();
    assert.deepEqual(
      [line?.['inputTokens'], line?.['adjusted'], line?.['attempts']],
      [25, 'embeddings-batch', undefined],
    );
    const record = await recordOf(gateway);
    // 0.5 CNY for a million tokens.
    assert.equal(asNumber(asObject(record['cost'])?.['cny']), 0.0000125, JSON.stringify(record));
  });

  it('are asked for again only where a part failed', async () => {
    let failures = 0;
    await using upstream = await startUpstream(async (response, call, message) => {
      const fails = inputOf(call).includes('text 10') && failures++ === 0;
      await (fails ? json(503, { error: { message: 'busy' } }) : vectors)(response, call, message);
    });
    await using gateway = await startGateway(asBailian(upstream));
    const answer = await embed(gateway.url, { model: v4, input: texts(25) });
    assert.deepEqual([answer.status, answer.headers['x-atelier-attempts']], [200, '2']);
    assert.equal(asArray(answer.body['data']).length, 25);
    const firstTexts = upstream.calls
      .map((call) => String(inputOf(call)[0]))
      .toSorted((one, other) => one.localeCompare(other));
    assert.deepEqual(firstTexts, ['text 0', 'text 10', 'text 10', 'text 20']);
    assert.deepEqual(answer.body['usage'], { prompt_tokens: 25, total_tokens: 25 });
  });

  it('fail with the refusal of a part; no more are begun, and what was answered is accounted for', async () => {
    const refusal = { error: { message: 'Range of input length should be [1, 8192]', code: 'InvalidParameter' } };
    await using upstream = await startUpstream(async (response, call, message) => {
      await (inputOf(call).includes('text 10') ? json(400, refusal) : vectors)(response, call, message);
    });
    await using gateway = await startGateway({ ...asBailian(upstream), ATELIER_MASTER_KEY: master });
    const answer = await embed(gateway.url, { model: v4, input: texts(200) }, { authorization: `Bearer ${master}` });
    assert.equal(answer.status, 400);
    assert.equal(asObject(answer.body['error'])?.['message'], refusal.error.message);
    assert.ok(upstream.calls.length < 20);
    const line = gateway.requests()[0];
    const tokens = asNumber(line?.['inputTokens']) ?? 0;
    assert.equal(tokens, 10 * (upstream.calls.length - 1));
  });

  it('go as they are with the rule off, beyond what OpenAI takes, and with much beside them', async () => {
    await using upstream = await startUpstream(vectors);
    await using gateway = await startGateway(asBailian(upstream));
    const cases: [body: object, headers?: Record<string, string>][] = [
      [{ model: v4, input: texts(25) }, { 'x-atelier-fit': 'off' }],
      [{ model: v4, input: texts(2_049) }],
      [{ model: v4, input: texts(25), user: 'u'.repeat(20_000) }],
    ];
    for (const [body, headers] of cases) {
      const { status, headers: answered } = await embed(gateway.url, body, headers);
      assert.deepEqual([status, answered['x-atelier-adjusted']], [200, undefined]);
      assert.equal(upstream.calls.at(-1)?.body.toString(), JSON.stringify(body));
    }
    assert.equal(upstream.calls.length, cases.length);
  });

  it('count as many calls as they take, and are refused before the first when the plan has not so many left', async () => {
    await using upstream = await startUpstream(vectors);
    await using gateway = await startGateway({ ...asBailian(upstream), ATELIER_MASTER_KEY: master });
    const authorization = await subscribe(gateway, 5);
    const body = { model: v4, input: texts(25) };
    const first = await embed(gateway.url, body, { authorization });
    assert.deepEqual([first.status, first.headers['x-atelier-quota-5h-used']], [200, '3'], first.text);
    const second = await embed(gateway.url, body, { authorization });
    assert.deepEqual([second.status, upstream.calls.length], [429, 3]);
    const single = await embed(gateway.url, { model: v4, input: 'text 1' }, { authorization });
    assert.deepEqual([single.status, single.headers['x-atelier-quota-5h-used']], [200, '4']);
  });

  it('count with those that were under way when the client left, and no more are begun', async () => {
    const { promise: busy, resolve: allUnderWay } = Promise.withResolvers<void>();
    let waiting = 0;
    await using upstream = await startUpstream((response, call, message) => {
      if (inputOf(call).length === 1) return vectors(response, call, message);
      waiting += 1;
      if (waiting === 4) allUnderWay();
    });
    await using gateway = await startGateway({ ...asBailian(upstream), ATELIER_MASTER_KEY: master });
    const authorization = await subscribe(gateway, 1_000);
    const leaving = new AbortController();
    const left = fetch(`${gateway.url}/v1/embeddings`, {
      method: 'POST',
      headers: { authorization },
      body: JSON.stringify({ model: v4, input: texts(200) }),
      signal: leaving.signal,
    });
    await busy;
    leaving.abort();
    await assert.rejects(left);
    await eventually(() => gateway.requests().length === 1);
    assert.equal(gateway.requests()[0]?.['status'], 499);
    await recordOf(gateway);
    const next = await embed(gateway.url, { model: v4, input: ['text 1'] }, { authorization });
    assert.deepEqual([next.status, next.headers['x-atelier-quota-5h-used']], [200, '5']);
    assert.equal(upstream.calls.length, 5);
  });
});
