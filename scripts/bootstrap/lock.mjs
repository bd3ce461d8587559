import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

import { makeFolder } from './make-folder.mjs';

/** Milliseconds between two looks at a lock that another process holds. */
const pollInterval = 200;

/** An empty file is a lock in the instant between its creation and the writing of the process id: no longer than this, in milliseconds. */
const emptyLimit = 10_000;

/** No installation takes so long: the process id of the owner has become that of another process. In milliseconds. */
const ownedLimit = 3_600_000;

/**
 * Runs `action` while holding a lock file, so that two starts at once do not install over each other.
 * The file holds the owner's process id: the lock of a process that is gone is taken over.
 * @template T
 * @param {string} path
 * @param {() => Promise<T>} action
 * @returns {Promise<T>}
 */
export async function withLock(path, action) {
  makeFolder(dirname(path));
  while (!acquire(path)) await new Promise((resolve) => setTimeout(resolve, pollInterval));
  try {
    return await action();
  } finally {
    rmSync(path, { force: true });
  }
}

/** @param {string} path */
function acquire(path) {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  }
  if (!isHeld(path)) rmSync(path, { force: true });
  return false;
}

/** @param {string} path */
function isHeld(path) {
  try {
    const owner = readFileSync(path, 'utf8');
    if (Date.now() - statSync(path).mtimeMs > (owner === '' ? emptyLimit : ownedLimit)) return false;
    if (owner !== '') process.kill(Number(owner), 0);
    return true;
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
}

/**
 * @param {unknown} error
 * @param {string} code
 */
function hasCode(error, code) {
  return error instanceof Error && 'code' in error && error.code === code;
}
