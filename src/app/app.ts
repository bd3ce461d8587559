import { errorCatalogueHolder } from '../catalogue/errors/load.ts';
import type { Backend } from '../domain/backend.ts';
import type { AtelierConfig } from '../domain/settings.ts';
import { FlaggedTurns } from '../fit/flagged-turns.ts';
import { Diagnostics } from '../pipeline/diagnosis.ts';
import { HealthMemory } from '../routing/health.ts';
import { DataServer } from '../server/server.ts';
import type { Logger, LogRequest } from '../telemetry/log.ts';
import { refuseOwnAddress } from '../upstream/own-address.ts';
import { Transport } from '../upstream/transport.ts';
import { lazyControl } from './control.ts';
import { firstAdminKey, openBooks } from './governance.ts';
import { forgetChanged, logHealth } from './health.ts';
import { reminderChannels } from './reminders.ts';
import { assemble, originsOf, providersOf } from './runtime.ts';
import type { Runtime } from './runtime.ts';
import { summarize } from './summary.ts';
import type { AppSummary } from './summary.ts';

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

export interface AppOptions {
  config: AtelierConfig;
  log: Logger;
  /** Writes the audit line of a request. */
  logRequest: LogRequest;
}

/** The composition root: the one place that knows which parts exist. Throws ProviderConfigError for a provider that cannot work. */
export async function createApp({ config, log, logRequest }: AppOptions): Promise<App> {
  const transport = new Transport({ backends: new Map([['sandbox:', await lazySandbox()]]) });
  const flaggedTurns = new FlaggedTurns();
  const health = new HealthMemory((event) => logHealth(log, event));
  const errorCatalogue = errorCatalogueHolder();
  const books = await openBooks(config, log);
  const diagnostics = new Diagnostics(errorCatalogue.loaded);
  const control = lazyControl(() => runtime.control);
  const lasting = { transport, log, logRequest, flaggedTurns, health, errorCatalogue, diagnostics, books, control };
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
    const fresh = await assemble(next, lasting, runtime.directory.snapshot());
    refuseOwnAddress(providersOf(fresh), address);
    forgetChanged(health, { before: providersOf(runtime), now: providersOf(fresh) });
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
      const plan = (name: string) => runtime.office.plans.find(name);
      books.start(reminderChannels(config.reminders, { transport, log, plan }));
      // After whoever waits for the start has gone on: reading it takes a moment of the processor.
      setImmediate(() => void readErrors());
    },
    reload: replace,
    summary: () => ({
      ...summarize(providersOf(runtime), runtime.office),
      ...(adminKey !== undefined && { firstAdminKey: adminKey }),
    }),
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
