import type { UpstreamFailure } from '../../domain/gateway-error.ts';
import { asArray, isObject } from '../../domain/json.ts';
import type { JsonObject, JsonValue } from '../../domain/json.ts';
import type { FinishReason } from '../../domain/stream-event.ts';
import { lookUp } from '../../wire/dispatch.ts';
import { brokenStream } from '../shared/failure.ts';

const finishReasons: Readonly<Record<string, FinishReason>> = {
  stop: 'stop',
  length: 'length',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_calls: 'tool-calls',
  function_call: 'tool-calls',
  content_filter: 'refusal',
  refusal: 'refusal',
  // Z.ai.
  sensitive: 'refusal',
};

/** Finish reasons that mean that the answer broke off: OpenRouter, DeepSeek, Z.ai. */
const brokenReasons: ReadonlySet<string> = new Set(['error', 'insufficient_system_resource', 'network_error']);

/**
 * A frame, as text, with a finish reason that is one; the match holds it. Not yet one are `""` and DashScope's native form, the
 * string "null", which leaks through some relays.
 */
export const finishReasonText = /"finish_reason"\s*:\s*"(?!(?:null)?")([^"]*)/;

/** What a choice with this `finish_reason` came to; undefined while it goes on. */
export function readFinishReason(value: JsonValue | undefined): FinishReason | undefined {
  if (typeof value !== 'string' || value === '' || value === 'null') return undefined;
  return lookUp(finishReasons, value) ?? 'stop';
}

/** The failure that a `finish_reason` stands for. */
export function brokenFinish(value: JsonValue | undefined): UpstreamFailure | undefined {
  if (typeof value !== 'string' || !brokenReasons.has(value)) return undefined;
  return brokenStream('upstream_error', `The upstream broke off its answer (finish_reason ${value}).`);
}

/** The answer itself: those with other indexes have no place in the neutral form. */
export function firstChoice(body: JsonObject): JsonObject | undefined {
  return asArray(body['choices'])
    .filter(isObject)
    .find((choice) => (choice['index'] ?? 0) === 0);
}
