import type { Provider } from './provider.ts';

/** Which models each provider has, at one moment. Immutable: a refresh makes a new one. */
export interface ModelDirectorySnapshot {
  /** By provider name; configured ones in the order of configuration, detected ones last. */
  readonly providers: ReadonlyMap<string, ProviderModels>;
}

/** What is known about the models of one provider. */
export interface ProviderModels {
  readonly provider: Provider;
  /** Ids as the provider knows them, already combined with the configured ones by the models mode. */
  readonly models: ReadonlySet<string>;
  /** The last good list as the provider gave it; absent while there is none. */
  readonly discovered?: readonly string[];
  /**
   * `static`: nothing to ask, the configured or catalogued models are all. `pending`: not asked yet.
   * `listed`: the last question was answered. `failed`: it was not; `models` holds the last good list.
   */
  readonly state: 'static' | 'pending' | 'listed' | 'failed';
  /** Unix time in milliseconds of the last good list. */
  readonly listedAt?: number;
  /** Why the last question failed, and when (Unix milliseconds). Holds no secret. */
  readonly failure?: { readonly reason: string; readonly at: number };
}
