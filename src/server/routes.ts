import type { Protocol } from '../domain/protocol.ts';
import type { Operation } from '../pipeline/stages.ts';
import type { ErrorProtocol } from './error-codecs.ts';
import { isNativePath } from './native-paths.ts';

/** A path of the data plane. */
export interface DataRoute {
  kind: 'data';
  protocol: Protocol;
  operation: Operation;
  /** The canonical path, for logs. */
  name: string;
  /** The path is Model Studio's own: its clients count on its defaults. */
  modelStudio: boolean;
}

/** A path answered by the gateway itself. */
export interface OwnRoute {
  kind: 'models' | 'model' | 'health' | 'ready' | 'version' | 'root' | 'errors' | 'error' | 'explain';
  name: string;
  /** `model`, `error`: the id in the path. */
  id?: string;
}

export type Route = DataRoute | OwnRoute;

/**
 * Where clients look for each surface. They disagree about `/v1`: SDKs append it or want it in the base URL, so it may be
 * missing or doubled everywhere.
 */
const openaiBases = ['', '/openai', '/api/openai'];
const modelStudioBases = ['/compatible-mode'];
const anthropicBases = ['', '/anthropic', '/apps/anthropic'];
const versions = ['/v1', '', '/v1/v1'];

interface Entry {
  bases: readonly string[];
  path: string;
  route: Route;
}

const entries: readonly Entry[] = [
  { bases: openaiBases, path: '/chat/completions', route: data('openai-chat', 'generate', '/v1/chat/completions') },
  {
    bases: modelStudioBases,
    path: '/chat/completions',
    route: { ...data('openai-chat', 'generate', '/v1/chat/completions'), modelStudio: true },
  },
  {
    bases: [...openaiBases, ...modelStudioBases],
    path: '/embeddings',
    route: data('openai-chat', 'embeddings', '/v1/embeddings'),
  },
  { bases: anthropicBases, path: '/messages', route: data('anthropic-messages', 'generate', '/v1/messages') },
  {
    bases: anthropicBases,
    path: '/messages/count_tokens',
    route: data('anthropic-messages', 'count-tokens', '/v1/messages/count_tokens'),
  },
  {
    bases: [...openaiBases, ...modelStudioBases, ...anthropicBases],
    path: '/models',
    route: { kind: 'models', name: '/v1/models' },
  },
];

const fixed: readonly (readonly [string, OwnRoute])[] = [
  ['/', { kind: 'root', name: '/' }],
  ['/health', { kind: 'health', name: '/health' }],
  ['/health/live', { kind: 'health', name: '/health' }],
  ['/health/ready', { kind: 'ready', name: '/health/ready' }],
  ['/version', { kind: 'version', name: '/version' }],
  ['/errors', { kind: 'errors', name: '/errors' }],
  ['/errors/explain', { kind: 'explain', name: '/errors/explain' }],
];

function data(protocol: Protocol, operation: Operation, name: string): DataRoute {
  return { kind: 'data', protocol, operation, name, modelStudio: false };
}

/** The methods of each kind of route; everything else is 405. */
export const allowedMethods: Readonly<Record<Route['kind'], readonly string[]>> = {
  data: ['POST'],
  models: ['GET', 'HEAD'],
  model: ['GET', 'HEAD'],
  health: ['GET', 'HEAD'],
  ready: ['GET', 'HEAD'],
  version: ['GET', 'HEAD'],
  root: ['GET', 'HEAD'],
  errors: ['GET', 'HEAD'],
  error: ['GET', 'HEAD'],
  explain: ['POST'],
};

/** The paths of calls, as clients should write them. */
export const servedPaths: readonly string[] = [...new Set(entries.map(({ route }) => route.name))];

const table: ReadonlyMap<string, Route> = new Map([
  ...entries.flatMap(({ bases, path, route }) =>
    bases.flatMap((base) => versions.map((version) => [`${base}${version}${path}`, route] as const)),
  ),
  ...fixed,
]);

/** The longest path that is looked at. */
const maxPathLength = 512;

/** The route of a path without its query; undefined when nothing lives there. A trailing slash does not matter. */
export function findRoute(path: string): Route | undefined {
  if (path.length > maxPathLength) return undefined;
  const clean = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
  return table.get(clean) ?? findModelRoute(clean) ?? findErrorRoute(clean);
}

/** `/v1/models/{id}`: ids may hold slashes (`provider/model`) and percent escapes. */
function findModelRoute(path: string): Route | undefined {
  const at = path.indexOf('/models/');
  if (at === -1 || table.get(path.slice(0, at + '/models'.length))?.kind !== 'models') return undefined;
  try {
    return { kind: 'model', name: '/v1/models/{id}', id: decodeURIComponent(path.slice(at + '/models/'.length)) };
  } catch {
    return undefined;
  }
}

/** True for the paths that the control plane answers: administration, and the account of a key holder. */
export function isControlPath(path: string): boolean {
  return path === '/account' || path === '/admin/api' || path.startsWith('/admin/api/');
}

/** `/errors/{id}`. */
function findErrorRoute(path: string): Route | undefined {
  const id = /^\/errors\/([a-z0-9-]{1,100})$/.exec(path)?.[1];
  return id === undefined ? undefined : { kind: 'error', name: '/errors/{id}', id };
}

/** The protocol whose error shape fits a path that is no call's, or a client that says which it speaks. */
export function guessErrorProtocol(path: string, headers: Record<string, unknown>): ErrorProtocol {
  if (headers['anthropic-version'] !== undefined) return 'anthropic-messages';
  if (isNativePath(path)) return 'dashscope';
  return /\/(?:anthropic|messages)(?:\/|$)/.test(path) ? 'anthropic-messages' : 'openai-chat';
}
