import type { Vendor } from './vendor.ts';

/** Source: ai.google.dev/gemini-api/docs/openai; its list names models `models/<id>`, a call takes the bare id. */
export const gemini = {
  id: 'gemini',
  title: 'Google Gemini',
  aliases: [],
  needsKey: true,
  keyEnv: ['GEMINI_API_KEY'],
  root: { origin: 'https://generativelanguage.googleapis.com', prefix: '' },
  surfaces: {
    'openai-chat': { bases: ['/v1beta/openai'], call: '/chat/completions', auth: 'bearer' },
  },
  modelList: { surface: 'openai-chat', path: '/models', shape: 'openai', idPrefix: 'models/' },
  quirks: {},
} as const satisfies Vendor;
