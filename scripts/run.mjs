// Runs a task of tasks.ts on a fitting Node with the dependencies in place: `node scripts/run.mjs <task> [arguments]`.
import { delimiter, join } from 'node:path';

import { exitLike, run } from './bootstrap/child.mjs';
import { pathWith } from './bootstrap/runtime.mjs';
import { explained, prepare, projectRoot } from './bootstrap/start.mjs';

await explained(async () => {
  const executable = await prepare(true);
  const tools = [join(projectRoot, 'node_modules', '.bin'), process.env['PATH'] ?? ''].join(delimiter);
  const end = await run(executable, [join(projectRoot, 'scripts', 'tasks.ts'), ...process.argv.slice(2)], {
    cwd: projectRoot,
    stdio: 'inherit',
    env: { ...process.env, PATH: pathWith(executable, tools) },
  });
  exitLike(end);
});
