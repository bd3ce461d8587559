import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import type { Origin } from './origin.ts';
import type { Problem } from './problem.ts';
import { readTextFile, shownPath } from './text-file.ts';

/** Variables of the process, as the operating system gave them. */
export type Variables = Record<string, string | undefined>;

/** The real environment over what `.env` says. */
export interface Environment {
  /** The value of a variable; an empty one counts as a value here. */
  get(name: string): string | undefined;
  /** Where a variable's value comes from. */
  origin(name: string): Origin;
  /** All names, sorted, so that nothing depends on the order in which they were set. */
  names: readonly string[];
}

/** A copy of the process's environment: the only place in Atelier that reads it. */
export function readEnvironment(): Variables {
  return { ...process.env };
}

/** Joins the real environment with the `.env` file of the working directory, which is read but never required. */
export function loadEnvironment(variables: Variables, cwd: string): { environment: Environment; problems: Problem[] } {
  const path = dotEnvPath(cwd);
  const file = readTextFile(path);
  const shown = shownPath(path, cwd);
  const fromFile: Variables = file.kind === 'text' ? parseEnv(file.text) : {};
  const problems = file.kind === 'unusable' ? [{ file: shown, path: '', message: file.reason }] : [];
  const real = new Map(Object.entries(variables).filter(([, value]) => value !== undefined));
  const merged = new Map([...Object.entries(fromFile), ...real]);
  const environment: Environment = {
    get: (name) => merged.get(name),
    origin: (name) =>
      real.has(name) || !merged.has(name) ? { kind: 'environment', name } : { kind: 'environment', name, file: shown },
    names: [...merged.keys()].toSorted(),
  };
  return { environment, problems };
}

/** The `.env` file that belongs to a working directory. */
export function dotEnvPath(cwd: string): string {
  return resolve(cwd, '.env');
}
