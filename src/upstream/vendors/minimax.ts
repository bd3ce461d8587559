import { anthropicVersion } from './headers.ts';
import type { Vendor } from './vendor.ts';

/**
 * Sources: platform.minimax.io/docs (api.minimax.io/v1 with models, api.minimax.io/anthropic, both with a bearer token);
 * api.minimaxi.com for mainland accounts. Its /v1/embeddings takes `texts` and `type`, not OpenAI's request. The role `developer` gets error 2013 (openclaw/openclaw#3022).
 */
export const minimax = {
  id: 'minimax',
  title: 'MiniMax',
  aliases: [],
  needsKey: true,
  keyEnv: ['MINIMAX_API_KEY'],
  root: { origin: 'https://api.minimax.io', prefix: '' },
  regions: {
    intl: { origin: 'https://api.minimax.io', prefix: '' },
    cn: { origin: 'https://api.minimaxi.com', prefix: '' },
  },
  surfaces: {
    'openai-chat': { bases: ['/v1'], call: '/chat/completions', embeddings: false, auth: 'bearer' },
    'anthropic-messages': { bases: ['/anthropic'], call: '/v1/messages', auth: 'bearer', headers: anthropicVersion },
  },
  modelList: { surface: 'openai-chat', path: '/models', shape: 'openai' },
  quirks: { noDeveloperRole: true, temperatureUpToOne: true },
  options: ['region'],
} as const satisfies Vendor;
