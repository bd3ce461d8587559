import { thinkingClass } from '../catalogue/models.ts';
import type { FitRule } from './rule.ts';

const members = [
  'enable_thinking',
  'thinking_budget',
  'reasoning_effort',
  'reasoning',
  'thinking',
  'preserve_thinking',
];

/** `The model {id} does not support enable_thinking.` (400 InvalidParameter.NotSupportEnableThinking, error-code page). */
export const thinkingUnsupported: FitRule = {
  id: 'thinking-unsupported',
  doc: 'What asks for or steers thinking is left out for models that cannot think.',
  protocols: ['openai-chat', 'anthropic-messages'],
  enabledByDefault: true,
  apply({ document, model, target }) {
    if (!model || thinkingClass(model, target.protocol) !== 'none') return false;
    const names = target.protocol === 'anthropic-messages' ? ['thinking'] : members;
    const present = names.filter((name) => document.has(name));
    for (const name of present) document.remove([name]);
    return present.length > 0;
  },
};
