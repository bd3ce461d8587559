import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { startSandboxServer } from '../../../src/sandbox/server.ts';
import { ask, chatPath } from './harness.ts';

async function withServer(use: (url: string, port: number) => Promise<void>): Promise<void> {
  const server = await startSandboxServer({ port: 0 });
  try {
    await use(`http://127.0.0.1:${server.address.port}`, server.address.port);
  } finally {
    await server.close(0);
  }
}

function post(url: string, body: object): Promise<Response> {
  return fetch(url + chatPath, { method: 'POST', body: JSON.stringify(body) });
}

test('the server answers whole, streamed and unknown paths', async () => {
  await withServer(async (url) => {
    const whole = await post(url, ask('Hi'));
    assert.equal(whole.headers.get('content-type'), 'application/json');
    assert.match(await whole.text(), /"content":"Hello! How can I help you today\?"/);
    const stream = await post(url, ask('Hi', { stream: true }));
    assert.equal(stream.headers.get('content-type'), 'text/event-stream;charset=UTF-8');
    assert.ok((await stream.text()).endsWith('data: [DONE]\n\n'));
    assert.equal((await fetch(`${url}/`)).status, 404);
  });
});

test('a cut stream has its beginning and is then a broken connection', async () => {
  await withServer(async (url) => {
    const response = await post(url, ask('Count to 50 [[sandbox: cut=3]]', { stream: true }));
    let text = '';
    await assert.rejects(async () => {
      for await (const chunk of response.body ?? []) text += Buffer.from(chunk).toString();
    });
    assert.equal(text.match(/data: /g)?.length, 3);
  });
});

test('a client that leaves a stalled stream lets the server close at once', async () => {
  await withServer(async (_url, port) => {
    const socket = connect(port, '127.0.0.1');
    const body = JSON.stringify(ask('Count to 50 [[sandbox: stall=2]]', { stream: true }));
    socket.write(`POST ${chatPath} HTTP/1.1\r\nhost: x\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    await new Promise((resolve) => socket.once('data', resolve));
    socket.destroy();
  });
});

test('a port that is taken rejects', async () => {
  await withServer(async (_url, port) => {
    await assert.rejects(startSandboxServer({ port }), /EADDRINUSE/);
  });
});
