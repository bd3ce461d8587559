import { anthropicVersion } from './headers.ts';
import type { Vendor } from './vendor.ts';

/**
 * Sources: docs.ollama.com/api (openai-compatibility, anthropic-compatibility from 0.14.0, tags). The key is ignored by a
 * local server; ollama.com takes it as a bearer token only. 127.0.0.1, since `localhost` may resolve to ::1, where it does not listen.
 */
export const ollama = {
  id: 'ollama',
  title: 'Ollama',
  aliases: [],
  needsKey: false,
  keyEnv: ['OLLAMA_API_KEY'],
  root: { origin: 'http://127.0.0.1:11434', prefix: '' },
  surfaces: {
    'openai-chat': { bases: ['/v1'], call: '/chat/completions', auth: 'bearer' },
    'anthropic-messages': { bases: [''], call: '/v1/messages', auth: 'bearer', headers: anthropicVersion },
  },
  modelList: { path: '/api/tags', shape: 'ollama' },
  quirks: {},
} as const satisfies Vendor;
