import type { Vendor } from './vendor.ts';

/** Source: platform.openai.com/docs/api-reference (chat, models). */
export const openai = {
  id: 'openai',
  title: 'OpenAI',
  aliases: [],
  needsKey: true,
  keyEnv: ['OPENAI_API_KEY'],
  root: { origin: 'https://api.openai.com', prefix: '' },
  surfaces: {
    'openai-chat': { bases: ['/v1'], call: '/chat/completions', auth: 'bearer' },
  },
  modelList: { surface: 'openai-chat', path: '/models', shape: 'openai' },
  // Reasoning models refuse `max_tokens`; every chat model takes `max_completion_tokens`.
  quirks: { maxTokensIsMaxCompletionTokens: true },
  // OPENAI_BASE_URL often points to another server, which may know `max_tokens` only.
  quirksElsewhere: {},
} as const satisfies Vendor;
