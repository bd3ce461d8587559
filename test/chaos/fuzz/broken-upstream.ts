import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { isObject, parseJson } from '../../../src/domain/json.ts';
import type { Protocol } from '../../../src/domain/protocol.ts';
import { fixturesOf, parseObject } from '../../golden/fixtures.ts';
import { mutateBody, mutateBytes } from './mutate.ts';
import { randomFor } from './random.ts';
import type { Random } from './random.ts';

/** A provider whose answers are wrong in every layer, from the connection to the JSON. */
export interface BrokenUpstream extends AsyncDisposable {
  url: string;
}

/**
 * Answers each call by chance alone: the call's own number, which stands in its text as `attempt N`, decides. Repeated
 * calls get the same answer, so that a failure can be repeated.
 */
export async function startBrokenUpstream(protocol: Protocol, seed: number): Promise<BrokenUpstream> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    let received = '';
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      received += chunk;
      const [head = '', body] = received.split('\r\n\r\n', 2);
      const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
      if (body === undefined || body.length < length) return;
      const number = Number(/attempt (\d+)/.exec(body)?.[1] ?? 0);
      received = '';
      answer(socket, protocol, randomFor(seed, number));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function answer(socket: Socket, protocol: Protocol, random: Random): void {
  const bytes = random.pick(answers)(protocol, random);
  // In one piece, or cut where it hurts.
  const cut = random.chance(0.5) ? bytes.length : random.integer(bytes.length + 1);
  socket.write(bytes.subarray(0, cut));
  setImmediate(() => {
    if (cut < bytes.length) socket.write(bytes.subarray(cut));
    if (random.chance(0.5)) socket.end();
    else socket.destroySoon();
  });
}

type Answer = (protocol: Protocol, random: Random) => Buffer;

const answers: readonly Answer[] = [
  (protocol, random) => http(200, random.pick(streamTypes), brokenStream(protocol, random), random),
  (protocol, random) => http(200, random.pick(streamTypes), brokenStream(protocol, random), random),
  (protocol, random) => http(200, 'text/event-stream', framesOf(protocol, random).join(''), random),
  (protocol, random) => http(200, random.pick(jsonTypes), brokenAnswer(protocol, random), random),
  (protocol, random) => http(200, random.pick(jsonTypes), brokenAnswer(protocol, random), random),
  (_protocol, random) => http(random.pick(statuses), random.pick(jsonTypes), random.pick(errorBodies), random),
  (protocol, random) => mutateBytes(http(200, 'application/json', brokenAnswer(protocol, random), random), random),
  (protocol, random) => mutateBytes(http(200, 'text/event-stream', brokenStream(protocol, random), random), random),
  (_protocol, random) => Buffer.from(random.pick(noHttp)),
];

const streamTypes = [
  'text/event-stream',
  'text/event-stream;charset=UTF-8',
  'TEXT/EVENT-STREAM',
  'application/json',
  '',
];
const jsonTypes = [
  'application/json',
  'application/json; charset=utf-8',
  'text/html',
  'text/plain',
  '',
  'text/event-stream',
];
const statuses = [
  201, 202, 204, 206, 300, 301, 302, 304, 307, 400, 401, 402, 403, 404, 408, 413, 418, 422, 429, 499, 500, 502, 503,
  504, 529, 599,
];
const errorBodies = [
  '',
  ' ',
  'null',
  '[]',
  '{}',
  '{"error":null}',
  '{"error":"text"}',
  '{"error":{}}',
  '{"error":{"message":5,"code":7,"type":[]}}',
  '{"error":{"message":"m","code":"Arrearage","type":"Arrearage","param":null},"request_id":"r"}',
  '{"code":"InvalidParameter","message":"native","request_id":"r\\u0000\\n"}',
  '{"code":400,"message":{"a":1},"request_id":7}',
  '{"type":"error","error":{"type":"overloaded_error","message":"busy"}}',
  '{"type":"error","error":null}',
  '{"detail":[{"loc":["body"],"msg":"field required"}]}',
  '<html><body><h1>502 Bad Gateway</h1></body></html>',
  'upstream connect error',
  '\u0000\ufffd',
  'x'.repeat(1_100_000),
];
const noHttp = [
  '',
  '\r\n\r\n',
  'HTTP/1.1\r\n\r\n',
  'HTTP/9.9 200 OK\r\n\r\n',
  'HTTP/1.1 999 Odd\r\n\r\n{}',
  'HTTP/1.1 100 Continue\r\n\r\n',
  'SSH-2.0-x\r\n',
];

/** The bytes of an answer, framed in one of the ways HTTP has, now and then wrongly. */
function http(status: number, type: string, body: string | Buffer, random: Random): Buffer {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body);
  const head = `HTTP/1.1 ${status} Some Reason\r\n${type === '' ? '' : `Content-Type: ${type}\r\n`}${random.pick(extraHeaders)}`;
  return random.pick([
    () => Buffer.concat([Buffer.from(`${head}Content-Length: ${bytes.length}\r\n\r\n`), bytes]),
    () => Buffer.concat([Buffer.from(`${head}Content-Length: ${bytes.length + 10}\r\n\r\n`), bytes]),
    () => Buffer.concat([Buffer.from(`${head}Connection: close\r\n\r\n`), bytes]),
    () =>
      Buffer.concat([
        Buffer.from(`${head}Transfer-Encoding: chunked\r\n\r\n`),
        chunked(bytes, random),
        Buffer.from('0\r\n\r\n'),
      ]),
    () => Buffer.concat([Buffer.from(`${head}Transfer-Encoding: chunked\r\n\r\n`), chunked(bytes, random)]),
  ])();
}

const extraHeaders = [
  '',
  '',
  'Retry-After: 0\r\n',
  'Retry-After: soon\r\n',
  'Retry-After: 99999999999999999999\r\n',
  'X-Request-Id: \u00e9\u00ff id\r\n',
  'x-ratelimit-limit-requests: \u00ff\r\n',
  'Content-Encoding: gzip\r\n',
  'Set-Cookie: a=b\r\nSet-Cookie: c=d\r\n',
  'Location: http://127.0.0.1:1/\r\n',
];

function chunked(bytes: Buffer, random: Random): Buffer {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const piece = bytes.subarray(at, at + 1 + random.integer(at < 2_000 ? 200 : 200_000));
    pieces.push(Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n'));
    at += piece.length;
  }
  return Buffer.concat(pieces);
}

function brokenAnswer(protocol: Protocol, random: Random): Buffer {
  const { bytes } = random.pick(fixturesOf(protocol, 'responses'));
  return random.chance(0.2) ? bytes : mutateBody(parseObject(bytes), random);
}

function framesOf(protocol: Protocol, random: Random): string[] {
  const { bytes } = random.pick(fixturesOf(protocol, 'streams'));
  return bytes.toString('utf8').split(/(?<=\n\n)/);
}

type StreamMutation = (frames: string[], at: number, random: Random) => string[];

const streamMutations: readonly StreamMutation[] = [
  (frames, at) => frames.slice(0, at),
  (frames, at) => frames.slice(at),
  (frames, at) => frames.toSpliced(at, 1),
  (frames, at) => frames.toSpliced(at, 0, frames[at] ?? ''),
  (frames, at, random) => frames.toSpliced(at, 0, random.pick(foreignFrames)),
  (frames, at, random) => frames.toSpliced(at, 1, random.pick(foreignFrames)),
  (frames, at, random) => frames.with(at, mutateFrame(frames[at] ?? '', random)),
  (frames, at, random) => frames.with(at, mutateFrame(frames[at] ?? '', random)),
  (frames) => frames.toReversed(),
  (frames) => frames.map((frame) => frame.replaceAll('\n', '\r\n')),
  (frames) => frames.map((frame) => frame.replaceAll('\n', '\r')),
  (frames) => frames.map((frame) => frame.replace(/\n\n$/, '\n')),
  (frames) => frames.map((frame) => frame.replace(/^event: .*\n/, '')),
  (frames) => frames.map((frame) => frame.replaceAll(': ', ':')),
];

const foreignFrames = [
  'data: \n\n',
  'data\n\n',
  ': comment\n\n',
  'retry: 5\n\n',
  'id: 1\nevent: ping\ndata: {"type":"ping"}\n\n',
  'data: [DONE]\n\n',
  'event: message_stop\ndata: {"type":"message_stop"}\n\n',
  'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"busy"}}\n\n',
  'data: {"error":{"message":"broken","type":"server_error","code":"internal_error"}}\n\n',
  'event:error\ndata:{"code":"InternalError","message":"native","request_id":"r"}\n\n',
  'data: {"error":null}\n\n',
  'data: null\n\n',
  'data: 7\n\n',
  'data: []\n\n',
  'data: {"a":\n\n',
  'data: {"choices":\ndata: []}\n\n',
  `data: ${'['.repeat(50_000)}\n\n`,
  `data: {"id":"c","choices":[{"index":0,"delta":{"content":"${'x'.repeat(1_000_000)}"}}]}\n\n`,
  '<html>\n\n',
];

function mutateFrame(frame: string, random: Random): string {
  const data = /^data: (\{.*\})$/m.exec(frame)?.[1] ?? '';
  const body = parseJson(data);
  if (!isObject(body)) return random.pick(foreignFrames);
  const broken = mutateBody(body, random).toString('utf8');
  return frame.replace(data, () => broken);
}

function brokenStream(protocol: Protocol, random: Random): Buffer {
  let frames = framesOf(protocol, random);
  for (let left = 1 + random.integer(3); left > 0 && frames.length > 0; left--) {
    frames = random.pick(streamMutations)(frames, random.integer(frames.length), random);
  }
  const bytes = Buffer.from(frames.join(''));
  return random.chance(0.8) ? bytes : mutateBytes(bytes, random);
}
