import { version } from '../version.ts';
import type { CliContext } from './context.ts';

/** `atelier version`: what to write into a bug report. */
export function printVersion(context: CliContext): number {
  context.write(`atelier ${version}\nnode ${process.version} ${process.platform} ${process.arch}\n`);
  return 0;
}
