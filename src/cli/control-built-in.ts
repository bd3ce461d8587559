import { existsSync } from 'node:fs';
import { controlDependencies } from '../app/control.ts';
import { openBooks, openOffice } from '../app/governance.ts';
import type { Provider, ProviderSettings } from '../domain/provider.ts';
import type { AtelierConfig } from '../domain/settings.ts';
import { createControl } from '../server/admin/control.ts';
import { sqliteFile } from '../store/sql/sqlite-file.ts';
import { createLog } from '../telemetry/log.ts';
import { ProviderConfigError } from '../upstream/provider-config-error.ts';
import { resolveProvider } from '../upstream/providers.ts';
import type { ControlParts, OpenFolder } from './control-client.ts';

/** The network, and the services of the gateway itself over its data folder. */
export const builtInParts: ControlParts = {
  fetch: (request) => fetch(request),
  exists({ store, dataDir }) {
    const file = sqliteFile(store.databaseUrl, dataDir);
    return file === undefined || existsSync(file);
  },
  openFolder,
};

async function openFolder(config: AtelierConfig): Promise<OpenFolder> {
  const { logger: log } = createLog({ level: 'silent', destination: 'stderr' });
  const books = await openBooks(config, log);
  const office = openOffice(config, { books, log, provider: () => undefined, agents: [] });
  const errors = { diagnostics: { diagnose: () => undefined }, explain: false };
  const providers = () => config.providers.flatMap(usableProvider);
  const dependencies = controlDependencies({ office, providers, errors, log });
  const failures: unknown[] = [];
  const control = createControl(() => ({
    ...dependencies,
    // Who may open the folder is its administrator; a key is sent only to say whose account is meant.
    identify: (headers, presentation) =>
      headers['authorization'] === undefined
        ? Promise.resolve({ kind: 'admin', id: 'cli' })
        : dependencies.identify(headers, presentation),
    unexpected: (error) => failures.push(error),
  }));
  return {
    async fetch(request) {
      const response = await control.fetch(request);
      const failure = failures.pop();
      // Here the person who sees the answer is the one who can mend what is behind it.
      if (failure !== undefined) throw failure;
      return response;
    },
    close: () => books.close(),
  };
}

/** A provider that is not set up right is the business of `serve` and `config check`. */
function usableProvider(settings: ProviderSettings): Provider[] {
  try {
    return [resolveProvider(settings).provider];
  } catch (error) {
    if (error instanceof ProviderConfigError) return [];
    throw error;
  }
}
