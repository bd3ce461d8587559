import { asString } from '../domain/json.ts';
import { placedObjects } from './messages.ts';
import { asObject } from '../domain/json.ts';
import type { FitRule } from './rule.ts';

/** `tool_choice is one of the strings that should be ["none", "auto"]` (error-code page; the chat page: not on Qwen). */
export const toolChoiceRequired: FitRule = {
  id: 'tool-choice-required',
  doc: 'Qwen models refuse `tool_choice: "required"`: a single tool is named instead; with several the choice becomes `auto`.',
  protocols: ['openai-chat'],
  enabledByDefault: true,
  apply({ document, model }) {
    if (model?.owner.startsWith('qwen') !== true || document.get('tool_choice') !== 'required') return false;
    const [only, ...others] = placedObjects(document.get('tools'));
    const name = asString(asObject(only?.object['function'])?.['name']);
    const isOne = name !== undefined && others.length === 0;
    document.set(['tool_choice'], isOne ? { type: 'function', function: { name } } : 'auto');
    return true;
  },
};
