// The load generator as a process of its own: takes one load at a time by message, answers with its result.
import { apply } from './patterns.ts';
import type { Load } from './patterns.ts';

process.on('message', (load: Load) => {
  apply(load).then(
    (result) => process.send?.(result),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    },
  );
});
