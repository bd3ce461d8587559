/**
 * The members of a Messages request that are acted on. Everything else a client sends is reported as left out when the
 * request is translated (and goes through untouched when it is not).
 */

export const requestMembers: ReadonlySet<string> = new Set([
  'model',
  'messages',
  'system',
  'stream',
  'max_tokens',
  'temperature',
  'top_p',
  'top_k',
  'stop_sequences',
  'metadata',
  'tools',
  'tool_choice',
  'thinking',
  'output_config',
  // The name of `output_config.format` before 2026.
  'output_format',
]);

export const messageMembers: ReadonlySet<string> = new Set(['role', 'content']);
export const thinkingMembers: ReadonlySet<string> = new Set(['type', 'budget_tokens']);
export const outputMembers: ReadonlySet<string> = new Set(['effort', 'format']);
export const metadataMembers: ReadonlySet<string> = new Set(['user_id']);
/** `eager_input_streaming` only asks for an early start of what our streams do anyway. */
export const toolMembers: ReadonlySet<string> = new Set([
  'type',
  'name',
  'description',
  'input_schema',
  'strict',
  'cache_control',
  'eager_input_streaming',
]);

/** Members of each content block that a conversation holds. */
export const blockMembers: Readonly<Record<string, ReadonlySet<string>>> = {
  text: new Set(['type', 'text', 'cache_control']),
  image: new Set(['type', 'source', 'cache_control']),
  video: new Set(['type', 'source', 'cache_control']),
  document: new Set(['type', 'source', 'title', 'cache_control']),
  search_result: new Set(['type', 'source', 'title', 'content', 'cache_control']),
  thinking: new Set(['type', 'thinking', 'signature']),
  redacted_thinking: new Set(['type', 'data']),
  tool_use: new Set(['type', 'id', 'name', 'input', 'cache_control']),
  // A summary that stands for the conversation before it.
  compaction: new Set(['type', 'content', 'cache_control']),
  // What a search among deferred tools found; all tools are sent anyway.
  tool_reference: new Set(['type', 'tool_name', 'cache_control']),
  tool_result: new Set(['type', 'tool_use_id', 'content', 'is_error', 'cache_control']),
};

/** Anthropic's sampling members and their neutral names. */
export const samplingMembers = [
  ['temperature', 'temperature'],
  ['top_p', 'topP'],
  ['top_k', 'topK'],
] as const;
