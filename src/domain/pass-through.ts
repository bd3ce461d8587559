import type { ErrorExplanation, UpstreamFailure } from './gateway-error.ts';
import type { JsonObject } from './json.ts';
import type { Usage } from './usage.ts';

/** What was learnt from an answer while its bytes went by. */
export interface AnswerFacts {
  /** The upstream's id of the answer. */
  id?: string;
  usage?: Usage;
  /** The answer's own terminal frame or finish reason was seen. */
  finished: boolean;
  /** The answer carried an error of the upstream. */
  failure?: UpstreamFailure;
  /** Id of that error in the catalogue. */
  errorId?: string;
  /** Ids of the answer-side rules that changed a frame. */
  adjusted: Set<string>;
  /** Bytes of text, thinking and tool arguments so far: what is accounted for when no usage is reported. */
  producedBytes: number;
}

/** A whole answer as received and parsed. */
export interface WholeAnswer {
  bytes: Buffer;
  answer: JsonObject;
}

/**
 * Looks at the raw frames of a stream whose protocol is also the client's. Frames are judged by cheap byte tests and go on
 * as they are; only the named few are dropped or rewritten.
 */
export interface StreamTap {
  readonly facts: AnswerFacts;
  /** The bytes to send for this raw frame: the same buffer, a rewritten one, or undefined to leave it out. */
  frame(raw: Buffer): Buffer | undefined;
}

export interface StreamTapOptions {
  /** The usage frame was asked for by the gateway, not by the client: leave it out. */
  stripUsage: boolean;
  requestId: string;
  /** Tool names as sent upstream, to the client's own: the answer carries the client's. */
  toolNames?: ReadonlyMap<string, string>;
  /** What to add to an error that comes inside the stream. */
  explain?(failure: UpstreamFailure): ErrorExplanation | undefined;
}
