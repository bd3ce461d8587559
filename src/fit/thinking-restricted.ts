import { thinkingClass } from '../catalogue/models.ts';
import { asObject } from '../domain/json.ts';
import type { FitRule } from './rule.ts';

/** `The value of the enable_thinking parameter is restricted to True.` (error-code page). */
export const thinkingRestricted: FitRule = {
  id: 'thinking-restricted',
  doc: '`enable_thinking: false` (Anthropic: `thinking.type: disabled`) is left out for models that always think: they answer, with their thoughts.',
  protocols: ['openai-chat', 'anthropic-messages'],
  enabledByDefault: true,
  apply({ document, model, target }) {
    if (!model || thinkingClass(model) !== 'only') return false;
    const [name, isOff] =
      target.protocol === 'anthropic-messages'
        ? ['thinking', asObject(document.get('thinking'))?.['type'] === 'disabled']
        : ['enable_thinking', document.get('enable_thinking') === false];
    if (isOff) document.remove([name]);
    return isOff;
  },
};
