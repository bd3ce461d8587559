import { protocols } from '../domain/protocol.ts';
import type { Protocol } from '../domain/protocol.ts';
import type { Endpoint, ModelList, Provider, ProviderQuirks, ProviderSettings } from '../domain/provider.ts';
import { authHeaders, readKey } from './credentials.ts';
import { locate } from './location.ts';
import { ProviderConfigError } from './provider-config-error.ts';
import type { ProviderWarning } from './provider-config-error.ts';
import { findVendor, vendors } from './vendors/index.ts';
import type { Location, Vendor } from './vendors/vendor.ts';

export interface ResolvedProvider {
  provider: Provider;
  warnings: ProviderWarning[];
}

/** Headers that belong to the connection or to the body that is sent, so that no setting may replace them. */
const reservedHeaders = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'upgrade',
  'expect',
  'te',
  'trailer',
]);

/**
 * Makes a provider ready from its settings, by its vendor's data: endpoints with auth, model list, quirks.
 * Throws ProviderConfigError for what cannot work, with the cause and what to do.
 */
export function resolveProvider(settings: ProviderSettings): ResolvedProvider {
  const vendor = requireVendor(settings);
  const key = readKey(settings, vendor);
  const location = locate(vendor, settings);
  const extra = readExtraHeaders(settings);
  const endpoints: Partial<Record<Protocol, Endpoint>> = {};
  for (const protocol of protocols) {
    const endpoint = toEndpoint(vendor, location, { protocol, key, extra });
    if (endpoint) endpoints[protocol] = endpoint;
  }
  if (Object.keys(endpoints).length === 0) {
    throw new ProviderConfigError({
      provider: settings.name,
      message: `The base URL names a protocol that ${vendor.title} does not speak.`,
      fix: 'Give the base URL without the path of a call, or choose another vendor.',
      settings: ['base_url'],
    });
  }
  const modelList = toModelList(vendor, location, { key, extra });
  const catalogued = location.models ?? vendor.models?.() ?? [];
  const priceScope = vendor.priceScope?.(location.root.origin);
  const provider: Provider = {
    name: settings.name,
    vendor: vendor.id,
    endpoints,
    ...(modelList && { modelList }),
    staticModels: modelList ? [...settings.models] : combineModels(settings, catalogued),
    modelsMode: settings.modelsMode,
    quirks: quirksAt(vendor, location),
    timeouts: settings.timeouts,
    ...planOf(settings, location),
    ...(vendor.serves && { serves: vendor.serves }),
    ...(vendor.catalogued && { catalogued: true }),
    ...(vendor.standIn && { standIn: true }),
    ...(priceScope && { priceScope }),
  };
  return {
    provider,
    warnings: [...location.warnings, ...planWarnings(settings, location), ...modelWarnings(settings)],
  };
}

function planOf(
  { planEdition, planSince }: ProviderSettings,
  { plan }: Location,
): Pick<Provider, 'plan' | 'planEdition' | 'planSince'> {
  if (plan === undefined) return {};
  return {
    plan,
    ...(plan === 'coding' && planEdition && { planEdition }),
    ...((plan === 'coding' || plan === 'token') && planSince !== undefined && { planSince }),
  };
}

/** The base URL may say another plan than was thought of: the settings then mean nothing. */
function planWarnings({ planEdition, planSince }: ProviderSettings, { plan }: Location): ProviderWarning[] {
  const warnings: ProviderWarning[] = [];
  if (planEdition !== undefined && plan !== 'coding') {
    const message = 'plan_edition is without effect: only the Coding Plan has a Lite and a Pro edition.';
    warnings.push({ message, settings: ['plan_edition'] });
  }
  if (planSince !== undefined && plan !== 'coding' && plan !== 'token') {
    const message = 'plan_since is without effect: the key is on no Coding or Token Plan.';
    warnings.push({ message, settings: ['plan_since'] });
  }
  return warnings;
}

function requireVendor(settings: ProviderSettings): Vendor {
  const vendor = findVendor(settings.vendor);
  if (vendor) return vendor;
  throw new ProviderConfigError({
    provider: settings.name,
    message: `There is no vendor ${JSON.stringify(settings.vendor.slice(0, 40))}.`,
    fix: `Use one of ${vendors.map(({ id }) => id).join(', ')}.`,
    settings: ['type'],
  });
}

interface EndpointParts {
  protocol: Protocol;
  key: string | undefined;
  extra: Record<string, string>;
}

function toEndpoint(vendor: Vendor, location: Location, { protocol, key, extra }: EndpointParts): Endpoint | undefined {
  const surface = vendor.surfaces[protocol];
  const base = location.bases[protocol];
  if (!surface || base === undefined) return undefined;
  const pathOf = (call: string): string => withQuery(location.root.prefix + base + call, location.query);
  const embeds = protocol === 'openai-chat' && surface.embeddings !== false && location.embeds !== false;
  return {
    protocol,
    origin: location.root.origin,
    path: pathOf(surface.call),
    ...(embeds && { embeddingsPath: pathOf('/embeddings') }),
    headers: { ...surface.headers, ...authHeaders(surface.auth, key), ...extra },
  };
}

function toModelList(
  vendor: Vendor,
  location: Location,
  { key, extra }: Pick<EndpointParts, 'key' | 'extra'>,
): ModelList | undefined {
  const facts = vendor.modelList;
  if (!facts || location.listsModels === false) return undefined;
  const surface = facts.surface && vendor.surfaces[facts.surface];
  const base = facts.surface ? location.bases[facts.surface] : '';
  if (base === undefined) return undefined;
  return {
    origin: location.root.origin,
    path: withQuery(location.root.prefix + base + facts.path, location.query),
    headers: { ...surface?.headers, ...authHeaders(surface?.auth ?? 'bearer', key), ...extra },
    shape: facts.shape,
    ...(facts.idPrefix !== undefined && { idPrefix: facts.idPrefix }),
  };
}

function withQuery(path: string, query: string): string {
  if (query === '') return path;
  return path.includes('?') ? `${path}&${query.slice(1)}` : path + query;
}

function quirksAt({ root, regions, quirks, quirksElsewhere }: Vendor, location: Location): ProviderQuirks {
  const own = [root, ...Object.values(regions ?? {})].some((address) => address?.origin === location.root.origin);
  return own ? quirks : (quirksElsewhere ?? quirks);
}

/** Without a list to ask, the catalogue stands for the discovered models. */
function combineModels({ models, modelsMode }: ProviderSettings, catalogued: readonly string[]): string[] {
  if (modelsMode === 'allowlist') return [...models];
  if (modelsMode === 'fallback') return models.length > 0 ? [...models] : [...catalogued];
  return [...new Set([...catalogued, ...models])];
}

function modelWarnings({ models, modelsMode }: ProviderSettings): ProviderWarning[] {
  if (modelsMode !== 'allowlist' || models.length > 0) return [];
  const message =
    'The models mode is allowlist and no models are configured: only names with the provider in front reach it.';
  return [{ message, settings: ['models_mode'] }];
}

function readExtraHeaders({ name: provider, headers }: ProviderSettings): Record<string, string> {
  const extra: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const lower = name.toLowerCase();
    // The value may be a secret, so only the name is ever shown.
    if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(lower) || /[^\t\x20-\x7e\x80-\xff]/.test(value)) {
      throw new ProviderConfigError({
        provider,
        message: `The header ${JSON.stringify(name.slice(0, 60))} is not one that can be sent.`,
        fix: 'A header name has letters, digits and dashes; its value is one line.',
        settings: ['headers'],
      });
    }
    if (reservedHeaders.has(lower)) {
      throw new ProviderConfigError({
        provider,
        message: `The header ${lower} cannot be set: it belongs to the connection.`,
        fix: `Take ${lower} out of the headers of the provider.`,
        settings: ['headers'],
      });
    }
    extra[lower] = value;
  }
  return extra;
}
