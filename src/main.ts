import { enableCompileCache } from 'node:module';

// The second start then skips most of the compiling. Node falls back to none where the cache cannot be written.
enableCompileCache();

// A reader that goes away, as in `atelier config print | head -1`, is no error of ours, and no more is a terminal that was
// closed; whoever wrote goes on or ends for its own reasons.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'EIO' && error.code !== 'ENOSPC') throw error;
  });
}

const [{ processContext }, { run }] = await Promise.all([import('./cli/context.ts'), import('./cli/program.ts')]);

// An explicit end: idle connections to providers would otherwise keep the process alive.
process.exit(await run(process.argv.slice(2), processContext()));
