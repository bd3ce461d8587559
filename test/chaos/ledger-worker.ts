import { openSync, writeSync } from 'node:fs';
import { argv, pid } from 'node:process';
import type { LedgerWindow } from '../../src/domain/ledger.ts';
import { AheadLedger } from '../../src/store/ledger/ahead-ledger.ts';
import { openDatabase } from '../../src/store/open.ts';

/*
 * A process of its own for the chaos tests: `ledger-worker.ts burst|endless|ahead {data folder} {database} {redis or -}
 * {count} {limit}`. `burst` admits `count` requests at once and says how many passed. `endless` admits and settles until it is
 * killed, and writes what it did to `worker.log`, each thing only after the ledger said so; after 2,000 admissions it says
 * `enough`. `ahead` does the same with requests reserved ahead.
 */
const [, , mode, dataDir = '', databaseUrl = '', redis = '-', count = '0', limit = '0'] = argv;
const now = Date.UTC(2026, 2, 18);
const windows: LedgerWindow[] = [
  { name: '5h', shape: { kind: 'rolling', spanMs: 18_000_000 }, limit: Number(limit), amount: 1 },
  { name: 'month', shape: { kind: 'period', startMs: now - 1000, endMs: now + 1e9 }, limit: Number(limit), amount: 1 },
];

const location = { dataDir, databaseUrl, ...(redis === '-' ? {} : { redisUrl: redis }) };
const { ledger: store } = await openDatabase(location, {
  processId: `worker-${pid}`,
  now,
  // Three busy processes and their stores share few cores here; what is proven is the count, not the speed.
  redisTimeLimitMs: 10_000,
});
const ledger = new AheadLedger(store);
const admit = (id: string) =>
  ledger.admit({ id, account: 'a', windows, concurrency: null, now, ahead: mode === 'ahead' || mode === 'burst' });
const say = (line: string) => writeSync(1, `${line}\n`);

async function burst(): Promise<void> {
  // The account is known, so that an overloaded machine does not look like a store that is away.
  await ledger.admit({ id: `${pid}-first`, account: 'a', windows, concurrency: null, now, force: true });
  await ledger.release(`${pid}-first`);
  say('ready');
  process.stdin.resume();
  await new Promise((resolve) => process.stdin.once('data', resolve));
  const results = await Promise.allSettled(Array.from({ length: Number(count) }, (_, call) => admit(`${pid}-${call}`)));
  const admitted = results.filter((result) => result.status === 'fulfilled' && result.value.admitted);
  say(`admitted ${admitted.length}`);
  // Its reservations stay as long as it is there: it is ended from outside.
}

async function endless(): Promise<void> {
  const log = openSync(`${dataDir}/worker.log`, 'w');
  const note = (line: string) => writeSync(log, `${line}\n`);
  let admitted = 0;
  const lane = async (name: number): Promise<never> => {
    for (let call = 0; ; call += 1) {
      const id = `${pid}-${name}-${call}`;
      await admit(id);
      note(`A ${id}`);
      admitted += 1;
      if (admitted === 2000) say('enough');
      if (call % 2 === 1) continue;
      await ledger.settle({ id, amounts: {} });
      note(`S ${id}`);
    }
  };
  await Promise.all(Array.from({ length: Number(count) }, (_, name) => lane(name)));
}

await (mode === 'burst' ? burst() : endless());
