import { existsSync, readFileSync } from 'node:fs';
import module from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { exitLike, run } from './child.mjs';
import { ensureDependencies } from './dependencies.mjs';
import { BootstrapError } from './error.mjs';
import { ensureRuntime } from './runtime.mjs';

/**
 * Where Node keeps what it compiled. With everything in it the TypeScript compiler is never loaded: a start is faster, and the
 * process some 30 MB smaller.
 */
const compileCache = join(tmpdir(), 'node-compile-cache');

/** The folder that holds package.json. */
export const projectRoot = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/**
 * A checkout runs its sources and looks after its own dependencies; a published package runs what was built, and whoever
 * installed it has installed its dependencies.
 * @param {string} root
 * @returns {{ kind: 'checkout' | 'package', program: string }}
 */
export function findProgram(root) {
  const source = join(root, 'src', 'main.ts');
  return existsSync(source)
    ? { kind: 'checkout', program: source }
    : { kind: 'package', program: join(root, 'dist', 'main.js') };
}

/**
 * The command `atelier`: gets a fitting Node and the dependencies, then runs the program with these arguments.
 * @param {string[]} args
 */
export async function start(args) {
  if (args.length === 1 && ['--version', '-v'].includes(args[0] ?? '')) {
    process.stdout.write(`${packageVersion(projectRoot)}\n`);
    return;
  }
  await explained(async () => {
    const { kind, program } = findProgram(projectRoot);
    const executable = await prepare(kind === 'checkout');
    if (executable === process.execPath) {
      module.enableCompileCache();
      await import(pathToFileURL(program).href);
      return;
    }
    const env = { NODE_COMPILE_CACHE: compileCache, ...process.env };
    exitLike(await run(executable, [program, ...args], { stdio: 'inherit', env }));
  });
}

/**
 * Makes the machine ready and tells which Node to use.
 * @param {boolean} withDependencies
 * @returns {Promise<string>} the executable
 */
export async function prepare(withDependencies) {
  const executable = await ensureRuntime({ root: projectRoot, say });
  if (withDependencies) await ensureDependencies({ root: projectRoot, executable, say });
  return executable;
}

/**
 * Ends the process with a message, and no stack, when the bootstrap cannot do its work.
 * @param {() => Promise<void>} action
 */
export async function explained(action) {
  try {
    await action();
  } catch (error) {
    if (!(error instanceof BootstrapError)) throw error;
    process.stderr.write(`atelier: ${error.message}\n         ${error.fix}\n`);
    process.exit(1);
  }
}

/** @param {string} root */
function packageVersion(root) {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version;
}

/**
 * Progress goes to standard error: the program's own output stays clean.
 * @param {string} line
 */
function say(line) {
  process.stderr.write(`atelier: ${line}\n`);
}
