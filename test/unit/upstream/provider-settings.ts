import type { ProviderSettings } from '../../../src/domain/provider.ts';

/** Settings of a provider as configuration hands them over; only what a test is about is given. */
export function providerSettings(partial: Partial<ProviderSettings> = {}): ProviderSettings {
  return {
    name: partial.vendor ?? 'bailian',
    vendor: 'bailian',
    apiKey: 'sk-0123456789abcdef0123456789abcdef',
    models: [],
    modelsMode: 'merge',
    headers: {},
    timeouts: { connect: 1_000, firstByte: 1_000, idle: 1_000 },
    ...partial,
  };
}
