import assert from 'node:assert/strict';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import type { LedgerWindow } from '../../../src/domain/ledger.ts';
import type { Ledger } from '../../../src/domain/ports.ts';
import { WaitingFile } from '../../../src/store/files/waiting-file.ts';
import { WaitingCalls } from '../../../src/store/ledger/waiting-calls.ts';
import type { CallNote } from '../../../src/store/ledger/waiting-calls.ts';
import { MemoryLedger } from '../../contract/ledger-memory.ts';
import { planWindows, requestOf, start } from '../../contract/ledger-suite.ts';
import { temporaryFolder } from '../../contract/store-temp-folder.ts';

const hour = 3_600_000;
const windows = planWindows({ hours: 100, week: 100, month: 100 });

/** Who asks the store after so many questions is dead: nothing comes back, and what was asked last may have been done. */
function mortal(store: Ledger, questions: number, mode: 'done' | 'not done'): Ledger {
  let left = questions;
  const ask = async <T>(question: () => Promise<T>): Promise<T> => {
    left -= 1;
    if (left === -1 && mode === 'done') await question();
    if (left < 0) throw new Error('killed');
    return question();
  };
  return {
    admit: (request) => ask(() => store.admit(request)),
    settle: (settlement) => ask(() => store.settle(settlement)),
    release: (id) => ask(() => store.release(id)),
    progress: (id, read) => ask(() => store.progress(id, read)),
    standing: (account, shown, now) => store.standing(account, shown, now),
    heartbeat: (now) => store.heartbeat(now),
    close: () => store.close(),
  };
}

/** One process after the other over the same folder and store. */
function processes() {
  const folder = temporaryFolder();
  let count = 0;
  const next = (store: Ledger) => {
    count += 1;
    const file = new WaitingFile<CallNote>({
      folder: join(folder.path, 'waiting'),
      process: `p${count}`,
      kind: 'calls',
    });
    const calls = new WaitingCalls(store, file);
    calls.noteTime(start);
    return { calls, file };
  };
  return { next, [Symbol.dispose]: () => folder[Symbol.dispose]() };
}

async function used(store: Ledger, shown: LedgerWindow[] = windows, now = start): Promise<number[]> {
  return (await store.standing('a', shown, now)).map((window) => window.used);
}

/** Three that were answered, one of them with a correction, one given back, one under way. */
function someCalls(calls: WaitingCalls): void {
  for (const id of ['r1', 'r2', 'r3', 'given back', 'under way']) calls.admitted(requestOf(id, windows));
  calls.ended('r1', { id: 'r1', amounts: {} });
  calls.ended('r2', { id: 'r2', amounts: { week: 4 } });
  calls.ended('r3', { id: 'r3', amounts: {} });
  calls.ended('given back', 'release');
}

const expected = [3, 6, 3];
const questionsOfAll = 10;

suite('calls that wait for their store', () => {
  test('what was answered is counted after a crash, what was given back or under way is not', async () => {
    using set = processes();
    const store = new MemoryLedger();
    const first = set.next(store);
    someCalls(first.calls);
    await first.calls.close();
    const second = set.next(store);
    assert.equal(await second.calls.bringLeft(), 3);
    assert.deepEqual(await used(store), expected);
    assert.equal(await second.calls.bringLeft(), 0);
    assert.deepEqual(await used(store), expected);
  });

  for (const mode of ['done', 'not done'] as const) {
    test(`each call is counted once wherever the processes that bring it are killed (the last question ${mode})`, async () => {
      for (let first = 0; first < questionsOfAll; first += 1) {
        for (let second = 0; second <= 6; second += 1) {
          using set = processes();
          const store = new MemoryLedger();
          const owner = set.next(mortal(store, first, mode));
          someCalls(owner.calls);
          await owner.calls.bring();
          await owner.calls.close();
          const heir = set.next(mortal(store, second, mode));
          await heir.calls.bringLeft().catch(() => undefined);
          await heir.calls.close();
          const last = set.next(store);
          await last.calls.bringLeft();
          // What the dead had open in the store is given back when their leases are over.
          for (const id of ['given back', 'under way']) await store.release(id);
          assert.deepEqual(await used(store), expected, `killed after ${first} and ${second} questions`);
        }
      }
    });
  }

  test('several calls reserved together are what has ended of them when their process dies, and go on when it does not', async () => {
    const wide = planWindows({ hours: 100, week: 100, month: 100 }, 10);
    const progressOf = (used: number, open: number) => {
      const all = (amount: number) => Object.fromEntries(wide.map(({ name }) => [name, amount]));
      return { used: all(used), open: all(open) };
    };
    for (const end of ['dies', 'lives'] as const) {
      using set = processes();
      const store = new MemoryLedger();
      const first = set.next(store);
      first.calls.admitted(requestOf('block', wide));
      assert.equal(first.calls.progressed('block', progressOf(1, 9)), true);
      assert.equal(first.calls.progressed('block', progressOf(3, 5)), true);
      if (end === 'dies') {
        await first.calls.close();
        assert.equal(await set.next(store).calls.bringLeft(), 1);
        assert.deepEqual(await used(store), [3, 3, 3]);
      } else {
        await first.calls.bring();
        assert.equal(first.calls.size, 0);
        assert.deepEqual(await used(store), [8, 8, 8]);
        assert.equal(await store.settle({ id: 'block', amounts: progressOf(4, 0).used }), true);
        assert.deepEqual(await used(store), [4, 4, 4]);
      }
    }
  });

  test('a settlement of a call that the store had admitted waits as well', async () => {
    using set = processes();
    const store = new MemoryLedger();
    await store.admit(requestOf('r1', windows));
    const first = set.next(store);
    first.calls.ended('r1', { id: 'r1', amounts: { '5h': 5 } });
    await first.calls.close();
    await set.next(store).calls.bringLeft();
    assert.deepEqual(await used(store), [5, 1, 1]);
  });

  test('what the dead had on its way to the database comes there before what waited', async () => {
    using set = processes();
    const store = new MemoryLedger();
    const first = set.next(mortal(store, 4, 'not done'));
    someCalls(first.calls);
    await first.calls.bring();
    await first.calls.close();
    const asked: string[] = [];
    const settle: Ledger['settle'] = (settlement) => {
      asked.push(settlement.id);
      return store.settle(settlement);
    };
    const finish = async (process: string): Promise<void> => void asked.push(process);
    const second = set.next({ ...mortal(store, 100, 'done'), settle, finish });
    await second.calls.bringLeft();
    assert.deepEqual(asked, ['p1', 'r1', 'r2', 'r3']);
  });

  test('late calls count in the windows that are not over, and leave those alone that began since', async () => {
    using set = processes();
    const store = new MemoryLedger();
    const first = set.next(store);
    first.calls.admitted(requestOf('late', windows));
    first.calls.ended('late', { id: 'late', amounts: {} });
    await first.calls.close();
    const now = start + 6 * 24 * hour;
    const later = windows.map((window) =>
      window.name === 'week'
        ? { ...window, shape: { kind: 'period' as const, startMs: now - hour, endMs: now + hour } }
        : window,
    );
    await store.admit(requestOf('today', later, { now }));
    const second = set.next(store);
    second.calls.noteTime(now);
    await second.calls.bringLeft();
    assert.deepEqual(await used(store, later, now), [1, 1, 2]);
  });

  test('nothing is left when the store has everything', async () => {
    using set = processes();
    const store = new MemoryLedger();
    const first = set.next(store);
    someCalls(first.calls);
    await first.calls.bring();
    assert.equal(first.calls.size, 0);
    await first.file.written();
    await first.calls.close();
    assert.equal(await set.next(store).calls.bringLeft(), 0);
  });
});
