import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createErrorCatalogue } from '../../../src/catalogue/errors/catalogue.ts';
import { GatewayError } from '../../../src/domain/gateway-error.ts';
import type { Target } from '../../../src/domain/target.ts';
import { attemptInTurn } from '../../../src/pipeline/attempts.ts';
import { Diagnostics } from '../../../src/pipeline/diagnosis.ts';
import { HealthMemory } from '../../../src/routing/health.ts';

const catalogue = createErrorCatalogue();

type Answer = () => Promise<string> | string;

const answers = (): string => 'ok';
const breaks = (): never => fail({ status: 500, code: 'broken' });
const inArrears = (): never => fail({ status: 400, code: 'Arrearage' });
const throttles = (): never => fail({ status: 429, code: 'limit_requests', retryAfterSeconds: 60 });
const refuses = (): never => fail({ status: 400, code: 'wrong_request' });

function fail(failure: { status: number; code: string; retryAfterSeconds?: number }): never {
  throw new GatewayError({ message: 'x', origin: 'provider', retryable: failure.status !== 400, ...failure });
}

function target(provider: string): Target {
  return { provider, vendor: 'openai-compatible', model: 'm', protocol: 'openai-chat' };
}

interface Played {
  /** The providers in the order in which they were asked. */
  asked: string;
  /** What came of it: the answer, or the error's code. */
  outcome: string;
  /** Whom the client hears of, and after how many attempts. */
  noted: string;
}

/** Sends one request to providers that answer by script. */
async function play(
  health: HealthMemory,
  scripts: Record<string, Answer[]>,
  { maxRetries = 2, signal = new AbortController().signal } = {},
): Promise<Played> {
  const asked: string[] = [];
  let noted = '';
  const dependencies = {
    health,
    retry: { maxRetries, baseDelayMs: 1, maxDelayMs: 2, breaker: true },
    errors: { diagnostics: new Diagnostics(() => catalogue), explain: true },
    provider: () => undefined,
  };
  const planned = { targets: Object.keys(scripts).map(target), signal };
  const outcome = await attemptInTurn(planned, dependencies, {
    prepare: ({ provider }) => provider,
    note: (_target, provider, attempts) => {
      noted = `${provider} ${attempts}`;
    },
    call: async (_target, provider) => {
      asked.push(provider);
      return (scripts[provider]?.shift() ?? answers)();
    },
  }).then(
    ({ answer }) => answer,
    (error: unknown) => (error instanceof GatewayError ? error.code : String(error)),
  );
  return { asked: asked.join(' '), outcome, noted };
}

/** A memory in which the provider `a` is held back. */
function aHeldBack(): HealthMemory {
  const health = new HealthMemory();
  const now = performance.now();
  health.failed(target('a'), { scope: 'provider', lasts: 'stays', code: 'Arrearage' }, { sentAt: now, now });
  return health;
}

describe('while the first of two providers is held back', () => {
  const cases: [what: string, scripts: Record<string, Answer[]>, maxRetries: number, played: Played][] = [
    ['the second is asked', { a: [], b: [] }, 2, { asked: 'b', outcome: 'ok', noted: 'b 1' }],
    [
      'the first helps out when the second fails',
      { a: [answers], b: [breaks] },
      2,
      { asked: 'b a', outcome: 'ok', noted: 'a 2' },
    ],
    [
      'and when it fails as expected, the second is asked again as if it had not been asked',
      { a: [inArrears], b: [breaks] },
      2,
      { asked: 'b a b', outcome: 'ok', noted: 'b 3' },
    ],
    [
      'the failure that the client gets is that of the second, under its name',
      { a: [inArrears], b: [breaks] },
      1,
      { asked: 'b a', outcome: 'broken', noted: 'b 2' },
    ],
    [
      'also when the second wants more time than the gateway waits',
      { a: [inArrears], b: [throttles] },
      2,
      { asked: 'b a', outcome: 'limit_requests', noted: 'b 2' },
    ],
    [
      'but what the first says about the request itself counts',
      { a: [refuses], b: [breaks] },
      2,
      { asked: 'b a', outcome: 'wrong_request', noted: 'a 2' },
    ],
  ];
  for (const [what, scripts, maxRetries, played] of cases) {
    test(what, async () => assert.deepEqual(await play(aHeldBack(), scripts, { maxRetries }), played));
  }

  test('a single provider is asked as ever', async () => {
    const scripts = { a: [breaks, breaks] };
    assert.deepEqual(await play(aHeldBack(), scripts), { asked: 'a a a', outcome: 'ok', noted: 'a 3' });
  });
});

test('when all are held back they are asked in their order, and each failure counts', async () => {
  const health = new HealthMemory();
  await play(health, { a: [inArrears], b: [inArrears] });
  const scripts = { a: [inArrears], b: [throttles] };
  assert.deepEqual(await play(health, scripts), { asked: 'a b', outcome: 'limit_requests', noted: 'b 2' });
  await play(health, { a: [answers], b: [] });
  assert.deepEqual(await play(health, { b: [], a: [] }), { asked: 'a', outcome: 'ok', noted: 'a 1' });
});

test('of requests that come at the same time one is the probe', async () => {
  const health = new HealthMemory();
  const before = performance.now() - 10;
  health.failed(target('a'), { scope: 'model', lasts: 5, code: 'e' }, { sentAt: before, now: before });
  const { promise, resolve } = Promise.withResolvers<string>();
  const probe = play(health, { a: [() => promise], b: [] });
  const other = await play(health, { a: [], b: [] });
  resolve('ok');
  assert.deepEqual([(await probe).asked, other.asked], ['a', 'b']);
  assert.equal((await play(health, { a: [], b: [] })).asked, 'a');
});

test('a client that leaves says nothing about the provider, whatever the failure looks like', async () => {
  const health = new HealthMemory();
  const signal = AbortSignal.abort();
  for (let request = 0; request < 6; request++) await play(health, { a: [inArrears] }, { signal });
  assert.deepEqual(health.heldBack(performance.now()), []);
});
