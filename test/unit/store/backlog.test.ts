import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Backlog } from '../../../src/store/backlog.ts';

class Refusal extends Error {}

/** A database that is away for some writes, and refuses the entries it is told to. */
function setUp({ away = 0, refused = [] as number[], whileAway = 'keep' as 'keep' | 'reject' } = {}) {
  const written: number[] = [];
  let failures = away;
  const backlog = new Backlog<number>({
    gatherMs: 0,
    retryMs: 10,
    whileAway,
    isRefusal: (error) => error instanceof Refusal,
    write: async (entries) => {
      if (failures > 0) {
        failures -= 1;
        throw new Error('away');
      }
      if (entries.some((entry) => refused.includes(entry))) throw new Refusal('refused');
      written.push(...entries);
    },
  });
  return { backlog, written };
}

const numbers = Array.from({ length: 50 }, (_, number) => number);

suite('backlog', () => {
  test('what waits for a database that is away is noted once, until the database has it', async () => {
    const noted: number[] = [];
    const written: number[] = [];
    let failures = 2;
    const seen: number[][] = [];
    const backlog = new Backlog<number>({
      gatherMs: 0,
      retryMs: 10,
      whileAway: 'keep',
      isRefusal: () => false,
      notes: { note: (entry) => void noted.push(entry), clear: () => void noted.splice(0) },
      write: async (entries) => {
        seen.push([...noted]);
        if (failures-- > 0) throw new Error('away');
        written.push(...entries);
      },
    });
    backlog.add(1, () => backlog.add(3));
    backlog.add(2);
    await backlog.drain();
    assert.deepEqual(seen, [[], [1, 2], [1, 2], []]);
    assert.deepEqual(written, [1, 2, 3]);
    assert.deepEqual(noted, []);
  });

  test('entries are written in order, also when the database was away', async () => {
    const { backlog, written } = setUp({ away: 1 });
    for (const number of numbers) backlog.add(number);
    assert.equal(backlog.length, 50);
    await backlog.drain();
    assert.deepEqual(written, numbers);
    assert.equal(backlog.length, 0);
  });

  test('entries that are refused are found and left out, and only they', async () => {
    const { backlog, written } = setUp({ refused: [0, 7, 31, 49] });
    const refused: number[] = [];
    for (const number of numbers) backlog.add(number, (error) => error && refused.push(number));
    await backlog.drain();
    assert.deepEqual(refused, [0, 7, 31, 49]);
    assert.deepEqual(
      written,
      numbers.filter((number) => !refused.includes(number)),
    );
  });

  test('entries may be given back while the database is away', async () => {
    const { backlog, written } = setUp({ away: 1, whileAway: 'reject' });
    const given: string[] = [];
    backlog.add(1, (error) => given.push(String(error?.message)));
    await backlog.drain();
    backlog.add(2);
    await backlog.drain();
    assert.deepEqual([given, written], [['away'], [2]]);
  });

  test('closing makes one attempt more and gives up the rest', async () => {
    const { backlog, written } = setUp({ away: 1000 });
    const given: string[] = [];
    backlog.add(1, (error) => given.push(String(error?.message)));
    await backlog.close();
    assert.deepEqual(written, []);
    assert.match(given.join(), /did not come back/);
  });
});
