import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { withLock } from './lock.mjs';
import { runNpm } from './npm.mjs';
import { pathWith } from './runtime.mjs';

/** @typedef {'missing' | 'changed' | 'current'} DependencyState */

/**
 * Whether `node_modules` is what the lock file asks for. The stamp is written after a whole install, so an interrupted
 * one counts as changed.
 * @param {string} root
 * @returns {DependencyState}
 */
export function dependencyState(root) {
  if (!existsSync(join(root, 'node_modules'))) return 'missing';
  const stamp = stampPath(root);
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === lockHash(root) ? 'current' : 'changed';
}

/**
 * Notes that `node_modules` belongs to the lock file as it is now.
 * @param {string} root
 */
export function stampDependencies(root) {
  writeFileSync(stampPath(root), lockHash(root));
}

/**
 * Installs what the lock file names when it is missing or changed. Runs on the Node that will run the program: npm picks
 * by the version of the Node it runs on.
 * @param {{ root: string, executable: string, say: (line: string) => void }} options
 */
export async function ensureDependencies({ root, executable, say }) {
  if (dependencyState(root) === 'current') return;
  await withLock(join(root, '.install.lock'), async () => {
    const state = dependencyState(root);
    if (state === 'current') return;
    say(
      state === 'missing' ? 'installing dependencies (npm ci)' : 'dependencies changed: installing them again (npm ci)',
    );
    await runNpm(['ci', '--include=dev', '--prefix', root], {
      cwd: root,
      goal: 'install the dependencies',
      path: pathWith(executable, process.env['PATH'] ?? ''),
    });
    stampDependencies(root);
  });
}

/** @param {string} root */
function stampPath(root) {
  return join(root, 'node_modules', '.atelier-lock-hash');
}

/** @param {string} root */
function lockHash(root) {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}
