import { existsSync, mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * Makes a folder, and those above it that are missing, unless it is there. Node's own way, `recursive`, never returns where
 * no folder can be made though its parent is there, as in `/proc`. Throws the error of the system.
 * @param {string} path
 */
export function makeFolder(path) {
  /** @type {string[]} from the highest down */
  const missing = [];
  for (let folder = resolve(path); !existsSync(folder); folder = dirname(folder)) missing.unshift(folder);
  for (const folder of missing) makeOne(folder);
}

/** @param {string} folder */
function makeOne(folder) {
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another start was quicker.
    if (!existsSync(folder)) throw error;
  }
}
