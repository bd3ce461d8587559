import { anthropicVersion } from './headers.ts';
import type { Vendor } from './vendor.ts';

/**
 * Sources: docs.z.ai/guides/develop/openai/python (api.z.ai/api/paas/v4), docs.z.ai/devpack/quick-start (the GLM Coding
 * Plan has /api/coding/paas/v4, give it as base URL) and docs.z.ai/devpack/tool/claude (/api/anthropic, ANTHROPIC_AUTH_TOKEN).
 * The mainland platform open.bigmodel.cn has the same paths. The role `developer` gets error 1214 (vastsa/PI-Desktop#30).
 */
export const zai = {
  id: 'zai',
  title: 'Z.ai (GLM)',
  aliases: [],
  needsKey: true,
  keyEnv: ['ZAI_API_KEY'],
  root: { origin: 'https://api.z.ai', prefix: '' },
  regions: {
    intl: { origin: 'https://api.z.ai', prefix: '' },
    cn: { origin: 'https://open.bigmodel.cn', prefix: '' },
  },
  surfaces: {
    'openai-chat': { bases: ['/api/paas/v4', '/api/coding/paas/v4'], call: '/chat/completions', auth: 'bearer' },
    'anthropic-messages': {
      bases: ['/api/anthropic'],
      call: '/v1/messages',
      auth: 'bearer',
      headers: anthropicVersion,
    },
  },
  modelList: { surface: 'openai-chat', path: '/models', shape: 'openai' },
  quirks: { noDeveloperRole: true },
  options: ['region'],
} as const satisfies Vendor;
