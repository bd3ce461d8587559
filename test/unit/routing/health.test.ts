import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Target } from '../../../src/domain/target.ts';
import { everybodyWell, HealthMemory } from '../../../src/routing/health.ts';
import type { Ailment, HealthEvent } from '../../../src/routing/health.ts';

const second = 1_000;

/** `a/m` as a target. */
function target(text: string): Target {
  const [provider = '', model = ''] = text.split('/');
  return { provider, vendor: 'openai-compatible', model, protocol: 'openai-chat' };
}

function ailment(lasts: Ailment['lasts'], scope: Ailment['scope'] = 'model'): Ailment {
  return { scope, lasts, code: 'e' };
}

/** The memory with a clock that is set by hand. */
class Ward {
  readonly events: HealthEvent[] = [];
  readonly memory = new HealthMemory((event) => this.events.push(event));
  now = 0;

  /** A call that fails at once, or that was sent at another time. */
  fail(place: string, what: Ailment | undefined, sentAt = this.now): void {
    this.memory.asked(target(place), sentAt);
    this.memory.failed(target(place), what, { sentAt, now: this.now });
  }

  failRow(place: string, count = 5, what = ailment('passing')): void {
    for (let failure = 0; failure < count; failure++) this.fail(place, what);
  }

  succeed(place: string, sentAt = this.now): void {
    this.memory.asked(target(place), sentAt);
    this.memory.succeeded(target(place), sentAt);
  }

  /** The order of these targets, as `b/m a/m`, with a bar before those that are unwell. */
  order(places: string): string {
    const { targets, well } = this.memory.order(places.split(' ').map(target), this.now);
    const names = targets.map(({ provider, model }) => `${provider}/${model}`);
    return [...names.slice(0, well), ...(well < names.length ? ['|'] : []), ...names.slice(well)].join(' ');
  }

  /** Milliseconds until the pause of the only one that is held back ends. */
  pause(): number | undefined {
    return this.memory.heldBack(this.now)[0]?.forMs;
  }
}

describe('who is held back', () => {
  const cases: [what: string, act: (ward: Ward) => void, order: string][] = [
    ['nobody at first', () => undefined, 'a/m b/m c/m'],
    ['a limit with a known end, at once', (ward) => ward.fail('a/m', ailment(30 * second)), 'b/m c/m | a/m'],
    ['what stays, at once', (ward) => ward.fail('b/m', ailment('stays', 'provider')), 'a/m c/m | b/m'],
    ['not after four failures in a row', (ward) => ward.failRow('a/m', 4), 'a/m b/m c/m'],
    ['after five', (ward) => ward.failRow('a/m'), 'b/m c/m | a/m'],
    [
      'not when one of them went well',
      (ward) => {
        ward.failRow('a/m', 4);
        ward.succeed('a/m');
        ward.failRow('a/m', 4);
      },
      'a/m b/m c/m',
    ],
    ['not for wrong requests', (ward) => Array.from({ length: 9 }, () => ward.fail('a/m', undefined)), 'a/m b/m c/m'],
    [
      'wrong requests do not end a row either',
      (ward) => {
        ward.failRow('a/m', 4);
        ward.fail('a/m', undefined);
        ward.failRow('a/m', 1);
      },
      'b/m c/m | a/m',
    ],
    [
      'two keep their order',
      (ward) => {
        ward.failRow('b/m');
        ward.failRow('a/m');
      },
      'c/m | a/m b/m',
    ],
    [
      'all: then the order is the usual one',
      (ward) => {
        for (const place of ['c/m', 'a/m', 'b/m']) ward.failRow(place);
      },
      'a/m b/m c/m',
    ],
  ];
  for (const [what, act, order] of cases) {
    test(what, () => {
      const ward = new Ward();
      act(ward);
      assert.equal(ward.order('a/m b/m c/m'), order);
    });
  }

  test('a model does not speak for the others of its provider, the provider does for all of its models', () => {
    const ward = new Ward();
    ward.fail('a/m', ailment('stays', 'model'));
    assert.equal(ward.order('a/m b/m'), 'b/m | a/m');
    assert.equal(ward.order('a/n b/n'), 'a/n b/n');
    ward.fail('a/m', ailment('stays', 'provider'));
    assert.equal(ward.order('a/n b/n'), 'b/n | a/n');
  });

  test('failures of two kinds of place are two rows', () => {
    const ward = new Ward();
    ward.failRow('a/m', 4, ailment('passing', 'provider'));
    ward.failRow('a/m', 4, ailment('passing', 'model'));
    assert.equal(ward.order('a/m b/m'), 'a/m b/m');
  });

  test('a single target is never held back', () => {
    const ward = new Ward();
    ward.failRow('a/m');
    assert.equal(ward.order('a/m'), 'a/m');
  });
});

describe('how long', () => {
  for (const [lasts, pause] of [
    [30 * second, 30 * second],
    [1e12, 3_600 * second],
    ['stays', 60 * second],
  ] as const) {
    test(`${lasts}: ${pause} ms`, () => {
      const ward = new Ward();
      ward.now = 7;
      ward.fail('a/m', ailment(lasts));
      assert.equal(ward.pause(), pause);
      ward.now = 7 + pause - 1;
      assert.equal(ward.order('a/m b/m'), 'b/m | a/m');
      ward.now = 7 + pause;
      assert.equal(ward.order('a/m b/m'), 'a/m b/m');
    });
  }

  test('after failures in a row 5 s, doubled by each failed probe up to a minute, and 5 s again after a success', () => {
    const ward = new Ward();
    ward.failRow('a/m');
    const pauses = [ward.pause()];
    for (let probe = 0; probe < 5; probe++) {
      ward.now += ward.pause() ?? 0;
      ward.fail('a/m', ailment('passing'));
      pauses.push(ward.pause());
    }
    assert.deepEqual(
      pauses,
      [5, 10, 20, 40, 60, 60].map((seconds) => seconds * second),
    );
    ward.succeed('a/m');
    assert.equal(ward.pause(), undefined);
    ward.failRow('a/m');
    assert.equal(ward.pause(), 5 * second);
  });

  test('failures while it is held back, as when all are, neither lengthen nor shorten the pause', () => {
    const ward = new Ward();
    ward.failRow('a/m', 100);
    ward.now = 4 * second;
    ward.fail('a/m', ailment('passing'));
    assert.equal(ward.pause(), 1 * second);
    ward.now = 6 * second;
    ward.fail('a/m', ailment('passing'), 4 * second);
    assert.equal(ward.pause(), 0, 'sent before the pause was over: no probe');
  });

  test('what the provider says last counts', () => {
    const ward = new Ward();
    ward.fail('a/m', ailment(3_000 * second));
    ward.fail('a/m', ailment(10 * second));
    assert.equal(ward.pause(), 10 * second);
  });
});

describe('the probe', () => {
  /** The model `a/m` is held back, and its pause has just ended. */
  function due(): Ward {
    const ward = new Ward();
    ward.fail('a/m', ailment(10 * second));
    ward.now = 10 * second;
    return ward;
  }

  test('is sent by one request, the others find the target behind until its result is known', () => {
    const ward = due();
    assert.equal(ward.order('a/m b/m'), 'a/m b/m');
    assert.equal(ward.order('a/m b/m'), 'a/m b/m', 'asking for the order takes no probe');
    ward.memory.asked(target('a/m'), ward.now);
    assert.equal(ward.order('a/m b/m'), 'b/m | a/m');
    ward.memory.succeeded(target('a/m'), ward.now);
    assert.equal(ward.order('a/m b/m'), 'a/m b/m');
    assert.deepEqual(ward.memory.heldBack(ward.now), []);
  });

  test('that tells nothing leaves it to the next request', () => {
    const ward = due();
    ward.fail('a/m', undefined);
    assert.equal(ward.order('a/m b/m'), 'a/m b/m');
    assert.equal(ward.memory.heldBack(ward.now).length, 1);
  });

  test('is given back only by the request that has it', () => {
    const ward = due();
    ward.memory.asked(target('a/m'), ward.now);
    ward.now += second;
    ward.fail('a/m', undefined);
    assert.equal(ward.order('a/m b/m'), 'b/m | a/m');
  });

  test('that has no result for half a minute no longer keeps others from probing', () => {
    const ward = due();
    ward.memory.asked(target('a/m'), ward.now);
    ward.now += 29 * second;
    assert.equal(ward.order('a/m b/m'), 'b/m | a/m');
    ward.now += second;
    assert.equal(ward.order('a/m b/m'), 'a/m b/m');
  });

  test('is one per request, and none behind a target that is well', () => {
    const ward = due();
    ward.fail('b/m', ailment(1));
    ward.now += 1;
    assert.equal(ward.order('a/m b/m c/m'), 'a/m c/m | b/m');
    assert.equal(ward.order('c/m a/m b/m'), 'c/m | a/m b/m');
  });

  test('of a provider whose model fails for a reason of its own leaves the provider to the next request', () => {
    const ward = new Ward();
    ward.fail('a/m', ailment('stays', 'provider'));
    ward.now = 60 * second;
    ward.fail('a/m', ailment(30 * second, 'model'));
    assert.equal(ward.order('a/m b/m'), 'b/m | a/m');
    assert.equal(ward.order('a/n b/n'), 'a/n b/n');
    ward.succeed('a/n');
    assert.deepEqual(
      ward.memory.heldBack(ward.now).map(({ provider, model }) => [provider, model]),
      [['a', 'm']],
    );
  });
});

describe('a success', () => {
  test('ends it for the provider and for the model, not for its other models', () => {
    const ward = new Ward();
    for (const place of ['a/m', 'a/n']) ward.failRow(place);
    ward.fail('a/m', ailment('stays', 'provider'));
    ward.succeed('a/m');
    assert.equal(ward.order('a/m b/m'), 'a/m b/m');
    assert.equal(ward.order('a/n b/n'), 'b/n | a/n');
  });

  test('of a call that was sent before says nothing of now, but it breaks a row', () => {
    const ward = new Ward();
    ward.now = 100;
    ward.fail('a/m', ailment(30 * second));
    ward.succeed('a/m', 99);
    assert.equal(ward.order('a/m b/m'), 'b/m | a/m');
    ward.failRow('b/m', 4);
    ward.succeed('b/m', 99);
    ward.fail('b/m', ailment('passing'));
    assert.equal(ward.order('b/m c/m'), 'b/m c/m');
  });
});

describe('the memory', () => {
  test('tells once when it begins and once when it ends', () => {
    const ward = new Ward();
    const told: Ailment = { scope: 'provider', lasts: 'stays', code: 'x'.repeat(100), errorId: 'account-arrearage' };
    ward.fail('a/m', told);
    ward.now = 60 * second;
    ward.fail('a/m', told);
    ward.now = 120 * second;
    ward.succeed('a/m');
    const place = { provider: 'a', code: 'x'.repeat(64), errorId: 'account-arrearage' };
    assert.deepEqual(ward.events, [
      { type: 'held', ...place, forMs: 60 * second },
      { type: 'released', ...place, forMs: 0 },
    ]);
  });

  test('forgets a provider whose configuration changed, and only that one', () => {
    const ward = new Ward();
    ward.fail('a/m', ailment('stays', 'provider'));
    ward.fail('a/m', ailment('stays', 'model'));
    ward.fail('ab/m', ailment('stays', 'provider'));
    ward.memory.forget('a');
    assert.deepEqual(
      ward.memory.heldBack(0).map(({ provider }) => provider),
      ['ab'],
    );
  });

  test('is bounded: the oldest are forgotten first', () => {
    const ward = new Ward();
    for (let model = 0; model < 501; model++) ward.fail(`a/${model}`, ailment('stays'));
    assert.equal(ward.memory.heldBack(0).length, 500);
    assert.equal(ward.order('a/0 b/0'), 'a/0 b/0');
    assert.equal(ward.order('a/1 b/1'), 'b/1 | a/1');
  });

  test('while nothing is remembered gives the very list that it got', () => {
    const targets = [target('a/m'), target('b/m')];
    assert.equal(new HealthMemory().order(targets, 0).targets, targets);
    everybodyWell.failed(target('a/m'), ailment('stays'), { sentAt: 0, now: 0 });
    assert.deepEqual(everybodyWell.order(targets, 0), { targets, well: 2 });
  });
});
