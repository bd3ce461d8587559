import assert from 'node:assert/strict';
import { it } from 'node:test';
import { pino } from 'pino';
import { RegularWork } from '../../../src/app/regular-work.ts';

/** Lets everything happen that is due. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('work that fails or hangs is a problem, named and logged once, until it goes well again', async (test) => {
  test.mock.timers.enable({ apis: ['setInterval', 'setTimeout'] });
  const logged: string[] = [];
  const work = new RegularWork(pino({ base: null }, { write: (line: string) => void logged.push(line) }));
  let attempt = (): Promise<unknown> => Promise.reject(new Error('connection refused'));
  let attempts = 0;
  work.repeat('lease', { everyMs: 1_000, answerMs: 500, asks: 'the ledger store' }, () => {
    attempts += 1;
    return attempt();
  });
  work.repeat('retention', { everyMs: 1_000 }, () => new Promise(() => undefined));
  for (const _round of [1, 2]) {
    test.mock.timers.tick(1_000);
    await turn();
    assert.equal(work.problem, 'the ledger store does not answer (lease)');
  }
  assert.equal(logged.length, 1);
  attempt = () => Promise.resolve();
  test.mock.timers.tick(1_000);
  await turn();
  assert.equal(work.problem, undefined);

  const { promise, resolve } = Promise.withResolvers<void>();
  attempt = () => promise;
  test.mock.timers.tick(1_000);
  assert.equal(work.problem, undefined);
  test.mock.timers.tick(2_000);
  assert.deepEqual([work.problem, attempts], ['the ledger store does not answer (lease)', 4]);
  resolve();
  await turn();
  assert.equal(work.problem, undefined);
  work.end();
  test.mock.timers.tick(5_000);
  assert.deepEqual([attempts, work.isGoingOn], [4, false]);
});

it('a problem says of each store what does not get an answer', async (test) => {
  test.mock.timers.enable({ apis: ['setInterval', 'setTimeout'] });
  const logged: string[] = [];
  const work = new RegularWork(
    pino({ base: null }, { write: (line: string) => void logged.push(JSON.parse(line).msg) }),
  );
  const away = (): Promise<never> => Promise.reject(new Error('connection refused'));
  work.repeat('changes', { everyMs: 1_000 }, away);
  work.repeat('live counters', { everyMs: 1_000, asks: 'Redis' }, away);
  work.repeat('usage', { everyMs: 1_000 }, away);
  test.mock.timers.tick(1_000);
  await turn();
  assert.equal(work.problem, 'the database does not answer (changes, usage); Redis does not answer (live counters)');
  assert.deepEqual(logged, ['the database does not answer', 'Redis does not answer', 'the database does not answer']);
  work.end();
});
