/**
 * Which Node runs Atelier: the one that is running when it is new enough, else a pinned one from the npm registry,
 * installed once into a private folder. Everything in this folder must itself run on Node 18.
 */
import { accessSync, constants, existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';

import { BootstrapError } from './error.mjs';
import { withLock } from './lock.mjs';
import { makeFolder } from './make-folder.mjs';
import { runNpm } from './npm.mjs';

/** The first Node that strips types without a flag and has the built-in SQLite that Atelier needs. */
export const minimumMajor = 24;

/** The version of the npm package `node` that is used on older machines. */
export const pinnedVersion = '26.10.0';

/**
 * Whether a Node can run Atelier as it is.
 * @param {string} version as in `process.versions.node`, for example `20.20.2`
 */
export function isSupported(version) {
  return Number.parseInt(version, 10) >= minimumMajor;
}

/**
 * Where the pinned runtime may live, best first: the user's cache, then the project.
 * @param {{ environment: Record<string, string | undefined>, home: string, root: string }} place
 * @returns {string[]} absolute folders
 */
export function runtimeFolders({ environment, home, root }) {
  const cache = environment['XDG_CACHE_HOME'] || join(home, '.cache');
  const name = `node-${pinnedVersion}`;
  return [join(cache, 'atelier', 'runtime', name), join(root, '.runtime', name)];
}

/**
 * The executable inside an install folder.
 * @param {string} folder
 * @param {NodeJS.Platform} [platform]
 */
export function executableIn(folder, platform = process.platform) {
  return join(folder, 'node_modules', 'node', 'bin', platform === 'win32' ? 'node.exe' : 'node');
}

/**
 * `PATH` with the folder of an executable first, so that npm and its scripts run on it too.
 * @param {string} executable
 * @param {string} path
 */
export function pathWith(executable, path) {
  return [dirname(executable), path].join(delimiter);
}

/**
 * The executable that must run Atelier; installs the pinned one when this machine's Node is too old.
 * @param {{ root: string, say: (line: string) => void }} options
 * @returns {Promise<string>}
 */
export async function ensureRuntime({ root, say }) {
  if (isSupported(process.versions.node)) return process.execPath;
  const folders = runtimeFolders({ environment: process.env, home: homedir(), root });
  const installed = folders.map((folder) => executableIn(folder)).find((executable) => existsSync(executable));
  if (installed !== undefined) return installed;
  const folder = folders.find(isWritable);
  if (folder === undefined) {
    throw new BootstrapError(
      `Node.js ${process.version} is too old, and there is no folder to install a newer one into (tried ${folders.join(', ')}).`,
      `Set XDG_CACHE_HOME to a folder that can be written, or install Node.js ${minimumMajor} or newer.`,
    );
  }
  await withLock(`${folder}.lock`, () => install(folder, say));
  return executableIn(folder);
}

/**
 * Installs into a folder of its own and renames it at the end: an interrupted install is never mistaken for a whole one.
 * @param {string} folder
 * @param {(line: string) => void} say
 */
async function install(folder, say) {
  if (existsSync(executableIn(folder))) return;
  say(
    `Node.js ${process.versions.node} is older than ${minimumMajor}: installing Node.js ${pinnedVersion} into ${folder} (once)`,
  );
  removeAbandoned(folder);
  const temporary = mkdtempSync(`${folder}.tmp-`);
  try {
    await runNpm(
      [
        'install',
        `node@${pinnedVersion}`,
        '--prefix',
        temporary,
        '--no-save',
        '--ignore-scripts=false',
        '--global=false',
      ],
      { cwd: temporary, goal: `install the npm package node@${pinnedVersion}` },
    );
    if (!existsSync(executableIn(temporary))) {
      throw new BootstrapError(
        `The npm package node@${pinnedVersion} brought no executable for ${process.platform} ${process.arch}.`,
        `Install Node.js ${minimumMajor} or newer and start again.`,
      );
    }
    rmSync(folder, { recursive: true, force: true });
    renameSync(temporary, folder);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/**
 * Removes what killed installs left behind: only the holder of the lock makes such folders.
 * @param {string} folder
 */
function removeAbandoned(folder) {
  const parent = dirname(folder);
  const abandoned = readdirSync(parent).filter((name) => name.startsWith(`${basename(folder)}.tmp-`));
  for (const name of abandoned) rmSync(join(parent, name), { recursive: true, force: true });
}

/** @param {string} folder */
function isWritable(folder) {
  try {
    makeFolder(dirname(folder));
    accessSync(dirname(folder), constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
