import { anthropicMessages } from '../codec/anthropic-messages/index.ts';
import { openaiChat } from '../codec/openai-chat/index.ts';
import { errorCatalogueHolder } from '../catalogue/errors/load.ts';
import type { ErrorCatalogueHolder } from '../catalogue/errors/load.ts';
import type { Backend } from '../domain/backend.ts';
import type { Codec } from '../domain/codec.ts';
import type { ModelDirectorySnapshot } from '../domain/model-directory.ts';
import type { Protocol } from '../domain/protocol.ts';
import type { Provider, ProviderSettings } from '../domain/provider.ts';
import type { AtelierConfig } from '../domain/settings.ts';
import { codingAgents, parseAgentSign } from '../catalogue/coding-agents.ts';
import type { AgentSign } from '../catalogue/coding-agents.ts';
import { FlaggedTurns } from '../fit/flagged-turns.ts';
import { isSwitchedOn } from '../fit/switches.ts';
import type { PipelineDependencies } from '../pipeline/dependencies.ts';
import { Diagnostics } from '../pipeline/diagnosis.ts';
import {
  anthropicModel,
  anthropicModelList,
  findListedModel,
  listedModels,
  openaiModel,
  openaiModelList,
} from '../routing/model-list.ts';
import { resolveModel } from '../routing/resolve-model.ts';
import type { ControlDependencies } from '../server/admin/dependencies.ts';
import { DataServer } from '../server/server.ts';
import type { ServerDependencies } from '../server/server.ts';
import type { Readiness } from '../server/own-routes.ts';
import { logRequest } from '../telemetry/log.ts';
import type { Logger } from '../telemetry/log.ts';
import { ollamaToDetect } from '../upstream/detected-ollama.ts';
import { ModelDirectory } from '../upstream/discovery.ts';
import type { DirectoryEvent } from '../upstream/discovery.ts';
import { modelListFetcher } from '../upstream/model-list.ts';
import { refuseOwnAddress } from '../upstream/own-address.ts';
import { resolveProvider } from '../upstream/providers.ts';
import { Transport } from '../upstream/transport.ts';
import { version } from '../version.ts';
import { withStoredKeys } from './stored-keys.ts';
import { controlDependencies, lazyControl } from './control.ts';
import { SecretAdmin } from '../governance/secret-admin.ts';
import { reminderDelivery } from './reminders.ts';
import { firstAdminKey, openBooks, openOffice } from './governance.ts';
import type { Books, GovernanceOffice } from './governance.ts';

/** A running gateway. */
export interface App {
  /** Where it listens; the port that was given by the system when 0 was asked for. Known after `listen`. */
  readonly address: { host: string; port: number };
  listen(): Promise<void>;
  /** Puts another configuration in place at once; running requests end on the one they began with. Throws when it cannot work. */
  reload(config: AtelierConfig): Promise<void>;
  summary(): AppSummary;
  /** Stops accepting and waits up to `graceMs` for running requests. */
  close(graceMs: number): Promise<void>;
}

/** What the first lines of `atelier serve` tell. */
export interface AppSummary {
  /** Provider names in order, each with what there is to say about it. */
  providers: string[];
  /** Where keys, plans and accounts are kept. */
  store: string;
  /** No key is asked for. */
  open: boolean;
  /** The admin key that this start made, since there was none on a public address. Secret: shown this once. */
  firstAdminKey?: string;
  /** A model name for the first try; undefined when only the lists can tell. */
  exampleModel: string | undefined;
}

export interface AppOptions {
  config: AtelierConfig;
  log: Logger;
}

const codecs: Readonly<Record<Protocol, Codec>> = {
  'openai-chat': openaiChat,
  'anthropic-messages': anthropicMessages,
};

/** One configuration in force. */
interface Runtime {
  config: AtelierConfig;
  directory: ModelDirectory;
  office: GovernanceOffice;
  dependencies: ServerDependencies;
  control: ControlDependencies;
}

/** The composition root: the one place that knows which parts exist. Throws ProviderConfigError for a provider that cannot work. */
export async function createApp({ config, log }: AppOptions): Promise<App> {
  const transport = new Transport({ backends: new Map([['sandbox:', await lazySandbox()]]) });
  const flaggedTurns = new FlaggedTurns();
  const errorCatalogue = errorCatalogueHolder();
  const books = await openBooks(config, log);
  const diagnostics = new Diagnostics(errorCatalogue.loaded);
  const control = lazyControl(() => runtime.control);
  const lasting = { transport, log, flaggedTurns, errorCatalogue, diagnostics, books, control };
  let runtime: Runtime = await assemble(config, lasting);
  const adminKey = await firstAdminKey(config, runtime.office);
  const readErrors = () =>
    errorCatalogue.load().catch((error: unknown) => log.error({ event: 'catalogue', err: error }));
  let address = { host: config.server.host, port: config.server.port };
  const server = new DataServer({
    settings: config.server,
    current: () => runtime.dependencies,
    onUnexpected: (error) =>
      log.error({ event: 'unexpected', err: error }, 'a request failed outside of its error exit'),
  });
  const replace = async (next: AtelierConfig): Promise<void> => {
    const fresh = await assemble(next, { ...lasting, previous: runtime.directory.snapshot() });
    refuseOwnAddress(providersOf(fresh), address);
    runtime.directory.stop();
    runtime = fresh;
    fresh.directory.start();
    transport.retain(originsOf(fresh.directory.snapshot()));
  };
  books.onChange({
    changed(entry) {
      runtime.office.keyring.forget(entry);
      if (entry.kind !== 'provider-secret') return;
      void replace(runtime.config).catch((error: unknown) =>
        log.error({ event: 'provider_secret', err: error }, 'a changed key of a provider could not be put in place'),
      );
    },
    confirmed: (now) => runtime.office.keyring.confirm(now),
  });
  return {
    get address() {
      return address;
    },
    async listen() {
      refuseOwnAddress(providersOf(runtime), address);
      const { port } = await server.listen();
      address = { host: config.server.host, port };
      runtime.directory.start();
      books.start(reminderDelivery(config.reminders, transport, log));
      // After whoever waits for the start has gone on: reading it takes a moment of the processor.
      setImmediate(() => void readErrors());
    },
    reload: replace,
    summary: () => ({ ...summarize(runtime), ...(adminKey !== undefined && { firstAdminKey: adminKey }) }),
    async close(graceMs) {
      runtime.directory.stop();
      await server.close(graceMs);
      await transport.close();
      await books.close();
    },
  };
}

/** The sandbox and its data are loaded with the first call to it: most gateways never need them. */
async function lazySandbox(): Promise<Backend> {
  let backend: Promise<Backend> | undefined;
  return async (request) => {
    backend ??= import('../sandbox/sandbox.ts').then(({ createSandbox }) => createSandbox());
    return (await backend)(request);
  };
}

interface Parts {
  transport: Transport;
  log: Logger;
  flaggedTurns: FlaggedTurns;
  errorCatalogue: ErrorCatalogueHolder;
  diagnostics: Diagnostics;
  books: Books;
  control: NonNullable<ServerDependencies['control']>;
  previous?: ModelDirectorySnapshot;
}

async function assemble(config: AtelierConfig, { previous, ...lasting }: Parts): Promise<Runtime> {
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

type ServerParts = Omit<Parts, 'previous'> & Pick<Runtime, 'directory' | 'office'> & { agents: readonly AgentSign[] };

function serverDependencies(config: AtelierConfig, parts: ServerParts): ServerDependencies {
  const { transport, log, flaggedTurns, errorCatalogue, diagnostics, control, directory, office, agents } = parts;
  const snapshot = (): ModelDirectorySnapshot => directory.snapshot();
  const pipeline: PipelineDependencies = {
    codecs,
    provider: (name) => snapshot().providers.get(name)?.provider,
    transport,
    route: (model, protocol) => resolveModel(model, snapshot(), protocol),
    retry: config.retry,
    errors: { diagnostics, explain: config.errors.explain },
    sseKeepaliveMs: config.server.sseKeepaliveSeconds * 1000,
    isRuleEnabled: (rule, target) =>
      isSwitchedOn(
        rule.id === 'billing-line' ? { ...rule, enabledByDefault: config.adjust.stripBillingLine } : rule,
        target,
        config.fit,
      ),
    codingAgents: agents,
    flaggedTurns,
    noticeFor: (target) => (snapshot().providers.get(target.provider)?.provider.standIn ? sandboxNotice : undefined),
    record: (record) => logRequest(log, record),
    version,
    governance: office,
  };
  return {
    pipeline,
    control,
    version,
    errorCatalogue: errorCatalogue.load,
    readiness: () => readiness(snapshot(), office.books.degraded()),
    models: {
      openaiList: () => openaiModelList(listedModels(snapshot())),
      anthropicList: (query) => anthropicModelList(listedModels(snapshot()), Object.fromEntries(query)),
      openaiModel: (id) => mapDefined(findListedModel(snapshot(), id), openaiModel),
      anthropicModel: (id) => mapDefined(findListedModel(snapshot(), id), anthropicModel),
    },
  };
}

const sandboxNotice = 'answered by the embedded sandbox, not by a real model';

function providersOf({ directory }: Runtime): Provider[] {
  return providersIn(directory);
}

function providersIn(directory: ModelDirectory): Provider[] {
  return [...directory.snapshot().providers.values()].map(({ provider }) => provider);
}

function mapDefined<In, Out>(value: In | undefined, map: (value: In) => Out): Out | undefined {
  return value === undefined ? undefined : map(value);
}

/** Degraded is still ready: requests are served, and the reason is named. */
function readiness(directory: ModelDirectorySnapshot, degraded: string | undefined): Readiness {
  const providers = [...directory.providers.values()].map(({ provider, state, models, failure }) => ({
    name: provider.name,
    models: models.size,
    state,
    ...(failure && { failure: failure.reason }),
  }));
  const ok = providers.length > 0;
  const status = ok ? (degraded === undefined ? 'ready' : 'degraded') : 'no provider';
  return { ok, body: { status, ...(degraded !== undefined && { reason: degraded }), providers } };
}

function originsOf(directory: ModelDirectorySnapshot): Set<string> {
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

function summarize(runtime: Runtime): AppSummary {
  const providers = providersOf(runtime);
  return {
    providers: providers.map((provider) =>
      provider.standIn ? `${provider.name} (embedded; set BAILIAN_API_KEY for the real thing)` : describe(provider),
    ),
    store: runtime.office.books.title,
    open: runtime.office.isOpen(),
    exampleModel: exampleModel(providers),
  };
}

/** A name that the first provider is sure to answer to; plan hosts have only their own lists. */
function exampleModel([first]: readonly Provider[]): string | undefined {
  if (!first) return undefined;
  const known = first.staticModels;
  return first.catalogued && (known.length === 0 || known.includes('qwen-plus')) ? 'qwen-plus' : known[0];
}

function describe({ name, vendor, plan }: Provider): string {
  const details = [...(name === vendor ? [] : [vendor]), ...(plan === undefined ? [] : [`${plan} plan`])];
  return details.length > 0 ? `${name} (${details.join(', ')})` : name;
}
