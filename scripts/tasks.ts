/**
 * The tasks behind the npm scripts. Run through run.mjs, which sees to the runtime and the dependencies:
 * `node scripts/run.mjs <task> [arguments]`.
 */
import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';

import { build } from './build.ts';

/** Gets the arguments after the task's name; answers with the exit code. */
type Task = (args: readonly string[]) => Promise<number>;

const formatted = ['src', 'test', 'bench', 'scripts', 'oxlint.config.ts'];

/** The unit and golden tests, which share one process; each other test file has its own. */
const fastSuite = 'scripts/fast-suite.ts';

/** A hanging test fails after this many milliseconds. What is left of it then is ended by test-process.ts. */
const testTimeout = 300_000;

/** None of the fast suite comes near it, on a busy machine neither. */
const fastTestTimeout = 120_000;

const tasks: Record<string, Task> = {
  check,
  test: testAll,
  'test:fast': (args) => runTests([...args, fastSuite], fastTestTimeout),
  'test:e2e': (args) => runTests([...args, ...testFiles(['e2e', 'chaos'])]),
  'test:agents': (args) => runTests([...args, ...testFiles(['agents'])]),
  format: () => run('oxfmt', formatted),
  bench: (args) => run(process.execPath, ['bench/main.ts', ...args]),
  docs: generateDocs,
  build,
  /** Postgres and Redis for tests: `install`, or `run COMMAND ...` with both. */
  services: (args) => run(process.execPath, ['scripts/services.ts', ...args]),
};

/** Types, lint with the import arrows, format: side by side, and silent unless something is wrong. */
async function check(): Promise<number> {
  const codes = await Promise.all([
    runQuietly('tsc', ['--project', '.']),
    runQuietly('oxlint', []),
    runQuietly('oxfmt', ['--check', ...formatted]),
  ]);
  return Math.max(...codes);
}

/** Everything, in one run of the test runner; the tests run even when the check fails, so that one look shows all. */
async function testAll(): Promise<number> {
  const checked = await check();
  const tested = await runTests([fastSuite, ...testFiles(['contract', 'e2e', 'chaos'])]);
  if (checked !== 0) console.error('npm run check failed: see above');
  return Math.max(checked, tested);
}

/** Writes the pages of `docs` that are made from the sources; tests fail while one of them is stale. */
async function generateDocs(): Promise<number> {
  const codes: number[] = [];
  for (const script of globSync('scripts/generate-*.ts').sort()) codes.push(await run(process.execPath, [script]));
  return Math.max(0, ...codes);
}

function runTests(args: readonly string[], timeout = testTimeout): Promise<number> {
  const [reporter, preloaded] = ['./reporter.ts', './test-process.ts'].map(
    (name) => new URL(name, import.meta.url).href,
  );
  return run(process.execPath, [
    '--test',
    `--import=${preloaded}`,
    `--test-timeout=${timeout}`,
    `--test-reporter=${reporter}`,
    '--test-reporter-destination=stdout',
    ...args,
  ]);
}

/** The test files of these folders of `test`; a pattern that matches nothing would pass as a success. */
function testFiles(folders: readonly string[]): string[] {
  const files = globSync(folders.map((folder) => `test/${folder}/**/*.test.ts`)).sort();
  if (files.length === 0) throw new Error(`no test files in ${folders.join(', ')}`);
  return files;
}

function run(command: string, args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit' });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

/** Shows what the tool printed only when it failed. */
function runQuietly(command: string, args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const output: Buffer[] = [];
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => output.push(chunk));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code !== 0) process.stderr.write(`${command} ${args.join(' ')}\n${Buffer.concat(output).toString()}\n`);
      resolve(code ?? 1);
    });
  });
}

const [name = '', ...args] = process.argv.slice(2);
const task = Object.hasOwn(tasks, name) ? tasks[name] : undefined;
if (task === undefined) {
  console.error(`unknown task "${name}"; there are: ${Object.keys(tasks).join(', ')}`);
  process.exitCode = 1;
} else {
  process.exitCode = await task(args);
}
