import { formatProblem, formatProblems } from '../config/problem.ts';
import type { ConfigError, Problem } from '../config/problem.ts';
import { ProviderConfigError } from '../upstream/provider-config-error.ts';
import type { CliContext } from './context.ts';

/** One `warning: ...` for each; empty when there are none. */
export function formatWarnings(warnings: readonly Problem[]): string {
  return warnings.map((warning) => `warning: ${formatProblem(warning)}\n`).join('');
}

/** Prints all problems and their number; gives the exit code. */
export function reportConfigError(context: CliContext, error: ConfigError): number {
  const count = error.problems.length;
  const heading = count === 1 ? '1 problem in the configuration.' : `${count} problems in the configuration.`;
  context.writeError(`${formatProblems(error.problems)}\n\n${heading}\n`);
  return 1;
}

/** Where something was to listen, and by which command. */
export interface Listening {
  host: string;
  port: number;
  /** Default `serve`. */
  command?: string;
}

/** What Node adds to the error of a system call. */
interface SystemError {
  code: string;
  syscall?: unknown;
  path?: unknown;
}

/** Why the server did not start, for the person who started it; two lines at most. */
export function explainStartError(error: unknown, listening: Listening): string {
  if (error instanceof ProviderConfigError) return `providers.${error.provider}: ${error.message}\n    ${error.fix}`;
  if (!isSystemError(error))
    return `Atelier could not start: ${error instanceof Error ? error.message : String(error)}`;
  const explain = error.syscall === 'listen' || error.syscall === 'getaddrinfo' ? listenErrors[error.code] : undefined;
  if (explain !== undefined) return explain({ command: 'serve', ...listening });
  const fix = typeof error.path === 'string' ? pathErrors[error.code] : undefined;
  if (fix !== undefined) return `Atelier could not start: ${String(error.path)} ${fix}`;
  return `Atelier could not start: ${error.message}`;
}

const listenErrors: Record<string, (listening: Required<Listening>) => string> = {
  EADDRINUSE: ({ host, port, command }) =>
    `Port ${port} on ${host} is already in use, perhaps by an Atelier that still runs.\n` +
    `    Stop the other program (find it with: lsof -i :${port}), or choose another port: atelier ${command} --port ${port + 1}`,
  EACCES: ({ host, port, command }) =>
    `Port ${port} on ${host} may not be used by this user; ports below 1024 usually belong to the system.\n` +
    `    Choose another port: atelier ${command} --port 8080`,
  EADDRNOTAVAIL: ({ host }) =>
    `This machine has no address ${host}.\n    Use one of its own addresses, or 127.0.0.1 for this machine only: HOST=127.0.0.1`,
  ENOTFOUND: ({ host }) =>
    `The host name ${host} is not known.\n    Use an IP address, for example 127.0.0.1 for this machine only: HOST=127.0.0.1`,
};

const pathErrors: Record<string, string> = {
  EACCES: 'may not be written by this user.\n    Change its owner, or choose another folder with --data-dir',
  EPERM: 'may not be written by this user.\n    Change its owner, or choose another folder with --data-dir',
  EROFS: 'is on a disk that cannot be written.\n    Choose another folder with --data-dir',
  ENOSPC: 'is on a disk that is full.\n    Make room, or choose another folder with --data-dir',
  ENOTDIR: 'is a file where a folder is needed.\n    Choose another folder with --data-dir',
  EEXIST: 'is a file where a folder is needed.\n    Choose another folder with --data-dir',
};

function isSystemError(error: unknown): error is Error & SystemError {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}
