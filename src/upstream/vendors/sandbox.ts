import {
  cataloguedChatModels,
  cataloguedEmbeddingModels,
  modelStudioQuirks,
  modelStudioServes,
} from './bailian/model-studio.ts';
import { anthropicVersion } from './headers.ts';
import type { Vendor } from './vendor.ts';

/** The embedded Model Studio, or a standalone one by base URL. `/v1` is its Coding Plan form. */
export const sandbox = {
  id: 'sandbox',
  title: 'Sandbox',
  aliases: [],
  needsKey: false,
  keyEnv: ['SANDBOX_API_KEY'],
  // Not a network address: the origin under which the backend in this process is registered.
  root: { origin: 'sandbox:', prefix: '' },
  surfaces: {
    'openai-chat': { bases: ['/compatible-mode/v1', '/v1'], call: '/chat/completions', auth: 'bearer' },
    'anthropic-messages': {
      bases: ['/apps/anthropic'],
      call: '/v1/messages',
      auth: 'bearer',
      headers: anthropicVersion,
    },
  },
  models: () => [...cataloguedChatModels(), ...cataloguedEmbeddingModels()],
  serves: modelStudioServes,
  quirks: modelStudioQuirks,
  // It refuses calls without a key, as the platform does.
  defaultKey: 'sk-sandbox',
  catalogued: true,
  standIn: true,
  exampleModel: 'qwen-plus',
} as const satisfies Vendor;
