import { createServer } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';

export interface RecordedCall {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export type Script = (response: ServerResponse, call: RecordedCall, request: IncomingMessage) => void | Promise<void>;

/** A scripted HTTP server on loopback that stands for a provider. */
export interface TestUpstream extends AsyncDisposable {
  url: string;
  calls: RecordedCall[];
  /** Resolves when an answer's connection has been closed by the other side. */
  aborted: Promise<void>;
  /** The next calls are answered by these, the last one repeatedly. */
  script(...scripts: Script[]): void;
  close(): Promise<void>;
}

export async function startUpstream(...scripts: Script[]): Promise<TestUpstream> {
  let queue = scripts;
  const calls: RecordedCall[] = [];
  const { promise: aborted, resolve: noteAbort } = Promise.withResolvers<void>();
  const server = createServer((request, response) => void answer(request, response));
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const call = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(chunks),
    };
    calls.push(call);
    response.on('close', () => {
      if (!response.writableFinished) noteAbort();
    });
    const script = queue.length > 1 ? queue.shift() : queue[0];
    await script?.(response, call, request);
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = address && typeof address === 'object' ? address.port : 0;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    aborted,
    script: (...next) => {
      queue = next;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Answers with JSON. */
export function json(status: number, body: unknown, headers: Record<string, string> = {}): Script {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
}

/** Answers with an event stream: the pieces are written one by one, each in its own turn of the event loop. */
export function stream(pieces: readonly (string | Buffer)[], end: 'end' | 'destroy' | 'open' = 'end'): Script {
  return async (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const piece of pieces) {
      response.write(piece);
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (end === 'end') response.end();
    else if (end === 'destroy') response.destroy();
  };
}

/** The environment that makes this upstream the provider `openai-compatible` with the model `m`. */
export function asOpenai(upstream: TestUpstream): Record<string, string> {
  return {
    OPENAI_COMPATIBLE_BASE_URL: `${upstream.url}/v1`,
    OPENAI_COMPATIBLE_MODELS: 'm',
    CONFIGURED_PROVIDER_MODELS_MODE: 'allowlist',
  };
}

/** The environment that makes this upstream the provider `anthropic-compatible` with the model `m`. */
export function asAnthropic(upstream: TestUpstream): Record<string, string> {
  return {
    ANTHROPIC_COMPATIBLE_BASE_URL: upstream.url,
    ANTHROPIC_COMPATIBLE_MODELS: 'm',
    CONFIGURED_PROVIDER_MODELS_MODE: 'allowlist',
  };
}
