import { asArray } from '../domain/json.ts';
import type { FitRule } from './rule.ts';
import { isThinking } from './thinking-state.ts';

/** `Range of n should be [1, 4]`; the chat page: 1 with tools, several only on Qwen models that do not think. */
export const nRange: FitRule = {
  id: 'n-range',
  doc: 'The number of answers `n` is brought into the range of the platform: 1 to 4, and 1 with tools, in thinking mode and on models that are not Qwen.',
  protocols: ['openai-chat'],
  enabledByDefault: true,
  apply(context) {
    const { document, model } = context;
    const n = model && document.has('n') ? document.get('n') : undefined;
    if (!model || typeof n !== 'number') return false;
    const takesSeveral =
      model.owner.startsWith('qwen') && isThinking(context) !== true && asArray(document.get('tools')).length === 0;
    const fitting = Math.min(takesSeveral ? 4 : 1, Math.max(1, Math.trunc(n)));
    if (fitting === n) return false;
    document.set(['n'], fitting);
    return true;
  },
};
