import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { Pool } from 'undici';
import { listenBackend } from '../../src/sandbox/server.ts';
import type { ListeningBackend } from '../../src/sandbox/server.ts';
import { protocols } from '../../src/domain/protocol.ts';
import type { Protocol } from '../../src/domain/protocol.ts';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { setups } from '../e2e/clients/support/setups.ts';
import type { Backed } from '../e2e/clients/support/setups.ts';
import { assertAnswer, assertEndedStream, assertErrorBody } from './fuzz/answers.ts';
import type { Answer } from './fuzz/answers.ts';
import { mutateBody, mutateBytes } from './fuzz/mutate.ts';
import { randomFor, seedOfRun } from './fuzz/random.ts';
import type { Random } from './fuzz/random.ts';
import { oddHeaders, oddMethods, oddPaths } from './fuzz/wire.ts';
import { requestsOf } from './fuzz/requests.ts';

const seed = seedOfRun();
/** Connections that stay open from request to request, so that one request could harm the next. */
const connections = 8;

const paths: Readonly<Record<Protocol, readonly string[]>> = {
  'openai-chat': ['/v1/chat/completions', '/compatible-mode/v1/chat/completions'],
  'anthropic-messages': ['/v1/messages', '/apps/anthropic/v1/messages', '/v1/messages/count_tokens'],
};

const embeddings = [
  { model: 'text-embedding-v4', input: 'text' },
  { model: 'text-embedding-v4', input: Array(25).fill('text'), dimensions: 256, encoding_format: 'base64' },
];

interface Sent {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: Buffer | null;
}

async function send(pool: Pool, { method, path, headers, body }: Sent): Promise<Answer> {
  const answer = await pool.request({ method, path, headers, body });
  return { status: answer.statusCode, headers: answer.headers, text: await answer.body.text() };
}

/** Runs numbered attempts over all connections at once; a failure names what repeats it. */
async function repeat(count: number, attempt: (random: Random, number: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) {
      const number = next++;
      try {
        await attempt(randomFor(seed, number), number);
      } catch (error) {
        throw new Error(`request ${number} of ATELIER_FUZZ_SEED=${seed} failed`, { cause: error });
      }
    }
  };
  await Promise.all(Array.from({ length: connections }, worker));
}

function mutated(protocol: Protocol, random: Random): Sent {
  return {
    method: 'POST',
    path: random.pick(paths[protocol]),
    headers: { 'content-type': 'application/json' },
    body: mutateBody(random.pick(requestsOf[protocol]), random),
  };
}

/** A right request is answered, and nothing happened meanwhile that no request was told of. */
async function assertAlive(backed: Backed, pool: Pool): Promise<void> {
  for (const protocol of protocols) {
    const body = { model: backed.models.text, max_tokens: 50, messages: [{ role: 'user', content: 'Who are you?' }] };
    const [path = ''] = paths[protocol];
    const { status, text } = await send(pool, {
      method: 'POST',
      path,
      headers: { 'content-type': 'application/json' },
      body: Buffer.from(JSON.stringify(body)),
    });
    assert.equal(status, 200, text);
    assert.match(text, /My name is Qwen/);
  }
  const broken = backed
    .requests()
    .filter(({ status, errorOrigin }) => Number(status) >= 500 && errorOrigin === 'gateway');
  assert.deepEqual(broken, []);
}

const unhandled: unknown[] = [];
const noteUnhandled = (reason: unknown): void => void unhandled.push(reason);
before(() => process.on('unhandledRejection', noteUnhandled));
after(() => {
  process.off('unhandledRejection', noteUnhandled);
  assert.deepEqual(unhandled, []);
});

for (const setup of setups.filter(({ clients }) => clients === undefined)) {
  describe(`malformed requests, with ${setup.name} behind`, () => {
    let backed: Backed;
    let pool: Pool;
    before(async () => {
      backed = await setup.start();
      pool = new Pool(backed.url, { connections, pipelining: 1 });
    });
    after(async () => {
      await pool.destroy();
      await backed[Symbol.asyncDispose]();
    });

    // The embedded sandbox takes most of them: it is the longest way without a second socket.
    const count = setup.targetProtocol === undefined ? 7_000 : 1_500;
    for (const protocol of protocols) {
      it(`${protocol}: ${count} bodies`, async () => {
        let answered = 0;
        await repeat(count, async (random) => {
          const answer = await send(pool, mutated(protocol, random));
          assertAnswer(answer, protocol);
          if (answer.status === 200) answered += 1;
        });
        // Neither refused at the door nor hardly wrong at all: the bodies reach every depth.
        assert.ok(answered > count / 20 && answered < count / 2, `${answered} of ${count} were answered`);
        await assertAlive(backed, pool);
      });
    }

    if (setup.targetProtocol !== undefined) return;

    it('1500 bodies of embeddings', async () => {
      await repeat(1_500, async (random) => {
        const body = mutateBody(random.pick(embeddings), random);
        const headers = { 'content-type': 'application/json' };
        assertAnswer(await send(pool, { method: 'POST', path: '/v1/embeddings', headers, body }), 'openai-chat');
      });
      await assertAlive(backed, pool);
    });

    it('2000 headers, methods and paths', async () => {
      await repeat(2_000, async (random) => {
        const protocol = random.pick(protocols);
        const sent = mutated(protocol, random);
        if (random.chance(0.5)) Object.assign(sent.headers, oddHeaders(random));
        if (random.chance(0.4)) sent.path = random.pick(oddPaths)(sent.path);
        if (random.chance(0.3)) sent.method = random.pick(oddMethods);
        if (sent.method === 'GET' || sent.method === 'HEAD') sent.body = null;
        const answer = await send(pool, sent);
        if (sent.method === 'HEAD') return;
        const shape = answer.text.startsWith('{"type":"error"') ? 'anthropic-messages' : 'openai-chat';
        if (answer.status === 200 && !answer.text.startsWith('data:') && !answer.text.startsWith('event:')) {
          assert.ok(JSON.parse(answer.text));
        } else assertAnswer(answer, answer.text.startsWith('event:') ? 'anthropic-messages' : shape);
      });
      await assertAlive(backed, pool);
    });

    it('600 connections with bytes that are no HTTP, or end too early', async () => {
      await repeat(600, async (random) => {
        const sent = mutated(random.pick(protocols), random);
        for (const { status, text } of answersIn(await exchange(backed.url, rawRequest(sent, random)))) {
          assert.ok(status === 100 || status === 200 || (status >= 400 && status < 500), `${status} ${text}`);
          if (status >= 400) assert.ok(JSON.parse(text));
        }
      });
      await assertAlive(backed, pool);
    });
  });
}

/** A request as bytes, made wrong as bytes: framing, lengths, line ends. */
function rawRequest({ path, body }: Sent, random: Random): Buffer {
  const length = (body?.length ?? 0) + random.pick([0, 0, 0, 5, -5, 1_000_000]);
  const framing = random.pick([
    `Content-Length: ${length}`,
    `Content-Length: ${length}\r\nContent-Length: ${length + 1}`,
    'Transfer-Encoding: chunked',
    `Transfer-Encoding: chunked\r\nContent-Length: ${length}`,
    'Content-Length: many',
    'Transfer-Encoding: gzip',
    'X-Empty:',
  ]);
  const head = `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n${framing}\r\n\r\n`;
  const bytes = Buffer.concat([Buffer.from(head), body ?? Buffer.alloc(0)]);
  return random.chance(0.5) ? bytes : mutateBytes(bytes, random);
}

/** Sends the bytes, ends, and gives what comes back until the other side ends too. */
async function exchange(url: string, bytes: Buffer): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => (text += chunk));
  socket.on('error', () => undefined);
  socket.end(bytes);
  await new Promise((resolve) => socket.once('close', resolve));
  return text;
}

/** The answers of a connection; one that is sent in chunks ends the list, since only others say their length. */
function answersIn(text: string): { status: number; text: string }[] {
  const answers: { status: number; text: string }[] = [];
  let rest = text;
  while (rest !== '') {
    const end = rest.indexOf('\r\n\r\n');
    const head = rest.slice(0, end);
    const status = /^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1];
    assert.ok(end !== -1 && status !== undefined, `no HTTP: ${rest.slice(0, 200)}`);
    const isChunked = /^transfer-encoding:/im.test(head);
    const length = isChunked ? rest.length : Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
    answers.push({ status: Number(status), text: rest.slice(end + 4, end + 4 + length) });
    rest = rest.slice(end + 4 + length);
  }
  return answers;
}

describe('malformed requests to the sandbox itself', () => {
  let sandbox: ListeningBackend;
  let pool: Pool;
  before(async () => {
    sandbox = await listenBackend(createSandbox(), { host: '127.0.0.1', port: 0 });
    pool = new Pool(`http://127.0.0.1:${sandbox.address.port}`, { connections, pipelining: 1 });
  });
  after(async () => {
    await pool.destroy();
    await sandbox.close(0);
  });

  const sandboxPaths: Readonly<Record<Protocol, string>> = {
    'openai-chat': '/compatible-mode/v1/chat/completions',
    'anthropic-messages': '/apps/anthropic/v1/messages',
  };
  for (const protocol of protocols) {
    it(`${protocol}: 3000 bodies`, async () => {
      await repeat(3_000, async (random) => {
        const { status, headers, text } = await send(pool, {
          ...mutated(protocol, random),
          path: sandboxPaths[protocol],
        });
        if (status !== 200) {
          // Model Studio's own answer to a conversation that does not end with the user.
          assert.ok(status < 500 || /list index out of range/.test(text), `${status} ${text}`);
          assertErrorBody(text, protocol);
        } else if (String(headers['content-type']).startsWith('text/event-stream')) {
          assertEndedStream(text, protocol);
        } else assert.ok(JSON.parse(text));
      });
    });
  }
});
