/**
 * Preloaded into each process of tests: one that does not end after its last test fails and names what it waits for.
 * Without it a test that leaves a server, a socket or a timer behind, as many do when they fail or take too long,
 * makes the run wait for ever and say nothing: the runner has a limit for a test, but none for its process.
 */
import { after } from 'node:test';
import { isMainThread } from 'node:worker_threads';

/** Long enough for connections that are kept for a while; only a run that fails anyway waits for it. */
const grace = Number(process.env['ATELIER_TEST_END_MS'] ?? 30_000);

/** How the runner reads the results: always open. */
const own = new Set(['PipeWrap', 'TTYWrap']);

// The runner itself and what a test starts are processes without this variable or without the preloading.
if (process.env['NODE_TEST_CONTEXT'] !== undefined && isMainThread) {
  after(() => {
    setTimeout(() => {
      const open = process.getActiveResourcesInfo().filter((kind) => !own.has(kind));
      console.error(`The tests are over, but their process does not end. Left open: ${open.join(', ')}`);
      process.exit(1);
    }, grace).unref();
  });
}
