import { loadConfig } from '../config/load.ts';
import type { LoadedConfig } from '../config/load.ts';
import { ConfigError, placeOf } from '../config/problem.ts';
import type { Problem } from '../config/problem.ts';
import { ProviderConfigError } from '../upstream/provider-config-error.ts';
import { resolveProvider } from '../upstream/providers.ts';
import { vendorSummaries } from '../upstream/vendors/index.ts';
import type { CliContext } from './context.ts';
import type { ConfigOptions } from './options.ts';

/**
 * The configuration, with each provider also judged by its vendor: a key of the wrong kind for its host is found here
 * and not by the first call. Throws ConfigError.
 */
export function loadChecked(context: CliContext, options: ConfigOptions): LoadedConfig {
  const { cwd, env } = context;
  const loaded = loadConfig({ argv: options, cwd, env, vendors: vendorSummaries() });
  const problems: Problem[] = [];
  const warnings: Problem[] = [];
  for (const provider of loaded.config.providers) {
    const place = placeOfProvider(loaded, provider.name);
    try {
      warnings.push(...resolveProvider(provider).warnings.map((message) => ({ ...place, message })));
    } catch (error) {
      if (!(error instanceof ProviderConfigError)) throw error;
      const own = error.setting === undefined ? place : placeOfProvider(loaded, provider.name, error.setting);
      problems.push({ ...own, message: error.message, suggestion: error.fix });
    }
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return { ...loaded, warnings: [...loaded.warnings, ...warnings] };
}

type Place = Pick<Problem, 'path' | 'file' | 'line' | 'source'>;

/** A vendor judges a provider as a whole; where it names no setting, its first is where a person begins to look. */
function placeOfProvider({ origins }: LoadedConfig, name: string, setting?: string): Place {
  const path = `providers.${name}`;
  const origin = setting === undefined ? undefined : origins.get(`${path}.${setting}`);
  if (origin !== undefined) return { ...placeOf(origin), path: `${path}.${setting}` };
  const own = [...origins].find(([setting]) => setting.startsWith(`${path}.`));
  return { ...(own === undefined ? {} : placeOf(own[1])), path };
}
