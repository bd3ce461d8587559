import type { FitRule } from './rule.ts';

/** `The 'stream_options' parameter is only allowed when 'stream' is enabled.`, at OpenAI as well. */
export const streamOptions: FitRule = {
  id: 'stream-options',
  doc: '`stream_options` is left out of a request that asks for no stream.',
  protocols: ['openai-chat'],
  enabledByDefault: true,
  apply({ document, stream }) {
    if (stream || !document.has('stream_options')) return false;
    document.remove(['stream_options']);
    return true;
  },
};
