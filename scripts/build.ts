/** Compiles `src` to `dist` for publishing: a package cannot run TypeScript, since Node strips no types in node_modules. */
import { spawn } from 'node:child_process';
import { cpSync, rmSync, statSync } from 'node:fs';
import { extname, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');

/** Empties `dist`, compiles, and copies every file of `src` that is not source, at the same path. Exit code of the compiler. */
export async function build(): Promise<number> {
  const dist = join(root, 'dist');
  rmSync(dist, { recursive: true, force: true });
  const code = await compile();
  if (code !== 0) return code;
  cpSync(join(root, 'src'), dist, {
    recursive: true,
    filter: (path) => statSync(path).isDirectory() || extname(path) !== '.ts',
  });
  return 0;
}

function compile(): Promise<number> {
  return new Promise((done, fail) => {
    const program = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    const compiler = spawn(process.execPath, [program, '--project', 'tsconfig.build.json'], {
      cwd: root,
      stdio: 'inherit',
    });
    compiler.once('error', fail);
    compiler.once('exit', (code) => done(code ?? 1));
  });
}
