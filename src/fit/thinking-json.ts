import { acceptsJsonSchema } from '../catalogue/models.ts';
import { asObject } from '../domain/json.ts';
import type { FitRule } from './rule.ts';
import { isThinking, switchThinkingOff } from './thinking-state.ts';

/**
 * `Json mode response is not supported when enable_thinking is true` (error-code page). The families that take a JSON
 * schema do both, as do the models that are not Qwen's.
 */
export const thinkingJson: FitRule = {
  id: 'thinking-json',
  doc: 'Thinking is switched off for a call with `response_format: json_object` where the model cannot do both.',
  protocols: ['openai-chat'],
  enabledByDefault: true,
  apply(context) {
    const { document, model } = context;
    if (!model || !document.has('response_format') || acceptsJsonSchema(model) || !model.owner.startsWith('qwen'))
      return false;
    if (asObject(document.get('response_format'))?.['type'] !== 'json_object' || isThinking(context) !== true)
      return false;
    return switchThinkingOff(context);
  },
};
