/**
 * The model server of the benchmark: speaks just enough HTTP/1.1 on bare sockets to cost next to nothing, and gives every
 * call the same answer. A message that holds `chunks=N gap=M` is answered, when streamed, by N events M milliseconds apart.
 */
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

const headEnd = Buffer.from('\r\n\r\n');

/** How much of a body is searched for what the answer depends on; large bodies are padding. */
const searched = 4096;

/** A stream in progress. */
interface Stream {
  socket: Socket;
  left: number;
  withUsage: boolean;
}

const whole = response(
  'application/json',
  JSON.stringify({
    id: 'chatcmpl-bench',
    object: 'chat.completion',
    created: 1_760_000_000,
    model: 'bench-model',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: 'A short answer, always the same, of a few dozen words. '.repeat(6) },
        finish_reason: 'stop',
      },
    ],
    usage: { prompt_tokens: 250, completion_tokens: 72, total_tokens: 322 },
  }),
);
const modelList = response(
  'application/json',
  JSON.stringify({ object: 'list', data: [{ id: 'bench-model', object: 'model', created: 0, owned_by: 'bench' }] }),
);
const streamHead = Buffer.from(
  'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncache-control: no-cache\r\ntransfer-encoding: chunked\r\n\r\n',
);
const opening = event(chunk({ role: 'assistant', content: '' }, null));
const middle = event(chunk({ content: 'a few words ' }, null));
const closing = event(chunk({}, 'stop'));
const usage = event(
  JSON.stringify({
    ...head(),
    choices: [],
    usage: { prompt_tokens: 250, completion_tokens: 200, total_tokens: 450 },
  }),
);
const end = Buffer.concat([event('[DONE]'), Buffer.from('0\r\n\r\n')]);

function head() {
  return { id: 'chatcmpl-bench', object: 'chat.completion.chunk', created: 1_760_000_000, model: 'bench-model' };
}

function chunk(delta: object, finishReason: string | null): string {
  return JSON.stringify({ ...head(), choices: [{ index: 0, delta, finish_reason: finishReason }] });
}

/** An event in the framing of chunked transfer. */
function event(data: string): Buffer {
  const text = `data: ${data}\n\n`;
  return Buffer.from(`${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`);
}

function response(type: string, body: string): Buffer {
  return Buffer.from(
    `HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

/** Streams by the milliseconds between their events; one timer serves all of the same pace. */
const tickers = new Map<number, Set<Stream>>();

function startStream(stream: Stream, gap: number): void {
  stream.socket.write(Buffer.concat([streamHead, opening]));
  let streams = tickers.get(gap);
  if (streams === undefined) {
    streams = new Set();
    tickers.set(gap, streams);
    const ofThisPace = streams;
    setInterval(() => ofThisPace.forEach((each) => step(each, ofThisPace)), gap);
  }
  streams.add(stream);
}

function step(stream: Stream, streams: Set<Stream>): void {
  if (stream.socket.destroyed) streams.delete(stream);
  else if (stream.left > 0) {
    stream.left -= 1;
    stream.socket.write(middle);
  } else {
    streams.delete(stream);
    stream.socket.write(Buffer.concat([closing, ...(stream.withUsage ? [usage] : []), end]));
  }
}

/** The bytes of one connection that have come and are not yet answered. */
interface Incoming {
  chunks: Buffer[];
  length: number;
  /** Length of head and body together, once the head is there; Infinity for a chunked body. */
  wanted: number;
}

function serve(socket: Socket): void {
  const incoming: Incoming = { chunks: [], length: 0, wanted: 0 };
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('data', (bytes: Buffer) => {
    incoming.chunks.push(bytes);
    incoming.length += bytes.length;
    if (isComplete(incoming)) answer(socket, take(incoming));
  });
}

function isComplete(incoming: Incoming): boolean {
  if (incoming.wanted === 0) incoming.wanted = wantedLength(join(incoming));
  if (incoming.wanted === Infinity) return join(incoming).subarray(-5).toString('latin1') === '0\r\n\r\n';
  return incoming.wanted > 0 && incoming.length >= incoming.wanted;
}

/** 0 while the head is not whole. */
function wantedLength(bytes: Buffer): number {
  const at = bytes.indexOf(headEnd);
  if (at === -1) return 0;
  const text = bytes.toString('latin1', 0, at).toLowerCase();
  if (text.includes('\r\ntransfer-encoding: chunked')) return Infinity;
  return at + headEnd.length + Number(/\r\ncontent-length: *(\d+)/.exec(text)?.[1] ?? 0);
}

function join(incoming: Incoming): Buffer {
  const [first = Buffer.alloc(0)] = incoming.chunks;
  if (incoming.chunks.length <= 1) return first;
  const joined = Buffer.concat(incoming.chunks);
  incoming.chunks = [joined];
  return joined;
}

/** The request's beginning, as far as the answer depends on it; the connection is ready for the next one. */
function take(incoming: Incoming): string {
  const parts: string[] = [];
  for (let index = 0, length = 0; index < incoming.chunks.length && length < searched; index += 1) {
    const part = incoming.chunks[index]?.toString('latin1', 0, searched) ?? '';
    parts.push(part);
    length += part.length;
  }
  Object.assign(incoming, { chunks: [], length: 0, wanted: 0 });
  return parts.join('');
}

function answer(socket: Socket, request: string): void {
  if (request.startsWith('GET ')) socket.write(modelList);
  else if (!/"stream" *: *true/.test(request)) socket.write(whole);
  else {
    const pace = /chunks=(\d+) gap=(\d+)/.exec(request);
    const withUsage = /"include_usage" *: *true/.test(request);
    startStream({ socket, left: Number(pace?.[1] ?? 10), withUsage }, Number(pace?.[2] ?? 10));
  }
}

/** Resolves to the port that it listens on, on loopback. */
export function startUpstream(): Promise<number> {
  const server = createServer(serve);
  return new Promise((resolve) => {
    server.listen({ host: '127.0.0.1', port: 0, backlog: 4096 }, () => resolve((server.address() as AddressInfo).port));
  });
}
