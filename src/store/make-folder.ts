import { mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** What the codes of the system say about a path; each goes on from the path's name. */
export const pathProblems: Readonly<Record<string, string>> = {
  EACCES: 'may not be written by this user',
  EPERM: 'may not be written by this user',
  EROFS: 'is on a disk that cannot be written',
  ENOSPC: 'is on a disk that is full',
  ENOTDIR: 'is a file where a folder is needed',
  EEXIST: 'is a file where a folder is needed',
  EISDIR: 'is a folder where a file is needed',
  ENOENT: 'is no place where folders can be made',
  ELOOP: 'is a link that leads in a circle',
  ENAMETOOLONG: 'is a longer name than the system allows',
};

/** A folder that is needed is not there and cannot be made. It has no cause: the message says all that the system's does. */
export class FolderError extends Error {
  /** Of the system: `EACCES` and so on. */
  readonly code: string;
  /** What was to be made; absolute. */
  readonly folder: string;

  /** `path` is the folder itself, or the one above it that is in the way. */
  constructor({ folder, path, code, problem = pathProblems[code] ?? `gives the error ${code}` }: FolderProblem) {
    const what = path === folder ? 'it' : shortened(path);
    super(`the folder ${shortened(folder)} cannot be made: ${what} ${problem}`);
    this.name = 'FolderError';
    this.code = code;
    this.folder = folder;
  }
}

interface FolderProblem {
  folder: string;
  path: string;
  code: string;
  /** When it is not what the code says. */
  problem?: string;
}

/**
 * Makes a folder, and those above it that are missing, unless it is there; `mode` is that of every new one. Throws FolderError.
 * Node's own way, `recursive`, never returns where the system says that a parent is missing which is there, as in `/proc`.
 */
export function makeFolder(path: string, mode?: number): void {
  const folder = resolve(path);
  for (const missing of missingFolders(folder)) makeOne(missing, folder, mode);
}

/** From the highest down. */
function missingFolders(folder: string): string[] {
  const missing: string[] = [];
  for (let path = folder; ; path = dirname(path)) {
    const found = inspect(path, folder);
    if (found === 'file') throw new FolderError({ folder, path, code: 'ENOTDIR' });
    if (found === 'folder') return missing.toReversed();
    missing.push(path);
  }
}

function inspect(path: string, folder: string): 'folder' | 'file' | 'nothing' {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return 'nothing';
    return stats.isDirectory() ? 'folder' : 'file';
  } catch (error) {
    throw new FolderError({ folder, path, code: codeOf(error) });
  }
}

function makeOne(path: string, folder: string, mode?: number): void {
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    const code = codeOf(error);
    // What is wrong is then the folder above, which may not be changed.
    if (code !== 'EEXIST') {
      throw new FolderError({ folder, path: code === 'ENAMETOOLONG' ? path : dirname(path), code });
    }
    const found = inspect(path, folder);
    // Another process was quicker.
    if (found === 'folder') return;
    const problem = found === 'nothing' ? 'is a link to a folder that is not there' : undefined;
    throw new FolderError({ folder, path, code, ...(problem !== undefined && { problem }) });
  }
}

function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  throw error;
}

/** A name that is too long is too long for a message as well. */
function shortened(path: string): string {
  return path.length > 200 ? `${path.slice(0, 200)}...` : path;
}
