import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Backend, BackendRequest } from '../domain/backend.ts';
import type { SandboxOptions } from './options.ts';
import { createSandbox } from './sandbox.ts';

export interface SandboxServerOptions extends SandboxOptions {
  /** 0 for any free port. */
  port: number;
  /** Loopback when absent. */
  host?: string;
}

export interface SandboxServer {
  port: number;
  host: string;
  url: string;
  /** Stops listening and ends the connections that are still open. */
  close(): Promise<void>;
}

/** Largest body that is read at all; the platform's own limit of 64 MiB is checked by the sandbox, with its own answer. */
const maxBodyBytes = 65 * 1024 * 1024;
const headersTimeoutMs = 30_000;
const requestTimeoutMs = 120_000;

/** The sandbox on a socket: Model Studio's paths on `node:http`. Rejects when the port cannot be had. */
export async function startSandboxServer({
  port,
  host = '127.0.0.1',
  ...options
}: SandboxServerOptions): Promise<SandboxServer> {
  const sandbox = createSandbox(options);
  const server = createServer(
    { headersTimeout: headersTimeoutMs, requestTimeout: requestTimeoutMs },
    (request, response) => {
      void serve(sandbox, request, response);
    },
  );
  const bound = await listen(server, port, host);
  return {
    port: bound,
    host,
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    close: () => closeServer(server),
  };
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host, backlog: 4_096 }, () => {
      server.removeListener('error', reject);
      resolve(portOf(server.address(), port));
    });
  });
}

function portOf(address: AddressInfo | string | null, asked: number): number {
  return typeof address === 'object' && address !== null ? address.port : asked;
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)));
    server.closeAllConnections();
  });
}

/** One request. Whatever fails in the middle of an answer ends as a broken connection, which is what a client then sees. */
async function serve(sandbox: Backend, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const left = new AbortController();
  response.once('close', () => left.abort());
  try {
    const body = await readBody(request);
    if (body === undefined) {
      response.writeHead(413, { connection: 'close' }).end();
      return;
    }
    const answer = await sandbox(toBackendRequest(request, body, left.signal));
    response.writeHead(answer.status, answer.headers);
    if (Buffer.isBuffer(answer.body)) response.end(answer.body);
    else await sendChunks(answer.body, response);
  } catch {
    response.destroy();
  }
}

/** The whole body; undefined when it is larger than is read. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    length += chunk.length;
    if (length > maxBodyBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

function toBackendRequest(request: IncomingMessage, body: Buffer, signal: AbortSignal): BackendRequest {
  const headers = Object.entries(request.headers).flatMap(([name, value]): [string, string][] => {
    if (value === undefined) return [];
    return [[name, Array.isArray(value) ? value.join(', ') : value]];
  });
  return {
    method: request.method ?? 'GET',
    path: request.url ?? '/',
    headers: Object.fromEntries(headers),
    body,
    signal,
  };
}

/** Each chunk waits for room in the socket, so that a slow reader holds the sandbox back instead of filling memory. */
async function sendChunks(chunks: AsyncIterable<Buffer>, response: ServerResponse): Promise<void> {
  response.flushHeaders();
  for await (const chunk of chunks) {
    if (response.destroyed) return;
    if (!response.write(chunk)) await room(response);
  }
  response.end();
}

function room(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.removeListener('drain', done);
      response.removeListener('close', done);
      resolve();
    };
    response.once('drain', done);
    response.once('close', done);
  });
}
