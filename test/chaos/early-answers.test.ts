import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { OpenAI } from 'openai';
import { startGateway } from '../e2e/support/gateway.ts';
import { masterKey, startNode } from './nodes/node.ts';
import type { GatewayNode } from './nodes/node.ts';

// Symptom: a body above the limit, or any large one to a wrong path, with a wrong method or a wrong key, mostly ended in a broken
// connection (EPIPE, ECONNRESET) instead of the answer that says what is wrong.
// Cause: the answer is given before the body was read, and the socket was closed while the client still sent; the system then
// resets the connection, and what the client has not read by then is lost.
// Fix: what still comes is thrown away for a while before the socket is closed.

/** More than the gateway takes. */
const large = Buffer.alloc(65 * 2 ** 20, 'x');
/** Less than that, but more than a system keeps for a socket. */
const permitted = large.subarray(0, 60 * 2 ** 20);

/** A broken connection came mostly, not always. */
const rounds = 4;

const json = { 'content-type': 'application/json' };

/** A hang fails, long before the process of the tests ends. */
const limited = { timeout: 60_000 };

interface EarlyAnswer {
  what: string;
  status: number;
  says: RegExp;
  request: string;
  headers?: Record<string, string>;
  body?: Buffer;
}

const answers: readonly EarlyAnswer[] = [
  {
    what: 'a body above the limit',
    status: 413,
    says: /raise server\.body_limit/,
    request: 'POST /v1/chat/completions',
  },
  {
    what: 'a wrong key',
    status: 401,
    says: /key/i,
    request: 'POST /errors/explain',
    headers: { authorization: 'Bearer no' },
  },
  { what: 'an unknown path', status: 404, says: /nothing at \/v1\/nothing/, request: 'POST /v1/nothing' },
  { what: 'a wrong method', status: 405, says: /Send a POST/, request: 'PUT /v1/messages' },
  {
    what: 'an unknown encoding',
    status: 415,
    says: /as gzip, deflate, br or zstd/,
    request: 'POST /v1/messages',
    headers: { 'content-encoding': 'compress' },
    body: permitted,
  },
  {
    what: 'headers that are too large',
    status: 431,
    says: /headers are too large/,
    request: 'POST /v1/messages',
    headers: { 'x-large': 'x'.repeat(70_000) },
  },
  {
    what: 'what is not HTTP',
    status: 400,
    says: /not valid HTTP/,
    request: 'POST /v1/messages',
    headers: { 'content-length': 'many' },
  },
];

describe('an answer that is given while the body still comes', () => {
  let node: GatewayNode;
  before(async () => {
    node = await startNode({});
  });
  after(() => node[Symbol.asyncDispose]());

  for (const { what, status, says, request, headers, body = large } of answers) {
    // One that has all of it to send before it reads: it gets to its end only if somebody takes what it sends.
    it(`to ${what} reaches a client that reads only after it has sent everything`, limited, async () => {
      const answer = await sendThenRead(node.url, { request, headers: { ...headers }, body });
      assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `));
      assert.match(answer, /\r\nconnection: close\r\n/i);
      assert.match(answer, says);
    });
  }

  for (const { what, status, says, request, headers, body = large } of answers.filter(
    (answer) => answer.status !== 400,
  )) {
    it(`to ${what} reaches fetch`, limited, async () => {
      const [method = '', path = ''] = request.split(' ');
      for (const _round of Array(rounds).keys()) {
        const answer = await fetch(node.url + path, { method, headers: { ...json, ...headers }, body });
        assert.equal(answer.status, status);
        assert.match(await answer.text(), says);
      }
    });
  }

  it('reaches fetch when the size was not announced', limited, async () => {
    for (const _round of Array(rounds).keys()) {
      const body = ReadableStream.from(Array<Buffer>(70).fill(large.subarray(0, 2 ** 20)));
      const answer = await fetch(`${node.url}/v1/chat/completions`, { method: 'POST', body, duplex: 'half' });
      assert.equal(answer.status, 413);
      assert.match(await answer.text(), /raise server\.body_limit_bytes/);
    }
  });

  it('reaches the OpenAI SDK with its advice, not as a broken connection', limited, async () => {
    const client = new OpenAI({ baseURL: `${node.url}/v1`, apiKey: masterKey, maxRetries: 0 });
    const messages = [{ role: 'user' as const, content: large.toString() }];
    for (const _round of Array(rounds).keys()) {
      await assert.rejects(client.chat.completions.create({ model: 'qwen-plus', messages }), (error) => {
        assert.ok(error instanceof OpenAI.APIError);
        assert.equal(error.status, 413, error.message);
        assert.match(JSON.stringify(error.error), /raise server\.body_limit_bytes/);
        return true;
      });
    }
  });

  it('comes at once to a client that only announces a large body', limited, async (test) => {
    const socket = open(test, node.url);
    socket.write('POST /v1/messages HTTP/1.1\r\nhost: atelier\r\ncontent-length: 900000000000\r\n\r\n{');
    const [first]: Buffer[] = await once(socket, 'data');
    assert.match(first?.toString() ?? '', /^HTTP\/1\.1 413 /);
  });

  it('because it comes too slowly is the only one, also when the rest comes after it', limited, async (test) => {
    const times = { ATELIER_HEADERS_TIMEOUT_MS: '100', ATELIER_REQUEST_TIMEOUT_MS: '100' };
    const gateway = await startGateway(times);
    test.after(() => gateway[Symbol.asyncDispose]());
    const socket = open(test, gateway.url);
    const closed = once(socket, 'close');
    const body = Buffer.alloc(permitted.length, ' ');
    body.write(JSON.stringify({ model: 'qwen-plus', messages: [{ role: 'user', content: 'hi' }] }));
    socket.write(`POST /v1/chat/completions HTTP/1.1\r\nhost: atelier\r\ncontent-length: ${body.length}\r\n\r\n`);
    await once(socket, 'readable');
    await written(socket, body);
    const answer = await text(socket);
    assert.match(answer, /^HTTP\/1\.1 408 [^]*not received in time[^]{0,80}$/);
    await closed;
    // Whatever the gateway does with what came is done.
    await fetch(`${gateway.url}/health`);
    assert.deepEqual(gateway.requests(), []);
  });

  it('does not keep the gateway from stopping', limited, async (test) => {
    await using stopped = await startNode({});
    const socket = open(test, stopped.url);
    socket.write('POST /v1/messages HTTP/1.1\r\nhost: atelier\r\ncontent-length: 900000000000\r\n\r\n{');
    await once(socket, 'data');
    const ended = once(socket.resume(), 'close');
    await stopped.stop();
    await ended;
  });
});

function open(test: Pick<TestContext, 'after'>, url: string): Socket {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  test.after(() => socket.destroy());
  return socket;
}

interface Blind {
  request: string;
  headers: Record<string, string>;
  body: Buffer;
}

/** What is answered to a client that looks at nothing before the last byte is written. */
async function sendThenRead(url: string, { request, headers, body }: Blind): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const all = Object.entries({ host: 'atelier', 'content-length': String(body.length), ...headers });
  const lines = all.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  socket.write(`${request} HTTP/1.1\r\n${lines}\r\n`);
  await written(socket, body);
  return await text(socket);
}

/** Resolves when the system has taken the last byte. */
function written(socket: Socket, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.write(bytes, (error) => (error ? reject(error) : resolve()));
  });
}
