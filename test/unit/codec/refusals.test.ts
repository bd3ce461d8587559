import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { anthropicMessages } from '../../../src/codec/anthropic-messages/index.ts';
import { openaiChat } from '../../../src/codec/openai-chat/index.ts';
import type { Codec } from '../../../src/domain/codec.ts';
import { GatewayError } from '../../../src/domain/gateway-error.ts';
import type { JsonObject, JsonValue } from '../../../src/domain/json.ts';

const user = { role: 'user', content: 'Hi' };

/** Members that replace those of a good request, the path that is refused, and a word of the reason. */
type Refusal = [JsonObject, string, RegExp];

const common: Refusal[] = [
  [{ model: undefined }, 'model', /required/],
  [{ model: '' }, 'model', /must not be empty/],
  [{ model: 7 }, 'model', /must be a string, not a number/],
  [{ messages: undefined }, 'messages', /required/],
  [{ messages: [] }, 'messages', /at least one/],
  [{ messages: 'Hi' }, 'messages', /must be an array, not a string/],
  [{ messages: [user, null] }, 'messages[1]', /must be an object, not null/],
  [{ messages: [{ content: 'Hi' }] }, 'messages[0].role', /required/],
  [{ messages: [{ role: 'robot', content: 'Hi' }] }, 'messages[0].role', /must be one of .*assistant/],
  [{ messages: [{ role: 'constructor', content: 'Hi' }] }, 'messages[0].role', /must be one of/],
  [{ messages: [{ role: 'user', content: 7 }] }, 'messages[0].content', /must be a string or a list/],
  [{ messages: [{ role: 'user', content: [7] }] }, 'messages[0].content[0]', /must be an object/],
  [{ messages: [{ role: 'user', content: [{ text: 'Hi' }] }] }, 'messages[0].content[0].type', /required/],
  [{ messages: [{ role: 'user', content: [{ type: 'text' }] }] }, 'messages[0].content[0].text', /required/],
  [{ messages: [{ role: 'user', content: [{ type: 'text', text: 7 }] }] }, 'messages[0].content[0].text', /string/],
  [{ stream: 'yes' }, 'stream', /must be a boolean/],
  [{ temperature: '0.5' }, 'temperature', /must be a number/],
  [{ max_tokens: 1.5 }, 'max_tokens', /whole number/],
  [{ max_tokens: -1 }, 'max_tokens', /whole number/],
  [{ tools: {} }, 'tools', /must be an array/],
  [{ tools: ['x'] }, 'tools[0]', /must be an object/],
  [{ thinking: true }, 'thinking', /must be an object/],
];

const openai: Refusal[] = [
  ...common,
  [{ messages: [{ role: 'tool', content: 'x' }] }, 'messages[0].tool_call_id', /no tool call is left/],
  [{ messages: [{ role: 'assistant', tool_calls: [{ id: 'a' }] }] }, 'messages[0].tool_calls[0].function', /object/],
  [
    { messages: [{ role: 'assistant', tool_calls: [{ id: 'a', function: { arguments: '{}' } }] }] },
    'messages[0].tool_calls[0].function.name',
    /required/,
  ],
  [
    { messages: [{ role: 'assistant', tool_calls: [{ id: 'a', function: { name: 'f', arguments: 7 } }] }] },
    'messages[0].tool_calls[0].function.arguments',
    /object/,
  ],
  [
    { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: {} }] }] },
    'messages[0].content[0].image_url.url',
    /required/,
  ],
  [{ tools: [{ type: 'function' }] }, 'tools[0].function', /object/],
  [{ tools: [{ type: 'function', function: {} }] }, 'tools[0].function.name', /required/],
  [{ tool_choice: 'sometimes' }, 'tool_choice', /auto, none, required/],
  [{ tool_choice: 7 }, 'tool_choice', /string or an object/],
  [{ stop: 7 }, 'stop', /array/],
  [{ stop: [{}] }, 'stop[0]', /string/],
  [{ response_format: 'json' }, 'response_format', /object/],
  [{ response_format: {} }, 'response_format.type', /required/],
  [{ response_format: { type: 'json_schema' } }, 'response_format.json_schema', /required/],
  [{ enable_thinking: 'true' }, 'enable_thinking', /boolean/],
  [{ thinking_budget: 0 }, 'thinking_budget', /at least 1/],
  [{ reasoning_effort: 3 }, 'reasoning_effort', /string/],
  [{ n: 0 }, 'n', /at least 1/],
  [{ stream_options: [] }, 'stream_options', /object/],
];

const anthropic: Refusal[] = [
  ...common,
  [{ system: 7 }, 'system', /array/],
  [{ system: [{ type: 'text' }] }, 'system[0].text', /required/],
  [{ messages: [{ role: 'user' }] }, 'messages[0].content', /required/],
  [
    { messages: [{ role: 'user', content: [{ type: 'tool_result' }] }] },
    'messages[0].content[0].tool_use_id',
    /required/,
  ],
  [
    { messages: [{ role: 'user', content: [{ type: 'tool_use', id: 'a', name: 'f', input: {} }] }] },
    'messages[0].content',
    /cannot hold/,
  ],
  [
    { messages: [{ role: 'assistant', content: [{ type: 'tool_result', tool_use_id: 'a' }] }] },
    'messages[0].content',
    /cannot hold/,
  ],
  [
    { messages: [{ role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'f', input: '{}' }] }] },
    'messages[0].content[0].input',
    /object/,
  ],
  [{ messages: [{ role: 'user', content: [{ type: 'image' }] }] }, 'messages[0].content[0].source', /object/],
  [
    { messages: [{ role: 'user', content: [{ type: 'image', source: { type: 'url' } }] }] },
    'messages[0].content[0].source.url',
    /required/,
  ],
  [{ tools: [{ input_schema: {} }] }, 'tools[0].name', /required/],
  [{ tool_choice: 'auto' }, 'tool_choice', /object/],
  [{ tool_choice: { type: 'sometimes' } }, 'tool_choice.type', /auto, any, tool, none/],
  [{ tool_choice: { type: 'tool' } }, 'tool_choice.name', /required/],
  [{ stop_sequences: [7] }, 'stop_sequences[0]', /string/],
  [{ thinking: {} }, 'thinking.type', /required/],
  [{ thinking: { type: 'enabled', budget_tokens: 'many' } }, 'thinking.budget_tokens', /number/],
  [{ output_config: 'high' }, 'output_config', /object/],
  [{ metadata: { user_id: 7 } }, 'metadata.user_id', /string/],
];

function refusalOf(codec: Codec, body: JsonObject): GatewayError {
  try {
    codec.readRequest(body);
  } catch (error) {
    assert.ok(error instanceof GatewayError);
    return error;
  }
  assert.fail('the request was accepted');
}

function describeRefusals(codec: Codec, refusals: readonly Refusal[]): void {
  describe(`${codec.protocol} refuses`, () => {
    for (const [members, path, reason] of refusals) {
      test(`${JSON.stringify(members)} at ${path}`, () => {
        const error = refusalOf(codec, { model: 'm', max_tokens: 10, messages: [user], ...members });
        assert.equal(error.status, 400);
        assert.equal(error.origin, 'client');
        assert.equal(error.code, 'invalid_request_error');
        assert.equal(error.param, path);
        assert.match(error.message, reason);
        assert.equal(error.retryable, false);
      });
    }

    test('nesting that no real request has', () => {
      let deep: JsonValue = {};
      for (let level = 0; level < 5000; level += 1) deep = { a: deep };
      assert.equal(refusalOf(codec, { model: 'm', messages: [user], metadata: { deep } }).param, 'body');
    });
  });
}

describeRefusals(openaiChat, openai);
describeRefusals(anthropicMessages, anthropic);

describe('what is left out', () => {
  test('each path pattern is named once, however often it occurs', () => {
    const message = { role: 'user', content: [{ type: 'text', text: 'Hi', mood: 1 }], name: 'Ann' };
    const { dropped } = openaiChat.readRequest({
      model: 'm',
      messages: [message, message],
      store: false,
      logprobs: null,
    });
    assert.deepEqual(dropped, ['store', 'messages[].name', 'messages[].content[].mood']);
  });

  test('names that cannot stand in a header are not repeated', () => {
    const { dropped } = openaiChat.readRequest({
      model: 'm',
      messages: [user],
      'a\r\nb': 1,
      ['x'.repeat(65)]: 1,
      名: 1,
    });
    assert.deepEqual(dropped, ['?']);
  });

  test('the list is bounded', () => {
    const strangers = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`member_${index}`, 1]));
    assert.equal(openaiChat.readRequest({ model: 'm', messages: [user], ...strangers }).dropped.length, 40);
  });
});
