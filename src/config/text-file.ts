import { readFileSync, statSync } from 'node:fs';
import { isAbsolute, relative } from 'node:path';

const maxBytes = 2 ** 20;

/** A small text file, why it cannot be used, or nothing where there is none. */
export type TextFile = { kind: 'text'; text: string } | { kind: 'missing' } | { kind: 'unusable'; reason: string };

/** Reads a UTF-8 file of at most 1 MiB; a byte order mark is dropped. Never throws. */
export function readTextFile(path: string): TextFile {
  try {
    const status = statSync(path);
    if (status.isDirectory()) return { kind: 'unusable', reason: 'is a folder, not a file' };
    if (status.size > maxBytes)
      return { kind: 'unusable', reason: 'is larger than 1 MiB, which no configuration should be' };
    return { kind: 'text', text: new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path)) };
  } catch (error) {
    return failure(error);
  }
}

/** A path as people are shown it: relative when it is inside the working directory. */
export function shownPath(path: string, cwd: string): string {
  const inside = relative(cwd, path);
  return inside === '' || inside.startsWith('..') || isAbsolute(inside) ? path : inside;
}

function failure(error: unknown): TextFile {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'missing' };
  if (code === 'EACCES' || code === 'EPERM') return { kind: 'unusable', reason: 'may not be read by this user' };
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return { kind: 'unusable', reason: 'is not UTF-8 text' };
  return { kind: 'unusable', reason: `cannot be read (${typeof code === 'string' ? code : 'unknown error'})` };
}
