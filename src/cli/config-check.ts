import type { LoadedConfig } from '../config/load.ts';
import { ConfigError } from '../config/problem.ts';
import type { CliContext } from './context.ts';
import { loadChecked } from './load-checked.ts';
import { formatWarnings, reportConfigError } from './messages.ts';
import type { ConfigOptions } from './options.ts';

/** `atelier config check`: all problems like a compiler prints them, exit code 1; or that there are none, 0. */
export function configCheck(context: CliContext, options: ConfigOptions): number {
  try {
    const loaded = loadChecked(context, options);
    context.writeError(formatWarnings(loaded.warnings));
    context.write(`${summaryOf(loaded)}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return reportConfigError(context, error);
  }
}

function summaryOf({ config, file }: LoadedConfig): string {
  const { providers, server } = config;
  const names = providers.map(({ name }) => name).join(', ');
  const source = file === undefined ? 'No config.yaml here; the environment alone is fine' : `${file} is fine`;
  return `${source}: listening on ${server.host} port ${server.port}, providers: ${names === '' ? (config.sandbox.enabled === 'off' ? 'none' : 'none, so the sandbox answers') : names}.`;
}
