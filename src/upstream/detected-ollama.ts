import type { Provider, ProviderTimeouts } from '../domain/provider.ts';
import { resolveProvider } from './providers.ts';
import { ollama } from './vendors/ollama.ts';

/**
 * The Ollama that is used when it answers on its default port though nobody configured one;
 * undefined when a provider is of that vendor, or has taken its name.
 */
export function ollamaToDetect(providers: readonly Provider[], timeouts: ProviderTimeouts): Provider | undefined {
  if (providers.some(({ name, vendor }) => vendor === ollama.id || name === ollama.id)) return undefined;
  const { id } = ollama;
  return resolveProvider({ name: id, vendor: id, models: [], modelsMode: 'merge', headers: {}, timeouts }).provider;
}
