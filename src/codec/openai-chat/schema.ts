/**
 * The members of a chat completion request that are acted on. Everything else a client sends is reported as left out when
 * the request is translated (and goes through untouched when it is not).
 */

export const requestMembers: ReadonlySet<string> = new Set([
  'model',
  'messages',
  'stream',
  // Decides what the client is sent; it never reaches the other protocol.
  'stream_options',
  'tools',
  'tool_choice',
  'functions',
  'function_call',
  'parallel_tool_calls',
  'max_tokens',
  'max_completion_tokens',
  'temperature',
  'top_p',
  'top_k',
  'presence_penalty',
  'frequency_penalty',
  'repetition_penalty',
  'seed',
  'stop',
  'n',
  'user',
  'response_format',
  'reasoning_effort',
  'reasoning',
  'enable_thinking',
  'thinking_budget',
  'thinking',
]);

export const instructionMembers: ReadonlySet<string> = new Set(['role', 'content']);
export const userMembers: ReadonlySet<string> = new Set(['role', 'content']);
export const toolMembers: ReadonlySet<string> = new Set(['role', 'content', 'tool_call_id', 'name', 'cache_control']);
export const assistantMembers: ReadonlySet<string> = new Set([
  'role',
  'content',
  'tool_calls',
  'function_call',
  'reasoning_content',
  'reasoning',
  'refusal',
]);
export const toolCallMembers: ReadonlySet<string> = new Set(['id', 'type', 'index', 'function', 'cache_control']);
export const toolDefinitionMembers: ReadonlySet<string> = new Set(['type', 'function', 'cache_control']);
export const functionMembers: ReadonlySet<string> = new Set(['name', 'description', 'parameters', 'strict']);
export const textPartMembers: ReadonlySet<string> = new Set(['type', 'text', 'cache_control']);

/** OpenAI's sampling members and their neutral names. */
export const samplingMembers = [
  ['temperature', 'temperature'],
  ['top_p', 'topP'],
  ['top_k', 'topK'],
  ['presence_penalty', 'presencePenalty'],
  ['frequency_penalty', 'frequencyPenalty'],
  ['repetition_penalty', 'repetitionPenalty'],
  ['seed', 'seed'],
] as const;

/** Sampling members of Model Studio's dialect that OpenAI itself refuses. */
export const dialectSampling: ReadonlySet<string> = new Set(['top_k', 'repetition_penalty']);
