import type { ModelDirectorySnapshot, ProviderModels } from '../domain/model-directory.ts';

/**
 * The providers that answer to bare model names, in order: a stand-in (the sandbox) does so only while no other provider
 * is configured; one that was merely detected on this machine does not push it aside.
 */
export function bareNameProviders(directory: ModelDirectorySnapshot): ProviderModels[] {
  const all = [...directory.providers.values()];
  const isAlone = all.every(({ provider }) => provider.standIn || provider.detected);
  return isAlone ? all : all.filter(({ provider }) => !provider.standIn);
}
