import { stringify } from 'yaml';
import type { ProviderSettings } from '../domain/provider.ts';
import { hideUrlSecrets, maskSecret } from './display.ts';
import type { LoadedConfig } from './load.ts';
import { describeOrigin } from './origin.ts';
import type { Origin } from './origin.ts';
import { providersKey, settingsSchema } from './schema.ts';
import { providerSchema } from './sections/provider.ts';
import { isSection, joinPath, metaOf, valueAt, yamlKey } from './setting.ts';
import type { ObjectSchema } from './setting.ts';

/**
 * The effective configuration as YAML, each value with its origin as a comment, secrets masked. Settings that have
 * no value stand as comments.
 */
export function printConfig(loaded: LoadedConfig): string {
  const lines = sectionLines(settingsSchema, { value: loaded.config, path: '', depth: 0, loaded });
  return [...lines, ...providerLines(loaded)].map(render(widthOf(lines))).join('');
}

interface Line {
  text: string;
  comment?: string;
}

interface Place {
  value: unknown;
  path: string;
  depth: number;
  loaded: LoadedConfig;
}

function sectionLines(schema: ObjectSchema, place: Place): Line[] {
  return Object.entries(schema.shape).flatMap(([name, child]) => {
    const key = yamlKey(name, child);
    const path = joinPath(place.path, key);
    const value = valueAt(place.value, [name]);
    const inner = { ...place, value, path, depth: place.depth + 1 };
    if (isSection(child)) return [{ text: `${indent(place.depth)}${key}:` }, ...sectionLines(child, inner)];
    const { secret = false, written = (same: unknown) => same } = metaOf(child);
    return [valueLine(key, { ...inner, value: written(value), depth: place.depth }, secret)];
  });
}

function providerLines(loaded: LoadedConfig): Line[] {
  const { providers } = loaded.config;
  if (providers.length === 0) return [{ text: `${providersKey}: {}`, comment: 'none configured' }];
  return [{ text: `${providersKey}:` }, ...providers.flatMap((provider) => oneProvider(provider, loaded))];
}

function oneProvider(provider: ProviderSettings, loaded: LoadedConfig): Line[] {
  const { name, vendor, ...settings } = provider;
  const path = joinPath(providersKey, name);
  const lines = sectionLines(providerSchema, { value: { type: vendor, ...settings }, path, depth: 2, loaded });
  return [{ text: `${indent(1)}${name}:` }, ...lines];
}

function valueLine(key: string, place: Place, secret: boolean): Line {
  const { value, path, depth } = place;
  if (value === undefined) return { text: `${indent(depth)}# ${key}:`, comment: 'not set' };
  const comment = describeOrigin(originOf(place.loaded, path));
  return { text: `${indent(depth)}${key}: ${shown(value, secret)}`, comment };
}

/** A provider's timeouts and models mode come from the general settings where it has none of its own. */
function originOf({ origins }: LoadedConfig, path: string): Origin {
  const general = /^providers\.[^/]+?\.((?:timeouts\.\w+)|models_mode)$/.exec(path)?.[1];
  return origins.get(path) ?? (general === undefined ? undefined : origins.get(general)) ?? { kind: 'default' };
}

function shown(value: unknown, secret: boolean): string {
  const masked = secret ? mask(value) : typeof value === 'string' ? hideUrlSecrets(value) : value;
  return stringify(masked, { collectionStyle: 'flow', lineWidth: 0 }).trimEnd();
}

function mask(value: unknown): unknown {
  if (typeof value === 'string') return maskSecret(value);
  if (typeof value !== 'object' || value === null) return '****';
  return Object.fromEntries(Object.keys(value).map((key) => [key, '****']));
}

function render(width: number): (line: Line) => string {
  return ({ text, comment }) => (comment === undefined ? `${text}\n` : `${text.padEnd(width)}  # ${comment}\n`);
}

/** Comments stand in one column, except behind lines that are much longer than the others. */
function widthOf(lines: Line[]): number {
  return Math.min(48, Math.max(...lines.map(({ text }) => text.length)));
}

function indent(depth: number): string {
  return '  '.repeat(depth);
}
