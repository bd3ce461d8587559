import { ConfigError } from '../config/problem.ts';
import { printConfig } from '../config/print.ts';
import type { CliContext } from './context.ts';
import { loadChecked } from './load-checked.ts';
import { formatWarnings, reportConfigError } from './messages.ts';
import type { ConfigOptions } from './options.ts';

/** `atelier config print`: the effective values as YAML, with origins. Only the YAML goes to standard output. */
export function configPrint(context: CliContext, options: ConfigOptions): number {
  try {
    const loaded = loadChecked(context, options);
    context.writeError(formatWarnings(loaded.warnings));
    context.write(printConfig(loaded));
    return 0;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return reportConfigError(context, error);
  }
}
