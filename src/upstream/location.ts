import { protocols } from '../domain/protocol.ts';
import type { Protocol } from '../domain/protocol.ts';
import type { ProviderSettings } from '../domain/provider.ts';
import { settingsOfOption, vendorOptions } from '../domain/vendor-summary.ts';
import type { VendorOption } from '../domain/vendor-summary.ts';
import { isLocal, parseBaseUrl } from './base-url.ts';
import type { BaseUrl } from './base-url.ts';
import { envName, ProviderConfigError } from './provider-config-error.ts';
import type { JudgedSetting, ProviderWarning } from './provider-config-error.ts';
import { defaultBase } from './vendors/vendor.ts';
import type { Location, Root, Surfaces, Vendor } from './vendors/vendor.ts';

/**
 * Where a provider is, from its base URL or region, by the vendor's data.
 * Throws ProviderConfigError for settings that the vendor does not have.
 */
export function locate(vendor: Vendor, settings: ProviderSettings): Location {
  if (vendor.locate) return vendor.locate(settings);
  refuseForeignOptions(vendor, settings);
  if (settings.baseUrl !== undefined) {
    if (settings.region !== undefined) throw baseUrlAndRegion(settings.name);
    return locateBaseUrl(vendor, parseBaseUrl(settings.baseUrl, settings.name));
  }
  const root = settings.region === undefined ? vendor.root : regionRoot(vendor, settings.name, settings.region);
  if (!root) {
    throw new ProviderConfigError({
      provider: settings.name,
      message: `${vendor.title} needs a base URL.`,
      fix: `Set ${envName(settings.name, 'BASE_URL')}, or base_url of the provider in config.yaml.`,
      settings: ['base_url'],
    });
  }
  return { root, bases: defaultBases(vendor.surfaces), query: '', warnings: [] };
}

/** The base of each protocol when nothing else is said. */
export function defaultBases(surfaces: Surfaces): Partial<Record<Protocol, string>> {
  const bases: Partial<Record<Protocol, string>> = {};
  for (const protocol of protocols) {
    const surface = surfaces[protocol];
    if (surface) bases[protocol] = defaultBase(surface);
  }
  return bases;
}

/** What is needed of a vendor to place a base URL. */
export type Placeable = Pick<Vendor, 'title' | 'root' | 'regions' | 'surfaces'>;

/**
 * Where a base URL points: a base that the vendor is known to have is taken off, so that its other protocols are found
 * beside it; the vendor's own bare host is completed; anything else is used as it is, for one protocol.
 */
export function locateBaseUrl(vendor: Placeable, url: BaseUrl): Location {
  const { origin, path, query } = url;
  const warnings = isPlainHttp(url)
    ? [aboutBaseUrl('The base URL is plain http: keys and prompts travel unencrypted.')]
    : [];
  const bases = defaultBases(vendor.surfaces);
  const known = matchBase(vendor.surfaces, url);
  if (known) {
    bases[known.protocol] = known.base;
    return { root: { origin, prefix: known.prefix }, bases, query, warnings };
  }
  const own = [vendor.root, ...Object.values(vendor.regions ?? {})].find((root) => root?.origin === origin);
  if (own && path === '') return { root: own, bases, query, warnings };
  const takesRoot = Object.values(vendor.surfaces).some(({ bases: [base] }) => base === '');
  if (!url.called && (path === '' || takesRoot)) return { root: { origin, prefix: path }, bases, query, warnings };
  return literalLocation(vendor, url, warnings);
}

interface KnownBase {
  protocol: Protocol;
  base: string;
  prefix: string;
}

/** The longest known base that the path ends with; Anthropic bases are also given with the `/v1` that belongs to the call. */
function matchBase(surfaces: Surfaces, { path, called }: BaseUrl): KnownBase | undefined {
  let best: { known: KnownBase; length: number } | undefined;
  for (const protocol of protocols) {
    if (called !== undefined && called !== protocol) continue;
    for (const base of surfaces[protocol]?.bases ?? []) {
      const endings = protocol === 'anthropic-messages' ? [base, `${base}/v1`] : [base];
      for (const ending of endings) {
        if (ending === '' || !path.endsWith(ending) || ending.length <= (best?.length ?? 0)) continue;
        best = { known: { protocol, base, prefix: path.slice(0, -ending.length) }, length: ending.length };
      }
    }
  }
  return best?.known;
}

/** A base URL taken to the letter can stand for one protocol only: the one it names, else the vendor's first. */
function literalLocation({ title, surfaces }: Placeable, url: BaseUrl, warnings: ProviderWarning[]): Location {
  const spoken = protocols.filter((protocol) => surfaces[protocol]);
  const protocol = url.called ? spoken.find((candidate) => candidate === url.called) : spoken[0];
  if (protocol && spoken.length > 1) {
    const only = `only ${protocol} is used there`;
    warnings.push(aboutBaseUrl(`The base URL does not end in a path that ${title} is known to have: ${only}.`));
  }
  const bases = protocol ? { [protocol]: '' } : {};
  return { root: { origin: url.origin, prefix: url.path }, bases, query: url.query, warnings };
}

function isPlainHttp({ origin, hostname }: BaseUrl): boolean {
  return origin.startsWith('http:') && !isLocal(hostname);
}

function regionRoot(vendor: Vendor, provider: string, region: string): Root | undefined {
  const root = vendor.regions?.[region];
  if (root) return root;
  throw new ProviderConfigError({
    provider,
    message: `${vendor.title} has no region ${JSON.stringify(region.slice(0, 40))}.`,
    fix: `Use one of ${Object.keys(vendor.regions ?? {}).join(', ')}.`,
    settings: ['region'],
  });
}

const yamlOfOption: Readonly<Record<VendorOption, readonly JudgedSetting[]>> = {
  region: ['region'],
  workspace: ['workspace'],
  plan: ['plan', 'plan_edition', 'plan_since'],
};

function refuseForeignOptions(vendor: Vendor, settings: ProviderSettings): void {
  for (const option of vendorOptions) {
    if (vendor.options?.includes(option) || settingsOfOption[option].every((name) => settings[name] === undefined))
      continue;
    throw new ProviderConfigError({
      provider: settings.name,
      message: `${vendor.title} has no setting ${option}.`,
      fix: `Take ${option} out of the provider ${settings.name}.`,
      settings: yamlOfOption[option],
    });
  }
}

/** A warning that the base URL gives rise to. */
export function aboutBaseUrl(message: string): ProviderWarning {
  return { message, settings: ['base_url'] };
}

/** Two settings that say where the provider is. */
export function baseUrlAndRegion(provider: string): ProviderConfigError {
  return new ProviderConfigError({
    provider,
    message: 'Both a base URL and a region are given.',
    fix: 'Keep one of them: the base URL already says where the provider is.',
    settings: ['base_url', 'region'],
  });
}
