import { asObject } from '../domain/json.ts';
import type { FitRule } from './rule.ts';

/** `The thinking_budget parameter must be a positive integer and not greater than {max}` (error-code page). */
export const thinkingBudgetRange: FitRule = {
  id: 'thinking-budget-range',
  doc: "A thinking budget above the model's maximum is lowered to it; one below 1 is left out.",
  protocols: ['openai-chat', 'anthropic-messages'],
  enabledByDefault: true,
  apply({ document, model, target }) {
    if (!model) return false;
    const isMessages = target.protocol === 'anthropic-messages';
    const path = isMessages ? ['thinking', 'budget_tokens'] : ['thinking_budget'];
    const budget = isMessages ? asObject(document.get('thinking'))?.['budget_tokens'] : document.get('thinking_budget');
    if (typeof budget !== 'number') return false;
    const fitting = Math.min(Math.trunc(budget), model.maxThinkingBudget ?? Infinity);
    if (fitting === budget && fitting >= 1) return false;
    if (fitting < 1) document.remove(path);
    else document.set(path, fitting);
    return true;
  },
};
