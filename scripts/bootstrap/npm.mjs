import { BootstrapError } from './error.mjs';
import { run } from './child.mjs';

/** Set by an outer npm for its own scripts; they would tell an inner npm to work on another folder. */
const outerNpm = /^npm_(package_|lifecycle_|command$|config_(prefix|local_prefix|global_prefix|global|dry_run)$)/i;

/**
 * The environment for an inner npm: registry, proxy and certificate settings stay, the outer npm's bookkeeping goes.
 * @param {Record<string, string | undefined>} environment
 * @returns {Record<string, string | undefined>}
 */
export function npmEnvironment(environment) {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !outerNpm.test(name)));
}

/**
 * Runs npm to its end; its errors are shown as they come, and nothing else.
 * @param {string[]} args
 * @param {{ cwd: string, goal: string, path?: string }} options `goal` completes "could not ..."; `path` replaces `PATH`
 */
export async function runNpm(args, { cwd, goal, path }) {
  const environment = npmEnvironment(process.env);
  if (path !== undefined) environment['PATH'] = path;
  const quiet = ['--no-audit', '--no-fund', '--no-progress', '--update-notifier=false', '--loglevel=error'];
  const shell = process.platform === 'win32';
  const end = await run('npm', [...args, ...quiet], {
    cwd,
    env: environment,
    shell,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (end.missing) {
    throw new BootstrapError(
      `Could not ${goal}: npm was not found.`,
      'Install Node.js together with npm and start again.',
    );
  }
  if (end.code !== 0 && end.interrupted) {
    throw new BootstrapError(`Stopped before it could ${goal}.`, 'Start again to go on.');
  }
  if (end.code !== 0) {
    throw new BootstrapError(
      `Could not ${goal}: npm ended with ${end.signal ?? `code ${end.code}`}.`,
      'Look at the lines above. Without a network, or behind a proxy, set npm\'s "proxy", "cafile" or "registry"; then start again.',
    );
  }
}
