import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, it } from 'node:test';
import { request } from 'undici';
import { startGateway } from './support/gateway.ts';
import { asAnthropic, asOpenai, json, startUpstream, stream } from './support/upstream.ts';

const headers = { 'content-type': 'application/json' };
const chat = { model: 'm', messages: [{ role: 'user', content: 'hi' }] };
const messages = { ...chat, max_tokens: 20 };
const textFrame =
  'data: {"id":"c","choices":[{"index":0,"delta":{"role":"assistant","content":"Hel"},"finish_reason":null}]}\n\n';
const quickRetries = { ATELIER_RETRY_BASE_DELAY_MS: '1', ATELIER_RETRY_MAX_DELAY_MS: '20' };

async function post(url: string, body: unknown, extra: Record<string, string> = {}) {
  const payload = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  const answer = await request(url, { method: 'POST', headers: { ...headers, ...extra }, body: payload });
  return { status: answer.statusCode, headers: answer.headers, text: await answer.body.text() };
}

describe('an upstream that fails', () => {
  it('keeps its status and message in each protocol, and is named as the origin', async () => {
    const error = {
      error: {
        message: 'Range of max_tokens should be [1, 8192]',
        type: 'invalid_request_error',
        param: null,
        code: 'invalid_parameter_error',
      },
    };
    await using upstream = await startUpstream(json(400, error, { 'x-request-id': 'up-1' }));
    await using gateway = await startGateway(asOpenai(upstream));
    const openai = await post(`${gateway.url}/v1/chat/completions`, chat);
    assert.equal(openai.status, 400);
    assert.equal(openai.headers['x-atelier-error-origin'], 'provider');
    assert.ok(openai.headers['x-request-id']);
    const body = JSON.parse(openai.text);
    assert.equal(body.error.message, error.error.message);
    assert.equal(body.error.code, 'invalid_parameter_error');
    const anthropic = await post(`${gateway.url}/v1/messages`, messages);
    assert.equal(anthropic.status, 400);
    const translated = JSON.parse(anthropic.text);
    assert.equal(translated.type, 'error');
    assert.deepEqual([translated.error.type, translated.error.message], ['invalid_request_error', error.error.message]);
    assert.equal(upstream.calls.length, 2, 'a 400 is not sent again');
  });

  it('is asked again at most twice for what passes with time, honouring retry-after', async () => {
    await using upstream = await startUpstream(
      json(429, { error: { message: 'slow down', code: 'limit_requests' } }, { 'retry-after': '0' }),
      json(503, { error: { message: 'busy' } }),
      json(200, { id: 'x', choices: [], usage: null }),
    );
    await using gateway = await startGateway({ ...asOpenai(upstream), ...quickRetries });
    const answer = await post(`${gateway.url}/v1/chat/completions`, chat);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers['x-atelier-attempts'], '3');
    assert.deepEqual(
      upstream.calls.map(({ body }) => body.toString()),
      Array(3).fill(JSON.stringify(chat)),
    );
    upstream.script(json(500, { error: { message: 'broken' } }));
    const failed = await post(`${gateway.url}/v1/chat/completions`, chat);
    assert.equal(failed.status, 500);
    assert.equal(upstream.calls.length, 6);
  });

  it('is not asked again when it wants a longer wait than the gateway makes; the client is told', async () => {
    await using upstream = await startUpstream(json(429, { error: { message: 'later' } }, { 'retry-after': '60' }));
    await using gateway = await startGateway({ ...asOpenai(upstream), ...quickRetries });
    const answer = await post(`${gateway.url}/v1/chat/completions`, chat);
    assert.deepEqual([answer.status, answer.headers['retry-after'], upstream.calls.length], [429, '60', 1]);
  });

  // Cause: the header was not read, although the platform's own SDKs send and obey it.
  it('and says x-should-retry: false is not asked again, and the client is told so too', async () => {
    await using upstream = await startUpstream(json(503, { error: { message: 'no' } }, { 'x-should-retry': 'false' }));
    await using gateway = await startGateway({ ...asOpenai(upstream), ...quickRetries });
    const answer = await post(`${gateway.url}/v1/chat/completions`, chat);
    assert.deepEqual([answer.status, answer.headers['x-should-retry'], upstream.calls.length], [503, 'false', 1]);
  });

  it('that cannot be reached is an error of the network', async () => {
    const upstream = await startUpstream();
    const env = { ...asOpenai(upstream), ...quickRetries };
    await upstream.close();
    await using gateway = await startGateway(env);
    const answer = await post(`${gateway.url}/v1/chat/completions`, chat);
    assert.deepEqual([answer.status, answer.headers['x-atelier-error-origin']], [502, 'network']);
    assert.match(JSON.parse(answer.text).error.message, /openai-compatible could not be reached \(ECONNREFUSED\)/);
  });

  it('that opens its stream with an error gives the client a real status', async () => {
    const failing = stream([
      'data: {"error":{"message":"flagged","type":"data_inspection_failed","code":"data_inspection_failed"}}\n\n',
    ]);
    await using upstream = await startUpstream(failing);
    await using gateway = await startGateway(asOpenai(upstream));
    const answer = await post(`${gateway.url}/v1/chat/completions`, { ...chat, stream: true });
    assert.equal(answer.status, 400);
    assert.equal(JSON.parse(answer.text).error.message, 'flagged');
  });

  for (const [name, end] of [
    ['dies in mid-stream', 'destroy'],
    ['ends its stream without a finish reason', 'end'],
  ] as const) {
    it(`that ${name} ends as an error event in each protocol, never as a clean end`, async () => {
      await using upstream = await startUpstream(stream([textFrame], end));
      await using gateway = await startGateway(asOpenai(upstream));
      const openai = await post(`${gateway.url}/v1/chat/completions`, { ...chat, stream: true });
      const last = openai.text.trimEnd().split('\n\n').at(-1) ?? '';
      assert.match(openai.text, /"Hel"/);
      assert.ok(JSON.parse(last.replace('data: ', '')).error.message, last);
      assert.doesNotMatch(openai.text, /\[DONE\]/);
      const anthropic = await post(`${gateway.url}/v1/messages`, { ...messages, stream: true });
      const lastEvent = anthropic.text.trimEnd().split('\n\n').at(-1) ?? '';
      assert.match(lastEvent, /^event: error\ndata: \{"type":"error","error":/);
      assert.doesNotMatch(anthropic.text, /message_stop/);
      assert.match(anthropic.text, /"Hel"/);
    });
  }

  it('with a native error inside an Anthropic stream becomes an error event that clients know', async () => {
    const start =
      'event: message_start\ndata: {"type":"message_start","message":{"id":"m1","content":[],"usage":{"input_tokens":3}}}\n\n';
    const native = 'event:error\ndata:{"code":"InternalError","message":"broken","request_id":"r"}\n\n';
    await using upstream = await startUpstream(stream([start, native]));
    await using gateway = await startGateway(asAnthropic(upstream));
    const answer = await post(`${gateway.url}/v1/messages`, { ...messages, stream: true });
    assert.ok(answer.text.startsWith(start));
    assert.match(
      answer.text.slice(start.length),
      /^event: error\ndata: \{"type":"error","error":\{"type":"api_error","message":"broken"/,
    );
  });
});

describe('a client', () => {
  it('that leaves aborts the upstream call, before the first byte and in the stream', async () => {
    for (const pieces of [[], [textFrame]]) {
      await using upstream = await startUpstream(stream(pieces, 'open'));
      await using gateway = await startGateway(asOpenai(upstream));
      const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
      const body = JSON.stringify({ ...chat, stream: true });
      socket.write(
        `POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      );
      if (pieces.length > 0) await once(socket, 'data');
      else await eventually(() => upstream.calls.length === 1);
      socket.destroy();
      await upstream.aborted;
      await eventually(() => gateway.requests().length === 1);
      assert.equal(gateway.requests()[0]?.['status'], 499);
    }
  });

  it('gets comments while the upstream is silent before its first byte, then the answer or its error', async () => {
    const pieces = [textFrame, 'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'];
    for (const protocol of ['/v1/chat/completions', '/v1/messages']) {
      await using upstream = await startUpstream(async (response, call, incoming) => {
        await new Promise((resolve) => setTimeout(resolve, 80));
        await stream(pieces)(response, call, incoming);
      });
      await using gateway = await startGateway(asOpenai(upstream), (config) => ({
        ...config,
        server: { ...config.server, sseKeepaliveSeconds: 0.02 },
      }));
      const answer = await post(`${gateway.url}${protocol}`, { ...messages, stream: true });
      assert.match(answer.text, /^: keep-alive\n\n/);
      assert.match(answer.text, /Hel/);
      upstream.script(async (response, call, incoming) => {
        await new Promise((resolve) => setTimeout(resolve, 80));
        await json(400, { error: { message: 'refused late' } })(response, call, incoming);
      });
      const refused = await post(`${gateway.url}${protocol}`, { ...messages, stream: true });
      assert.equal(refused.status, 200);
      assert.match(refused.text, /"error":\{[^}]*refused late/);
    }
  });

  it('is told in its protocol when the body is too large, is not JSON, has no model, or the path or method is wrong', async () => {
    await using gateway = await startGateway({ ATELIER_BODY_LIMIT_BYTES: '1KiB' });
    const cases: [string, unknown, number, RegExp][] = [
      ['/v1/chat/completions', { ...chat, pad: 'x'.repeat(2_000) }, 413, /larger than 1024 bytes/],
      ['/v1/chat/completions', '{"model":', 400, /body/],
      ['/v1/chat/completions', { messages: [] }, 400, /model/],
      ['/v1/chat/completions', { ...chat, model: 7 }, 400, /model/],
      ['/v1/chat/completions', '', 400, /no body/],
      ['/v1/nothing', chat, 404, /nothing at \/v1\/nothing/],
    ];
    for (const [path, body, status, message] of cases) {
      const openai = await post(gateway.url + path, body);
      assert.equal(openai.status, status, openai.text);
      assert.match(JSON.parse(openai.text).error.message, message);
      const anthropic = await post(gateway.url + path.replace('chat/completions', 'messages'), body, {
        'anthropic-version': '2023-06-01',
      });
      assert.equal(anthropic.status, status, anthropic.text);
      assert.equal(JSON.parse(anthropic.text).type, 'error');
      assert.match(JSON.parse(anthropic.text).error.message, message);
    }
    const get = await request(`${gateway.url}/v1/chat/completions`);
    assert.deepEqual([get.statusCode, get.headers['allow']], [405, 'POST']);
    assert.match(await get.body.text(), /Request method 'GET' is not supported/);
  });

  it('needs the master key once there is one, in either header, on every surface', async () => {
    const key = 'a-master-key-of-enough-length';
    await using gateway = await startGateway({ ATELIER_MASTER_KEY: key });
    for (const path of ['/v1/chat/completions', '/v1/messages', '/v1/messages/count_tokens']) {
      const body = { model: 'qwen-plus', max_tokens: 50, messages: chat.messages };
      for (const bad of [{}, { authorization: 'Bearer wrong' }, { 'x-api-key': `${key}x` }]) {
        const refused = await post(gateway.url + path, body, bad);
        // The platform's Anthropic endpoint answers 403 where its OpenAI endpoint answers 401.
        assert.equal(refused.status, path.includes('messages') ? 403 : 401, refused.text);
        assert.doesNotMatch(refused.text, /wrong|a-master/);
      }
      for (const good of [
        { authorization: `Bearer ${key}` },
        { 'x-api-key': key },
        { 'x-api-key': key, authorization: 'Bearer x' },
      ]) {
        assert.equal((await post(gateway.url + path, body, good)).status, 200);
      }
    }
    const models = await request(`${gateway.url}/v1/models`);
    assert.equal(models.statusCode, 401);
    await models.body.dump();
    assert.equal((await request(`${gateway.url}/health`)).statusCode, 200);
    assert.ok(!JSON.stringify(gateway.log).includes(key));
  });

  it('on another site or host name cannot use an open gateway through a browser', async () => {
    await using gateway = await startGateway();
    const body = { model: 'qwen-plus', messages: chat.messages };
    for (const bad of [{ origin: 'https://evil.example' }, { host: 'rebound.example' }, { origin: 'null' }]) {
      assert.equal((await post(`${gateway.url}/v1/chat/completions`, body, bad)).status, 403);
    }
    assert.equal(
      (await post(`${gateway.url}/v1/chat/completions`, body, { origin: 'http://localhost:3000' })).status,
      200,
    );
  });
});

/** Waits for a condition that another part of this process makes true. */
async function eventually(condition: () => boolean): Promise<void> {
  for (let turn = 0; turn < 1_000 && !condition(); turn++) await new Promise((resolve) => setTimeout(resolve, 2));
  assert.ok(condition());
}
