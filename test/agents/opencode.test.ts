import type { Protocol } from '../../src/domain/protocol.ts';
import { key, sum } from './support/agent.ts';
import type { Agent, Surface } from './support/agent.ts';
import { describeAgent } from './support/suite.ts';

function openCodeSurface(protocol: Protocol, npm: string, path: string): Surface {
  return {
    name: npm,
    protocol,
    args: ({ model, prompt }) => ['run', '-m', `gateway/${model}`, prompt],
    env: () => ({
      OPENCODE_DISABLE_AUTOUPDATE: '1',
      OPENCODE_DISABLE_MODELS_FETCH: '1',
      OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
      OPENCODE_DISABLE_DEFAULT_PLUGINS: '1',
    }),
    home: ({ url, model }) => ({
      '.config/opencode/opencode.json': JSON.stringify({
        autoupdate: false,
        share: 'disabled',
        permission: { bash: 'allow', edit: 'allow' },
        provider: {
          gateway: {
            npm,
            name: 'Gateway',
            options: { baseURL: `${url}${path}`, apiKey: key },
            models: { [model]: { name: model, tool_call: true, limit: { context: 131_072, output: 8_192 } } },
          },
        },
        model: `gateway/${model}`,
        small_model: `gateway/${model}`,
      }),
    }),
    // One for the title, two for the round trip.
    requests: [3, 3],
  };
}

const openCode: Agent = {
  name: 'OpenCode',
  client: { package: 'opencode-ai', version: '1.18.33', command: 'opencode' },
  command: sum,
  surfaces: [
    openCodeSurface('openai-chat', '@ai-sdk/openai-compatible', '/v1'),
    openCodeSurface('anthropic-messages', '@ai-sdk/anthropic', '/apps/anthropic/v1'),
  ],
};

describeAgent(openCode);
