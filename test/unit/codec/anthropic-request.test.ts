import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { anthropicMessages } from '../../../src/codec/anthropic-messages/index.ts';
import type { Conversation, Turn } from '../../../src/domain/conversation.ts';
import type { JsonObject } from '../../../src/domain/json.ts';

const user = { role: 'user', content: 'Hi' };

function read(members: JsonObject) {
  return anthropicMessages.readRequest({ model: 'm', max_tokens: 10, messages: [user], ...members });
}

describe('reading a Messages request', () => {
  test('system as a string or as blocks', () => {
    assert.deepEqual(read({ system: 'A' }).conversation.system, [{ type: 'text', text: 'A' }]);
    const mark = { type: 'ephemeral' };
    const blocks = [{ type: 'text', text: 'A', cache_control: mark }];
    assert.deepEqual(read({ system: blocks }).conversation.system, [{ type: 'text', text: 'A', cacheControl: mark }]);
    assert.deepEqual(read({ system: null }).conversation.system, []);
  });

  test('max_tokens 0 fills the cache', () => assert.equal(read({ max_tokens: 0 }).conversation.maxOutputTokens, 0));

  test('text inside documents and search results is kept, uploaded files are reported', () => {
    const content = [
      { type: 'document', title: 'T', source: { type: 'text', media_type: 'text/plain', data: 'D' } },
      { type: 'document', source: { type: 'content', content: [{ type: 'text', text: 'C' }] } },
      { type: 'document', source: { type: 'content', content: 'S' } },
      {
        type: 'search_result',
        source: 'https://example.com',
        title: 'R',
        content: [{ type: 'text', text: 'X' }],
        citations: {},
      },
      { type: 'document', source: { type: 'file', file_id: 'f' } },
      { type: 'container_upload', file_id: 'f' },
    ];
    const { conversation, dropped } = read({ messages: [{ role: 'user', content }] });
    const texts = conversation.turns[0]?.parts.map((part) => (part.type === 'text' ? part.text : part.type));
    assert.deepEqual(texts, ['T', 'D', 'C', 'S', 'R\nhttps://example.com', 'X']);
    assert.deepEqual(dropped, [
      'messages[].content[].citations',
      'messages[].content[].source.type=file',
      'messages[].content[].type=container_upload',
    ]);
  });

  test('summaries of compacted turns and names of found tools are text', () => {
    const { conversation, dropped } = read({
      messages: [
        { role: 'assistant', content: [{ type: 'compaction', content: 'So far.', encrypted_content: 'e' }] },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 'a', content: [{ type: 'tool_reference', tool_name: 'Read' }] },
          ],
        },
        { role: 'system', content: [{ type: 'tool_addition', tool: { type: 'tool_reference', name: 'Read' } }] },
      ],
    });
    assert.deepEqual(conversation.turns, [
      { role: 'assistant', parts: [{ type: 'text', text: 'So far.' }] },
      { role: 'user', parts: [{ type: 'tool-result', callId: 'a', parts: [{ type: 'text', text: 'Read' }] }] },
    ]);
    assert.deepEqual(dropped, ['messages[].content[].encrypted_content', 'messages[].content[].type=tool_addition']);
  });

  test('what beta clients send is reported, not refused', () => {
    const { dropped } = read({
      context_management: { edits: [] },
      mcp_servers: [],
      container: 'c',
      service_tier: 'auto',
      speed: 'fast',
      metadata: { user_id: 'u', session: 's' },
      output_config: { effort: 'low', task_budget: {} },
      tools: [
        { name: 'f', input_schema: {}, defer_loading: true, input_examples: [] },
        { type: 'bash_20250124', name: 'bash' },
      ],
      tool_choice: { type: 'tool', name: 'bash' },
    });
    assert.deepEqual(dropped, [
      'context_management',
      'mcp_servers',
      'container',
      'service_tier',
      'speed',
      'tools[].defer_loading',
      'tools[].input_examples',
      'tools[].type=bash_20250124',
      'tool_choice',
      'output_config.task_budget',
      'metadata.session',
    ]);
  });

  test('disable_parallel_tool_use', () => {
    const tools = [{ name: 'f', input_schema: {} }];
    const parallel = (choice: JsonObject) => read({ tools, tool_choice: choice }).conversation.parallelToolCalls;
    assert.equal(parallel({ type: 'auto', disable_parallel_tool_use: true }), false);
    assert.equal(parallel({ type: 'any', disable_parallel_tool_use: false }), true);
    assert.equal(parallel({ type: 'any' }), undefined);
  });
});

const base: Conversation = anthropicMessages.readRequest({ model: 'm', max_tokens: 10, messages: [user] }).conversation;

function write(members: Partial<Conversation>) {
  return anthropicMessages.writeRequest({ ...base, ...members });
}

function turnsOf(turns: Turn[]) {
  return write({ turns }).body['messages'];
}

describe('writing a Messages request', () => {
  test('max_tokens, which Anthropic requires, has a default that is reported', () => {
    const { maxOutputTokens: _cap, ...open } = base;
    const { body, dropped } = anthropicMessages.writeRequest(open);
    assert.deepEqual([body['max_tokens'], dropped], [8192, ['max_tokens=8192']]);
  });

  test('neighbours of one role become one message, tool results first', () => {
    const messages = turnsOf([
      { role: 'user', parts: [{ type: 'text', text: 'A' }] },
      { role: 'user', parts: [{ type: 'text', text: 'B' }] },
      { role: 'assistant', parts: [{ type: 'tool-call', id: 'x:1', name: 'f', argumentsJson: '{"a":1}' }] },
      { role: 'user', parts: [{ type: 'text', text: 'C' }] },
      { role: 'user', parts: [{ type: 'tool-result', callId: 'x:1', parts: [{ type: 'text', text: 'R' }] }] },
    ]);
    assert.deepEqual(messages, [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'A' },
          { type: 'text', text: 'B' },
        ],
      },
      { role: 'assistant', content: [{ type: 'tool_use', id: 'x_1', name: 'f', input: { a: 1 } }] },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'x_1', content: 'R' },
          { type: 'text', text: 'C' },
        ],
      },
    ]);
  });

  test('blank text and empty messages are left out, a prefill ends without white space', () => {
    const messages = turnsOf([
      { role: 'user', parts: [{ type: 'text', text: 'A' }] },
      { role: 'assistant', parts: [{ type: 'text', text: '\n\n' }] },
      { role: 'user', parts: [] },
      { role: 'assistant', parts: [{ type: 'text', text: 'Sure: \n' }] },
    ]);
    assert.deepEqual(messages, [
      { role: 'user', content: [{ type: 'text', text: 'A' }] },
      { role: 'assistant', content: [{ type: 'text', text: 'Sure:' }] },
    ]);
  });

  test('malformed arguments of a replayed call are kept whole and reported', () => {
    const { body, dropped } = write({
      turns: [{ role: 'assistant', parts: [{ type: 'tool-call', id: 'c', name: 'f', argumentsJson: '{"a":' }] }],
    });
    assert.deepEqual(Object(body['messages'])[0].content[0].input, { raw_arguments: '{"a":' });
    assert.deepEqual(dropped, ['messages[].tool_calls[].function.arguments']);
  });

  test('tool_choice and parallel calls', () => {
    const tools = [{ name: 'f' }];
    const choice = (members: Partial<Conversation>) => write({ tools, ...members }).body['tool_choice'];
    assert.equal(choice({}), undefined);
    assert.deepEqual(choice({ toolChoice: { type: 'required' } }), { type: 'any' });
    assert.deepEqual(choice({ toolChoice: { type: 'tool', name: 'f' } }), { type: 'tool', name: 'f' });
    assert.deepEqual(choice({ parallelToolCalls: false }), { type: 'auto', disable_parallel_tool_use: true });
    assert.deepEqual(choice({ toolChoice: { type: 'none' }, parallelToolCalls: false }), { type: 'none' });
    assert.equal(choice({ parallelToolCalls: true }), undefined);
    assert.deepEqual(write({ toolChoice: { type: 'required' } }).dropped, ['tool_choice']);
  });

  test('a tool without parameters gets the schema that Anthropic wants', () => {
    const tools = write({
      tools: [
        { name: 'f' },
        { name: 'g', parameters: {} },
        { name: 'h', parameters: { type: 'object' }, strict: true },
      ],
    });
    assert.deepEqual(tools.body['tools'], [
      { name: 'f', input_schema: { type: 'object', properties: {} } },
      { name: 'g', input_schema: { type: 'object' } },
      { name: 'h', input_schema: { type: 'object' }, strict: true },
    ]);
  });

  test('what a Messages request cannot say is reported', () => {
    const { dropped } = write({
      sampling: {
        presencePenalty: 1,
        frequencyPenalty: 1,
        repetitionPenalty: 1,
        seed: 1,
        temperature: 0,
        topP: 1,
        topK: 1,
      },
      choices: 2,
      responseFormat: { type: 'json-object' },
    });
    assert.deepEqual(dropped, [
      'response_format',
      'presence_penalty',
      'frequency_penalty',
      'repetition_penalty',
      'seed',
      'n',
    ]);
  });

  test('a schema for the answer stands beside the effort', () => {
    const schema = { type: 'object' };
    const { body } = write({
      thinking: { mode: 'adaptive', effort: 'low' },
      responseFormat: { type: 'json-schema', name: 'r', schema },
    });
    assert.deepEqual(body['output_config'], { effort: 'low', format: { type: 'json_schema', schema } });
  });

  test('media: video by source, audio has no place, options are reported', () => {
    const { body, dropped } = write({
      turns: [
        {
          role: 'user',
          parts: [
            {
              type: 'media',
              kind: 'image',
              source: { type: 'url', url: 'https://x/a.png' },
              options: { detail: 'high' },
            },
            { type: 'media', kind: 'video', source: { type: 'url', url: 'https://x/a.mp4' } },
            { type: 'media', kind: 'audio', source: { type: 'base64', mediaType: 'audio/wav', data: 'UklG' } },
          ],
        },
      ],
    });
    assert.deepEqual(Object(body['messages'])[0].content, [
      { type: 'image', source: { type: 'url', url: 'https://x/a.png' } },
      { type: 'video', source: { type: 'url', url: 'https://x/a.mp4' } },
    ]);
    assert.deepEqual(dropped, ['messages[].content[].detail', 'messages[].content[].audio']);
  });
});
