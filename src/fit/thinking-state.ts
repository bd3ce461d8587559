import { thinkingClass, thinksByDefault } from '../catalogue/models.ts';
import type { ModelEntry } from '../catalogue/models.ts';
import { asObject } from '../domain/json.ts';
import type { FitContext } from './rule.ts';

/** Whether the model would think in this call as it stands; undefined when the catalogue does not know. */
export function isThinking({ document, model, target }: FitContext): boolean | undefined {
  if (!model) return undefined;
  const kind = thinkingClass(model, target.protocol);
  if (kind === 'only') return true;
  if (kind === 'none') return false;
  const asked = target.protocol === 'anthropic-messages' ? askedInMessages() : askedInChat(model);
  if (asked !== undefined) return asked;
  return kind === 'unknown' ? undefined : thinksByDefault(model);

  function askedInMessages(): boolean | undefined {
    const type = asObject(document.get('thinking'))?.['type'];
    return typeof type === 'string' ? type !== 'disabled' : undefined;
  }

  function askedInChat({ reasoningEffort }: ModelEntry): boolean | undefined {
    const enabled = document.get('enable_thinking');
    if (typeof enabled === 'boolean') return enabled;
    return reasoningEffort !== null && document.get('reasoning_effort') === 'none' ? false : undefined;
  }
}

/** The members that only steer thinking and mean nothing without it. */
const steering = ['thinking_budget', 'reasoning_effort', 'reasoning', 'thinking'] as const;

/** Switches thinking off for this call; false when the model cannot go without. */
export function switchThinkingOff({ document, model, target }: FitContext): boolean {
  const kind = model && thinkingClass(model, target.protocol);
  if (kind !== 'hybrid-on' && kind !== 'hybrid-off') return false;
  if (target.protocol === 'anthropic-messages') {
    document.set(['thinking'], { type: 'disabled' });
    return true;
  }
  for (const name of steering) {
    if (document.has(name)) document.remove([name]);
  }
  document.set(['enable_thinking'], false);
  return true;
}

/** Tokens of thinking that an effort stands for; the upper levels mean as much as the model can. */
const budgets: Readonly<Record<string, number>> = {
  minimal: 1_024,
  low: 4_096,
  medium: 16_384,
  high: 32_768,
  xhigh: Infinity,
  max: Infinity,
};

/**
 * The thinking budget that an effort amounts to on a model that takes budgets only; undefined for an unknown effort and
 * for a model whose maximum is unknown. Low and medium are what qwen3.8 documents for its own levels.
 */
export function budgetOfEffort(effort: string, model: ModelEntry): number | undefined {
  const wanted = Object.hasOwn(budgets, effort) ? budgets[effort] : undefined;
  if (wanted === undefined || model.maxThinkingBudget === null) return undefined;
  return Math.min(wanted, model.maxThinkingBudget);
}
