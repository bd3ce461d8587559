/**
 * Tokens of one call, in one convention for all protocols: `inputTokens` contains the cached ones
 * (as OpenAI and Model Studio count; Anthropic's wire format excludes them, its codec converts),
 * `outputTokens` contains the reasoning ones. An absent field is unknown, not zero.
 */
export interface Usage {
  inputTokens?: number;
  outputTokens?: number;
  /** Part of `inputTokens` that was read from a prompt cache. */
  cachedReadTokens?: number;
  /** Part of `inputTokens` that was written to a prompt cache. */
  cachedWriteTokens?: number;
  /** Part of `outputTokens` that was spent on thinking. */
  reasoningTokens?: number;
  audioTokens?: number;
  imageTokens?: number;
}

/** Later figures win field by field: streams report usage in several places. */
export function mergeUsage(earlier: Usage | undefined, later: Usage): Usage {
  return { ...earlier, ...later };
}

const figures = [
  'inputTokens',
  'outputTokens',
  'cachedReadTokens',
  'cachedWriteTokens',
  'reasoningTokens',
  'audioTokens',
  'imageTokens',
] as const satisfies readonly (keyof Usage)[];

/** The usage of several calls together; what none of them reports stays unknown. */
export function addUsage(one: Usage | undefined, other: Usage): Usage {
  const sum: Usage = { ...one };
  for (const figure of figures) {
    const added = other[figure];
    if (added !== undefined) sum[figure] = (sum[figure] ?? 0) + added;
  }
  return sum;
}
