import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Backend } from '../domain/backend.ts';
import type { SandboxOptions } from './options.ts';
import { createSandbox } from './sandbox.ts';

export interface SandboxServerOptions extends SandboxOptions {
  /** 0 for any free port. */
  port: number;
  /** Loopback when absent. */
  host?: string;
}

/** A backend of this process behind a port of its own. */
export interface ListeningBackend {
  address: { host: string; port: number };
  /** Stops accepting and waits up to `graceMs` for running requests; 0 ends them at once. */
  close(graceMs: number): Promise<void>;
}

/** One byte more than the sandbox accepts is enough for it to refuse the body; the rest is read and dropped. */
const maxBodyBytes = 64 * 2 ** 20 + 1;
const maxHeaderBytes = 64 * 1024;
const headersTimeout = 30_000;
const requestTimeout = 120_000;

/** The sandbox alone on a socket: Model Studio's paths on `node:http`. Rejects when the address cannot be used. */
export function startSandboxServer(options: SandboxServerOptions): Promise<ListeningBackend> {
  const { port, host = '127.0.0.1', ...settings } = options;
  return listenBackend(createSandbox(settings), { host, port });
}

/** Serves any backend over HTTP. Rejects when the address cannot be used. */
export async function listenBackend(
  backend: Backend,
  { host, port }: { host: string; port: number },
): Promise<ListeningBackend> {
  const settings = { noDelay: true, maxHeaderSize: maxHeaderBytes, headersTimeout, requestTimeout };
  const server = createServer(settings, (request, response) => {
    // A failure here is a broken connection for the client, as it is when a machine on the way breaks off.
    answer(backend, request, response).catch(() => breakOff(response));
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen({ host, port, backlog: 4_096 }, resolve);
  await promise;
  server.off('error', reject);
  const bound = server.address();
  return {
    address: { host, port: typeof bound === 'object' && bound !== null ? bound.port : port },
    close: (graceMs) => closeServer(server, graceMs),
  };
}

async function answer(backend: Backend, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const left = new AbortController();
  response.once('close', () => left.abort());
  const { status, headers, body } = await backend({
    method: request.method ?? 'GET',
    path: request.url ?? '/',
    headers: plainHeaders(request),
    body: await readUpTo(request, maxBodyBytes),
    signal: left.signal,
  });
  response.writeHead(status, headers);
  if (Buffer.isBuffer(body)) response.end(body);
  else await sendChunks(body, response);
}

/** Each chunk waits for room in the socket, so that a slow reader holds the backend back instead of filling memory. */
async function sendChunks(chunks: AsyncIterable<Buffer>, response: ServerResponse): Promise<void> {
  response.flushHeaders();
  for await (const chunk of chunks) {
    if (response.destroyed) return;
    if (!response.write(chunk)) await room(response);
  }
  response.end();
}

function room(response: ServerResponse): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const done = (): void => {
    response.off('drain', done);
    response.off('close', done);
    resolve();
  };
  response.on('drain', done);
  response.on('close', done);
  return promise;
}

/**
 * A stream that is cut has its beginning: what was written before still goes out, then the connection ends in the middle.
 * The writes of one turn of the event loop are gathered and sent at its end, so this waits for the next.
 */
function breakOff(response: ServerResponse): void {
  setImmediate(() => {
    if (response.socket === null) response.destroy();
    else response.socket.destroySoon();
  });
}

function plainHeaders(request: IncomingMessage): Record<string, string> {
  const entries = Object.entries(request.headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value] as const],
  );
  return Object.fromEntries(entries);
}

async function readUpTo(request: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk) || size >= limit) continue;
    const wanted = chunk.subarray(0, limit - size);
    chunks.push(wanted);
    size += wanted.length;
  }
  return Buffer.concat(chunks, size);
}

async function closeServer(server: Server, graceMs: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), graceMs);
  await promise;
  clearTimeout(timer);
}
