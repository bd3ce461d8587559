import { anthropicVersion } from './headers.ts';
import type { Vendor } from './vendor.ts';

/** Source: docs.anthropic.com/en/api (messages, messages-count-tokens, models-list: pages of at most 1000). */
export const anthropic = {
  id: 'anthropic',
  title: 'Anthropic',
  aliases: [],
  needsKey: true,
  keyEnv: ['ANTHROPIC_API_KEY'],
  root: { origin: 'https://api.anthropic.com', prefix: '' },
  surfaces: {
    'anthropic-messages': { bases: [''], call: '/v1/messages', auth: 'x-api-key', headers: anthropicVersion },
  },
  modelList: { surface: 'anthropic-messages', path: '/v1/models?limit=1000', shape: 'anthropic' },
  quirks: { isAnthropic: true, countsTokens: true },
} as const satisfies Vendor;
