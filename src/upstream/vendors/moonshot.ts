import { anthropicVersion } from './headers.ts';
import type { Vendor } from './vendor.ts';

/**
 * Sources: platform.kimi.ai/docs/api/overview (api.moonshot.ai/v1 and /anthropic, models), platform.moonshot.cn for China.
 * Claude Code is documented with ANTHROPIC_AUTH_TOKEN, a bearer token. Roles are system, user, assistant and tool
 * (openclaw/openclaw#8579, PR 6266). Keys of the two regions are separate.
 */
export const moonshot = {
  id: 'moonshot',
  title: 'Moonshot AI (Kimi)',
  aliases: [],
  needsKey: true,
  keyEnv: ['MOONSHOT_API_KEY'],
  root: { origin: 'https://api.moonshot.ai', prefix: '' },
  regions: {
    intl: { origin: 'https://api.moonshot.ai', prefix: '' },
    cn: { origin: 'https://api.moonshot.cn', prefix: '' },
  },
  surfaces: {
    'openai-chat': { bases: ['/v1'], call: '/chat/completions', auth: 'bearer' },
    'anthropic-messages': { bases: ['/anthropic'], call: '/v1/messages', auth: 'bearer', headers: anthropicVersion },
  },
  modelList: { surface: 'openai-chat', path: '/models', shape: 'openai' },
  quirks: { noDeveloperRole: true, needsReasoningOnCalls: true },
  options: ['region'],
} as const satisfies Vendor;
