import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GatewayError } from '../domain/gateway-error.ts';
import type { ServerSettings } from '../domain/settings.ts';
import type { PipelineDependencies } from '../pipeline/dependencies.ts';
import { ClientLeftError, sendError, toGatewayError } from '../pipeline/error-exit.ts';
import { reportError } from '../pipeline/error-report.ts';
import { run } from '../pipeline/run.ts';
import { newCallId } from './call-id.ts';
import { errorCodecs } from './error-codecs.ts';
import { Lingering } from './lingering.ts';
import { refuseMalformed } from './malformed.ts';
import { isNativePath, nativeNotServed } from './native-paths.ts';
import { answerOwn } from './own-routes.ts';
import type { OwnDependencies } from './own-routes.ts';
import { readBody } from './read-body.ts';
import { ResponseSink } from './response-sink.ts';
import { RunningRequests } from './running.ts';
import { allowedMethods, findRoute, guessErrorProtocol, isControlPath, servedPaths } from './routes.ts';
import type { DataRoute, Route } from './routes.ts';

/** What one configuration serves with. */
export interface ServerDependencies extends OwnDependencies {
  pipeline: PipelineDependencies;
  /** Administration and accounts; they read and answer the request themselves. */
  control?(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

export interface DataServerOptions {
  settings: ServerSettings;
  /** The dependencies of the configuration that holds now; a request keeps those it got. */
  current(): ServerDependencies;
  /** A failure outside of any request's own exit. */
  onUnexpected(error: unknown): void;
}

/** Reads the id a client gave its request; others get one of ours. */
const acceptableId = /^[\w.:-]{1,128}$/;

/** The listening side: sockets to requests, limits on size and time, one abort signal a request, a graceful end. */
export class DataServer {
  readonly #options: DataServerOptions;
  readonly #server: Server;
  readonly #running = new RunningRequests();
  readonly #lingering = new Lingering();
  #closing = false;

  constructor(options: DataServerOptions) {
    this.#options = options;
    const { settings } = options;
    this.#server = createServer(
      {
        headersTimeout: settings.headersTimeoutMs,
        requestTimeout: settings.requestTimeoutMs,
        keepAliveTimeout: settings.keepAliveTimeoutMs,
        connectionsCheckingInterval: 5_000,
        maxHeaderSize: 64 * 1024,
        noDelay: true,
      },
      (request, response) => void this.#accept(request, response),
    );
    this.#server.maxHeadersCount = 200;
    this.#server.on('clientError', (error, socket) => refuseMalformed(error, socket, this.#lingering));
  }

  /** Rejects when the address is taken or not ours. */
  listen(): Promise<AddressInfo> {
    const { port, host, backlog } = this.#options.settings;
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ port, host, backlog }, () => {
        this.#server.off('error', reject);
        const address = this.#server.address();
        if (address && typeof address === 'object') resolve(address);
        else reject(new Error('The server has no network address.'));
      });
    });
  }

  /** Stops accepting, lets running requests finish for `graceMs`, then ends the rest with an error of their protocol. */
  async close(graceMs: number): Promise<void> {
    this.#closing = true;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeIdleConnections();
    this.#lingering.stop();
    await this.#running.idle(graceMs);
    this.#running.abortAll(stopping());
    await this.#running.idle(1_000);
    this.#server.closeAllConnections();
    await closed;
  }

  async #accept(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const startedAt = performance.now();
    const controller = new AbortController();
    const slot = this.#running.add(controller);
    response.on('close', () => {
      if (!response.writableFinished) controller.abort(new ClientLeftError());
      this.#running.remove(slot);
    });
    if (this.#closing) response.setHeader('connection', 'close');
    try {
      await this.#handle(request, response, { startedAt, signal: controller.signal });
    } catch (error) {
      this.#options.onUnexpected(error);
      response.destroy();
    }
  }

  async #handle(
    request: IncomingMessage,
    response: ServerResponse,
    call: { startedAt: number; signal: AbortSignal },
  ): Promise<void> {
    const dependencies = this.#options.current();
    const requestId = readRequestId(request);
    const { path, query } = splitUrl(request.url ?? '/');
    if (dependencies.control !== undefined && isControlPath(path)) return dependencies.control(request, response);
    const route = findRoute(path);
    const protocol = route?.kind === 'data' ? route.protocol : guessErrorProtocol(path, request.headers);
    // Each SDK looks for the id under its own name.
    const sink = new ResponseSink(response, protocol === 'anthropic-messages' ? { 'request-id': requestId } : {});
    const exit = (error: unknown): void => {
      this.#endWithAnswer(request, response, sink);
      const failure = toGatewayError(error);
      const report = reportError(failure, dependencies.pipeline.errors, { headers: request.headers, now: Date.now() });
      sendError(failure, { sink, codec: errorCodecs[protocol], requestId, report });
    };
    if (!route) return exit(isNativePath(path) ? nativeNotServed(path) : noSuchPath(path));
    const method = request.method ?? 'GET';
    if (!allowedMethods[route.kind].includes(method)) {
      response.setHeader('allow', allowedMethods[route.kind].join(', '));
      return exit(wrongMethod(method, route));
    }
    if (route.kind !== 'data') {
      const address = request.socket.remoteAddress ?? '';
      const ownBody = (limit: number): Promise<Buffer> => readBody(request, limit);
      const setHeaders = (headers: Record<string, string>): void => {
        for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
      };
      const own = {
        route,
        query,
        requestId,
        headers: request.headers,
        address,
        sink,
        readBody: ownBody,
        setHeaders,
        exit,
      };
      return answerOwn(own, dependencies);
    }
    let body: Buffer;
    try {
      body = await readBody(request, this.#options.settings.bodyLimitBytes);
    } catch (error) {
      return exit(error);
    }
    return run(received({ request, route, query, requestId, body, ...call }), sink, dependencies.pipeline);
  }

  /** An answer before the body was read: the rest of the body is not wanted, so the connection ends with the answer. */
  #endWithAnswer(request: IncomingMessage, response: ServerResponse, sink: ResponseSink): void {
    if (request.complete || response.headersSent) return;
    response.setHeader('connection', 'close');
    sink.endAfter(this.#lingering.throwAway(request.socket, request));
  }
}

interface Call {
  request: IncomingMessage;
  route: DataRoute;
  query: string;
  requestId: string;
  body: Buffer;
  startedAt: number;
  signal: AbortSignal;
}

function received({ request, route, query, requestId, body, startedAt, signal }: Call): Parameters<typeof run>[0] {
  return {
    requestId,
    callId: request.headers['x-request-id'] === requestId ? newCallId(Date.now()) : requestId,
    operation: route.operation,
    protocol: route.protocol,
    route: route.name,
    modelStudio: route.modelStudio,
    query,
    headers: request.headers,
    body,
    remoteAddress: request.socket.remoteAddress ?? '',
    receivedAt: Date.now(),
    startedAt,
    signal,
  };
}

function readRequestId(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && acceptableId.test(given) ? given : newCallId(Date.now());
}

function splitUrl(url: string): { path: string; query: string } {
  const at = url.indexOf('?');
  return at === -1 ? { path: url, query: '' } : { path: url.slice(0, at), query: url.slice(at) };
}

function noSuchPath(path: string): GatewayError {
  return new GatewayError({
    status: 404,
    code: 'not_found',
    message: `There is nothing at ${path.slice(0, 200)}.`,
    origin: 'client',
    fix: `Served are ${servedPaths.join(', ')}. OpenAI clients: base URL http://HOST:PORT/v1. Anthropic clients: base URL http://HOST:PORT (or .../apps/anthropic).`,
  });
}

function wrongMethod(method: string, { kind, name }: Route): GatewayError {
  return new GatewayError({
    status: 405,
    code: 'method_not_allowed',
    message: `Request method '${method.slice(0, 16)}' is not supported.`,
    origin: 'client',
    fix: `Send a ${allowedMethods[kind][0]} to ${name}.`,
  });
}

function stopping(): GatewayError {
  return new GatewayError({
    status: 503,
    code: 'gateway_stopping',
    message: 'The gateway is stopping and the time for running requests is over.',
    origin: 'gateway',
    retryable: true,
    fix: 'Run the request again in a moment.',
  });
}
