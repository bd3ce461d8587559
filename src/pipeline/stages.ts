import type { IncomingHttpHeaders } from 'node:http';
import type { GatewayError } from '../domain/gateway-error.ts';
import type { AnswerFacts } from '../domain/pass-through.ts';
import type { Principal } from '../domain/principal.ts';
import type { Protocol } from '../domain/protocol.ts';
import type { Target } from '../domain/target.ts';
import type { Admission } from '../governance/admission.ts';
import type { UpstreamResponse } from '../upstream/transport.ts';
import type { JsonDocument } from '../wire/json-document.ts';

/** What a path stands for: generating an answer, counting the tokens of one to come, or turning texts into vectors. */
export type Operation = 'generate' | 'count-tokens' | 'embeddings';

/*
 * The output of each stage contains the one before it, so that no stage can read what does not exist yet. It is one object
 * that grows: what a stage is given it never sees change, since only the stage that runs adds to it.
 */

/** The output of a stage: its input with what the stage found. A copy at every stage would be ten of them. */
export function extend<Stage extends object, More extends object>(stage: Stage, more: More): Stage & More {
  return Object.assign(stage, more);
}

/** A request whose body has been received whole. */
export interface Received {
  /** The id in logs and answers; a client may have chosen it. */
  requestId: string;
  /** Unique: what accounts and reservations are kept under, so that a repeated `x-request-id` counts again. */
  callId: string;
  operation: Operation;
  /** The protocol the client speaks on this route. */
  protocol: Protocol;
  /** The route's name for logs, for example `/v1/messages`. */
  route: string;
  /** It came on Model Studio's own path: the client counts on Model Studio's defaults, wherever it is sent. */
  modelStudio: boolean;
  /** The query string with its `?`, or ''. */
  query: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** The peer's address as the socket knows it. */
  remoteAddress: string;
  /** Epoch milliseconds. */
  receivedAt: number;
  /** `performance.now()` when the request arrived. */
  startedAt: number;
  /** Aborted when the client leaves or the server must stop. */
  signal: AbortSignal;
}

export interface Identified extends Received {
  principal: Principal;
}

export interface Read extends Identified {
  document: JsonDocument;
  model: string;
  stream: boolean;
}

export interface Planned extends Read {
  /** Where to send it, best first; with `nowhere`, who has the model, perhaps nobody. */
  targets: readonly Target[];
  /** Why it cannot be sent anywhere: what admission throws at the latest. */
  nowhere?: GatewayError;
}

export interface Admitted extends Planned {
  /** Never empty. */
  targets: readonly Target[];
  /** What was reserved; absent where nothing is counted. */
  admission?: Admission;
  /** The plan's windows, for every answer. */
  quotaHeaders: Record<string, string>;
}

export interface Sent extends Admitted {
  target: Target;
  response: UpstreamResponse;
  /** The gateway asked for the usage frame; the client did not. */
  stripUsage: boolean;
  /** Tool names as sent, to the client's own: the answer carries the client's. */
  toolNames?: ReadonlyMap<string, string>;
  adjusted: readonly string[];
  attempts: number;
  /** Upstream calls that were made in place of the one asked for, and that count; absent: it was one. */
  calls?: number;
  /** Milliseconds spent waiting for upstreams, all attempts together. */
  upstreamMs: number;
}

/** How many calls came to each provider, by its name: every one that was sent over a connection, whatever became of it. */
export type ReachedProviders = ReadonlyMap<string, number>;

export interface Answered extends Sent {
  status: number;
  facts: AnswerFacts;
}

/** As far as a request came, for the error exit and the record. */
export type Progress = Received & Partial<Omit<Answered, keyof Received>>;

/** Where the answer goes. */
export interface ClientSink {
  /** The status line has gone out; a failure after this is an event in the stream. */
  readonly started: boolean;
  readonly bytesSent: number;
  /** `performance.now()` of the first byte. */
  readonly firstByteAt: number | undefined;
  start(status: number, headers: Record<string, string>): void;
  /** False asks to wait for `onDrain`. */
  write(chunk: Buffer | string): boolean;
  end(chunk?: Buffer | string): void;
  /**
   * Ends an answer that has begun and cannot be completed: an event stream by this last event, anything else by breaking
   * the connection, since half an answer must not look like a whole one.
   */
  fail(lastEvent: string): void;
  onDrain(listener: () => void): void;
}
