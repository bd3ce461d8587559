import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { startGateway } from './support/gateway.ts';
import type { TestGateway } from './support/gateway.ts';

const generation = '/api/v1/services/aigc/text-generation/generation';
const body = JSON.stringify({ model: 'qwen-plus', input: { messages: [{ role: 'user', content: 'Hi' }] } });

let gateway: TestGateway;

before(async () => {
  gateway = await startGateway({ ATELIER_MASTER_KEY: 'a-long-enough-master-key' });
  // The list answers once the catalogue has been read.
  await fetch(`${gateway.url}/errors`);
});

after(() => gateway.close());

async function ask(path: string, headers: Record<string, string> = {}, method = 'POST') {
  const answer = await fetch(gateway.url + path, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(method === 'POST' && { body }),
  });
  // Answers are JSON objects, and the tests look at their members.
  const json = JSON.parse(await answer.text());
  return { status: answer.status, headers: answer.headers, json };
}

describe("a call in DashScope's own protocol", () => {
  for (const [what, path, method] of [
    ['of a service', generation, 'POST'],
    ['for a task', '/api/v1/tasks/13b1848b-5493-4c0e-8c44-68d038b492af?x=1', 'GET'],
    ['whose path looks like one of Anthropic', '/api/v1/threads/thread_1/messages', 'POST'],
    ['at the root of the protocol', '/api/v1', 'GET'],
  ] as const) {
    it(`${what} is refused in the native envelope, whatever its key`, async () => {
      const { status, headers, json } = await ask(
        path,
        { authorization: 'Bearer sk-wrong', 'x-request-id': 'r-1' },
        method,
      );
      assert.deepEqual([status, Object.keys(json)], [404, ['code', 'message', 'request_id', 'atelier']]);
      assert.deepEqual([json.code, json.request_id], ['dashscope_not_served', 'r-1']);
      assert.match(json.message, new RegExp(`${path.replace(/\?.*/, '')} belongs\\. For chat .* http://HOST:PORT/v1`));
      assert.equal(headers.get('content-type'), 'application/json');
      assert.equal(headers.get('x-request-id'), 'r-1');
      assert.equal(headers.get('x-atelier-error-origin'), 'client');
      assert.equal(headers.get('x-atelier-error-id'), 'gateway-dashscope-not-served');
    });
  }

  it('learns at the top level what is served meanwhile, in English or Chinese', async () => {
    const { atelier } = (await ask(generation)).json;
    assert.deepEqual(Object.keys(atelier), ['id', 'origin', 'cause', 'fix', 'retryable', 'retry_after', 'doc']);
    assert.deepEqual([atelier.id, atelier.retryable], ['gateway-dashscope-not-served', 'never']);
    assert.match(atelier.fix, /OpenAI client.*\/v1.*Anthropic client/);
    const { json } = await ask(generation, { 'accept-language': 'zh-CN,zh;q=0.9' });
    assert.match(json.atelier.fix, /OpenAI 客户端.*\/v1.*Anthropic 客户端/);
    assert.match(json.atelier.cause, /DashScope 原生协议/);
  });

  it('gets no extension when explanations are switched off', async () => {
    await using plain = await startGateway({ ATELIER_EXPLAIN_ERRORS: 'false' });
    await fetch(`${plain.url}/errors`);
    const json = await (await fetch(plain.url + generation, { method: 'POST', body })).json();
    assert.deepEqual(Object.keys(Object(json)), ['code', 'message', 'request_id']);
  });

  it('by WebSocket is refused at the handshake', async () => {
    const socket = connect(gateway.app.address.port, '127.0.0.1');
    let received = '';
    socket.on('data', (chunk) => (received += String(chunk)));
    socket.write(
      'GET /api-ws/v1/inference HTTP/1.1\r\nhost: localhost\r\nconnection: Upgrade, close\r\nupgrade: websocket\r\n' +
        'sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    );
    await once(socket, 'close');
    assert.match(received, /^HTTP\/1\.1 404 /);
    assert.match(received, /\r\n\r\n\{"code":"dashscope_not_served","message":"[^"]*\/api-ws\/v1\/inference belongs/);
  });
});

describe('other paths that nothing lives at', () => {
  for (const [path, headers, members] of [
    ['/api/v2/apps/x', {}, ['error', 'request_id']],
    ['/api/v10/x', {}, ['error', 'request_id']],
    ['/v1/api/v1/x', {}, ['error', 'request_id']],
    ['/v1/messages/batches', {}, ['type', 'error', 'request_id']],
    [generation, { 'anthropic-version': '2023-06-01' }, ['type', 'error', 'request_id']],
  ] as const) {
    it(`keep the shape that fits: ${path} ${Object.keys(headers).join()}`, async () => {
      const { status, json } = await ask(path, headers);
      assert.deepEqual([status, Object.keys(json)], [404, members]);
    });
  }
});
