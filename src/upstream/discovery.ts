import type { ModelDirectorySnapshot, ProviderModels } from '../domain/model-directory.ts';
import type { Provider } from '../domain/provider.ts';
import { failureReason, ModelListError } from './model-list.ts';
import type { FetchModelList } from './model-list.ts';

/** Time, as far as the directory needs it, so that tests own it. */
export interface Clock {
  /** Unix time in milliseconds. */
  now(): number;
  /** Calls back once; the timer does not keep the process alive. Returns what cancels it. */
  after(milliseconds: number, callback: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after: (milliseconds, callback) => {
    const timer = setTimeout(callback, milliseconds);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** What happened to one provider's list, for the log. */
export type DirectoryEvent =
  | { type: 'listed'; provider: string; models: number }
  | { type: 'failed'; provider: string; reason: string }
  | { type: 'lost'; provider: string };

export interface ModelDirectoryOptions {
  /** In the order of configuration. */
  providers: readonly Provider[];
  /** Used while it answers, though not configured (an Ollama on its default port). */
  detect?: Provider;
  fetchList: FetchModelList;
  /** Between two readings of a list, in milliseconds. */
  intervalMs: number;
  /** Until a failed reading is tried again, and between two looks for the detected provider. */
  retryMs: number;
  /** For one reading. */
  timeoutMs?: number;
  /** For one look for the detected provider, which is on this machine or not there. */
  detectTimeoutMs?: number;
  /** What an earlier configuration knew: lists of providers that have not moved are kept until they are read again. */
  previous?: ModelDirectorySnapshot;
  clock?: Clock;
  onEvent?: (event: DirectoryEvent) => void;
}

/** What is being asked of one provider. */
interface Watch {
  provider: Provider;
  cancelTimer: () => void;
  running: Promise<void> | undefined;
}

/**
 * Which models each provider has. Asks every provider that has a list at the start, then at intervals, failed ones sooner;
 * never blocks: `snapshot` always answers at once with what is known, and keeps the last good list of a provider that fails.
 */
export class ModelDirectory {
  readonly #options: ModelDirectoryOptions;
  readonly #clock: Clock;
  readonly #watches: Watch[] = [];
  readonly #stopping = new AbortController();
  #snapshot: ModelDirectorySnapshot;

  constructor(options: ModelDirectoryOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#snapshot = freeze(options.providers.map((provider) => initialModels(provider, options.previous)));
    const asked = options.providers.filter(hasList);
    if (options.detect) asked.push({ ...options.detect, detected: true });
    this.#watches = asked.map((provider) => ({ provider, cancelTimer: () => undefined, running: undefined }));
  }

  /** The state of knowledge now: synchronous, immutable, replaced as a whole by a refresh. */
  snapshot(): ModelDirectorySnapshot {
    return this.#snapshot;
  }

  /** Starts asking, in the background. */
  start(): void {
    for (const watch of this.#watches) void this.#ask(watch);
  }

  /** Stops asking; what is under way is aborted and ignored. */
  stop(): void {
    this.#stopping.abort(new Error('The directory was stopped.'));
    for (const watch of this.#watches) watch.cancelTimer();
  }

  /** Asks now, one provider by name or all; resolves when the answers are in the snapshot. Failures are in the snapshot too. */
  async refresh(name?: string): Promise<void> {
    const wanted = this.#watches.filter(({ provider }) => name === undefined || provider.name === name);
    await Promise.all(wanted.map((watch) => this.#ask(watch)));
  }

  /** One reading at a time per provider; whoever asks meanwhile waits for the same one. */
  #ask(watch: Watch): Promise<void> {
    watch.running ??= this.#read(watch).finally(() => {
      watch.running = undefined;
    });
    return watch.running;
  }

  async #read(watch: Watch): Promise<void> {
    watch.cancelTimer();
    const { provider } = watch;
    const listed = await this.#fetch(provider).then(
      (models) => ({ models }),
      (error: unknown) => ({ reason: failureReason(error) }),
    );
    if (this.#stopping.signal.aborted) return;
    const isGood = 'models' in listed;
    if (isGood) this.#record(provider, listed.models);
    else this.#recordFailure(provider, listed.reason);
    const { intervalMs, retryMs } = this.#options;
    const delay = isGood && !provider.detected ? intervalMs : retryMs;
    watch.cancelTimer = this.#clock.after(delay, () => void this.#ask(watch));
  }

  /** Rejects at the time limit even when the fetch does not heed its signal. */
  async #fetch(provider: Provider): Promise<string[]> {
    const { timeoutMs = 10_000, detectTimeoutMs = 500, fetchList } = this.#options;
    const limit = provider.detected ? detectTimeoutMs : timeoutMs;
    const late = new AbortController();
    const { promise, reject } = Promise.withResolvers<never>();
    const cancelTimer = this.#clock.after(limit, () => {
      const error = new ModelListError(`The model list did not come within ${limit} ms.`);
      late.abort(error);
      reject(error);
    });
    const signal = AbortSignal.any([this.#stopping.signal, late.signal]);
    return await Promise.race([fetchList(provider, signal), promise]).finally(cancelTimer);
  }

  #record(provider: Provider, discovered: readonly string[]): void {
    const models = combine(provider, discovered);
    this.#put({ provider, models, discovered, state: 'listed', listedAt: this.#clock.now() });
    this.#options.onEvent?.({ type: 'listed', provider: provider.name, models: discovered.length });
  }

  #recordFailure(provider: Provider, reason: string): void {
    const known = this.#snapshot.providers.get(provider.name);
    if (provider.detected) {
      // Not there, or not there any more: nobody configured it, so it is no failure of anything.
      if (!known) return;
      this.#replace([...this.#snapshot.providers.values()].filter((entry) => entry !== known));
      this.#options.onEvent?.({ type: 'lost', provider: provider.name });
      return;
    }
    this.#put({ ...(known ?? initialModels(provider)), state: 'failed', failure: { reason, at: this.#clock.now() } });
    this.#options.onEvent?.({ type: 'failed', provider: provider.name, reason });
  }

  #put(entry: ProviderModels): void {
    const entries = new Map(this.#snapshot.providers).set(entry.provider.name, entry);
    this.#replace([...entries.values()]);
  }

  #replace(entries: readonly ProviderModels[]): void {
    this.#snapshot = freeze(entries);
  }
}

/** An allowlist is complete without asking. */
function hasList(provider: Provider): boolean {
  return provider.modelList !== undefined && provider.modelsMode !== 'allowlist';
}

function initialModels(provider: Provider, previous?: ModelDirectorySnapshot): ProviderModels {
  if (!hasList(provider)) return { provider, models: new Set(provider.staticModels), state: 'static' };
  const known = previous?.providers.get(provider.name);
  if (!known?.discovered || known.listedAt === undefined || !isSameList(known.provider, provider)) {
    return { provider, models: new Set(provider.staticModels), state: 'pending' };
  }
  const { discovered, listedAt } = known;
  return { provider, models: combine(provider, discovered), discovered, listedAt, state: 'pending' };
}

/** The same address and key, whose answer therefore still holds. */
function isSameList({ modelList: one }: Provider, { modelList: other }: Provider): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Discovered and configured models by the models mode; an allowlist never gets here. */
function combine(provider: Provider, discovered: readonly string[]): Set<string> {
  if (provider.modelsMode === 'fallback' && discovered.length > 0) return new Set(discovered);
  return new Set([...discovered, ...provider.staticModels]);
}

function freeze(entries: readonly ProviderModels[]): ModelDirectorySnapshot {
  const providers = new Map(entries.map((entry) => [entry.provider.name, Object.freeze(entry)]));
  return Object.freeze({ providers });
}
