import { asArray, asObject } from '../domain/json.ts';
import type { FitRule } from './rule.ts';

/** Recorded refusal: `developer is not one of ['system', 'assistant', 'user', 'tool', 'function'] - 'messages.['0].role'`. */
export const roleDeveloper: FitRule = {
  id: 'role-developer',
  doc: 'Model Studio refuses the role `developer`: it becomes `system`.',
  protocols: ['openai-chat'],
  enabledByDefault: true,
  apply({ document, provider }) {
    if (provider.quirks.noDeveloperRole !== true) return false;
    let changed = false;
    for (const [index, message] of asArray(document.get('messages')).entries()) {
      if (asObject(message)?.['role'] !== 'developer') continue;
      document.set(['messages', index, 'role'], 'system');
      changed = true;
    }
    return changed;
  },
};
