import type { JsonObject } from '../../../src/domain/json.ts';
import type { Protocol } from '../../../src/domain/protocol.ts';
import { fixturesOf, parseObject } from '../../golden/fixtures.ts';

const tool = {
  name: 'get_weather',
  description: 'Weather of a city.',
  schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};
const chatTool = {
  type: 'function',
  function: { name: tool.name, description: tool.description, parameters: tool.schema },
};
const messagesTool = { name: tool.name, description: tool.description, input_schema: tool.schema };
const user = { role: 'user', content: 'Weather in Paris?' };

/** Right requests, small ones that use every member and those that real agents send. */
const bases: Readonly<Record<Protocol, readonly JsonObject[]>> = {
  'openai-chat': [
    { model: 'qwen-plus', messages: [user] },
    { model: 'qwen-plus', messages: [user], stream: true, stream_options: { include_usage: true } },
    {
      model: 'qwen-plus',
      messages: [
        { role: 'system', content: 'Be brief.' },
        user,
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'c1', type: 'function', function: { name: tool.name, arguments: '{"city":"Paris"}' } }],
        },
        { role: 'tool', tool_call_id: 'c1', content: 'Sunny.' },
      ],
      tools: [chatTool],
      tool_choice: 'auto',
      parallel_tool_calls: true,
      temperature: 0.5,
      top_p: 0.9,
      presence_penalty: 0,
      seed: 7,
      max_tokens: 200,
      stop: ['.'],
      n: 1,
      user: 'someone',
      metadata: { a: 'b' },
    },
    {
      model: 'qwen3.7-plus',
      messages: [{ role: 'user', content: [{ type: 'text', text: 'My name is Ann. As JSON.' }] }],
      response_format: { type: 'json_schema', json_schema: { name: 'o', schema: tool.schema, strict: true } },
      enable_thinking: false,
    },
    {
      model: 'qwen3-vl-plus',
      messages: [
        {
          role: 'user',
          content: [{ type: 'image_url', image_url: { url: 'https://example.com/a.png', detail: 'low' } }],
        },
      ],
      stream: true,
    },
    {
      model: 'qwen3.5-plus',
      messages: [user],
      stream: true,
      enable_thinking: true,
      thinking_budget: 50,
      reasoning_effort: 'low',
    },
  ],
  'anthropic-messages': [
    { model: 'qwen-plus', max_tokens: 100, messages: [user] },
    { model: 'qwen-plus', max_tokens: 100, messages: [user], stream: true, system: 'Be brief.' },
    {
      model: 'qwen-plus',
      max_tokens: 300,
      system: [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } }],
      messages: [
        user,
        { role: 'assistant', content: [{ type: 'tool_use', id: 't1', name: tool.name, input: { city: 'Paris' } }] },
        {
          role: 'user',
          content: [{ type: 'tool_result', tool_use_id: 't1', content: [{ type: 'text', text: 'Sunny.' }] }],
        },
      ],
      tools: [messagesTool],
      tool_choice: { type: 'auto', disable_parallel_tool_use: true },
      temperature: 0.5,
      top_p: 0.9,
      top_k: 20,
      stop_sequences: ['.'],
      metadata: { user_id: 'someone' },
    },
    {
      model: 'qwen3.5-plus',
      max_tokens: 2000,
      thinking: { type: 'enabled', budget_tokens: 1024 },
      messages: [
        user,
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'Hm.', signature: '' },
            { type: 'text', text: 'Yes.' },
          ],
        },
        user,
      ],
      output_config: { effort: 'high' },
      stream: true,
    },
    {
      model: 'qwen3-vl-plus',
      max_tokens: 100,
      messages: [
        { role: 'user', content: [{ type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } }] },
      ],
    },
  ],
};

/** The small requests several times, the agents' large ones once. */
export const requestsOf: Readonly<Record<Protocol, readonly JsonObject[]>> = {
  'openai-chat': withFixtures('openai-chat'),
  'anthropic-messages': withFixtures('anthropic-messages'),
};

function withFixtures(protocol: Protocol): JsonObject[] {
  const recorded = fixturesOf(protocol, 'requests').map(({ bytes }) => ({ ...parseObject(bytes), model: 'qwen-plus' }));
  return [...bases[protocol], ...bases[protocol], ...bases[protocol], ...recorded];
}
