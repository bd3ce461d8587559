import type { ProviderSettings } from '../domain/provider.ts';
import type { AtelierConfig } from '../domain/settings.ts';
import type { SecretAdmin } from '../governance/secret-admin.ts';
import { findVendor } from '../upstream/vendors/index.ts';

/**
 * The providers of a configuration, those included whose key is stored in the database: configured ones that lack a key, and
 * vendors that are not configured at all but have a key under their own name. A configured key counts more than a stored one.
 */
export async function withStoredKeys(
  config: AtelierConfig,
  secrets: Pick<SecretAdmin, 'names' | 'open'>,
): Promise<AtelierConfig> {
  const names = await secrets.names();
  const stored: ProviderSettings[] = [];
  for (const name of names) {
    const settings = settingsFor(name, config);
    const apiKey = settings && (await secrets.open(name));
    if (settings && apiKey !== undefined) stored.push({ ...settings, apiKey });
  }
  return stored.length === 0 ? config : { ...config, providers: [...config.providers, ...stored] };
}

function settingsFor(name: string, config: AtelierConfig): ProviderSettings | undefined {
  if (config.providers.some((provider) => provider.name === name)) return undefined;
  const configured = config.unkeyedProviders.find((provider) => provider.name === name);
  if (configured) return configured;
  const vendor = findVendor(name);
  if (!vendor) return undefined;
  return { name, vendor: vendor.id, models: [], modelsMode: config.modelsMode, headers: {}, timeouts: config.timeouts };
}
