import type { Plan } from './plan.ts';
import type { ModelsMode, ProviderSettings, ProviderTimeouts } from './provider.ts';

/** The listening side: addresses, limits on size and time. */
export interface ServerSettings {
  host: string;
  /** 0 asks the system for a free port. */
  port: number;
  /** The largest request body in bytes; a larger one is answered with 413. */
  bodyLimitBytes: number;
  /** How long a client may take to send its request headers. */
  headersTimeoutMs: number;
  /** How long a client may take to send a whole request. */
  requestTimeoutMs: number;
  /** How long an idle client connection is kept. */
  keepAliveTimeoutMs: number;
  /** Connections the system may queue before they are accepted. */
  backlog: number;
  /** A comment is sent this often to a streaming client while the upstream is silent before its first byte; 0: never. */
  sseKeepaliveSeconds: number;
  /** How long running requests may take to finish after a stop was asked for. */
  shutdownGraceSeconds: number;
}

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

export type LogLevel = (typeof logLevels)[number];

export interface LogSettings {
  level: LogLevel;
  /** Where the JSON lines go. */
  destination: 'stdout' | 'stderr';
}

export interface DiscoverySettings {
  /** Between two readings of a provider's model list. */
  intervalSeconds: number;
  /** Before a failed reading is tried again. */
  retrySeconds: number;
  /** Use an Ollama that answers on its default port though nobody configured it. */
  ollamaAutoDetect: boolean;
}

/** Sending again, before any byte reached the client. */
export interface RetrySettings {
  /** Beyond the first attempt; 0 turns retrying off. */
  maxRetries: number;
  /** The delay doubles from `baseDelayMs` up to `maxDelayMs`, with jitter; `retry-after` of the upstream counts more. */
  baseDelayMs: number;
  maxDelayMs: number;
  /** What is known to be unwell is asked after the others. */
  breaker: boolean;
}

/** What the gateway says about errors. */
export interface ErrorSettings {
  /** Answers to failed requests carry cause and fix. */
  explain: boolean;
}

/** Adjustments of requests that can be switched. */
export interface AdjustSettings {
  /** Take Claude Code's per-prompt billing line out of `system` towards targets that are not Anthropic's own. */
  stripBillingLine: boolean;
}

/** Switches of fit rules by id; a rule that is not named has its default. */
export type FitSwitches = Readonly<Record<string, boolean>>;

/** The switch of a model counts more than that of a provider, and that more than the general one. */
export interface FitSettings {
  rules: FitSwitches;
  /** By the provider's configured name. */
  providers: Readonly<Record<string, FitSwitches>>;
  /** By the model's name at its provider. */
  models: Readonly<Record<string, FitSwitches>>;
  /** Further agents that may use a Coding Plan key, as `header: beginning of its value`. */
  codingAgents: readonly string[];
}

export interface SandboxSettings {
  /** `auto`: only while no other provider is configured. */
  enabled: 'auto' | 'on' | 'off';
}

/** Where keys, plans, quotas and usage are kept. */
export interface StoreSettings {
  /** `sqlite:` with a path (empty: `atelier.db`) below the data folder, or a `postgres://` URL, which may hold a password. */
  databaseUrl: string;
  /** A `redis://` or `rediss://` URL, which may hold a password; absent: the database counts. */
  redisUrl?: string;
}

export interface UsageSettings {
  /** How long the record of each single request is kept; the sums are kept for ever. */
  retentionDays: number;
}

/** Telling people that a subscription ends soon. Neither or both of the webhook's settings are there; with `mail.to` there is a mail server. */
export interface ReminderSettings {
  webhookUrl?: string;
  /** Secret. Signs each call. */
  webhookSecret?: string;
  mail: ReminderMailSettings;
}

/** Neither or both of server and sender are there. */
export interface ReminderMailSettings {
  /** Secret: it may hold a password. `smtp://` or `smtps://`. */
  smtpUrl?: string;
  from?: string;
  to?: string;
}

export interface GovernanceSettings {
  /** Whether a call that a provider failed counts in a plan. */
  onProviderFailure: 'give-back' | 'count';
}

/** The whole configuration: validated, merged and deeply frozen. */
export interface AtelierConfig {
  server: ServerSettings;
  /** Absolute path. */
  dataDir: string;
  /** Secret. Absent only while the server listens on loopback. */
  masterKey?: string;
  log: LogSettings;
  /** In the order of the file, then those that only the environment defines. Only usable ones are listed. */
  providers: ProviderSettings[];
  /** Those that only lack a key: they are used when one is stored in the database. */
  unkeyedProviders: ProviderSettings[];
  /** For providers that set none of their own. */
  modelsMode: ModelsMode;
  /** For providers that set none of their own. */
  timeouts: ProviderTimeouts;
  discovery: DiscoverySettings;
  retry: RetrySettings;
  errors: ErrorSettings;
  adjust: AdjustSettings;
  fit: FitSettings;
  sandbox: SandboxSettings;
  store: StoreSettings;
  usage: UsageSettings;
  governance: GovernanceSettings;
  reminders: ReminderSettings;
  /** Those of the configuration alone; they hide built-in ones of the same name. */
  plans: Plan[];
}
