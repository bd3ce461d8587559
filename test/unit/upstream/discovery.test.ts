import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Provider, ProviderSettings } from '../../../src/domain/provider.ts';
import { ModelDirectory } from '../../../src/upstream/discovery.ts';
import type { Clock, DirectoryEvent, ModelDirectoryOptions } from '../../../src/upstream/discovery.ts';
import { ModelListError } from '../../../src/upstream/model-list.ts';
import { resolveProvider } from '../../../src/upstream/providers.ts';
import { providerSettings } from './provider-settings.ts';

/** A clock that stands until it is told to move; due callbacks run in order of their time. */
class ManualClock implements Clock {
  #now = 1_000_000;
  #timers: { at: number; callback: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(milliseconds: number, callback: () => void): () => void {
    const timer = { at: this.#now + milliseconds, callback };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Moves time on, runs what falls due, and lets the promises that this wakes settle. */
  async advance(milliseconds: number): Promise<void> {
    this.#now += milliseconds;
    const due = this.#timers.filter(({ at }) => at <= this.#now).toSorted((one, other) => one.at - other.at);
    this.#timers = this.#timers.filter((timer) => !due.includes(timer));
    for (const { callback } of due) callback();
    await settle();
  }

  get pending(): number {
    return this.#timers.length;
  }
}

/** Lets every promise that is ready run. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

const minute = 60_000;
const hour = 60 * minute;

/** Providers' answers by name: a list, or a failure; absent: no answer yet. */
type Answers = Record<string, string[] | Error | undefined>;

function openai(name: string, settings: Partial<ProviderSettings> = {}): Provider {
  return resolveProvider(providerSettings({ vendor: 'openai', name, ...settings })).provider;
}

function setUp(providers: Provider[], answers: Answers, options: Partial<ModelDirectoryOptions> = {}) {
  const clock = new ManualClock();
  const events: DirectoryEvent[] = [];
  const asked: string[] = [];
  const directory = new ModelDirectory({
    providers,
    intervalMs: hour,
    retryMs: minute,
    clock,
    onEvent: (event) => events.push(event),
    fetchList: ({ name }) => {
      asked.push(name);
      const answer = answers[name];
      if (answer === undefined) return new Promise(() => undefined);
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
    ...options,
  });
  const modelsOf = (name: string): string[] => [...(directory.snapshot().providers.get(name)?.models ?? [])];
  const entry = (name: string) => directory.snapshot().providers.get(name);
  return { clock, events, asked, directory, modelsOf, entry };
}

test('the start does not wait: everything is pending until the answers are in', async () => {
  const { directory, entry, modelsOf } = setUp([openai('a', { models: ['configured'] })], { a: ['one', 'two'] });
  directory.start();
  assert.equal(entry('a')?.state, 'pending');
  assert.deepEqual(modelsOf('a'), ['configured']);
  await settle();
  assert.equal(entry('a')?.state, 'listed');
  assert.equal(entry('a')?.listedAt, 1_000_000);
  assert.deepEqual(modelsOf('a'), ['one', 'two', 'configured']);
  directory.stop();
});

test('a good list is read again after an hour, a failed one after a minute', async () => {
  const { directory, clock, asked } = setUp([openai('good'), openai('bad')], { good: ['x'], bad: new Error('no') });
  directory.start();
  await settle();
  assert.deepEqual(asked, ['good', 'bad']);
  await clock.advance(minute);
  assert.deepEqual(asked, ['good', 'bad', 'bad']);
  await clock.advance(hour);
  assert.equal(asked.filter((name) => name === 'good').length, 2);
  directory.stop();
});

test('a failure keeps the last good list and its reason is known', async () => {
  const answers: Answers = { a: ['one'] };
  const { directory, clock, events, entry, modelsOf } = setUp([openai('a')], answers);
  directory.start();
  await settle();
  answers['a'] = new ModelListError('HTTP 401: the key was refused.');
  await clock.advance(hour);
  assert.equal(entry('a')?.state, 'failed');
  assert.deepEqual(modelsOf('a'), ['one']);
  assert.equal(entry('a')?.listedAt, 1_000_000);
  assert.deepEqual(entry('a')?.failure, { reason: 'HTTP 401: the key was refused.', at: 1_000_000 + hour });
  answers['a'] = ['two'];
  await clock.advance(minute);
  assert.equal(entry('a')?.state, 'listed');
  assert.equal(entry('a')?.failure, undefined);
  assert.deepEqual(modelsOf('a'), ['two']);
  assert.deepEqual(
    events.map(({ type }) => type),
    ['listed', 'failed', 'listed'],
  );
  directory.stop();
});

test('a list that never comes is given up, whether or not the fetch heeds its signal', async () => {
  const { directory, clock, entry } = setUp([openai('a')], {}, { timeoutMs: 5_000 });
  directory.start();
  await settle();
  await clock.advance(5_000);
  assert.equal(entry('a')?.state, 'failed');
  assert.equal(entry('a')?.failure?.reason, 'The model list did not come within 5000 ms.');
  directory.stop();
});

test('a fetch that throws at once is a failure like any other', async () => {
  const fetchList = () => {
    throw new Error('at once');
  };
  const { directory, entry } = setUp([openai('a')], {}, { fetchList });
  await directory.refresh();
  assert.equal(entry('a')?.state, 'failed');
  directory.stop();
});

const modes: [mode: ProviderSettings['modelsMode'], discovered: string[] | Error, models: string[]][] = [
  ['merge', ['found'], ['found', 'mine']],
  ['merge', new Error('no'), ['mine']],
  ['fallback', ['found'], ['found']],
  ['fallback', [], ['mine']],
  ['fallback', new Error('no'), ['mine']],
  ['allowlist', ['found'], ['mine']],
];

for (const [modelsMode, discovered, models] of modes) {
  const what = Array.isArray(discovered) ? `${discovered.length} discovered` : 'a failure';
  test(`models mode ${modelsMode} with ${what}`, async () => {
    const { directory, modelsOf, asked } = setUp([openai('a', { models: ['mine'], modelsMode })], { a: discovered });
    await directory.refresh();
    assert.deepEqual(modelsOf('a'), models);
    assert.equal(asked.length, modelsMode === 'allowlist' ? 0 : 1);
    directory.stop();
  });
}

test('a provider without a list is never asked and is known at once', async () => {
  const sandbox = resolveProvider(providerSettings({ vendor: 'sandbox' })).provider;
  const { directory, entry, asked } = setUp([sandbox], {});
  directory.start();
  await settle();
  assert.deepEqual(asked, []);
  assert.equal(entry('sandbox')?.state, 'static');
  directory.stop();
});

test('a refresh during a reading waits for that reading', async () => {
  const { directory, asked } = setUp([openai('a'), openai('b')], { a: ['x'], b: ['y'] });
  directory.start();
  await Promise.all([directory.refresh('a'), directory.refresh()]);
  assert.deepEqual(asked, ['a', 'b']);
  await directory.refresh('b');
  assert.deepEqual(asked, ['a', 'b', 'b']);
  directory.stop();
});

test('after a stop nothing is asked, recorded or left waiting', async () => {
  const { directory, clock, asked, events } = setUp([openai('a')], { a: ['x'] });
  directory.start();
  directory.stop();
  await settle();
  await clock.advance(2 * hour);
  assert.deepEqual(asked, ['a']);
  assert.deepEqual(events, []);
  assert.equal(clock.pending, 0);
});

test('a snapshot that was handed out does not change', async () => {
  const { directory } = setUp([openai('a')], { a: ['x'] });
  const before = directory.snapshot();
  await directory.refresh();
  assert.deepEqual([...(before.providers.get('a')?.models ?? [])], []);
  assert.notEqual(directory.snapshot(), before);
  directory.stop();
});

test('the order of configuration is kept whoever answers first', async () => {
  const answers: Answers = { b: ['y'] };
  const { directory, clock } = setUp([openai('a'), openai('b')], answers, { timeoutMs: 100 });
  directory.start();
  await settle();
  await clock.advance(100);
  assert.deepEqual([...directory.snapshot().providers.keys()], ['a', 'b']);
  directory.stop();
});

test('a detected provider is there while it answers', async () => {
  const answers: Answers = { ollama: new Error('refused') };
  const detect = resolveProvider(providerSettings({ vendor: 'ollama' })).provider;
  const { directory, clock, events, entry, modelsOf } = setUp([openai('a')], answers, { detect });
  directory.start();
  await settle();
  assert.equal(entry('ollama'), undefined);
  answers['ollama'] = ['qwen3:8b'];
  await clock.advance(minute);
  assert.deepEqual(modelsOf('ollama'), ['qwen3:8b']);
  assert.equal(entry('ollama')?.provider.detected, true);
  assert.deepEqual([...directory.snapshot().providers.keys()], ['a', 'ollama']);
  answers['ollama'] = new Error('refused');
  await clock.advance(minute);
  assert.equal(entry('ollama'), undefined);
  assert.deepEqual(
    events.filter(({ provider }) => provider === 'ollama'),
    [
      { type: 'listed', provider: 'ollama', models: 1 },
      { type: 'lost', provider: 'ollama' },
    ],
  );
  directory.stop();
});

test('a new configuration keeps the lists of providers that have not moved', async () => {
  const first = setUp([openai('a'), openai('b')], { a: ['x'], b: ['y'] });
  await first.directory.refresh();
  first.directory.stop();
  const moved = openai('b', { baseUrl: 'https://other.example/v1' });
  const { modelsOf, entry } = setUp(
    [openai('a', { models: ['mine'] }), moved],
    {},
    { previous: first.directory.snapshot() },
  );
  assert.deepEqual(modelsOf('a'), ['x', 'mine']);
  assert.equal(entry('a')?.listedAt, 1_000_000);
  assert.deepEqual(modelsOf('b'), []);
  assert.equal(entry('b')?.listedAt, undefined);
});
