import { workerData } from 'node:worker_threads';
import { checkSchedule } from '../../contract/ledger-model.ts';
import { MemoryLedger } from '../../contract/ledger-memory.ts';

/* A thread that checks so many schedules, and ends with the first difference. */
const ledger = new MemoryLedger();
for (let seed = 0; seed < workerData.schedules; seed += 1) await checkSchedule([ledger], seed);
