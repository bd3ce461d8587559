import { existsSync } from 'node:fs';
import { controlDependencies } from '../app/control.ts';
import { openBooks, openOffice } from '../app/governance.ts';
import type { AtelierConfig } from '../domain/settings.ts';
import { createControl } from '../server/admin/control.ts';
import { sqliteFile } from '../store/sql/sqlite-file.ts';
import { createLog } from '../telemetry/log.ts';
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
  const providers = () => config.providers.map((settings) => resolveProvider(settings).provider);
  const dependencies = controlDependencies({ office, providers, errors, log });
  const control = createControl(() => ({
    ...dependencies,
    // Who may open the folder is its administrator; a key is sent only to say whose account is meant.
    identify: (headers, presentation) =>
      headers['authorization'] === undefined
        ? Promise.resolve({ kind: 'admin', id: 'cli' })
        : dependencies.identify(headers, presentation),
    unexpected: (error) => {
      throw error;
    },
  }));
  return { fetch: (request) => control.fetch(request), close: () => books.close() };
}
