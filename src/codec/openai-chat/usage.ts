import { asObject } from '../../domain/json.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { Usage } from '../../domain/usage.ts';
import { tokenCount } from '../shared/token-count.ts';

/** OpenAI's `usage` with the members that Model Studio, DeepSeek and Moonshot add; absent figures stay unknown. */
export function readUsage(wire: JsonObject): Usage {
  const input = asObject(wire['prompt_tokens_details']) ?? {};
  const output = asObject(wire['completion_tokens_details']) ?? {};
  const usage: Usage = {};
  put(usage, 'inputTokens', wire['prompt_tokens']);
  put(usage, 'outputTokens', wire['completion_tokens']);
  // Moonshot gives `cached_tokens` beside the totals, DeepSeek `prompt_cache_hit_tokens`.
  put(usage, 'cachedReadTokens', input['cached_tokens'] ?? wire['cached_tokens'] ?? wire['prompt_cache_hit_tokens']);
  put(usage, 'cachedWriteTokens', input['cache_creation_input_tokens']);
  put(usage, 'reasoningTokens', output['reasoning_tokens']);
  put(usage, 'imageTokens', input['image_tokens']);
  put(usage, 'audioTokens', sum(input['audio_tokens'], output['audio_tokens']));
  return usage;
}

/** OpenAI's `usage`: the totals always, the details where they are known. */
export function writeUsage(usage: Usage): JsonObject {
  const { inputTokens = 0, outputTokens = 0, cachedReadTokens, cachedWriteTokens, reasoningTokens } = usage;
  const wire: JsonObject = {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
  };
  if (cachedReadTokens !== undefined || cachedWriteTokens !== undefined) {
    const details: JsonObject = { cached_tokens: cachedReadTokens ?? 0 };
    if (cachedWriteTokens !== undefined) details['cache_creation_input_tokens'] = cachedWriteTokens;
    wire['prompt_tokens_details'] = details;
  }
  if (reasoningTokens !== undefined) wire['completion_tokens_details'] = { reasoning_tokens: reasoningTokens };
  return wire;
}

function put(usage: Usage, member: keyof Usage, value: unknown): void {
  const count = tokenCount(value);
  if (count !== undefined) usage[member] = count;
}

function sum(first: unknown, second: unknown): number | undefined {
  const [left, right] = [tokenCount(first), tokenCount(second)];
  return left === undefined && right === undefined ? undefined : (left ?? 0) + (right ?? 0);
}
