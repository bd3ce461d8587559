import { loadConfig } from '../config/load.ts';
import type { LoadedConfig } from '../config/load.ts';
import { ConfigError, placeOf } from '../config/problem.ts';
import type { Place, Problem } from '../config/problem.ts';
import { ProviderConfigError } from '../upstream/provider-config-error.ts';
import type { JudgedSetting } from '../upstream/provider-config-error.ts';
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
    const locate = (settings: readonly JudgedSetting[]) => placesOf(loaded, provider.name, settings);
    try {
      for (const { message, settings } of resolveProvider(provider).warnings) {
        warnings.push({ ...locate(settings), message });
      }
    } catch (error) {
      if (!(error instanceof ProviderConfigError)) throw error;
      problems.push({ ...locate(error.settings), message: error.message, suggestion: error.fix });
    }
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return { ...loaded, warnings: [...loaded.warnings, ...warnings] };
}

/**
 * Where the settings that a vendor names are written, as far as somebody wrote them. Where none is, the provider's first
 * setting is where a person begins to look.
 */
function placesOf(
  { origins }: LoadedConfig,
  name: string,
  settings: readonly JudgedSetting[],
): Place & Pick<Problem, 'others'> {
  const provider = `providers.${name}`;
  const [first, ...others] = settings.flatMap((setting): Place[] => {
    const path = `${provider}.${setting}`;
    const origin = origins.get(path);
    return origin === undefined ? [] : [{ ...placeOf(origin), path }];
  });
  if (first !== undefined) return { ...first, ...(others.length > 0 && { others }) };
  const own = [...origins].find(([path]) => path.startsWith(`${provider}.`));
  return { ...(own === undefined ? {} : placeOf(own[1])), path: provider };
}
