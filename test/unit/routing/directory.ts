import type { ModelDirectorySnapshot, ProviderModels } from '../../../src/domain/model-directory.ts';
import type { Protocol } from '../../../src/domain/protocol.ts';
import type { Provider } from '../../../src/domain/provider.ts';

export interface ProviderSketch extends Partial<Provider> {
  name: string;
  models?: string[];
  /** Protocols it speaks; both when absent. */
  speaks?: Protocol[];
  state?: ProviderModels['state'];
  listed?: boolean;
}

/** A snapshot of the directory from a few words per provider; a listed one unless said otherwise. */
export function directoryOf(...sketches: ProviderSketch[]): ModelDirectorySnapshot {
  return { providers: new Map(sketches.map((sketch) => [sketch.name, entryOf(sketch)])) };
}

function entryOf({
  models = [],
  speaks,
  state = 'listed',
  listed = state === 'listed',
  ...provider
}: ProviderSketch): ProviderModels {
  const spoken = speaks ?? ['openai-chat', 'anthropic-messages'];
  const endpoints: Provider['endpoints'] = {};
  for (const protocol of spoken)
    endpoints[protocol] = { protocol, origin: 'https://x.example', path: '/', headers: {} };
  return {
    provider: {
      vendor: provider.name,
      endpoints,
      staticModels: [],
      modelsMode: 'merge',
      quirks: {},
      timeouts: { connect: 1, firstByte: 1, idle: 1 },
      ...provider,
    },
    models: new Set(models),
    state,
    ...(listed && { listedAt: 1 }),
  };
}
