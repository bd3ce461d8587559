import { asObject } from '../../domain/json.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { Usage } from '../../domain/usage.ts';
import { tokenCount } from '../shared/token-count.ts';

/** Anthropic's `usage`. Its `input_tokens` exclude what was read from or written to the cache; ours include both. */
export function readUsage(wire: JsonObject): Usage {
  const usage: Usage = {};
  const input = tokenCount(wire['input_tokens']);
  const read = tokenCount(wire['cache_read_input_tokens']);
  const written = tokenCount(wire['cache_creation_input_tokens']);
  const output = tokenCount(wire['output_tokens']);
  const thinking = tokenCount(asObject(wire['output_tokens_details'])?.['thinking_tokens']);
  if (input !== undefined) usage.inputTokens = input + (read ?? 0) + (written ?? 0);
  if (output !== undefined) usage.outputTokens = output;
  if (read !== undefined) usage.cachedReadTokens = read;
  if (written !== undefined) usage.cachedWriteTokens = written;
  if (thinking !== undefined) usage.reasoningTokens = thinking;
  return usage;
}

/** Anthropic's `usage`, every count present: clients add them up without asking whether they are there. */
export function writeUsage(usage: Usage | undefined): JsonObject {
  const {
    inputTokens = 0,
    outputTokens = 0,
    cachedReadTokens = 0,
    cachedWriteTokens = 0,
    reasoningTokens,
  } = usage ?? {};
  const wire: JsonObject = {
    input_tokens: Math.max(0, inputTokens - cachedReadTokens - cachedWriteTokens),
    cache_creation_input_tokens: cachedWriteTokens,
    cache_read_input_tokens: cachedReadTokens,
    output_tokens: outputTokens,
  };
  if (reasoningTokens !== undefined) wire['output_tokens_details'] = { thinking_tokens: reasoningTokens };
  return wire;
}
