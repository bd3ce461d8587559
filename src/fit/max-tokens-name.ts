import type { FitRule } from './rule.ts';

/**
 * Model Studio deprecated `max_tokens` on 2026-04-20 for `max_completion_tokens` (compatibility notice 724). The explicit
 * new name wins when a client sends both.
 */
export const maxTokensName: FitRule = {
  id: 'max-tokens-name',
  doc: 'Model Studio takes `max_completion_tokens` in place of the deprecated `max_tokens`: the member is renamed, its value kept.',
  protocols: ['openai-chat'],
  enabledByDefault: true,
  apply({ document, provider }) {
    if (provider.quirks.maxTokensIsMaxCompletionTokens !== true || !document.has('max_tokens')) return false;
    if (document.has('max_completion_tokens')) document.remove(['max_tokens']);
    else document.rename(['max_tokens'], 'max_completion_tokens');
    return true;
  },
};
