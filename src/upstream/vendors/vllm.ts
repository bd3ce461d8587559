import { anthropicVersion } from './headers.ts';
import type { Vendor } from './vendor.ts';

/**
 * Sources: docs.vllm.ai/en/stable/serving (openai_compatible_server, integrations/claude_code: POST /v1/messages).
 * `--api-key` is checked as a bearer token.
 */
export const vllm = {
  id: 'vllm',
  title: 'vLLM',
  aliases: [],
  needsKey: false,
  keyEnv: ['VLLM_API_KEY'],
  root: { origin: 'http://127.0.0.1:8000', prefix: '' },
  surfaces: {
    'openai-chat': { bases: ['/v1'], call: '/chat/completions', auth: 'bearer' },
    'anthropic-messages': { bases: [''], call: '/v1/messages', auth: 'bearer', headers: anthropicVersion },
  },
  modelList: { surface: 'openai-chat', path: '/models', shape: 'openai' },
  quirks: { appliesChatTemplates: true },
} as const satisfies Vendor;
