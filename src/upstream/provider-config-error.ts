export interface ProviderProblem {
  /** The provider's configured name. */
  provider: string;
  /** What is wrong, in one sentence; never holds the key or any part of it. */
  message: string;
  /** What to do, in one sentence. */
  fix: string;
}

/** A provider that cannot work as configured: found when it is made ready, before any call. */
export class ProviderConfigError extends Error {
  readonly provider: string;
  readonly fix: string;

  constructor({ provider, message, fix }: ProviderProblem) {
    super(message);
    this.name = 'ProviderConfigError';
    this.provider = provider;
    this.fix = fix;
  }
}

/** The environment name of a provider's setting: `bailian-sg`, `PLAN` is `BAILIAN_SG_PLAN`. */
export function envName(provider: string, setting: string): string {
  return `${provider.toUpperCase().replace(/[^A-Z0-9]+/g, '_')}_${setting}`;
}
