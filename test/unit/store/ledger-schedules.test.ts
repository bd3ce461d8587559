import { suite, test } from 'node:test';
import { checkSchedule } from '../../contract/ledger-model.ts';
import { MemoryLedger } from '../../contract/ledger-memory.ts';

suite('ledger arithmetic', () => {
  test('agrees with a plain model on 10,000 random schedules with clock jumps', async () => {
    const ledger = new MemoryLedger();
    for (let seed = 0; seed < 10_000; seed += 1) await checkSchedule([ledger], seed);
  });
});
