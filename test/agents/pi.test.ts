import type { Protocol } from '../../src/domain/protocol.ts';
import { key, sum } from './support/agent.ts';
import type { Agent, Surface } from './support/agent.ts';
import { describeAgent } from './support/suite.ts';

function piSurface(protocol: Protocol, api: string, path: string): Surface {
  return {
    name: api,
    protocol,
    args: ({ model, prompt }) => ['-p', '--no-session', '--provider', 'gateway', '--model', model, prompt],
    env: () => ({ PI_OFFLINE: '1' }),
    home: ({ url, model }) => ({
      '.pi/agent/models.json': JSON.stringify({
        providers: {
          gateway: {
            baseUrl: `${url}${path}`,
            api,
            apiKey: key,
            models: [{ id: model, reasoning: false, input: ['text'], contextWindow: 131_072, maxTokens: 8_192 }],
          },
        },
      }),
    }),
    requests: [2, 2],
  };
}

const pi: Agent = {
  name: 'pi',
  client: { package: '@mariozechner/pi-coding-agent', version: '0.73.1', command: 'pi' },
  command: sum,
  surfaces: [
    piSurface('openai-chat', 'openai-completions', '/v1'),
    piSurface('anthropic-messages', 'anthropic-messages', '/apps/anthropic'),
  ],
};

describeAgent(pi);
