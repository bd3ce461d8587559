import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { startSandboxServer, type SandboxServer } from '../../../src/sandbox/server.ts';
import { ask, chatPath } from './harness.ts';

async function withServer(use: (server: SandboxServer) => Promise<void>): Promise<void> {
  const server = await startSandboxServer({ port: 0 });
  try {
    await use(server);
  } finally {
    await server.close();
  }
}

function post(server: SandboxServer, body: object): Promise<Response> {
  return fetch(server.url + chatPath, { method: 'POST', body: JSON.stringify(body) });
}

test('the server answers whole, streamed and unknown paths', async () => {
  await withServer(async (server) => {
    assert.equal(server.url, `http://127.0.0.1:${server.port}`);
    const whole = await post(server, ask('Hi'));
    assert.equal(whole.headers.get('content-type'), 'application/json');
    assert.match(await whole.text(), /"content":"Hello! How can I help you today\?"/);
    const stream = await post(server, ask('Hi', { stream: true }));
    assert.equal(stream.headers.get('content-type'), 'text/event-stream;charset=UTF-8');
    assert.ok((await stream.text()).endsWith('data: [DONE]\n\n'));
    assert.equal((await fetch(`${server.url}/`)).status, 404);
  });
});

test('a cut stream is a broken connection for the client', async () => {
  await withServer(async (server) => {
    const response = await post(server, ask('Count to 50 [[sandbox: cut=3]]', { stream: true }));
    await assert.rejects(response.text());
  });
});

test('a client that leaves a stalled stream lets the server close at once', async () => {
  await withServer(async (server) => {
    const socket = connect(server.port, '127.0.0.1');
    const body = JSON.stringify(ask('Count to 50 [[sandbox: stall=2]]', { stream: true }));
    socket.write(`POST ${chatPath} HTTP/1.1\r\nhost: x\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    await new Promise((resolve) => socket.once('data', resolve));
    socket.destroy();
  });
});

test('a port that is taken rejects', async () => {
  await withServer(async ({ port }) => {
    await assert.rejects(startSandboxServer({ port }), /EADDRINUSE/);
  });
});
