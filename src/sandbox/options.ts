import type { Plan } from '../domain/provider.ts';

export interface SandboxOptions {
  /** Which product's hosts the sandbox plays. Absent: what the `host` header names, else pay as you go on every path. */
  plan?: Plan;
  /** The accepted keys. Absent: any key or none is accepted, unless `plan` or the host asks for a kind of key. */
  keys?: readonly string[];
  /** Shape of errors on the Anthropic path: as documented (default), or the native event text that has been observed. */
  anthropicErrors?: AnthropicErrorStyle;
  /** Unix milliseconds, for `created` and the life of cache entries. Absent: `created` is derived from the request. */
  now?: () => number;
  /** Errors that directives may ask for, looked at before the built-in table. */
  errors?: ErrorSource;
  /** The Coding Plan refuses tools that are no coding agents by their `user-agent`; true by default. */
  codingAgentsOnly?: boolean;
  /** Count cached tokens; true by default. Without it the same request has the same usage for ever. */
  promptCache?: boolean;
}

export type AnthropicErrorStyle = 'documented' | 'native';

/** An error as Model Studio gives it. */
export interface SandboxError {
  status: number;
  /** Code in DashScope's own protocol, for example `Throttling.RateQuota`. */
  nativeCode: string;
  /** Code on the OpenAI-compatible path, for example `limit_requests`. */
  compatibleCode: string;
  message: string;
}

/** Where errors are looked up by native code, compatible code or id. */
export interface ErrorSource {
  /** `model` is the one of the call: messages that name a limit name its own. */
  find(codeOrId: string, model?: string): SandboxError | undefined;
}
