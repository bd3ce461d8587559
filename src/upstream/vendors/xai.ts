import type { Vendor } from './vendor.ts';

/** Source: docs.x.ai (api.x.ai/v1; the Anthropic endpoint is deprecated there and therefore not used; us.api.x.ai is regional). */
export const xai = {
  id: 'xai',
  title: 'xAI (Grok)',
  aliases: [],
  needsKey: true,
  keyEnv: ['XAI_API_KEY'],
  root: { origin: 'https://api.x.ai', prefix: '' },
  regions: {
    global: { origin: 'https://api.x.ai', prefix: '' },
    us: { origin: 'https://us.api.x.ai', prefix: '' },
  },
  surfaces: {
    'openai-chat': { bases: ['/v1'], call: '/chat/completions', auth: 'bearer' },
  },
  modelList: { surface: 'openai-chat', path: '/models', shape: 'openai' },
  quirks: {},
  options: ['region'],
} as const satisfies Vendor;
