import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';

import { listenBackend } from '../../../src/sandbox/server.ts';
import type { Backend, BackendRequest } from '../../../src/domain/backend.ts';

/** Starts a backend on a free port and gives a function that calls it. */
async function serve(test: TestContext, backend: Backend) {
  const running = await listenBackend(backend, { host: '127.0.0.1', port: 0 });
  test.after(() => running.close(0));
  const { port } = running.address;
  const open = (path: string, body = '', headers: Record<string, string> = {}) => {
    const call = request({ host: '127.0.0.1', port, path, method: 'POST', headers, agent: false });
    call.end(body);
    return call;
  };
  return { running, port, open };
}

async function answerOf(call: ReturnType<typeof request>): Promise<{ response: IncomingMessage; text: string }> {
  const [response]: IncomingMessage[] = await once(call, 'response');
  assert.ok(response);
  const text = (await response.toArray()).join('');
  return { response, text };
}

describe('listenBackend', () => {
  it('hands over method, path, headers and body, and gives the answer back', async (test) => {
    const seen: BackendRequest[] = [];
    const { open, port } = await serve(test, (given) => {
      seen.push(given);
      return Promise.resolve({ status: 418, headers: { 'x-mark': 'yes' }, body: Buffer.from('short') });
    });
    const { response, text } = await answerOf(open('/v1/chat?x=1', '{"a":"é"}', { 'X-Thing': 'Y' }));
    assert.deepEqual([response.statusCode, response.headers['x-mark'], text], [418, 'yes', 'short']);
    assert.deepEqual(
      seen.map(({ method, path, headers, body }) => [method, path, headers['x-thing'], headers.host, body.toString()]),
      [['POST', '/v1/chat?x=1', 'Y', `127.0.0.1:${port}`, '{"a":"é"}']],
    );
  });

  it('sends the chunks of a stream as they come', async (test) => {
    const gate = Promise.withResolvers<void>();
    async function* body() {
      yield Buffer.from('one ');
      await gate.promise;
      yield Buffer.from('two');
    }
    const { open } = await serve(test, () => Promise.resolve({ status: 200, headers: {}, body: body() }));
    const [response]: IncomingMessage[] = await once(open('/'), 'response');
    assert.ok(response);
    const [first] = await once(response, 'data');
    assert.equal(String(first), 'one ');
    gate.resolve();
    const [second] = await once(response, 'data');
    assert.equal(String(second), 'two');
  });

  it('breaks the connection when the stream breaks, after what was sent before', async (test) => {
    async function* body() {
      yield Buffer.from('begun, ');
      yield Buffer.from('and more');
      throw new Error('cut');
    }
    const { open } = await serve(test, () => Promise.resolve({ status: 200, headers: {}, body: body() }));
    const [response]: IncomingMessage[] = await once(open('/'), 'response');
    assert.ok(response);
    let text = '';
    const read = async (): Promise<void> => {
      for await (const chunk of response) text += String(chunk);
    };
    await assert.rejects(read(), { code: 'ECONNRESET' });
    assert.equal(text, 'begun, and more');
  });

  it('breaks the connection when the backend fails', async (test) => {
    const { open } = await serve(test, () => Promise.reject(new Error('broken')));
    await assert.rejects(answerOf(open('/')), { code: 'ECONNRESET' });
  });

  it('tells the backend when the client leaves', async (test) => {
    const called = Promise.withResolvers<AbortSignal>();
    const { open } = await serve(test, ({ signal }) => {
      called.resolve(signal);
      return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('left'))));
    });
    const call = open('/');
    call.on('error', () => {});
    const signal = await called.promise;
    const aborted = once(signal, 'abort');
    call.destroy();
    await aborted;
    assert.ok(signal.aborted);
  });

  it('reports an address that is taken', async (test) => {
    const { port } = await serve(test, () => Promise.reject(new Error('not called')));
    await assert.rejects(
      listenBackend(() => Promise.reject(new Error('not called')), { host: '127.0.0.1', port }),
      { code: 'EADDRINUSE', syscall: 'listen' },
    );
  });

  it('ends when it is closed, also with a request that never ends', async (test) => {
    const called = Promise.withResolvers<void>();
    const { open, running } = await serve(test, () => {
      called.resolve();
      return new Promise(() => {});
    });
    const call = open('/');
    const broken = once(call, 'error');
    await called.promise;
    await running.close(0);
    assert.equal((await broken)[0].code, 'ECONNRESET');
  });
});
