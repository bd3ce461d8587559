import { findModel } from '../catalogue/models.ts';
import { GatewayError } from '../domain/gateway-error.ts';
import type { ModelDirectorySnapshot, ProviderModels } from '../domain/model-directory.ts';
import { protocols } from '../domain/protocol.ts';
import type { Protocol } from '../domain/protocol.ts';
import type { Provider } from '../domain/provider.ts';
import type { Target } from '../domain/target.ts';
import { nearestNames } from './nearest.ts';
import { bareNameProviders } from './visible-models.ts';

/**
 * The places a model name stands for, best first; what follows the first is fallback.
 *
 * `provider/model` names one place, whether or not the provider lists the model; a configured provider wins over a slash
 * inside a model name. A bare name goes to every provider that has it, in the order of configuration. When none has it
 * but some provider's list has never been read, it goes to the first of those: the name may well be right.
 *
 * Throws GatewayError: 400 for an empty name, 404 `model_not_found` with the nearest names, 503 without any provider.
 */
export function resolveModel(name: string, directory: ModelDirectorySnapshot, protocol: Protocol): Target[] {
  if (name === '') throw missingModel();
  if (directory.providers.size === 0) throw noProvider();
  const named = resolvePrefixed(name, directory, protocol);
  if (named) return [named];
  const providers = bareNameProviders(directory);
  const having = providers.filter(({ models }) => models.has(name));
  const chosen = having.length > 0 ? having : providers.filter(isUnread).slice(0, 1);
  if (chosen.length === 0) throw modelNotFound(name, directory);
  return chosen.map(({ provider }) => toTarget(provider, name, protocol));
}

/** The protocol to speak to a provider for this model: the client's own when the model is served there, else another. */
export function chooseProtocol(provider: Provider, model: string, wanted: Protocol): Protocol {
  const spoken = protocols.filter((protocol) => provider.endpoints[protocol]);
  const serving = spoken.filter((protocol) => provider.serves?.(protocol, model) ?? true);
  if (serving.includes(wanted)) return wanted;
  return serving[0] ?? spoken[0] ?? wanted;
}

function resolvePrefixed(name: string, directory: ModelDirectorySnapshot, protocol: Protocol): Target | undefined {
  const slash = name.indexOf('/');
  const entry = slash > 0 ? directory.providers.get(name.slice(0, slash)) : undefined;
  const model = name.slice(slash + 1);
  return entry && model !== '' ? toTarget(entry.provider, model, protocol) : undefined;
}

function toTarget(provider: Provider, model: string, wanted: Protocol): Target {
  return { provider: provider.name, vendor: provider.vendor, model, protocol: chooseProtocol(provider, model, wanted) };
}

/** Its list may hold anything: it could not be read so far, and nobody said that the configured models are all. */
function isUnread({ state, listedAt }: ProviderModels): boolean {
  return state !== 'static' && listedAt === undefined;
}

function missingModel(): GatewayError {
  return new GatewayError({
    status: 400,
    code: 'invalid_parameter_error',
    type: 'invalid_request_error',
    param: 'model',
    origin: 'client',
    message: 'you must provide a model parameter.',
    fix: 'Name a model; GET /v1/models lists those that can be used.',
  });
}

function noProvider(): GatewayError {
  return new GatewayError({
    status: 503,
    code: 'no_provider',
    origin: 'gateway',
    message: 'No provider is configured.',
    fix: 'Set BAILIAN_API_KEY or the key of another provider, or turn the sandbox on.',
  });
}

function modelNotFound(name: string, directory: ModelDirectorySnapshot): GatewayError {
  return new GatewayError({
    status: 404,
    code: 'model_not_found',
    type: 'invalid_request_error',
    param: 'model',
    origin: 'client',
    message: `The model \`${printable(name)}\` does not exist or you do not have access to it.`,
    fix: fixFor(name, directory),
  });
}

function fixFor(name: string, directory: ModelDirectorySnapshot): string {
  const nearest = nearestNames(name, callableNames(name, directory));
  const sameLetters = nearest.filter((candidate) => candidate.toLowerCase() === name.toLowerCase());
  const [exact] = sameLetters;
  if (exact !== undefined) return `Model names are case-sensitive: use \`${exact}\`.`;
  const platform = bareNameProviders(directory).find(({ provider }) => provider.catalogued && embeds(provider));
  if (platform && findModel(name)?.embedding) {
    const { name: provider } = platform.provider;
    return `Model Studio does not list its embedding models: add it to the models of ${provider}, or call it \`${provider}/${name}\`.`;
  }
  const list = 'GET /v1/models lists the models that can be used';
  if (nearest.length > 0)
    return `Did you mean ${nearest.map((candidate) => `\`${candidate}\``).join(' or ')}? ${list}.`;
  const providers = [...directory.providers.keys()].slice(0, 12).join(', ');
  return `${list}; a model that is not listed is reached as provider/model (providers: ${providers}).`;
}

function embeds({ endpoints }: Provider): boolean {
  return Object.values(endpoints).some(({ embeddingsPath }) => embeddingsPath !== undefined);
}

/** Names that would have worked; those with a provider in front only for someone who wrote one. */
function* callableNames(name: string, directory: ModelDirectorySnapshot): Generator<string> {
  for (const { models } of bareNameProviders(directory)) yield* models;
  if (!name.includes('/')) return;
  for (const { provider, models } of directory.providers.values()) {
    for (const model of models) yield `${provider.name}/${model}`;
  }
}

/** Short enough to be echoed, on one line. */
function printable(name: string): string {
  const line = name.replace(/[\p{Cc}`]/gu, ' ');
  return line.length > 120 ? `${line.slice(0, 120)}...` : line;
}
