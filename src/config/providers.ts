import type { ProviderSettings } from '../domain/provider.ts';
import { settingsOfOption, vendorOptions } from '../domain/vendor-summary.ts';
import type { VendorSummary } from '../domain/vendor-summary.ts';
import { displayValue } from './display.ts';
import { leadsTo } from './loopback.ts';
import { nearest } from './nearest.ts';
import type { Candidate, Layer, Origin } from './origin.ts';
import { placeOf } from './problem.ts';
import type { Problem } from './problem.ts';
import type { EnvironmentProvider } from './read-environment-settings.ts';
import type { FileProvider } from './read-file-settings.ts';
import { providersKey } from './schema.ts';
import type { Settings } from './schema.ts';
import { providerSchema } from './sections/provider.ts';
import { assemble, joinPath, settingsOf, yamlKey } from './setting.ts';
import { variableOf, vendorOfName } from './vendor-names.ts';

export interface ProviderSources {
  file: ReadonlyMap<string, FileProvider>;
  environment: ReadonlyMap<string, EnvironmentProvider>;
  vendors: readonly VendorSummary[];
}

export interface ProvidersResult {
  providers: ProviderSettings[];
  /** Without a key: used when one is stored. */
  unkeyed: ProviderSettings[];
  /** By setting path, for the settings that a source gave. */
  origins: Map<string, Origin>;
  problems: Problem[];
  /** Providers that are left out, and why. */
  warnings: Problem[];
}

/** A provider whose sources are merged and whose vendor is known. */
export interface ProviderDraft {
  name: string;
  path: string;
  vendor: VendorSummary;
  origin: Origin;
  layer: Layer;
  inFile: boolean;
}

/** Merges what file and environment say of each provider, the environment first, and finds the vendors. */
export function draftProviders(sources: ProviderSources): { drafts: ProviderDraft[]; problems: Problem[] } {
  const problems: Problem[] = [];
  const names = new Set([...sources.file.keys(), ...sources.environment.keys()]);
  const drafts = [...names].flatMap((name) => draftOf(name, sources, problems) ?? []);
  return { drafts, problems: [...problems, ...drafts.flatMap(unfitOptions)] };
}

/** The finished settings of the providers that can be used, and why the others cannot. */
export function finishProviders(drafts: readonly ProviderDraft[], settings: Settings): ProvidersResult {
  const result: ProvidersResult = { providers: [], unkeyed: [], origins: new Map(), problems: [], warnings: [] };
  for (const draft of drafts) {
    const obstacle = loopBack(draft, settings) ?? whatIsMissing(draft);
    if (obstacle !== undefined) {
      result[obstacle.severity].push(obstacle.problem);
      if (obstacle.lacksKey) result.unkeyed.push(toSettings(draft, settings));
      continue;
    }
    result.providers.push(toSettings(draft, settings));
    for (const [path, candidate] of draft.layer) result.origins.set(path, candidate.origin);
  }
  return result;
}

function draftOf(name: string, sources: ProviderSources, problems: Problem[]): ProviderDraft | undefined {
  const file = sources.file.get(name);
  const fromEnvironment = sources.environment.get(name);
  const path = joinPath(providersKey, name);
  const layer: Layer = new Map([...(file?.layer ?? []), ...(fromEnvironment?.layer ?? [])]);
  const [first] = layer.values();
  const origin = file?.origin ?? first?.origin ?? { kind: 'default' };
  const type = layer.get(`${path}.type`);
  const vendor =
    type === undefined
      ? vendorOfName(name, sources.vendors)
      : sources.vendors.find(({ id }) => id === type.value || sameName(id, type.value));
  if (vendor !== undefined) return { name, path, vendor, origin, layer, inFile: file !== undefined };
  problems.push(unknownVendor({ name, path, origin }, type, sources.vendors));
  return undefined;
}

function sameName(id: string, value: unknown): boolean {
  return typeof value === 'string' && value.toLowerCase().replaceAll('_', '-') === id;
}

function unknownVendor(
  provider: { name: string; path: string; origin: Origin },
  type: Candidate | undefined,
  vendors: readonly VendorSummary[],
): Problem {
  const ids = vendors.map(({ id }) => id);
  const meant = nearest(typeof type?.value === 'string' ? type.value : provider.name, ids);
  const advice = meant === undefined ? '' : `Did you mean "${meant}"? `;
  const suggestion = `${advice}Known: ${ids.join(', ')}.`;
  if (type === undefined) {
    const message = `needs a type, since "${provider.name}" is not the name of a vendor`;
    return { ...placeOf(provider.origin), path: provider.path, message, suggestion };
  }
  const badValue = displayValue(type.value, false);
  return {
    ...placeOf(type.origin),
    path: `${provider.path}.type`,
    message: 'must be a known vendor',
    badValue,
    suggestion,
  };
}

/** Settings that this vendor has no meaning for: better refused than quietly without effect. */
function unfitOptions(draft: ProviderDraft): Problem[] {
  const understood = draft.vendor.options;
  if (understood === undefined) return [];
  const unfit = vendorOptions.filter((option) => !understood.includes(option));
  return unfit
    .flatMap((option) => settingsOfOption[option])
    .flatMap((name) => {
      const path = joinPath(draft.path, yamlKey(name, providerSchema.shape[name]));
      const candidate = draft.layer.get(path);
      if (candidate === undefined) return [];
      const message = `has no meaning for ${draft.vendor.title}`;
      return [{ ...placeOf(candidate.origin), path, message, suggestion: 'Take it out, or correct the type.' }];
    });
}

/** Why a provider is not used, and whether that stops the start. */
interface Obstacle {
  severity: 'problems' | 'warnings';
  problem: Problem;
  /** Only the key is missing. */
  lacksKey?: boolean;
}

/** A base URL that is this gateway: each request would come back for ever. */
function loopBack(draft: ProviderDraft, settings: Settings): Obstacle | undefined {
  const path = `${draft.path}.base_url`;
  const candidate = draft.layer.get(path);
  if (typeof candidate?.value !== 'string' || !leadsTo(settings.server, candidate.value)) return undefined;
  const message = 'is the address of this gateway itself';
  const problem = { ...placeOf(candidate.origin), path, message };
  if (candidate.origin.kind === 'file') {
    return {
      severity: 'problems',
      problem: { ...problem, suggestion: 'Give the address of the provider, or take it out.' },
    };
  }
  // Agents find the gateway by the same variable, so it is often set for them in the same shell: no reason to stop.
  const suggestion = `It was likely set for a client, so ${draft.name} is left out. Unset it here to use the provider.`;
  return { severity: 'warnings', problem: { ...problem, suggestion } };
}

/** A key that is not there is no mistake, so the start goes on without the provider. */
function whatIsMissing(draft: ProviderDraft): Obstacle | undefined {
  const { vendor, layer, path, name, inFile } = draft;
  const place = placeOf(draft.origin);
  if (vendor.needsKey && !layer.has(`${path}.api_key`)) {
    const variable = variableOf(name, vendor, 'API_KEY');
    const setIt = variable === undefined ? 'Set its api_key' : `Set ${variable}${inFile ? ' or its api_key' : ''}`;
    const message = 'has no API key and is left out, unless one is stored';
    const suggestion = `${setIt}, or take the provider out.`;
    return { severity: 'warnings', problem: { ...place, path, message, suggestion }, lacksKey: true };
  }
  if (
    vendor.defaultBaseUrl === undefined &&
    !vendor.needsKey &&
    vendor.embedded !== true &&
    !layer.has(`${path}.base_url`)
  ) {
    const variable = variableOf(name, vendor, 'BASE_URL');
    const setIt = variable === undefined ? 'Set its base_url' : `Set ${variable}${inFile ? ' or its base_url' : ''}`;
    const message = 'has no base URL and is left out';
    const suggestion = `${setIt}: ${vendor.title} has no usual address.`;
    return { severity: 'warnings', problem: { ...place, path, message, suggestion } };
  }
  return undefined;
}

function toSettings(draft: ProviderDraft, settings: Settings): ProviderSettings {
  const parsed = providerSchema.parse(assemble(providerSchema, draft.path, (path) => draft.layer.get(path)?.value));
  const { type: _type, modelsMode, timeouts, headers, ...rest } = parsed;
  return {
    ...rest,
    name: draft.name,
    vendor: draft.vendor.id,
    models: [...new Set(rest.models)],
    modelsMode: modelsMode ?? settings.modelsMode,
    timeouts: { ...settings.timeouts, ...timeouts },
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
  };
}

/** The settings of a provider with their paths, for printing. */
export function providerEntries(name: string) {
  return settingsOf(providerSchema, joinPath(providersKey, name));
}
