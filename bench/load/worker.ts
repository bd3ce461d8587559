/**
 * Both ends of what is measured, in a process of their own: the upstream, whose port is the first message, and the load
 * generator, which takes one load at a time by message and answers with its result.
 *
 * Under load this process does not sleep. Waking a process that sleeps is paid for by whoever sends to it, and on a virtual
 * machine whose other core has come to rest that is several microseconds of each write: a cost of the machine, and the
 * larger the slower the server is.
 */
import { startUpstream } from '../upstream.ts';
import { apply } from './patterns.ts';
import type { Load } from './patterns.ts';

let awake = false;

function stayAwake(): void {
  if (awake) setImmediate(stayAwake);
}

async function applyAwake(load: Load): Promise<void> {
  awake = true;
  stayAwake();
  try {
    process.send?.(await apply(load));
  } finally {
    awake = false;
  }
}

process.on('message', (load: Load) => {
  applyAwake(load).catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
  });
});

process.send?.(await startUpstream());
