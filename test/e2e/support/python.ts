import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { withLock } from '../../../scripts/bootstrap/lock.mjs';
import { clientsFolder } from './clients-folder.ts';

const execute = promisify(execFile);

/** Making the environment and filling it takes about 20 s; a network that hangs must not hold the tests up. */
const installLimitMs = 180_000;

/** A Python with the packages of a requirements file, or why there is none. */
export type Python = { executable: string } | { missing: string };

/** Installs once into a virtual environment of its own; the next time it is there. Never rejects. */
export async function preparePython(requirementsFile: string): Promise<Python> {
  const digest = createHash('sha256').update(readFileSync(requirementsFile)).digest('hex').slice(0, 12);
  const folder = join(clientsFolder, `python-${digest}`);
  const executable = join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  const stamp = join(folder, 'installed');
  try {
    if (!existsSync(stamp)) {
      mkdirSync(folder, { recursive: true });
      await withLock(`${folder}.lock`, async () => {
        if (existsSync(stamp)) return;
        await run('python3', ['-m', 'venv', '--clear', folder]);
        const pip =
          '-m pip install --quiet --no-input --disable-pip-version-check --retries 1 --timeout 20 --requirement';
        await run(executable, [...pip.split(' '), requirementsFile]);
        writeFileSync(stamp, '');
      });
    }
    return { executable };
  } catch (error) {
    return { missing: `Python with ${requirementsFile} cannot be made here: ${reasonOf(error)}` };
  }
}

async function run(command: string, args: readonly string[]): Promise<void> {
  await execute(command, args, { timeout: installLimitMs });
}

/** The last line of what the command said. */
function reasonOf(error: unknown): string {
  const said = typeof error === 'object' && error !== null && 'stderr' in error ? String(error.stderr) : '';
  return said.trim().split('\n').at(-1) || String(error);
}

/** What a script prints, which is one JSON object. Rejects with its error output. */
export async function runScript(
  executable: string,
  script: string,
  env: Record<string, string>,
): Promise<Record<string, unknown>> {
  const { stdout } = await execute(executable, [script], { env: { PATH: '', ...env }, timeout: 60_000 });
  return JSON.parse(stdout);
}
