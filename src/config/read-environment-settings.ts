import type { VendorSummary } from '../domain/vendor-summary.ts';
import { checkValue } from './check-value.ts';
import type { Environment } from './environment.ts';
import { editDistance } from './nearest.ts';
import type { Layer, Origin } from './origin.ts';
import { placeOf } from './problem.ts';
import type { Problem } from './problem.ts';
import { configFileVariable, providersKey, settingEntries } from './schema.ts';
import { providerSchema } from './sections/provider.ts';
import { joinPath, settingsOf } from './setting.ts';
import type { SettingEntry } from './setting.ts';
import { variablePrefix } from './vendor-names.ts';

/** A provider as the environment has it. */
export interface EnvironmentProvider {
  vendor: string;
  layer: Layer;
}

export interface EnvironmentSettings {
  layer: Layer;
  /** In the order of the vendors; of one vendor the plain name before the suffixed ones, those by name. */
  providers: Map<string, EnvironmentProvider>;
  problems: Problem[];
  warnings: Problem[];
}

/** Settings of the environment. Variables of `overridden` settings are not even looked at. */
export function readEnvironmentSettings(
  environment: Environment,
  vendors: readonly VendorSummary[],
  overridden: ReadonlySet<string>,
): EnvironmentSettings {
  const result: EnvironmentSettings = { layer: new Map(), providers: new Map(), problems: [], warnings: [] };
  for (const entry of settingEntries) {
    if (entry.meta.env === undefined || overridden.has(entry.path)) continue;
    readVariable(
      { name: entry.meta.env, path: entry.path, schema: entry.schema, into: result.layer },
      environment,
      result,
    );
  }
  for (const found of providerVariables(environment, vendors)) readProviderVariable(found, environment, result);
  result.warnings.push(...misspelt(environment), ...misspeltVendors(environment, vendors));
  return result;
}

interface Variable {
  name: string;
  path: string;
  schema: SettingEntry['schema'];
  into: Layer;
}

function readVariable(variable: Variable, environment: Environment, result: EnvironmentSettings): void {
  const { name, path, schema, into } = variable;
  const value = environment.get(name)?.trim();
  if (value === undefined || value === '') return;
  const origin: Origin = environment.origin(name);
  const problems = checkValue({ path, schema, value, originOf: () => origin });
  result.problems.push(...problems);
  if (problems.length === 0) into.set(path, { value, origin });
}

interface ProviderVariable {
  name: string;
  vendor: VendorSummary;
  provider: string;
  /** The setting's entry, its path relative to the provider. */
  entry: SettingEntry;
}

const providerEntries = settingsOf(providerSchema).filter((entry) => entry.meta.envSuffix !== undefined);

function readProviderVariable(found: ProviderVariable, environment: Environment, result: EnvironmentSettings): void {
  const path = joinPath(joinPath(providersKey, found.provider), found.entry.path);
  const provider = result.providers.get(found.provider) ?? { vendor: found.vendor.id, layer: new Map() };
  // The vendor's own prefix comes before its aliases, so what is already there counts more.
  if (provider.layer.has(path)) return;
  if (found.entry.path === 'models' && looksLikePath(environment.get(found.name))) {
    const message =
      'is a path and so not a list of models; it is ignored here (Ollama keeps its model folder in this variable)';
    result.warnings.push({ ...placeOf(environment.origin(found.name)), path, message });
    return;
  }
  readVariable({ name: found.name, path, schema: found.entry.schema, into: provider.layer }, environment, result);
  if (provider.layer.size > 0) result.providers.set(found.provider, provider);
}

/** The variables that set something of a provider, in the order in which they count. */
function providerVariables(environment: Environment, vendors: readonly VendorSummary[]): ProviderVariable[] {
  const prefixes = vendors.flatMap((vendor, order) =>
    [variablePrefix(vendor.id), ...vendor.aliases].map((prefix, rank) => ({ vendor, prefix, order, rank })),
  );
  const longestFirst = prefixes.toSorted((left, right) => right.prefix.length - left.prefix.length);
  const found = environment.names.flatMap((name) => {
    const entry = providerEntries.find(({ meta }) => name.endsWith(`_${meta.envSuffix}`));
    if (entry === undefined) return [];
    const head = name.slice(0, -(entry.meta.envSuffix ?? '').length - 1);
    const match = longestFirst.find(({ prefix }) => head === prefix || head.startsWith(`${prefix}_`));
    if (match === undefined) return [];
    const suffix = head.slice(match.prefix.length).toLowerCase().replaceAll('_', '-');
    if (!/^(-[a-z0-9]+)*$/.test(suffix) || suffix.length > 40) return [];
    return [{ name, entry, suffix, ...match, provider: match.vendor.id + suffix }];
  });
  return found.toSorted(
    (left, right) => left.order - right.order || compare(left.suffix, right.suffix) || left.rank - right.rank,
  );
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function looksLikePath(value: string | undefined): boolean {
  return value !== undefined && /^([/~]|[a-z]:\\)/i.test(value.trim());
}

/** Variables of ours that are nearly, but not quite, spelt right. Others may belong to somebody else. */
function misspelt(environment: Environment): Problem[] {
  const known = [configFileVariable, ...settingEntries.flatMap(({ meta }) => meta.env ?? [])];
  return environment.names.flatMap((name) => {
    if (!name.startsWith('ATELIER_') || known.includes(name)) return [];
    const meant = known.find((candidate) => editDistance(name, candidate) <= 2);
    return meant === undefined ? [] : [ignored(environment, name, meant)];
  });
}

/** The shortest vendor name whose misspellings are looked for: shorter ones are too near to those of others. */
const shortestPrefix = 6;

/** Keys and addresses of a vendor that is nearly one of ours: without a word the sandbox would answer in its place. */
function misspeltVendors(environment: Environment, vendors: readonly VendorSummary[]): Problem[] {
  const prefixes = vendors.flatMap(({ id, aliases }) => [variablePrefix(id), ...aliases]);
  const long = prefixes.filter(({ length }) => length >= shortestPrefix);
  return environment.names.flatMap((name) => {
    const [, head = '', suffix = ''] = /^([A-Z]+)_(API_KEY|BASE_URL)$/.exec(name) ?? [];
    if (head === '' || prefixes.includes(head)) return [];
    const meant = long.find((prefix) => editDistance(head, prefix) === 1);
    return meant === undefined ? [] : [ignored(environment, name, `${meant}_${suffix}`)];
  });
}

function ignored(environment: Environment, name: string, meant: string): Problem {
  return {
    ...placeOf(environment.origin(name)),
    path: '',
    message: 'is not a setting and is ignored',
    suggestion: `Did you mean ${meant}?`,
  };
}
