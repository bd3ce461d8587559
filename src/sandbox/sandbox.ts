import type { Backend, BackendRequest, BackendResponse } from '../domain/backend.ts';
import { asString, isObject, type JsonObject } from '../domain/json.ts';
import type { Plan } from '../domain/provider.ts';
import { answerCall } from './answer-call.ts';
import { anthropicSurface } from './anthropic/surface.ts';
import { parseBounded } from './bounded-json.ts';
import { chatSurface } from './chat/surface.ts';
import { DirectiveError, readDirectives, type Directives } from './directives.ts';
import { answerEmbeddings } from './embeddings.ts';
import { builtInErrors, refusalOf } from './error-table.ts';
import { checkAgent, checkKey, namedPlan, openAiBase } from './host.ts';
import { identify } from './identity.ts';
import { lastUserText } from './last-user-text.ts';
import { listModelsBody } from './model-list.ts';
import { flaggedEarlier } from './moderation.ts';
import type { SandboxError, SandboxOptions } from './options.ts';
import { nativeInput, nativeSurface, notSimulated, wantsNativeStream } from './native.ts';
import { cutBody, pause } from './pace.ts';
import { PromptCache } from './prompt-cache.ts';
import { requestRefusal, type Refusal } from './refusal.ts';
import { responseHeaders } from './response-headers.ts';
import { isRefused, type Surface, type SurfaceContext } from './surface.ts';

/** Largest body with its inline media, as the platform's error-code page states it: 64 MiB. */
const maxBodyBytes = 64 * 1024 * 1024;

/**
 * Model Studio in a box: an in-process backend that checks calls as the platform does, answers them with a deterministic
 * model, and makes errors, delays and broken streams on demand. It opens no socket and holds no state but its prompt cache.
 */
export function createSandbox(options: SandboxOptions = {}): Backend {
  const cache = options.promptCache === false ? undefined : new PromptCache();
  return async (request) => {
    const call = readCall(request, options);
    const route = routeOf(request, call.plan);
    if (route === undefined) return respond(call, { status: 404, contentType: '', body: '' });
    const refused = checkRequest(request, route, call, options);
    if (refused !== undefined) return respond(call, route.surface.writeError(refused, call));
    return route.handle({ request, call, options, cache, surface: route.surface });
  };
}

/** One request with what is known about it before it is read. */
interface Call extends SurfaceContext {
  path: string;
}

interface Handling {
  request: BackendRequest;
  call: Call;
  options: SandboxOptions;
  cache: PromptCache | undefined;
  surface: Surface;
}

interface Route {
  method: 'GET' | 'POST';
  surface: Surface;
  handle: (handling: Handling) => BackendResponse | Promise<BackendResponse>;
}

function readCall({ method, path, headers, body }: BackendRequest, options: SandboxOptions): Call {
  const [bare = ''] = path.split('?', 1);
  return {
    path: bare,
    identity: identify([method, bare, headers['x-sandbox'] ?? '', body], options.now?.()),
    plan: namedPlan(options, headers.host),
    errorStyle: options.anthropicErrors ?? 'documented',
  };
}

const openAiRoutes: Readonly<Record<string, Route>> = {
  '/chat/completions': { method: 'POST', surface: chatSurface, handle: handleGeneration },
  '/embeddings': { method: 'POST', surface: chatSurface, handle: handleEmbeddings },
  '/models': { method: 'GET', surface: chatSurface, handle: handleModels },
};
const anthropicRoute: Route = { method: 'POST', surface: anthropicSurface, handle: handleGeneration };
const nativeRoute: Route = { method: 'POST', surface: nativeSurface, handle: handleNative };
const nativePath = /^\/api\/v1\/services\/[\w/-]{1,200}$/;

function routeOf({ path }: Pick<BackendRequest, 'path'>, plan: Plan | undefined): Route | undefined {
  const [bare = ''] = path.split('?', 1);
  if (bare === '/apps/anthropic/v1/messages') return anthropicRoute;
  if (nativePath.test(bare)) return plan === 'coding' ? undefined : nativeRoute;
  const match = /^(\/compatible-mode\/v1|\/v1)(\/[a-z/]+)$/.exec(bare);
  const base = openAiBase(plan);
  if (match?.[2] === undefined || (base !== undefined && match[1] !== base)) return undefined;
  // The Coding Plan hosts have chat only: no list of models, no embeddings.
  if (match[1] === '/v1' && match[2] !== '/chat/completions') return undefined;
  return Object.hasOwn(openAiRoutes, match[2]) ? openAiRoutes[match[2]] : undefined;
}

/** Method, key, client and size: what is refused before the body is read. */
function checkRequest(request: BackendRequest, route: Route, call: Call, options: SandboxOptions): Refusal | undefined {
  if (request.method !== route.method)
    return requestRefusal(`Request method '${request.method.slice(0, 20)}' is not supported.`);
  const key = checkKey({
    plan: call.plan,
    keys: options.keys,
    headers: request.headers,
    allowsXApiKey: route.surface.allowsXApiKey,
  });
  if (key !== undefined) return key;
  const agent = checkAgent(call.plan, options, request.headers['user-agent']);
  if (agent !== undefined) return agent;
  return request.body.length > maxBodyBytes
    ? { ...requestRefusal('Request Entity Too Large', 413), nativeCode: 'RequestEntityTooLarge' }
    : undefined;
}

async function handleGeneration(handling: Handling): Promise<BackendResponse> {
  const { request, call, options, cache, surface } = handling;
  const body = parseBounded(request.body);
  if (!isObject(body)) return respond(call, surface.writeError(brokenBody, call));
  const directives = readDirectivesOf(body, request);
  if (directives instanceof DirectiveError) return respond(call, surface.writeError(badDirective(directives), call));
  const context = { ...call, errorStyle: directives.anthropicErrors ?? call.errorStyle };
  const wanted = await wantedErrors(directives, { stream: body.stream === true, model: asString(body.model) }, options);
  if (wanted.refusal !== undefined) {
    await pause(directives.delay, request.signal);
    return respond(call, surface.writeError(wanted.refusal, context), directives.cut);
  }
  const prepared = surface.prepare(body, context);
  if (isRefused(prepared)) return respond(call, surface.writeError(prepared, context));
  return answerCall(prepared, {
    surface,
    context,
    directives,
    cache,
    cacheScope: request.headers.authorization ?? request.headers['x-api-key'] ?? '',
    nowMs: options.now?.() ?? Date.now(),
    signal: request.signal,
    streamError: wanted.inStream,
  });
}

/** Answers with an error or not at all: these services are not simulated. */
async function handleNative({ request, call, options, surface }: Handling): Promise<BackendResponse> {
  const body = parseBounded(request.body);
  if (!isObject(body)) return respond(call, surface.writeError(brokenBody, call));
  const directives = readDirectivesOf(nativeInput(body), request);
  if (directives instanceof DirectiveError) return respond(call, surface.writeError(badDirective(directives), call));
  const stream = wantsNativeStream(request.headers);
  const { refusal, inStream } = await wantedErrors(directives, { stream, model: asString(body.model) }, options);
  await pause(directives.delay, request.signal);
  if (inStream === undefined) {
    return respond(call, surface.writeError(refusal ?? notSimulated, call), directives.cut);
  }
  const frame = surface.errorFrame(inStream, call);
  return respond(call, { status: 200, contentType: 'text/event-stream;charset=UTF-8', body: frame }, directives.cut);
}

const brokenBody = requestRefusal('Required body invalid, please check the request body format.');

function badDirective({ message }: DirectiveError): Refusal {
  return { ...requestRefusal(message), code: 'sandbox_directive_invalid', nativeCode: 'SandboxDirectiveInvalid' };
}

function readDirectivesOf(body: JsonObject, { headers }: BackendRequest): Directives | DirectiveError {
  try {
    const directives = readDirectives(lastUserText(body), headers['x-sandbox']);
    const error = directives.error ?? flaggedEarlier(body);
    return error === undefined ? directives : { ...directives, error };
  } catch (error) {
    if (error instanceof DirectiveError) return error;
    throw error;
  }
}

interface WantedErrors {
  refusal?: Refusal;
  inStream?: Refusal;
}

/** The error to answer with, and the one to put into the stream; a call without stream gets the latter as its answer. */
async function wantedErrors(
  directives: Directives,
  { stream, model }: { stream: boolean; model: string | undefined },
  options: SandboxOptions,
): Promise<WantedErrors> {
  const asked = directives.error ?? directives.streamError;
  if (asked === undefined) return {};
  const found = options.errors?.find(asked, model) ?? builtInErrors.find(asked) ?? (await fromCatalogue(asked, model));
  if (found === undefined) {
    return { refusal: badDirective(new DirectiveError(`Unknown error code: ${asked.slice(0, 60)}`)) };
  }
  return directives.error === undefined && stream ? { inStream: refusalOf(found) } : { refusal: refusalOf(found) };
}

async function fromCatalogue(asked: string, model: string | undefined): Promise<SandboxError | undefined> {
  const { catalogueErrors } = await import('./catalogue-errors.ts');
  return catalogueErrors.find(asked, model);
}

function handleEmbeddings({ request, call }: Handling): BackendResponse {
  const body = parseBounded(request.body);
  if (!isObject(body)) return respond(call, chatSurface.writeError(brokenBody, call));
  const answer = answerEmbeddings(body, call.identity);
  if ('envelope' in answer) return respond(call, chatSurface.writeError(answer, call));
  return respond(call, { status: 200, contentType: 'application/json', body: JSON.stringify(answer.body) });
}

function handleModels({ call }: Handling): BackendResponse {
  return respond(call, { status: 200, contentType: 'application/json', body: JSON.stringify(listModelsBody()) });
}

/** A whole answer; `cut` breaks its connection after so many bytes. */
function respond(
  call: Call,
  { status, contentType, body }: { status: number; contentType: string; body: string },
  cut?: number,
): BackendResponse {
  const bytes = Buffer.from(body);
  const headers = responseHeaders(call.identity, contentType);
  return { status, headers, body: cut === undefined ? bytes : cutBody(bytes, cut) };
}
