import { anthropicVersion } from './headers.ts';
import type { Vendor } from './vendor.ts';

/**
 * Sources: api-docs.deepseek.com (first API call: both base URLs; guides/anthropic_api: x-api-key; api/list-models).
 * `/v1` is accepted for compatibility. The role `developer` is refused (earendil-works/pi#1048, theopenco/llmgateway#3462).
 */
export const deepseek = {
  id: 'deepseek',
  title: 'DeepSeek',
  aliases: [],
  needsKey: true,
  keyEnv: ['DEEPSEEK_API_KEY'],
  root: { origin: 'https://api.deepseek.com', prefix: '' },
  surfaces: {
    'openai-chat': { bases: ['', '/v1'], call: '/chat/completions', auth: 'bearer' },
    'anthropic-messages': { bases: ['/anthropic'], call: '/v1/messages', auth: 'x-api-key', headers: anthropicVersion },
  },
  modelList: { surface: 'openai-chat', path: '/models', shape: 'openai' },
  quirks: { noDeveloperRole: true },
} as const satisfies Vendor;
