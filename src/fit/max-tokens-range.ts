import type { ModelEntry } from '../catalogue/models.ts';
import type { FitContext, FitRule } from './rule.ts';
import { isThinking } from './thinking-state.ts';

/** Families whose limit on the answer holds for thinking and answer together (chat page, Coding Plan FAQ). */
const sharesWithThinking = /^(?:deepseek-v4|glm-5\.[23]|MiniMax-)/;

/**
 * `Range of max_tokens should be [1, {max}]`. The members mean different things: `max_completion_tokens` caps thinking and
 * answer together everywhere; `max_tokens` caps the answer alone on most models, both together on deepseek-v4 and glm-5.3,
 * and on glm-5.2 one or the other, by its budget.
 */
export const maxTokensRange: FitRule = {
  id: 'max-tokens-range',
  doc: "`max_tokens` and `max_completion_tokens` above the model's limit are lowered to it; values below 1 are left out.",
  protocols: ['openai-chat', 'anthropic-messages'],
  enabledByDefault: true,
  apply(context) {
    const { document, model } = context;
    if (!model || model.maxOutputTokens === null) return false;
    let changed = false;
    for (const name of ['max_tokens', 'max_completion_tokens'] as const) {
      const value = document.has(name) ? document.get(name) : undefined;
      if (typeof value !== 'number') continue;
      const fitting = Math.min(Math.trunc(value), limitOf(name, model, context));
      if (fitting === value && fitting >= 1) continue;
      // The Anthropic protocol requires the member.
      if (fitting >= 1 || context.target.protocol === 'anthropic-messages') document.set([name], Math.max(1, fitting));
      else document.remove([name]);
      changed = true;
    }
    return changed;
  },
};

function limitOf(name: 'max_tokens' | 'max_completion_tokens', model: ModelEntry, context: FitContext): number {
  const answer = model.maxOutputTokens ?? Infinity;
  if (name === 'max_tokens' || sharesWithThinking.test(model.id) || isThinking(context) !== true) return answer;
  return answer + (model.maxThinkingBudget ?? 0);
}
