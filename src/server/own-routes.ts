import type { IncomingHttpHeaders } from 'node:http';
import { GatewayError } from '../domain/gateway-error.ts';
import type { JsonObject } from '../domain/json.ts';
import type { PipelineDependencies } from '../pipeline/dependencies.ts';
import { authenticate } from '../pipeline/identify.ts';
import type { ClientSink } from '../pipeline/stages.ts';
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
}

/** `/v1/models` in both shapes. */
export interface ModelAnswers {
  openaiList(): JsonObject;
  anthropicList(query: URLSearchParams): JsonObject;
  openaiModel(id: string): JsonObject | undefined;
  anthropicModel(id: string): JsonObject | undefined;
}

export interface OwnCall {
  route: OwnRoute;
  query: string;
  requestId: string;
  headers: IncomingHttpHeaders;
  sink: ClientSink;
  /** Answers with an error in the caller's protocol. */
  exit(error: unknown): void;
}

type Handler = (call: OwnCall, dependencies: OwnDependencies) => { status: number; body: JsonObject };

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
      health: '/health',
    },
  }),
  models: ({ headers, query }, { pipeline, models }) => {
    authenticate(headers, pipeline);
    return {
      status: 200,
      body: isAnthropic(headers) ? models.anthropicList(new URLSearchParams(query)) : models.openaiList(),
    };
  },
  model: ({ headers, route }, { pipeline, models }) => {
    authenticate(headers, pipeline);
    const id = route.id ?? '';
    const body = isAnthropic(headers) ? models.anthropicModel(id) : models.openaiModel(id);
    if (body) return { status: 200, body };
    throw new GatewayError({
      status: 404,
      code: 'model_not_found',
      message: `The model \`${id.slice(0, 200)}\` does not exist or you do not have access to it.`,
      origin: 'client',
      fix: 'GET /v1/models lists the names.',
    });
  },
};

function isAnthropic(headers: IncomingHttpHeaders): boolean {
  return headers['anthropic-version'] !== undefined;
}

/** Answers the paths that are the gateway's own. */
export function answerOwn(call: OwnCall, dependencies: OwnDependencies): void {
  try {
    const { status, body } = handlers[call.route.kind](call, dependencies);
    const text = Buffer.from(JSON.stringify(body));
    call.sink.start(status, {
      'content-type': 'application/json',
      'content-length': String(text.length),
      'x-request-id': call.requestId,
    });
    call.sink.end(text);
  } catch (error) {
    call.exit(error);
  }
}
