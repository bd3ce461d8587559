import type { UpstreamFailure } from './gateway-error.ts';
import type { Usage } from './usage.ts';

/**
 * What happens in one answer, in every protocol: the neutral form between any upstream and any client.
 * Order: `start`, then blocks (each start, delta..., end; blocks never overlap within a choice; `index` counts them from 0),
 * then `finish`, with `usage` anywhere after `start`. `error` may come at any time and is last.
 * A unary answer is the same list at once.
 */
export type StreamEvent =
  | { type: 'start'; id: string; model: string; created?: number }
  | { type: 'text-start'; index: number }
  | { type: 'text-delta'; index: number; text: string }
  | { type: 'text-end'; index: number }
  | { type: 'thinking-start'; index: number }
  | { type: 'thinking-delta'; index: number; text: string }
  | { type: 'thinking-end'; index: number; signature?: string; redacted?: string }
  | { type: 'tool-call-start'; index: number; id: string; name: string }
  | { type: 'tool-call-delta'; index: number; argumentsJson: string }
  | { type: 'tool-call-end'; index: number }
  | { type: 'usage'; usage: Usage }
  | { type: 'finish'; reason: FinishReason; stopSequence?: string }
  | { type: 'error'; failure: UpstreamFailure };

export type StreamEventType = StreamEvent['type'];

/** `refusal`: the model or the platform's moderation stopped the answer. */
export type FinishReason = 'stop' | 'length' | 'tool-calls' | 'refusal' | 'stop-sequence';
