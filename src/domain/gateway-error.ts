import type { ErrorOrigin } from './protocol.ts';

/** What an upstream said when it refused: read by a codec from any of the envelopes it is known to use. */
export interface UpstreamFailure {
  /** HTTP status; for an error inside a 200 stream the status that its code stands for. */
  status: number;
  /** The vendor's code as sent, for example `invalid_parameter_error` or `Throttling.RateQuota`. */
  code?: string;
  /** The vendor's `type` where it differs from the code. */
  type?: string;
  message: string;
  /** The parameter the vendor names. */
  param?: string;
  /** The vendor's own id of the request. */
  requestId?: string;
  /** Seconds, from `retry-after` headers. */
  retryAfterSeconds?: number;
  /** The header `x-should-retry: false` came with it. */
  noRetry?: true;
}

/** What is known about an error beyond its message: the member `atelier` of an error answer. */
export interface ErrorExplanation {
  /** Id in the error catalogue. */
  id: string;
  origin: string;
  cause: string;
  fix: string;
  /** Whether sending the same request again can help: never, with growing pauses, or after a time has passed. */
  retryable: 'never' | 'backoff' | 'after';
  /** Seconds to wait; null when nobody can say. */
  retry_after: number | null;
  /** Where the error is described in full: an address, or a path on this gateway. */
  doc: string;
}

export interface GatewayErrorOptions {
  status: number;
  /** Stable, snake_case, for programs; becomes `code` (OpenAI, DashScope) and chooses Anthropic's `type`. */
  code: string;
  message: string;
  origin: ErrorOrigin;
  type?: string;
  param?: string;
  retryable?: boolean;
  retryAfterSeconds?: number;
  /** The provider said not to send the request again, whatever else is known about the error. */
  noRetry?: boolean;
  /** The upstream's own id of the failed request. */
  upstreamRequestId?: string;
  /** What to do, in one sentence; appended for people, never parsed. */
  fix?: string;
  /** Response headers that belong to the refusal (a plan's windows), lower-case names. */
  headers?: Readonly<Record<string, string>>;
  cause?: unknown;
}

/**
 * The only error that reaches a client. Every throw on the request path is turned into one at the error exit,
 * and rendered in the caller's protocol. `message` never holds a secret or a stack.
 */
export class GatewayError extends Error {
  readonly status: number;
  readonly code: string;
  readonly type: string | undefined;
  readonly param: string | undefined;
  readonly origin: ErrorOrigin;
  readonly retryable: boolean;
  readonly retryAfterSeconds: number | undefined;
  readonly noRetry: boolean;
  readonly upstreamRequestId: string | undefined;
  readonly fix: string | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(options: GatewayErrorOptions) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'GatewayError';
    this.status = options.status;
    this.code = options.code;
    this.type = options.type;
    this.param = options.param;
    this.origin = options.origin;
    this.retryable = options.retryable ?? false;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.noRetry = options.noRetry ?? false;
    this.upstreamRequestId = options.upstreamRequestId;
    this.fix = options.fix;
    this.headers = options.headers ?? {};
  }
}
