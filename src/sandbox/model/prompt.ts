import type { ModelEntry } from '../../catalogue/models.ts';
import type { JsonObject } from '../../domain/json.ts';

/**
 * What the sandbox's model is asked, in one form for both protocols. It is read from the wire by this folder's
 * siblings and not by the gateway's codecs: a gateway tested against its own reading would prove nothing.
 */
export interface Prompt {
  model: ModelEntry;
  turns: PromptTurn[];
  tools: PromptTool[];
  toolWish: ToolWish;
  /** Several tool calls may come in one answer. */
  parallelCalls: boolean;
  format: AnswerFormat;
  /** `budget`: most tokens of thinking; Infinity when nothing bounds it. */
  thinking: { on: boolean; budget: number };
  limits: AnswerLimits;
  stop: string[];
  /** How many answers are wanted. */
  choices: number;
}

export type PromptTurn = SystemTurn | UserTurn | AssistantTurn | ToolTurn;

export interface SystemTurn {
  role: 'system';
  text: string;
}

export interface UserTurn {
  role: 'user';
  text: string;
  /** One word per image, video or sound that came with the text. */
  media: MediaKind[];
}

export type MediaKind = 'image' | 'video' | 'audio';

export interface AssistantTurn {
  role: 'assistant';
  text: string;
  reasoning: string;
  calls: PromptCall[];
}

export interface ToolTurn {
  role: 'tool';
  callId: string | undefined;
  text: string;
}

export interface PromptCall {
  id: string;
  name: string;
  argumentsJson: string;
}

export interface PromptTool {
  name: string;
  description: string;
  /** JSON Schema of the arguments. */
  schema: JsonObject;
}

export type ToolWish = { type: 'auto' } | { type: 'none' } | { type: 'required' } | { type: 'tool'; name: string };

export type AnswerFormat = { type: 'text' } | { type: 'json-object' } | { type: 'json-schema'; schema: JsonObject };

/** Most tokens: of the answer without its thinking, and of both together. */
export interface AnswerLimits {
  answer: number;
  total: number;
}

/** One answer, whole. The protocols only cut it into frames. */
export interface Answer {
  reasoning: string;
  text: string;
  calls: PromptCall[];
  finish: 'stop' | 'length' | 'tool-calls' | 'stop-sequence';
  /** The sequence that stopped it, with `stop-sequence`. */
  stopSequence: string | undefined;
}
