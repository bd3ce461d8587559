import type { JsonObject, JsonValue } from './json.ts';

/**
 * The neutral request: what every protocol can be read into and written from.
 * Codecs map only what a conversation can hold; what they could not map is named in `ReadRequest.dropped`.
 */
export interface Conversation {
  model: string;
  stream: boolean;
  /** Instructions before the first turn, in order. Later system messages stay in `turns`. */
  system: TextPart[];
  turns: Turn[];
  tools: Tool[];
  toolChoice?: ToolChoice;
  /** undefined: the client left it open. */
  parallelToolCalls?: boolean;
  /** Cap on generated tokens, thinking included where the protocol counts it so. */
  maxOutputTokens?: number;
  sampling: Sampling;
  stop: string[];
  thinking?: Thinking;
  responseFormat?: ResponseFormat;
  /** How many answers are wanted (OpenAI `n`). */
  choices?: number;
  /** An id of the end user or session, as the client sent it. */
  userId?: string;
}

export interface Sampling {
  temperature?: number;
  topP?: number;
  topK?: number;
  presencePenalty?: number;
  frequencyPenalty?: number;
  repetitionPenalty?: number;
  seed?: number;
}

/** `adaptive`: the model decides; `effort` and `budgetTokens` are hints that not every target takes. */
export interface Thinking {
  mode?: 'on' | 'off' | 'adaptive';
  budgetTokens?: number;
  effort?: string;
}

export type ResponseFormat =
  | { type: 'json-object' }
  | { type: 'json-schema'; name: string; schema: JsonObject; strict?: boolean };

export type Turn =
  | { role: 'system'; parts: TextPart[] }
  | { role: 'user'; parts: UserPart[] }
  | { role: 'assistant'; parts: AssistantPart[] };

export type UserPart = TextPart | MediaPart | ToolResultPart;
export type AssistantPart = TextPart | ThinkingPart | ToolCallPart;

/** `cacheControl` marks the end of a prefix that the client wants cached; kept as sent. */
interface Cacheable {
  cacheControl?: JsonObject;
}

export interface TextPart extends Cacheable {
  type: 'text';
  text: string;
}

/** An image, video, audio clip or document, by URL or inline. */
export interface MediaPart extends Cacheable {
  type: 'media';
  kind: 'image' | 'video' | 'audio' | 'document';
  source: { type: 'url'; url: string } | { type: 'base64'; mediaType: string; data: string };
  /** Vendor options of the part (`detail`, `fps`, `min_pixels`, `format`), kept as sent. */
  options?: JsonObject;
}

/** `signature` and `redacted` belong to the model that made them and are replayed only to it. */
export interface ThinkingPart {
  type: 'thinking';
  text: string;
  signature?: string;
  redacted?: string;
}

/** `argumentsJson` is the text as generated; it may be malformed in a replayed history. */
export interface ToolCallPart extends Cacheable {
  type: 'tool-call';
  id: string;
  name: string;
  argumentsJson: string;
}

export interface ToolResultPart extends Cacheable {
  type: 'tool-result';
  callId: string;
  parts: (TextPart | MediaPart)[];
  isError?: boolean;
}

export interface Tool extends Cacheable {
  name: string;
  description?: string;
  /** JSON Schema of the arguments. */
  parameters?: JsonObject;
  strict?: boolean;
}

export type ToolChoice =
  | { type: 'auto' }
  | { type: 'none' }
  /** Some tool must be called. */
  | { type: 'required' }
  | { type: 'tool'; name: string };

/** Members of a request that could not be expressed, as dotted paths, for `x-atelier-adjusted`. */
export type Dropped = string[];

export type { JsonValue };
