import type { Protocol } from './protocol.ts';

/** A provider as configured: by environment, YAML, or both. Validated by config, given meaning by its vendor. */
export interface ProviderSettings {
  /** The name used in `provider/model`, for example `bailian-sg`. */
  name: string;
  /** A vendor id, for example `bailian`. */
  vendor: string;
  apiKey?: string;
  baseUrl?: string;
  /** Configured model ids; how they combine with discovery is the models mode. */
  models: string[];
  modelsMode: ModelsMode;
  /** Bailian: the region id (`cn-beijing`, `ap-southeast-1`, ...). */
  region?: string;
  /** Bailian: the workspace id, for the workspace domain of the region. */
  workspace?: string;
  /** Bailian: which product the key belongs to; `trial` is the low-limit trial domain. */
  plan?: Plan;
  /** Bailian: which edition of the Coding Plan the key has. */
  planEdition?: PlanEdition;
  /** Bailian: the day (UTC+8) on which the plan was activated, as `2026-03-15`: its months begin on that day. */
  planSince?: string;
  /** Extra headers towards this provider. */
  headers: Record<string, string>;
  timeouts: ProviderTimeouts;
}

/** The products of Model Studio that a key can belong to. */
export type Plan = 'payg' | 'coding' | 'token' | 'trial';

/** The editions of the Coding Plan. */
export type PlanEdition = 'lite' | 'pro';

/**
 * `merge`: configured models are added to the discovered ones. `fallback`: configured models count only when
 * discovery gave none. `allowlist`: only configured models exist.
 */
export type ModelsMode = 'merge' | 'fallback' | 'allowlist';

/** Milliseconds; there is no total limit, a stream may run as long as it moves. */
export interface ProviderTimeouts {
  connect: number;
  /** Until the first byte of the answer. */
  firstByte: number;
  /** Between two bytes of the answer. */
  idle: number;
}

/** Where one protocol of a provider lives, ready to send to. */
export interface Endpoint {
  protocol: Protocol;
  /** Scheme, host and port, the key of the connection pool; `sandbox:` for the embedded one. */
  origin: string;
  /** Path (and query) of the call, for example `/compatible-mode/v1/chat/completions`. */
  path: string;
  /** Path (and query) of embeddings; absent where there are none. */
  embeddingsPath?: string;
  /** Auth and vendor headers, lower-case names. Secret: never logged. */
  headers: Record<string, string>;
}

/** Where and in which form a provider lists its models. */
export interface ModelList {
  origin: string;
  path: string;
  /** Secret: never logged. */
  headers: Record<string, string>;
  /** `openai` and `anthropic`: `data[].id`; `ollama`: `models[].name`. */
  shape: 'openai' | 'anthropic' | 'ollama';
  /** Taken off the front of each id (`models/`). */
  idPrefix?: string;
}

/** The deployment scopes of Model Studio's price lists. */
export type PriceScope = 'cn' | 'intl' | 'us' | 'eu' | 'global';

/** A provider made ready: what routing and sending need, with the vendor's meaning resolved. */
export interface Provider {
  name: string;
  vendor: string;
  endpoints: Partial<Record<Protocol, Endpoint>>;
  /** Where the model list is, when the provider has one. */
  modelList?: ModelList;
  /** Models known without asking: configured, or from the catalogue when there is no list. */
  staticModels: string[];
  modelsMode: ModelsMode;
  quirks: ProviderQuirks;
  timeouts: ProviderTimeouts;
  /** Bailian: which product the key is for; decides plan gates and meters. */
  plan?: Plan;
  /** Bailian, on the Coding Plan: the edition, where it was said. */
  planEdition?: PlanEdition;
  /** Bailian, on a Coding or Token Plan: the day (UTC+8) of its activation, as `2026-03-15`, where it was said. */
  planSince?: string;
  /** Whether the model can be called through this protocol here. Absent: every endpoint serves every model. Pure. */
  serves?: (protocol: Protocol, model: string) => boolean;
  /** Its models are Model Studio's: limits and prices of the catalogue hold for them. */
  catalogued?: boolean;
  /** Which of the catalogue's price lists holds for it. */
  priceScope?: PriceScope;
  /** Answers bare model names only while no other provider is configured (the sandbox). */
  standIn?: boolean;
  /** Found running on this machine, not configured. */
  detected?: boolean;
}

/** How a provider differs from its protocol; everything is false or absent for a faithful one. */
export interface ProviderQuirks {
  /** `max_tokens` must be sent as `max_completion_tokens` on its OpenAI endpoint. */
  maxTokensIsMaxCompletionTokens?: boolean;
  /** Speaks Anthropic's own service: signatures, betas and billing lines mean something there. */
  isAnthropic?: boolean;
  /** Accepts `count_tokens` on its Anthropic endpoint. */
  countsTokens?: boolean;
  /** Does not accept the role `developer` on its OpenAI endpoint. */
  noDeveloperRole?: boolean;
  /** Understands `enable_thinking` / `thinking_budget` at top level of an OpenAI request. */
  thinkingSwitch?: boolean;
  /** Understands `X-DashScope-*` request headers. */
  dashscopeHeaders?: boolean;
  /** While they think, its models refuse earlier tool calls without `reasoning_content`. */
  needsReasoningOnCalls?: boolean;
  /** Applies the chat templates of open weights as they come, with what these refuse. */
  appliesChatTemplates?: boolean;
  /** Takes `temperature` above 0 and up to 1 only. */
  temperatureUpToOne?: boolean;
  /** Refuses `stream_options`. */
  noStreamOptions?: boolean;
}
