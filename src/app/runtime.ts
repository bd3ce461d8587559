import { codingAgents, parseAgentSign } from '../catalogue/coding-agents.ts';
import type { AgentSign } from '../catalogue/coding-agents.ts';
import type { ErrorCatalogueHolder } from '../catalogue/errors/load.ts';
import { anthropicMessages } from '../codec/anthropic-messages/index.ts';
import { openaiChat } from '../codec/openai-chat/index.ts';
import type { Codec } from '../domain/codec.ts';
import type { JsonObject } from '../domain/json.ts';
import type { ModelDirectorySnapshot } from '../domain/model-directory.ts';
import type { Protocol } from '../domain/protocol.ts';
import type { Principal } from '../domain/principal.ts';
import type { Provider, ProviderSettings } from '../domain/provider.ts';
import type { AtelierConfig } from '../domain/settings.ts';
import type { FlaggedTurns } from '../fit/flagged-turns.ts';
import { FitSwitchboard } from '../fit/switchboard.ts';
import { mayUse } from '../governance/admission.ts';
import { SecretAdmin } from '../governance/secret-admin.ts';
import type { PipelineDependencies } from '../pipeline/dependencies.ts';
import type { Diagnostics } from '../pipeline/diagnosis.ts';
import {
  anthropicModel,
  anthropicModelList,
  findListedModel,
  listedModels,
  openaiModel,
  openaiModelList,
} from '../routing/model-list.ts';
import { everybodyWell } from '../routing/health.ts';
import type { HealthMemory } from '../routing/health.ts';
import type { ListedModel } from '../routing/model-list.ts';
import { resolveModel } from '../routing/resolve-model.ts';
import type { ControlDependencies } from '../server/admin/dependencies.ts';
import type { Readiness } from '../server/own-routes.ts';
import type { ServerDependencies } from '../server/server.ts';
import type { Logger, LogRequest } from '../telemetry/log.ts';
import { ollamaToDetect } from '../upstream/detected-ollama.ts';
import { ModelDirectory } from '../upstream/discovery.ts';
import type { DirectoryEvent } from '../upstream/discovery.ts';
import { modelListFetcher } from '../upstream/model-list.ts';
import { resolveProvider } from '../upstream/providers.ts';
import type { Transport } from '../upstream/transport.ts';
import { version } from '../version.ts';
import { controlDependencies } from './control.ts';
import { openOffice } from './governance.ts';
import type { Books, GovernanceOffice } from './governance.ts';
import { heldBackOf } from './health.ts';
import { withStoredKeys } from './stored-keys.ts';

const codecs: Readonly<Record<Protocol, Codec>> = {
  'openai-chat': openaiChat,
  'anthropic-messages': anthropicMessages,
};

/** One configuration in force. */
export interface Runtime {
  config: AtelierConfig;
  directory: ModelDirectory;
  office: GovernanceOffice;
  dependencies: ServerDependencies;
  control: ControlDependencies;
}

/** What outlasts every configuration. */
export interface Lasting {
  transport: Transport;
  log: Logger;
  logRequest: LogRequest;
  flaggedTurns: FlaggedTurns;
  health: HealthMemory;
  errorCatalogue: ErrorCatalogueHolder;
  diagnostics: Diagnostics;
  books: Books;
  control: NonNullable<ServerDependencies['control']>;
}

/** Puts the parts of a configuration together. Throws ProviderConfigError for a provider that cannot work. */
export async function assemble(
  config: AtelierConfig,
  lasting: Lasting,
  previous?: ModelDirectorySnapshot,
): Promise<Runtime> {
  const { transport, log, books } = lasting;
  const { store } = books.database;
  const secrets = new SecretAdmin({ store, serverSecret: books.serverSecret });
  const providers = resolveAll(await withStoredKeys(config, secrets));
  const detect = config.discovery.ollamaAutoDetect ? ollamaToDetect(providers, config.timeouts) : undefined;
  const directory = new ModelDirectory({
    providers,
    fetchList: modelListFetcher(transport),
    intervalMs: config.discovery.intervalSeconds * 1000,
    retryMs: config.discovery.retrySeconds * 1000,
    onEvent: (event) => logDirectory(log, event),
    ...(detect && { detect }),
    ...(previous && { previous }),
  });
  const provider = (name: string): Provider | undefined => directory.snapshot().providers.get(name)?.provider;
  const agents = [...codingAgents, ...config.fit.codingAgents.map(parseAgentSign)];
  const office = openOffice(config, { books, log, provider, agents });
  const dependencies = serverDependencies(config, { ...lasting, directory, office, agents });
  const errors = dependencies.pipeline.errors;
  const control = controlDependencies({ office, errors, log, providers: () => providersIn(directory) });
  return { config, directory, office, dependencies, control };
}

function resolveAll(config: AtelierConfig): Provider[] {
  return withSandbox(config).map((settings) => {
    // Its warnings are told by whoever loaded the configuration.
    return resolveProvider(settings).provider;
  });
}

/** The configured providers, and the sandbox when it is wanted or nothing else is there. */
function withSandbox({ providers, sandbox, timeouts }: AtelierConfig): ProviderSettings[] {
  const taken = providers.some(({ name }) => name === 'sandbox');
  const wanted = sandbox.enabled === 'on' || (sandbox.enabled === 'auto' && providers.length === 0);
  if (taken || !wanted) return providers;
  return [...providers, { name: 'sandbox', vendor: 'sandbox', models: [], modelsMode: 'merge', headers: {}, timeouts }];
}

type ServerParts = Lasting & Pick<Runtime, 'directory' | 'office'> & { agents: readonly AgentSign[] };

function serverDependencies(config: AtelierConfig, parts: ServerParts): ServerDependencies {
  const {
    transport,
    logRequest,
    flaggedTurns,
    health,
    errorCatalogue,
    diagnostics,
    control,
    directory,
    office,
    agents,
  } = parts;
  const snapshot = (): ModelDirectorySnapshot => directory.snapshot();
  const pipeline: PipelineDependencies = {
    codecs,
    provider: (name) => snapshot().providers.get(name)?.provider,
    transport,
    route: (model, protocol) => resolveModel(model, snapshot(), protocol),
    health: config.retry.breaker ? health : everybodyWell,
    retry: config.retry,
    errors: { diagnostics, explain: config.errors.explain },
    sseKeepaliveMs: config.server.sseKeepaliveSeconds * 1000,
    fit: new FitSwitchboard(config.fit, config.adjust),
    codingAgents: agents,
    flaggedTurns,
    noticeFor: (target) => (snapshot().providers.get(target.provider)?.provider.standIn ? sandboxNotice : undefined),
    record: logRequest,
    version,
    governance: office,
  };
  return {
    pipeline,
    control,
    version,
    errorCatalogue: errorCatalogue.load,
    readiness: () =>
      readiness(snapshot(), office.books.degraded(), config.retry.breaker ? heldBackOf(health) : () => []),
    models: {
      openaiList: (reader) => openaiModelList(listedModels(snapshot()).filter(usableBy(reader))),
      anthropicList: (reader, query) =>
        anthropicModelList(listedModels(snapshot()).filter(usableBy(reader)), Object.fromEntries(query)),
      openaiModel: (reader, id) => mapDefined(findUsable(id, snapshot(), reader), openaiModel),
      anthropicModel: (reader, id) => mapDefined(findUsable(id, snapshot(), reader), anthropicModel),
    },
  };
}

const sandboxNotice = 'answered by the embedded sandbox, not by a real model';

/** The providers of a configuration, detected ones included. */
export function providersOf({ directory }: Pick<Runtime, 'directory'>): Provider[] {
  return providersIn(directory);
}

function providersIn(directory: ModelDirectory): Provider[] {
  return [...directory.snapshot().providers.values()].map(({ provider }) => provider);
}

function usableBy(reader: Principal): (model: ListedModel) => boolean {
  return ({ id, provider, model }) => mayUse(reader, { provider, names: [id, model] });
}

function findUsable(id: string, directory: ModelDirectorySnapshot, reader: Principal): ListedModel | undefined {
  const found = findListedModel(directory, id);
  return found && usableBy(reader)(found) ? found : undefined;
}

function mapDefined<In, Out>(value: In | undefined, map: (value: In) => Out): Out | undefined {
  return value === undefined ? undefined : map(value);
}

/** Degraded is still ready: requests are served, and the reason is named. */
function readiness(
  directory: ModelDirectorySnapshot,
  degraded: string | undefined,
  heldBack: (provider: string) => JsonObject[],
): Readiness {
  const providers = [...directory.providers.values()].map(({ provider, state, models, failure }) => {
    const held = heldBack(provider.name);
    return {
      name: provider.name,
      models: models.size,
      state,
      ...(failure && { failure: failure.reason }),
      ...(held.length > 0 && { held_back: held }),
    };
  });
  const ok = providers.length > 0;
  const status = ok ? (degraded === undefined ? 'ready' : 'degraded') : 'no provider';
  return { ok, body: { status, ...(degraded !== undefined && { reason: degraded }), providers } };
}

/** Where a configuration sends to. */
export function originsOf(directory: ModelDirectorySnapshot): Set<string> {
  const origins = new Set<string>();
  for (const { provider } of directory.providers.values()) {
    for (const endpoint of Object.values(provider.endpoints)) origins.add(endpoint.origin);
    if (provider.modelList) origins.add(provider.modelList.origin);
  }
  return origins;
}

function logDirectory(log: Logger, event: DirectoryEvent): void {
  if (event.type === 'failed')
    log.warn({ event: 'model_list', ...event }, 'the model list of a provider could not be read');
  else log.debug({ event: 'model_list', ...event }, 'model list');
}
