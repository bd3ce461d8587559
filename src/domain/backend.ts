/** One HTTP call to a backend that runs inside this process (the sandbox), in the terms of HTTP. */
export interface BackendRequest {
  method: string;
  /** Path with query. */
  path: string;
  /** Lower-case names. */
  headers: Record<string, string>;
  body: Buffer;
  /** Aborted when the caller no longer wants the answer. */
  signal: AbortSignal;
}

/** The answer: a whole body, or chunks as they come (for event streams). An iterable that throws is a broken connection. */
export interface BackendResponse {
  status: number;
  headers: Record<string, string>;
  body: Buffer | AsyncIterable<Buffer>;
}

/** A backend in this process. Never throws for bad input: that is an error response. */
export type Backend = (request: BackendRequest) => Promise<BackendResponse>;
