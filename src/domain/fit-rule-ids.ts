/**
 * Every fit rule and check that configuration can switch, by its stable id. The rules themselves live in `src/fit`; the
 * list stands here so that the configuration can refuse a misspelt one.
 */
export const fitRuleIds = [
  'max-tokens-name',
  'role-developer',
  'billing-line',
  'anthropic-unsupported',
  'thinking-map',
  'thinking-unsupported',
  'thinking-restricted',
  'thinking-budget-range',
  'thinking-json',
  'tool-choice-required',
  'thinking-tool-choice',
  'reasoning-replay',
  'tool-name',
  'tool-args-json',
  'tool-pairs',
  'parallel-tools-default',
  'history-flagged',
  'loop-breaker',
  'context-trim',
  'content-empty',
  'content-string',
  'json-word',
  'system-first',
  'sampling-range',
  'n-range',
  'stop-form',
  'max-tokens-range',
  'stream-options',
  'thinking-needs-stream',
  'stream-only',
  'embeddings-batch',
  'input-length',
  'image-input',
  'tools-supported',
] as const;

export type FitRuleId = (typeof fitRuleIds)[number];
