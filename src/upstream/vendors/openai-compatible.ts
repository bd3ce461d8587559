import type { Vendor } from './vendor.ts';

/**
 * Any server that speaks OpenAI chat. A base URL with a path is used as it is; a bare host gets `/v1`, where most servers are;
 * a full `.../chat/completions` URL is taken to the letter.
 */
export const openaiCompatible = {
  id: 'openai-compatible',
  title: 'OpenAI-compatible server',
  aliases: [],
  needsKey: false,
  keyEnv: ['OPENAI_COMPATIBLE_API_KEY'],
  surfaces: {
    'openai-chat': { bases: ['/v1'], call: '/chat/completions', auth: 'bearer' },
  },
  modelList: { surface: 'openai-chat', path: '/models', shape: 'openai' },
  quirks: {},
} as const satisfies Vendor;
