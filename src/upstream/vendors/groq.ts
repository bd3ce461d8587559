import type { Vendor } from './vendor.ts';

/** Source: console.groq.com/docs/openai (no Anthropic endpoint is documented) and console.groq.com/docs/models. */
export const groq = {
  id: 'groq',
  title: 'Groq',
  aliases: [],
  needsKey: true,
  keyEnv: ['GROQ_API_KEY'],
  root: { origin: 'https://api.groq.com', prefix: '' },
  surfaces: {
    'openai-chat': { bases: ['/openai/v1'], call: '/chat/completions', auth: 'bearer' },
  },
  modelList: { surface: 'openai-chat', path: '/models', shape: 'openai' },
  quirks: {},
} as const satisfies Vendor;
