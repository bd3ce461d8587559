import type { IncomingHttpHeaders } from 'node:http';
import type { ErrorCatalogue } from '../catalogue/errors/catalogue.ts';
import { GatewayError } from '../domain/gateway-error.ts';
import type { JsonObject } from '../domain/json.ts';
import type { Principal } from '../domain/principal.ts';
import type { PipelineDependencies } from '../pipeline/dependencies.ts';
import { authenticate } from '../pipeline/identify.ts';
import type { ClientSink } from '../pipeline/stages.ts';
import { explainErrors, explainLimit, listErrors, showError } from './error-routes.ts';
import type { ErrorsRequest } from './error-routes.ts';
import type { OwnRoute } from './routes.ts';

/** What readiness says: `ok` false answers 503. */
export interface Readiness {
  ok: boolean;
  body: JsonObject;
}

export interface OwnDependencies {
  pipeline: PipelineDependencies;
  version: string;
  readiness(): Readiness;
  models: ModelAnswers;
  errorCatalogue(): Promise<ErrorCatalogue>;
}

/** `/v1/models` in both shapes: what the key may use. */
export interface ModelAnswers {
  openaiList(reader: Principal): JsonObject;
  anthropicList(reader: Principal, query: URLSearchParams): JsonObject;
  openaiModel(reader: Principal, id: string): JsonObject | undefined;
  anthropicModel(reader: Principal, id: string): JsonObject | undefined;
}

export interface OwnCall {
  route: OwnRoute;
  query: string;
  requestId: string;
  headers: IncomingHttpHeaders;
  /** The peer's address. */
  address: string;
  sink: ClientSink;
  /** The body, at most so many bytes. */
  readBody(limit: number): Promise<Buffer>;
  /** Of the answer, also when it is an error. */
  setHeaders(headers: Record<string, string>): void;
  /** Answers with an error in the caller's protocol. */
  exit(error: unknown): void;
}

interface OwnAnswer {
  status: number;
  /** JSON, or text whose type the headers name. */
  body: JsonObject | string;
  headers?: Record<string, string>;
}

type Handler = (call: OwnCall, dependencies: OwnDependencies) => OwnAnswer | Promise<OwnAnswer>;

const handlers: Readonly<Record<OwnRoute['kind'], Handler>> = {
  health: () => ({ status: 200, body: { status: 'ok' } }),
  ready: (_call, { readiness }) => {
    const { ok, body } = readiness();
    return { status: ok ? 200 : 503, body };
  },
  version: (_call, { version }) => ({ status: 200, body: { name: 'atelier', version } }),
  root: (_call, { version }) => ({
    status: 200,
    body: {
      name: 'atelier',
      version,
      openai: '/v1',
      anthropic: '/v1/messages',
      models: '/v1/models',
      errors: '/errors',
      health: '/health',
    },
  }),
  models: async (call, { pipeline, models }) => {
    const { headers, query } = call;
    const reader = await admitReader(call, pipeline);
    return {
      status: 200,
      body: isAnthropic(headers) ? models.anthropicList(reader, new URLSearchParams(query)) : models.openaiList(reader),
    };
  },
  model: async (call, { pipeline, models }) => {
    const { headers, route } = call;
    const reader = await admitReader(call, pipeline);
    const id = route.id ?? '';
    const body = isAnthropic(headers) ? models.anthropicModel(reader, id) : models.openaiModel(reader, id);
    if (body) return { status: 200, body };
    throw new GatewayError({
      status: 404,
      code: 'model_not_found',
      message: `The model \`${id.slice(0, 200)}\` does not exist or you do not have access to it.`,
      origin: 'client',
      fix: 'GET /v1/models lists the names.',
    });
  },
  // Open to everyone, since nothing in them is secret: the links in error answers must work in a browser.
  errors: async (call, { errorCatalogue }) => listErrors(errorsRequest(call), await errorCatalogue()),
  error: async (call, { errorCatalogue }) =>
    showError(call.route.id ?? '', errorsRequest(call), await errorCatalogue()),
  explain: async (call, { pipeline, errorCatalogue }) => {
    await admitReader(call, pipeline);
    return explainErrors(await call.readBody(explainLimit), errorsRequest(call), await errorCatalogue());
  },
};

function errorsRequest({ headers, query }: OwnCall): ErrorsRequest {
  return { headers, query: new URLSearchParams(query) };
}

/** Throws for a key that is not one. What a plan key is answered from here on shows how its windows stand. */
async function admitReader(call: OwnCall, { governance }: PipelineDependencies): Promise<Principal> {
  const { headers, address } = call;
  const protocol = isAnthropic(headers) ? 'anthropic-messages' : 'openai-chat';
  const now = Date.now();
  const reader = await authenticate(headers, { address, protocol, now }, governance);
  call.setHeaders(await governance.desk.headers(reader, now));
  return reader;
}

function isAnthropic(headers: IncomingHttpHeaders): boolean {
  return headers['anthropic-version'] !== undefined;
}

/** Answers the paths that are the gateway's own. */
export async function answerOwn(call: OwnCall, dependencies: OwnDependencies): Promise<void> {
  try {
    const { status, body, headers } = await handlers[call.route.kind](call, dependencies);
    const text = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
    call.sink.start(status, {
      'content-type': 'application/json',
      ...headers,
      'content-length': String(text.length),
      'x-request-id': call.requestId,
    });
    call.sink.end(text);
  } catch (error) {
    call.exit(error);
  }
}
