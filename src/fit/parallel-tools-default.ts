import { asArray } from '../domain/json.ts';
import type { FitRule } from './rule.ts';

/**
 * Model Studio's default is false, that of OpenAI and Anthropic true (chat page): agents make one call at a time without it.
 * Programs written for Model Studio come on its path and count on one call at a time, as the chat page's own example does.
 */
export const parallelToolsDefault: FitRule = {
  id: 'parallel-tools-default',
  doc: 'A request with tools that leaves `parallel_tool_calls` open gets `true`, as OpenAI and Anthropic have it; the default of Model Studio is `false`. Not on the path `/compatible-mode`, whose clients expect that.',
  protocols: ['openai-chat'],
  enabledByDefault: true,
  apply({ document, provider, wantsOwnDefaults }) {
    if (
      wantsOwnDefaults === true ||
      provider.catalogued !== true ||
      !document.has('tools') ||
      document.has('parallel_tool_calls')
    )
      return false;
    if (asArray(document.get('tools')).length === 0) return false;
    document.set(['parallel_tool_calls'], true);
    return true;
  },
};
