import { anthropicVersion } from './headers.ts';
import type { Vendor } from './vendor.ts';

/**
 * Sources: openrouter.ai/docs (quickstart: /api/v1, models) and its Claude Code guide (ANTHROPIC_BASE_URL
 * https://openrouter.ai/api with ANTHROPIC_AUTH_TOKEN, so POST /api/v1/messages with a bearer token).
 */
export const openrouter = {
  id: 'openrouter',
  title: 'OpenRouter',
  aliases: [],
  needsKey: true,
  keyEnv: ['OPENROUTER_API_KEY'],
  root: { origin: 'https://openrouter.ai', prefix: '/api' },
  surfaces: {
    'openai-chat': { bases: ['/v1'], call: '/chat/completions', auth: 'bearer' },
    'anthropic-messages': { bases: [''], call: '/v1/messages', auth: 'bearer', headers: anthropicVersion },
  },
  modelList: { surface: 'openai-chat', path: '/models', shape: 'openai' },
  quirks: {},
} as const satisfies Vendor;
