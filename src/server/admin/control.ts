import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import type { Context } from 'hono';
import { openaiChat } from '../../codec/openai-chat/index.ts';
import { GatewayError } from '../../domain/gateway-error.ts';
import type { Principal } from '../../domain/principal.ts';
import { StoreUnavailable } from '../../domain/store-unavailable.ts';
import { errorHeaders, toGatewayError } from '../../pipeline/error-exit.ts';
import { reportError } from '../../pipeline/error-report.ts';
import type { ControlDependencies } from './dependencies.ts';
import { readJsonBody } from './json-body.ts';
import { TextAnswer } from './route.ts';
import type { ControlRoute, Role } from './route.ts';
import { controlRoutes } from './routes.ts';

/** What a request comes with beside itself: the peer's address, when it came over a socket. */
interface Bindings {
  incoming?: { socket: { remoteAddress?: string | undefined } };
}

interface ControlEnv {
  Bindings: Bindings;
  Variables: { requestId: string };
}

type ControlContext = Context<ControlEnv>;

/** Administration and account, with a socket and without. */
export interface Control {
  /** For the HTTP server; never rejects. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** For callers in the same process. */
  fetch(request: Request): Promise<Response>;
}

/** The control plane over the dependencies that hold when a request comes. */
export function createControl(current: () => ControlDependencies): Control {
  const app = new Hono<ControlEnv>();
  app.use((context, next) => {
    context.set('requestId', requestIdOf(context.req.header('x-request-id')));
    return next();
  });
  for (const route of controlRoutes) {
    app.on(route.method, honoPath(route.path), (context) => answer(route, context, current()));
  }
  for (const [path, methods] of methodsByPath(controlRoutes)) {
    const allow = methods.join(', ');
    app.all(honoPath(path), (context) => refuse(context, wrongMethod(allow), current(), { allow }));
  }
  app.notFound((context) => refuse(context, noSuchRoute(context.req.path), current()));
  const listener = getRequestListener((request, env) => app.fetch(request, { incoming: env.incoming }), {
    overrideGlobalObjects: false,
  });
  return { handle: listener, fetch: async (request) => app.fetch(request) };
}

async function answer(
  route: ControlRoute,
  context: ControlContext,
  dependencies: ControlDependencies,
): Promise<Response> {
  // How the windows of a plan key stand, for every answer to it.
  let quota: Record<string, string> = {};
  try {
    const now = dependencies.now();
    const address = context.env?.incoming?.socket.remoteAddress ?? '';
    const principal = await dependencies.identify(context.req.header(), { address, now });
    quota = await dependencies.desk.headers(principal, now);
    requireRole(route.role, principal);
    const body = route.body === undefined ? undefined : await readJsonBody(context.req.raw);
    const query = Object.fromEntries(new URL(context.req.url).searchParams);
    const call = { dependencies, principal, actor: { actor: principal.id, now } };
    const result = await route.run({ params: context.req.param(), query, body }, call);
    // The change is made; a node that cannot follow it now does so later, by itself.
    if (route.method !== 'GET') await dependencies.changed().catch(() => undefined);
    return respond(context, route, { result, headers: quota });
  } catch (error) {
    if (error instanceof StoreUnavailable) return refuse(context, databaseAway(error), dependencies, quota);
    if (!(error instanceof GatewayError)) dependencies.unexpected(error, context.get('requestId'));
    return refuse(context, toGatewayError(error), dependencies, quota);
  }
}

/** The role is the matched route's, never one derived from the address that the client wrote. */
function requireRole(role: Role, { kind }: Principal): void {
  // Without a key there are only programs of this machine, and somebody has to make the first key.
  if (role === 'admin' && kind !== 'admin' && kind !== 'anonymous') throw adminKeyRequired();
}

function respond(
  context: ControlContext,
  { status }: ControlRoute,
  { result, headers: more }: { result: unknown; headers: Record<string, string> },
): Response {
  const headers = { ...more, ...ownHeaders, 'x-request-id': context.get('requestId') };
  if (status === 204) return new Response(null, { status, headers });
  const [type, text] =
    result instanceof TextAnswer
      ? ['text/plain; charset=utf-8', result.text]
      : ['application/json', JSON.stringify(result)];
  return new Response(text, { status, headers: { ...headers, 'content-type': type } });
}

function refuse(
  context: ControlContext,
  error: GatewayError,
  { errors, now }: Pick<ControlDependencies, 'errors' | 'now'>,
  headers: Record<string, string> = {},
): Response {
  const requestId = context.get('requestId');
  const report = reportError(error, errors, { headers: context.req.header(), now: now() });
  const { status, body } = openaiChat.writeError(error, requestId, report.explanation);
  const all = { ...ownHeaders, ...errorHeaders(error, requestId, report), ...error.headers, ...headers };
  return new Response(JSON.stringify(body), { status, headers: { ...all, 'content-type': 'application/json' } });
}

/** Answers hold keys and the affairs of accounts: no cache may keep them. */
const ownHeaders = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

/** The client's own id where it is usable, else one of ours. */
function requestIdOf(given: string | undefined): string {
  return given !== undefined && /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID();
}

function honoPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}

function methodsByPath(routes: readonly ControlRoute[]): Map<string, string[]> {
  const methods = new Map<string, string[]>();
  for (const { path, method } of routes) {
    methods.set(path, [...(methods.get(path) ?? []), method, ...(method === 'GET' ? ['HEAD'] : [])]);
  }
  return methods;
}

function databaseAway(cause: StoreUnavailable): GatewayError {
  return new GatewayError({
    status: 503,
    code: 'accounting_unavailable',
    message: "The gateway's database does not answer at the moment.",
    cause,
    origin: 'gateway',
    retryable: true,
    retryAfterSeconds: 5,
    fix: 'Try again shortly; /health/ready shows the reason.',
  });
}

function adminKeyRequired(): GatewayError {
  return new GatewayError({
    status: 403,
    code: 'admin_key_required',
    message: 'Access denied. This needs an admin key.',
    origin: 'client',
    fix: 'Send an admin key of this gateway, or its ATELIER_MASTER_KEY. GET /account takes any key.',
  });
}

function wrongMethod(allowed: string): GatewayError {
  return new GatewayError({
    status: 405,
    code: 'method_not_allowed',
    message: `This path takes ${allowed}.`,
    origin: 'client',
  });
}

function noSuchRoute(path: string): GatewayError {
  return new GatewayError({
    status: 404,
    code: 'not_found',
    message: `There is nothing at ${path.slice(0, 200)}.`,
    origin: 'client',
    fix: 'GET /admin/api/openapi.json describes every route.',
  });
}
