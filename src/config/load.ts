import { resolve } from 'node:path';
import type { AtelierConfig } from '../domain/settings.ts';
import type { VendorSummary } from '../domain/vendor-summary.ts';
import { checkValue } from './check-value.ts';
import { dotEnvPath, loadEnvironment } from './environment.ts';
import type { Environment, Variables } from './environment.ts';
import type { Layer, Origin } from './origin.ts';
import { ConfigError, placeOf } from './problem.ts';
import type { Problem } from './problem.ts';
import { draftProviders, finishProviders } from './providers.ts';
import { readEnvironmentSettings } from './read-environment-settings.ts';
import { readFileSettings } from './read-file-settings.ts';
import { checkTogether } from './rules.ts';
import { configFileVariable, settingEntries, settingsSchema, toConfig } from './schema.ts';
import { assemble } from './setting.ts';
import { readTextFile, shownPath } from './text-file.ts';
import { readYaml } from './yaml-file.ts';

export interface LoadOptions {
  /** Command line options; they count more than anything else. */
  argv?: {
    config?: string | undefined;
    port?: string | number | undefined;
    host?: string | undefined;
    dataDir?: string | undefined;
  };
  /** The process's environment, from `readEnvironment`. */
  env: Variables;
  /** Absolute; relative paths and the default files are found from here. */
  cwd: string;
  vendors: readonly VendorSummary[];
}

export interface LoadedConfig {
  config: AtelierConfig;
  /** Where each value came from, by setting path; a path that is not listed has its default. */
  origins: ReadonlyMap<string, Origin>;
  /** What works but is likely not meant: providers without a key, misspelt variables. */
  warnings: readonly Problem[];
  /** The file that was read, as shown to people; absent when there is none. */
  file?: string;
  /** Absolute paths of the files that decide the result, existing or not. */
  watched: readonly string[];
}

const defaultFile = 'config.yaml';

/**
 * Reads `.env` and the configuration file, and merges them with environment, command line and defaults.
 * Throws `ConfigError` with all problems at once. Changes nothing outside.
 */
export function loadConfig(options: LoadOptions): LoadedConfig {
  const { environment, problems } = loadEnvironment(options.env, options.cwd);
  const file = readConfigFile(options, environment);
  const argv = readArguments(options.argv ?? {});
  const fromEnvironment = readEnvironmentSettings(environment, options.vendors, new Set(argv.layer.keys()));
  // Later layers replace earlier ones.
  const layer: Layer = new Map([...file.layer, ...fromEnvironment.layer, ...argv.layer]);
  const { drafts, problems: draftProblems } = draftProviders({
    file: file.providers,
    environment: fromEnvironment.providers,
    vendors: options.vendors,
  });
  stopOn([...problems, ...file.problems, ...fromEnvironment.problems, ...argv.problems, ...draftProblems]);

  const settings = settingsSchema.parse(assemble(settingsSchema, '', (path) => layer.get(path)?.value));
  settings.dataDir = resolve(options.cwd, settings.dataDir);
  const merged = finishProviders(drafts, settings);
  const origins = new Map([...merged.origins, ...[...layer].map(([path, { origin }]) => [path, origin] as const)]);
  const originOf = (path: string): Origin => origins.get(path) ?? { kind: 'default' };
  const config = toConfig(settings, merged);
  stopOn([...merged.problems, ...checkTogether(config, originOf)]);

  return {
    config: deepFreeze(config),
    origins,
    warnings: [...file.warnings, ...fromEnvironment.warnings, ...merged.warnings],
    ...(file.shown === undefined ? {} : { file: file.shown }),
    watched: [file.path, dotEnvPath(options.cwd)],
  };
}

function stopOn(problems: Problem[]): void {
  if (problems.length > 0) throw new ConfigError(problems.toSorted(byPosition));
}

/** Those of the file in its order; the sort is stable, so the others stay where they are. */
function byPosition(left: Problem, right: Problem): number {
  return (left.line ?? 0) - (right.line ?? 0) || (left.column ?? 0) - (right.column ?? 0);
}

function readConfigFile(options: LoadOptions, environment: Environment) {
  const { name, origin } = chooseFile(options, environment);
  const path = resolve(options.cwd, name);
  const shown = shownPath(path, options.cwd);
  const text = readTextFile(path);
  const nothing = { path, layer: new Map(), providers: new Map(), problems: [], warnings: [], shown: undefined };
  if (text.kind === 'missing') {
    if (origin.kind === 'default') return { ...nothing, warnings: wrongExtension(options.cwd) };
    const suggestion = 'Correct the path, or leave it out to use ./config.yaml if there is one.';
    const problem = { ...placeOf(origin), path: '', message: `names ${shown}, which does not exist`, suggestion };
    return { ...nothing, problems: [problem] };
  }
  if (text.kind === 'unusable') return { ...nothing, problems: [{ file: shown, path: '', message: text.reason }] };
  const yaml = readYaml({ text: text.text, file: shown, valueOf: (variable) => environment.get(variable) });
  const settings = readFileSettings(yaml.root, shown);
  return { ...settings, path, shown, warnings: [], problems: [...yaml.problems, ...settings.problems] };
}

function chooseFile(options: LoadOptions, environment: Environment): { name: string; origin: Origin } {
  const fromArguments = options.argv?.config;
  if (fromArguments !== undefined) return { name: fromArguments, origin: { kind: 'option', flag: '--config' } };
  const fromEnvironment = environment.get(configFileVariable);
  if (fromEnvironment !== undefined && fromEnvironment !== '') {
    return { name: fromEnvironment, origin: environment.origin(configFileVariable) };
  }
  return { name: defaultFile, origin: { kind: 'default' } };
}

function wrongExtension(cwd: string): Problem[] {
  if (readTextFile(resolve(cwd, 'config.yml')).kind === 'missing') return [];
  const suggestion = 'Rename it to config.yaml, or start with --config config.yml';
  return [{ file: 'config.yml', path: '', message: 'is not read', suggestion }];
}

const argumentPaths = { port: 'server.port', host: 'server.host', dataDir: 'data_dir' } as const;
const argumentFlags = { port: '--port', host: '--host', dataDir: '--data-dir' } as const;

function readArguments(argv: NonNullable<LoadOptions['argv']>): { layer: Layer; problems: Problem[] } {
  const layer: Layer = new Map();
  const problems = (['port', 'host', 'dataDir'] as const).flatMap((name) => {
    const value = argv[name];
    const path = argumentPaths[name];
    const schema = settingEntries.find((entry) => entry.path === path)?.schema;
    if (value === undefined || schema === undefined) return [];
    const origin: Origin = { kind: 'option', flag: argumentFlags[name] };
    layer.set(path, { value, origin });
    return checkValue({ path, schema, value, originOf: () => origin });
  });
  return { layer, problems };
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value;
  for (const child of Object.values(value)) deepFreeze(child);
  return Object.freeze(value);
}
