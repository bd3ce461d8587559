import { relative } from 'node:path';
import { describeOrigin } from '../config/origin.ts';
import type { Origin } from '../config/origin.ts';
import { formatProblem, formatProblems } from '../config/problem.ts';
import type { ConfigError, Problem } from '../config/problem.ts';
import { FolderError, pathProblems } from '../store/make-folder.ts';
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

/** Where files were to be kept. */
export interface Keeping {
  config: { dataDir: string };
  /** By setting path; what is not listed has its default. */
  origins: ReadonlyMap<string, Origin>;
}

/** What Node adds to the error of a system call. */
interface SystemError {
  code: string;
  syscall?: unknown;
  path?: unknown;
}

/** Why the server did not start, for the person who started it; two lines at most. */
export function explainStartError(error: unknown, listening: Listening, keeping?: Keeping): string {
  if (error instanceof ProviderConfigError) return `providers.${error.provider}: ${error.message}\n    ${error.fix}`;
  if (error instanceof FolderError)
    return `Atelier could not start: ${error.message}.\n    ${mendPath(error.code, error.folder, keeping)}`;
  if (!isSystemError(error))
    return `Atelier could not start: ${error instanceof Error ? error.message : String(error)}`;
  const explain = error.syscall === 'listen' || error.syscall === 'getaddrinfo' ? listenErrors[error.code] : undefined;
  if (explain !== undefined) return explain({ command: 'serve', ...listening });
  const { path, code } = error;
  const problem = pathProblems[code];
  if (typeof path === 'string' && problem !== undefined)
    return `Atelier could not start: ${path} ${problem}.\n    ${mendPath(code, path, keeping)}`;
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

/** What may be done about a code before another folder is chosen. */
const pathFixes: Readonly<Record<string, string>> = {
  EACCES: 'Change its owner, or',
  EPERM: 'Change its owner, or',
  ENOSPC: 'Make room, or',
};

function mendPath(code: string, path: string, keeping: Keeping | undefined): string {
  const first = pathFixes[code];
  return first === undefined ? `Choose ${another(path, keeping)}` : `${first} choose ${another(path, keeping)}`;
}

/** Names the place where the path was set, unless that is the command line. */
function another(path: string, keeping: Keeping | undefined): string {
  const isDatabase = keeping !== undefined && relative(keeping.config.dataDir, path).startsWith('..');
  const setting = isDatabase ? 'store.database_url' : 'data_dir';
  const origin = keeping?.origins.get(setting) ?? { kind: 'default' };
  const set = `where ${setting} is set (${describeOrigin(origin)})`;
  if (isDatabase) return `another one ${set}`;
  const isSet = origin.kind === 'environment' || origin.kind === 'file';
  return isSet ? `another folder: with --data-dir, or ${set}` : 'another folder with --data-dir';
}

function isSystemError(error: unknown): error is Error & SystemError {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}
