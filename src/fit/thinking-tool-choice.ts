import { asObject } from '../domain/json.ts';
import type { FitContext, FitRule } from './rule.ts';
import { isThinking, switchThinkingOff } from './thinking-state.ts';

/** `The tool_choice parameter does not support being set to required or object in thinking mode` (cloudwego/eino#994). */
export const thinkingToolChoice: FitRule = {
  id: 'thinking-tool-choice',
  doc: 'A tool cannot be forced while the model thinks: thinking is switched off for this call.',
  protocols: ['openai-chat', 'anthropic-messages'],
  enabledByDefault: true,
  apply(context) {
    if (!context.model || !context.document.has('tool_choice') || !forcesTool(context)) return false;
    return isThinking(context) === true && switchThinkingOff(context);
  },
};

function forcesTool({ document, target }: FitContext): boolean {
  const choice = document.get('tool_choice');
  const type = asObject(choice)?.['type'];
  if (target.protocol === 'anthropic-messages') return type === 'any' || type === 'tool';
  return choice === 'required' || type !== undefined;
}
