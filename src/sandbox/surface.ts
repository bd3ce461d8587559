import type { JsonObject } from '../domain/json.ts';
import type { Plan } from '../domain/provider.ts';
import type { CallIdentity } from './identity.ts';
import type { Answer, Prompt } from './model/prompt.ts';
import type { AnthropicErrorStyle } from './options.ts';
import type { PacedFrame } from './pace.ts';
import type { Refusal } from './refusal.ts';
import type { CallUsage, Segment } from './usage.ts';

/** What a call asks for, checked, with the two ways to write its answer. */
export interface PreparedCall {
  prompt: Prompt;
  segments: Segment[];
  stream: boolean;
  write(answers: readonly Answer[], usage: CallUsage): JsonObject;
  frames(answers: readonly Answer[], usage: CallUsage): Iterable<PacedFrame>;
}

export interface SurfaceContext {
  identity: CallIdentity;
  plan: Plan | undefined;
  errorStyle: AnthropicErrorStyle;
}

/** An error as one protocol sends it. */
export interface WrittenError {
  status: number;
  contentType: string;
  body: string;
}

/** One protocol of the platform: its checks and its shapes. */
export interface Surface {
  /** `x-api-key` is looked at. */
  allowsXApiKey: boolean;
  prepare(body: JsonObject, context: SurfaceContext): PreparedCall | Refusal;
  writeError(refusal: Refusal, context: SurfaceContext): WrittenError;
  errorFrame(refusal: Refusal, context: SurfaceContext): string;
}

/** Tells what `prepare` gave. */
export function isRefused(result: PreparedCall | Refusal): result is Refusal {
  return 'envelope' in result;
}
