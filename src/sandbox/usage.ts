import { estimateTokens, tokensPerImage, tokensPerMessage, tokensPerRequest } from '../catalogue/estimate.ts';
import type { Answer, Prompt } from './model/prompt.ts';

/** A stretch of the input: what the prompt cache keys on, and what is counted. */
export interface Segment {
  /** Everything that makes this stretch what it is, role included. */
  key: string;
  tokens: number;
  /** The client marks the end of a cacheable prefix here. */
  marked: boolean;
}

/** A segment of a message: its text, its media, and the template's part when it opens the message. */
export function segment(options: {
  role: string;
  text: string;
  media?: number;
  opens: boolean;
  marked: boolean;
}): Segment {
  const media = (options.media ?? 0) * tokensPerImage;
  const frame = options.opens ? tokensPerMessage : 0;
  return {
    key: `${options.role}\u0000${options.text}\u0000${options.media ?? 0}`,
    tokens: estimateTokens(options.text) + media + frame,
    marked: options.marked,
  };
}

/** Tokens of a whole input. */
export function countInput(segments: readonly Segment[]): number {
  return segments.reduce((sum, { tokens }) => sum + tokens, tokensPerRequest);
}

/** What the template adds to a tool call around its name and arguments. */
const tokensPerCall = 8;

/** Tokens of one answer: thinking, and thinking plus all the rest. */
export function countAnswer({ reasoning, text, calls }: Answer): { reasoning: number; total: number } {
  const thoughts = estimateTokens(reasoning);
  const spoken = calls.reduce((sum, call) => sum + callTokens(call), estimateTokens(text));
  return { reasoning: thoughts, total: thoughts + spoken };
}

function callTokens({ name, argumentsJson }: { name: string; argumentsJson: string }): number {
  return estimateTokens(name) + estimateTokens(argumentsJson) + tokensPerCall;
}

/** Media items of a prompt. */
export function countMedia(prompt: Prompt): number {
  return prompt.turns.reduce((sum, turn) => sum + (turn.role === 'user' ? turn.media.length : 0), 0);
}

/** What a call used, in the platform's convention: cached and written tokens are inside `input`, thinking inside `output`. */
export interface CallUsage {
  input: number;
  output: number;
  reasoning: number;
  cachedRead: number;
  cachedWrite: number;
  /** The client set cache marks, so the explicit cache applies. */
  explicitCache: boolean;
  imageTokens: number;
}
