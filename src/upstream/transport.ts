import { Pool } from 'undici';
import type { Dispatcher } from 'undici';
import type { Backend } from '../domain/backend.ts';
import type { ProviderTimeouts } from '../domain/provider.ts';
import { toNetworkError } from './network-error.ts';
import { ResponseBody } from './response-body.ts';

/** One call to an upstream, ready to send. */
export interface UpstreamCall {
  origin: string;
  method: string;
  path: string;
  headers: Record<string, string>;
  body: Buffer | null;
  timeouts: ProviderTimeouts;
  signal: AbortSignal;
  /** The provider's name, for error messages. */
  provider: string;
}

export interface UpstreamResponse {
  status: number;
  /** Lower-case names; repeated headers joined by `, `. */
  headers: Record<string, string>;
  body: ResponseBody;
}

export interface TransportOptions {
  /** Backends in this process by origin, for example `sandbox:`. */
  backends: ReadonlyMap<string, Backend>;
}

/**
 * Sends calls: over keep-alive connection pools, one per origin and connect timeout, or to a backend in this process.
 * `send` rejects with a GatewayError (origin network) when no answer came; an answer of any status resolves.
 */
export class Transport {
  readonly #backends: ReadonlyMap<string, Backend>;
  readonly #pools = new Map<string, Pool>();

  constructor(options: TransportOptions) {
    this.#backends = options.backends;
  }

  send(call: UpstreamCall): Promise<UpstreamResponse> {
    const backend = this.#backends.get(call.origin);
    return backend ? sendToBackend(backend, call) : this.#dispatch(call);
  }

  /** Closes idle connections and waits for running calls. */
  async close(): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.close()));
  }

  /** Drops the pools of origins that no provider uses any more; their running calls finish. */
  retain(origins: ReadonlySet<string>): void {
    for (const [key, pool] of this.#pools) {
      if (origins.has(poolOrigin(key))) continue;
      this.#pools.delete(key);
      // Nothing waits for the close: running calls finish in their own time.
      void pool.close().catch(() => undefined);
    }
  }

  #dispatch(call: UpstreamCall): Promise<UpstreamResponse> {
    return new Promise((resolve, reject) => {
      const exchange = new Exchange(call, resolve, reject);
      if (call.signal.aborted) {
        reject(toNetworkError(abortReason(call.signal), call.provider));
        return;
      }
      this.#pool(call).dispatch(
        {
          path: call.path,
          method: call.method,
          headers: call.headers,
          body: call.body,
          headersTimeout: call.timeouts.firstByte,
          bodyTimeout: call.timeouts.idle,
        },
        exchange,
      );
    });
  }

  #pool(call: UpstreamCall): Pool {
    const key = `${call.timeouts.connect} ${call.origin}`;
    let pool = this.#pools.get(key);
    if (!pool) {
      // HTTP/1.1 on purpose: one HTTP/2 connection queues silently above the peer's stream limit (100 is common).
      pool = new Pool(call.origin, {
        allowH2: false,
        connect: { timeout: call.timeouts.connect },
        keepAliveTimeout: 30_000,
        keepAliveMaxTimeout: 300_000,
        maxHeaderSize: 64 * 1024,
      });
      this.#pools.set(key, pool);
    }
    return pool;
  }
}

function poolOrigin(key: string): string {
  return key.slice(key.indexOf(' ') + 1);
}

function abortReason(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error('The call was aborted.');
}

/** What an exchange needs until it is over. */
interface Pending {
  call: UpstreamCall;
  resolve(response: UpstreamResponse): void;
  reject(error: Error): void;
  onAbort(): void;
}

/**
 * One exchange over a connection: undici's events to a promise of the head and a pushed body.
 * undici keeps its request objects, and so this handler, for a while after the end. The handler lets go of the call and
 * the body then; otherwise whole requests outlive several collections (measured: 20 us of garbage collection a request).
 */
class Exchange implements Dispatcher.DispatchHandler {
  #pending: Pending | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #body: ResponseBody | undefined;

  constructor(call: UpstreamCall, resolve: (response: UpstreamResponse) => void, reject: (error: Error) => void) {
    const onAbort = (): void => {
      const reason = abortReason(call.signal);
      if (this.#controller) this.#controller.abort(reason);
      // Still waiting for a connection: the answer is refused now, onRequestStart drops the request when its turn comes.
      else reject(toNetworkError(reason, call.provider));
    };
    this.#pending = { call, resolve, reject, onAbort };
    call.signal.addEventListener('abort', onAbort, { once: true });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    const signal = this.#pending?.call.signal;
    if (signal?.aborted) controller.abort(abortReason(signal));
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (status < 200) return;
    this.#body = new ResponseBody({
      pause: () => controller.pause(),
      resume: () => controller.resume(),
      abort: (reason) => controller.abort(reason),
    });
    this.#pending?.resolve({ status, headers: flattenHeaders(headers), body: this.#body });
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#body?.push(chunk);
  }

  onResponseEnd(): void {
    const body = this.#body;
    this.#letGo();
    body?.finish();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    const { call, reject } = this.#pending ?? {};
    const body = this.#body;
    this.#letGo();
    const failure = toNetworkError(error, call?.provider ?? '');
    if (body) body.fail(failure);
    else reject?.(failure);
  }

  #letGo(): void {
    if (this.#pending) this.#pending.call.signal.removeEventListener('abort', this.#pending.onAbort);
    this.#pending = undefined;
    this.#controller = undefined;
    this.#body = undefined;
  }
}

function flattenHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}

async function sendToBackend(backend: Backend, call: UpstreamCall): Promise<UpstreamResponse> {
  const stop = new AbortController();
  const signal = AbortSignal.any([call.signal, stop.signal]);
  const answer = await backend({
    method: call.method,
    path: call.path,
    headers: call.headers,
    body: call.body ?? Buffer.alloc(0),
    signal,
  });
  const gate = new Gate();
  const body = new ResponseBody({
    pause: () => gate.shut(),
    resume: () => gate.open(),
    abort: (reason) => {
      stop.abort(reason);
      gate.open();
    },
  });
  void pump(answer.body, { body, gate, signal, provider: call.provider });
  return { status: answer.status, headers: answer.headers, body };
}

interface Pump {
  body: ResponseBody;
  gate: Gate;
  signal: AbortSignal;
  provider: string;
}

async function pump(source: Buffer | AsyncIterable<Buffer>, { body, gate, signal, provider }: Pump): Promise<void> {
  try {
    if (Buffer.isBuffer(source)) {
      body.push(source);
    } else {
      for await (const chunk of source) {
        if (signal.aborted) break;
        body.push(chunk);
        await gate.wait();
      }
    }
    if (signal.aborted) throw abortReason(signal);
    body.finish();
  } catch (error) {
    body.fail(toNetworkError(error instanceof Error ? error : new Error(String(error)), provider));
  }
}

/** Holds a producer back while its consumer is full. */
class Gate {
  #waiting: PromiseWithResolvers<void> | undefined;

  shut(): void {
    this.#waiting ??= Promise.withResolvers();
  }

  open(): void {
    this.#waiting?.resolve();
    this.#waiting = undefined;
  }

  wait(): Promise<void> | undefined {
    return this.#waiting?.promise;
  }
}
