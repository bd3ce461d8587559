export interface ProviderProblem {
  /** The provider's configured name. */
  provider: string;
  /** What is wrong, in one sentence; never holds the key or any part of it. */
  message: string;
  /** What to do, in one sentence. */
  fix: string;
  /** The setting that is wrong, where it is one alone. */
  setting?: string;
}

/** A provider that cannot work as configured: found when it is made ready, before any call. */
export class ProviderConfigError extends Error {
  readonly provider: string;
  readonly fix: string;
  readonly setting: string | undefined;

  constructor({ provider, message, fix, setting }: ProviderProblem) {
    super(message);
    this.name = 'ProviderConfigError';
    this.provider = provider;
    this.fix = fix;
    this.setting = setting;
  }
}

/** The environment name of a provider's setting: `bailian-sg`, `PLAN` is `BAILIAN_SG_PLAN`. */
export function envName(provider: string, setting: string): string {
  return `${provider.toUpperCase().replace(/[^A-Z0-9]+/g, '_')}_${setting}`;
}
