import { anthropicVersion } from './headers.ts';
import type { Vendor } from './vendor.ts';

/**
 * Any server that speaks Anthropic messages; the base URL as Claude Code takes it, without `/v1`.
 * Such servers look at `x-api-key`, at a bearer token, or at either, so both are sent.
 */
export const anthropicCompatible = {
  id: 'anthropic-compatible',
  title: 'Anthropic-compatible server',
  aliases: [],
  needsKey: false,
  keyEnv: ['ANTHROPIC_COMPATIBLE_API_KEY'],
  surfaces: {
    'anthropic-messages': { bases: [''], call: '/v1/messages', auth: 'both', headers: anthropicVersion },
  },
  modelList: { surface: 'anthropic-messages', path: '/v1/models?limit=1000', shape: 'anthropic' },
  quirks: {},
} as const satisfies Vendor;
