/** The settings that a provider is judged by, as they are named in YAML. */
export type JudgedSetting =
  | 'type'
  | 'api_key'
  | 'base_url'
  | 'region'
  | 'workspace'
  | 'plan'
  | 'plan_edition'
  | 'plan_since'
  | 'models_mode'
  | 'headers';

/** What works but is probably not what was meant. */
export interface ProviderWarning {
  /** In one sentence; never holds the key or any part of it. */
  message: string;
  /** Where it comes from; several where they contradict each other. Those that nobody set are passed over. */
  settings: readonly JudgedSetting[];
}

export interface ProviderProblem extends ProviderWarning {
  /** The provider's configured name. */
  provider: string;
  /** What to do, in one sentence. */
  fix: string;
}

/** A provider that cannot work as configured: found when it is made ready, before any call. */
export class ProviderConfigError extends Error {
  readonly provider: string;
  readonly fix: string;
  readonly settings: readonly JudgedSetting[];

  constructor({ provider, message, fix, settings }: ProviderProblem) {
    super(message);
    this.name = 'ProviderConfigError';
    this.provider = provider;
    this.fix = fix;
    this.settings = settings;
  }
}

/** The environment name of a provider's setting: `bailian-sg`, `PLAN` is `BAILIAN_SG_PLAN`. */
export function envName(provider: string, setting: string): string {
  return `${provider.toUpperCase().replace(/[^A-Z0-9]+/g, '_')}_${setting}`;
}
