import type { Conversation } from './conversation.ts';
import type { ErrorExplanation, GatewayError, UpstreamFailure } from './gateway-error.ts';
import type { JsonObject, JsonValue } from './json.ts';
import type { AnswerFacts, StreamTap, StreamTapOptions, WholeAnswer } from './pass-through.ts';
import type { Protocol } from './protocol.ts';
import type { StreamEvent } from './stream-event.ts';

/** One server-sent event as framed on the wire; `event` is '' where the protocol sends no `event:` line. */
export interface SseFrame {
  event: string;
  data: string;
}

export interface ReadRequest {
  conversation: Conversation;
  /** Dotted paths of members that a conversation cannot hold and that were left out. */
  dropped: string[];
}

export interface WrittenRequest {
  body: JsonObject;
  /** What the target protocol cannot express and was left out, as dotted names. */
  dropped: string[];
}

/** How the target's dialect of the protocol differs from the standard; everything absent means the standard. */
export interface WriteRequestOptions {
  /**
   * OpenAI: the target reads Model Studio's members (`enable_thinking`, `thinking_budget`, `top_k`, `repetition_penalty`).
   * Absent: thinking is written as `reasoning_effort`.
   */
  thinkingSwitch?: boolean;
  /** OpenAI: instructions are written with the role `developer` instead of `system`. */
  developerRole?: boolean;
  /** OpenAI: cache marks may be sent; like `thinkingSwitch` when absent, since that dialect has them. */
  cacheControl?: boolean;
  /** OpenAI: `reasoning_effort` may be sent; when absent, only without `thinkingSwitch`. */
  reasoningEffort?: boolean;
}

/** Turns the frames of one upstream stream into events. State is data; one instance serves one stream. */
export interface StreamReader {
  /** The events that this frame completes; never throws on what the vendor sends. */
  read(frame: SseFrame): StreamEvent[];
  /** Call once when the bytes end: closes open blocks, or yields an `error` when the stream ended without its terminal frame. */
  end(): StreamEvent[];
}

/** Turns events into the bytes that the client's protocol wants, as text with its frame separators. */
export interface StreamWriter {
  write(event: StreamEvent): string;
  /** The closing bytes (`data: [DONE]`), '' when the protocol has none or the stream ended in an error. */
  end(): string;
}

export interface StreamWriterOptions {
  /** The model name that the client asked for. */
  model: string;
  /** OpenAI: the client wants the usage frame. */
  includeUsage: boolean;
  /** Unix time in seconds for `created` when the upstream gives none. */
  now: number;
  requestId: string;
}

export interface ErrorBody {
  status: number;
  body: JsonObject;
}

/** How a protocol says that a call failed. Pure. */
export interface ErrorCodec {
  /** `explanation` goes beside the message, as the extension member `atelier`. */
  writeError(error: GatewayError, requestId: string, explanation?: ErrorExplanation): ErrorBody;
  /** The bytes that end a stream with an error. */
  writeStreamError(error: GatewayError, requestId: string, explanation?: ErrorExplanation): string;
}

/** A protocol, in both directions. Pure: no I/O, no clock, no randomness. */
export interface Codec extends ErrorCodec {
  readonly protocol: Protocol;
  /** Wire JSON to conversation. Throws GatewayError (origin client, 400) on what cannot be understood. */
  readRequest(body: JsonObject): ReadRequest;
  writeRequest(conversation: Conversation, options?: WriteRequestOptions): WrittenRequest;
  /** A whole answer as the events of the stream it stands for. */
  readResponse(body: JsonValue): StreamEvent[];
  /** The fold of the events into one answer. */
  writeResponse(events: readonly StreamEvent[], options: StreamWriterOptions): JsonObject;
  streamReader(): StreamReader;
  streamWriter(options: StreamWriterOptions): StreamWriter;
  /** Looks at the frames of a stream that passes unchanged; what it learns goes into `facts`. */
  streamTap(options: StreamTapOptions, facts: AnswerFacts): StreamTap;
  /** The same mending for a whole answer that passes; the same buffer when there is nothing to change. Never throws. */
  mendResponse(answer: WholeAnswer, options: StreamTapOptions, facts: AnswerFacts): Buffer;
  /** The failure that a whole answer with status 200 tells of; undefined for what is an answer. Never throws. */
  failureIn(answer: JsonObject): UpstreamFailure | undefined;
  /** Id and usage of a whole answer that passes unchanged, from its members of these names; never throws. */
  readFacts(answer: JsonObject): Pick<AnswerFacts, 'id' | 'usage'>;
  /** Understands every error envelope the protocol's vendors are known to send, and plain text; never throws. */
  readError(status: number, text: string): UpstreamFailure;
}
