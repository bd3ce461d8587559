import type { VendorSummary } from '../domain/vendor-summary.ts';

/** What a vendor's environment variables begin with: `openai-compatible` gives `OPENAI_COMPATIBLE`. */
export function variablePrefix(id: string): string {
  return id.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_');
}

/** The vendor that a provider's name stands for: the name itself, or its longest beginning before a dash. */
export function vendorOfName(name: string, vendors: readonly VendorSummary[]): VendorSummary | undefined {
  return vendors
    .filter(({ id }) => name === id || name.startsWith(`${id}-`))
    .toSorted((left, right) => right.id.length - left.id.length)[0];
}

/** The variable that would set something of a provider, for messages: `BAILIAN_SG_API_KEY`. */
export function variableOf(provider: string, vendor: VendorSummary, envSuffix: string): string | undefined {
  const named = provider === vendor.id || provider.startsWith(`${vendor.id}-`);
  return named ? `${variablePrefix(provider)}_${envSuffix}` : undefined;
}
