import { key, sum } from './support/agent.ts';
import type { Agent, Place, Surface } from './support/agent.ts';
import { describeAgent } from './support/suite.ts';

interface QwenOptions {
  name: string;
  authType: 'openai' | 'anthropic';
  openaiPath?: string;
  more?(place: Place): Record<string, string>;
}

function qwenSurface({ name, authType, openaiPath = '/v1', more = () => ({}) }: QwenOptions): Surface {
  return {
    name,
    protocol: authType === 'openai' ? 'openai-chat' : 'anthropic-messages',
    args: ({ model, prompt }) => ['-p', prompt, '--auth-type', authType, '-m', model, '-y'],
    env: (place) => ({
      OPENAI_API_KEY: key,
      OPENAI_BASE_URL: `${place.url}${openaiPath}`,
      OPENAI_MODEL: place.model,
      ANTHROPIC_API_KEY: key,
      ANTHROPIC_BASE_URL: `${place.url}/apps/anthropic`,
      ANTHROPIC_MODEL: place.model,
      QWEN_CODE_SUPPRESS_YOLO_WARNING: '1',
      ...more(place),
    }),
    home: () => ({
      '.qwen/settings.json': JSON.stringify({
        $version: 3,
        security: { auth: { selectedType: authType } },
        general: { enableAutoUpdate: false },
        privacy: { usageStatisticsEnabled: false },
        telemetry: { enabled: false },
      }),
    }),
    requests: [2, 3],
  };
}

const qwenCode: Agent = {
  name: 'Qwen Code',
  client: { package: '@qwen-code/qwen-code', version: '0.24.4', command: 'qwen' },
  // Its shell tool sometimes reports no output at all for a program that ends at once: seen in one of ten runs.
  command: { text: 'expr 4711 + 1; sleep 0.3', output: sum.output },
  surfaces: [
    qwenSurface({ name: 'OpenAI', authType: 'openai' }),
    qwenSurface({ name: 'Anthropic', authType: 'anthropic' }),
    qwenSurface({
      name: 'OpenAI as for Model Studio itself',
      authType: 'openai',
      openaiPath: '/compatible-mode/v1',
      more: ({ url }) => ({ DASHSCOPE_PROXY_BASE_URL: `${url}/compatible-mode/v1` }),
    }),
  ],
};

describeAgent(qwenCode);
