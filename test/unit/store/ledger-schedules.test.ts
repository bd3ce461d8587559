import { suite, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { once } from 'node:events';

suite('ledger arithmetic', () => {
  test('agrees with a plain model on 10,000 random schedules with clock jumps', async () => {
    // In a thread of its own, since the runner follows every promise of the thread of the tests, which is half of the time.
    const worker = new Worker(new URL('ledger-schedules-worker.ts', import.meta.url), {
      workerData: { schedules: 10_000 },
    });
    // A difference arrives as the worker's error, which rejects.
    const [code] = await once(worker, 'exit');
    if (code !== 0) throw new Error(`the schedules ended with ${code}`);
  });
});
