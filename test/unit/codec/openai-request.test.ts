import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openaiChat } from '../../../src/codec/openai-chat/index.ts';
import type { Conversation, Turn } from '../../../src/domain/conversation.ts';
import type { JsonObject, JsonValue } from '../../../src/domain/json.ts';

const user = { role: 'user', content: 'Hi' };

function read(members: JsonObject): Conversation {
  return openaiChat.readRequest({ model: 'm', messages: [user], ...members }).conversation;
}

describe('reading a chat request', () => {
  test('leading system and developer messages are instructions, later ones stay where they are', () => {
    const { system, turns } = read({
      messages: [
        { role: 'system', content: 'A' },
        { role: 'developer', content: [{ type: 'text', text: 'B' }] },
        user,
        { role: 'developer', content: 'C' },
      ],
    });
    assert.deepEqual(system, [
      { type: 'text', text: 'A' },
      { type: 'text', text: 'B' },
    ]);
    assert.deepEqual(turns[1], { role: 'system', parts: [{ type: 'text', text: 'C' }] });
  });

  test('max_completion_tokens wins over max_tokens', () => {
    assert.equal(read({ max_tokens: 5, max_completion_tokens: 7 }).maxOutputTokens, 7);
    assert.equal(read({ max_tokens: 5, max_completion_tokens: null }).maxOutputTokens, 5);
  });

  const contents: [string, JsonValue | undefined, number][] = [
    ['null', null, 0],
    ['nothing', undefined, 0],
    ['empty', '', 0],
    ['a string', 'x', 1],
    [
      'parts',
      [
        { type: 'text', text: 'x' },
        { type: 'text', text: '' },
      ],
      1,
    ],
  ];
  for (const [name, content, parts] of contents) {
    test(`assistant content: ${name}`, () => {
      const { turns } = read({ messages: [user, { role: 'assistant', content }] });
      assert.equal(turns[1]?.parts.length, parts);
    });
  }

  test('tool messages in a row become one turn; what the user says stays its own', () => {
    const call = (id: string) => ({ id, type: 'function', function: { name: 'f', arguments: '{}' } });
    const { turns } = read({
      messages: [
        user,
        { role: 'assistant', content: null, tool_calls: [call('a'), call('b')] },
        { role: 'tool', tool_call_id: 'a', content: 'A' },
        {
          role: 'tool',
          tool_call_id: 'b',
          content: [{ type: 'text', text: 'B', cache_control: { type: 'ephemeral' } }],
        },
        user,
      ],
    });
    assert.deepEqual(
      turns.map((turn) => turn.parts.length),
      [1, 2, 2, 1],
    );
    assert.deepEqual(turns[2]?.parts[1], {
      type: 'tool-result',
      callId: 'b',
      parts: [{ type: 'text', text: 'B', cacheControl: { type: 'ephemeral' } }],
    });
  });

  test('calls without ids get their own, and results find them by name, else by order', () => {
    const { turns } = read({
      messages: [
        user,
        {
          role: 'assistant',
          tool_calls: [{ function: { name: 'f' } }, { function: { name: 'g' } }, { id: '', function: { name: 'f' } }],
        },
        { role: 'tool', name: 'g', content: 'G' },
        { role: 'tool', content: 'F1' },
        { role: 'tool', content: 'F2' },
      ],
    });
    const ids = turns[1]?.parts.map((part) => (part.type === 'tool-call' ? part.id : '')) ?? [];
    assert.equal(new Set(ids).size, 3);
    const answered = turns[2]?.parts.map((part) => (part.type === 'tool-result' ? part.callId : ''));
    assert.deepEqual(answered, [ids[1], ids[0], ids[2]]);
  });

  const choices: [JsonValue, JsonValue | undefined, string[]][] = [
    ['auto', { type: 'auto' }, []],
    ['none', { type: 'none' }, []],
    ['required', { type: 'required' }, []],
    [{ type: 'function', function: { name: 'f' } }, { type: 'tool', name: 'f' }, []],
    [{ type: 'function', function: { name: 'unknown' } }, undefined, ['tool_choice']],
    [
      { type: 'allowed_tools', allowed_tools: { mode: 'required', tools: [] } },
      { type: 'required' },
      ['tool_choice.allowed_tools'],
    ],
  ];
  for (const [choice, expected, reported] of choices) {
    test(`tool_choice ${JSON.stringify(choice)}`, () => {
      const tools = [{ type: 'function', function: { name: 'f' } }];
      const { conversation, dropped } = openaiChat.readRequest({
        model: 'm',
        messages: [user],
        tools,
        tool_choice: choice,
      });
      assert.deepEqual(conversation.toolChoice, expected);
      assert.deepEqual(dropped, reported);
    });
  }

  test('stop as a string, as a list, as token ids', () => {
    assert.deepEqual(read({ stop: 'a' }).stop, ['a']);
    assert.deepEqual(read({ stop: ['a', 'b'] }).stop, ['a', 'b']);
    const ids = openaiChat.readRequest({ model: 'm', messages: [user], stop: [108386, [1, 2]] });
    assert.deepEqual([ids.conversation.stop, ids.dropped], [[], ['stop[].token_id']]);
  });

  test('tools of other kinds are reported by their type', () => {
    const tools = [
      { type: 'custom', custom: {} },
      { type: 'web_search' },
      { type: 'function', function: { name: 'f' } },
    ];
    const { conversation, dropped } = openaiChat.readRequest({ model: 'm', messages: [user], tools });
    assert.deepEqual(conversation.tools, [{ name: 'f' }]);
    assert.deepEqual(dropped, ['tools[].type=custom', 'tools[].type=web_search']);
  });
});

function write(conversation: Partial<Conversation>, options = {}) {
  const { body, dropped } = openaiChat.writeRequest({ ...read({}), ...conversation }, options);
  assert.ok(Array.isArray(body['messages']));
  return { body, dropped, messages: body['messages'] };
}

describe('writing a chat request', () => {
  const mark = { type: 'ephemeral' };
  const image = { type: 'media', kind: 'image', source: { type: 'url', url: 'https://example.com/a.png' } } as const;

  test('a stream is asked for its usage', () => {
    assert.deepEqual(write({ stream: true }).body['stream_options'], { include_usage: true });
    assert.equal(write({ stream: false }).body['stream_options'], undefined);
  });

  test('instructions for models that know the role developer', () => {
    const system = [{ type: 'text', text: 'A' } as const];
    assert.equal(Object(write({ system }, { developerRole: true }).messages[0]).role, 'developer');
    assert.equal(Object(write({ system }).messages[0]).role, 'system');
  });

  test('cache marks are sent only where they are known, and reported where not', () => {
    const system = [{ type: 'text', text: 'A', cacheControl: mark } as const];
    const tools = [{ name: 'f', cacheControl: mark }];
    const plain = write({ system, tools });
    assert.equal(Object(plain.messages[0]).content, 'A');
    assert.deepEqual(plain.dropped, ['messages[].content[].cache_control', 'tools[].cache_control']);
    for (const options of [{ cacheControl: true }, { thinkingSwitch: true }]) {
      const marked = write({ system, tools }, options);
      assert.deepEqual(Object(marked.messages[0]).content, [{ type: 'text', text: 'A', cache_control: mark }]);
      assert.deepEqual(marked.dropped, []);
    }
  });

  test('results of several user turns stand together behind the calls, images and words follow', () => {
    const result = (callId: string, parts: Conversation['turns'][number]['parts'] = []) =>
      ({
        type: 'tool-result',
        callId,
        parts: parts.filter((part) => part.type === 'text' || part.type === 'media'),
      }) as const;
    const { messages } = write({
      turns: [
        { role: 'assistant', parts: [{ type: 'tool-call', id: 'a', name: 'f', argumentsJson: '' }] },
        { role: 'user', parts: [result('a', [image]), { type: 'text', text: 'And?' }] },
        { role: 'user', parts: [result('b', [{ type: 'text', text: 'B' }])] },
      ],
    });
    assert.deepEqual(messages.slice(1), [
      { role: 'tool', tool_call_id: 'a', content: 'The result follows.' },
      { role: 'tool', tool_call_id: 'b', content: 'B' },
      {
        role: 'user',
        content: [
          { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
          { type: 'text', text: 'And?' },
        ],
      },
    ]);
  });

  /*
   * Claude Code 2.1 puts its environment behind the prompt, in a message of role `system`. Model Studio wants the last
   * message of user or tool and answers 500 `list index out of range` otherwise.
   */
  test('instructions behind the last user turn go before it, and before the calls that it answers', () => {
    const rolesOf = (turns: Conversation['turns']): unknown[] => {
      const { messages, dropped } = write({ turns });
      assert.deepEqual(dropped, ['messages[].system-order']);
      return messages.map((message) => Object(message).role);
    };
    const late: Turn = { role: 'system', parts: [{ type: 'text', text: 'late' }] };
    const prompt: Turn = { role: 'user', parts: [{ type: 'text', text: 'Hi' }] };
    const call: Turn = { role: 'assistant', parts: [{ type: 'tool-call', id: 'a', name: 'f', argumentsJson: '{}' }] };
    const result: Turn = { role: 'user', parts: [{ type: 'tool-result', callId: 'a', parts: [], isError: false }] };
    assert.deepEqual(rolesOf([prompt, late]), ['system', 'user']);
    assert.deepEqual(rolesOf([prompt, prompt, late, late]), ['system', 'system', 'user', 'user']);
    assert.deepEqual(rolesOf([prompt, call, result, late]), ['user', 'system', 'assistant', 'tool']);
    assert.deepEqual(rolesOf([prompt, late, call, result, late]), ['user', 'system', 'system', 'assistant', 'tool']);
  });

  test('a failed tool says so in its text', () => {
    const { messages, dropped } = write({
      turns: [
        {
          role: 'user',
          parts: [{ type: 'tool-result', callId: 'a', parts: [{ type: 'text', text: 'exit 1' }], isError: true }],
        },
      ],
    });
    assert.deepEqual(messages, [{ role: 'tool', tool_call_id: 'a', content: 'Error: exit 1' }]);
    assert.deepEqual(dropped, ['messages[].content[].is_error']);
  });

  test('cache marks of tool results and calls', () => {
    const turns: Conversation['turns'] = [
      {
        role: 'assistant',
        parts: [{ type: 'tool-call', id: 'a', name: 'f', argumentsJson: '{}', cacheControl: mark }],
      },
      {
        role: 'user',
        parts: [{ type: 'tool-result', callId: 'a', parts: [{ type: 'text', text: 'A', cacheControl: mark }] }],
      },
      { role: 'user', parts: [{ ...image, cacheControl: mark }] },
    ];
    const marked = write({ turns }, { cacheControl: true });
    assert.deepEqual(
      marked.messages.slice(1).map((message) => JSON.stringify(message).includes('cache_control')),
      [true, true],
    );
    assert.deepEqual(marked.dropped, ['messages[].tool_calls[].cache_control']);
    const plain = write({ turns });
    assert.ok(!JSON.stringify(plain.body).includes('cache_control'));
    assert.deepEqual(plain.dropped, ['messages[].tool_calls[].cache_control', 'messages[].content[].cache_control']);
  });

  test('audio inline says its format, audio by URL need not', () => {
    const audio = (source: { type: 'url'; url: string } | { type: 'base64'; mediaType: string; data: string }) =>
      Object(write({ turns: [{ role: 'user', parts: [{ type: 'media', kind: 'audio', source }] }] }).messages[0])
        .content[0].input_audio;
    assert.deepEqual(audio({ type: 'base64', mediaType: 'audio/mp3', data: 'AA' }), { data: 'AA', format: 'mp3' });
    assert.deepEqual(audio({ type: 'url', url: 'https://x/a.wav' }), { data: 'https://x/a.wav' });
  });

  test('members of the dialect are left out for others', () => {
    const sampling = { topK: 5, repetitionPenalty: 1.1, temperature: 0 };
    assert.deepEqual(write({ sampling }).dropped, ['top_k', 'repetition_penalty']);
    const { body, dropped } = write({ sampling }, { thinkingSwitch: true });
    assert.deepEqual([body['top_k'], body['repetition_penalty'], body['temperature'], dropped], [5, 1.1, 0, []]);
  });

  test('a choice among no tools is left out', () => {
    assert.deepEqual(write({ toolChoice: { type: 'required' } }).dropped, ['tool_choice']);
    assert.deepEqual(write({ toolChoice: { type: 'none' } }).dropped, []);
    assert.equal(write({ toolChoice: { type: 'none' } }).body['tool_choice'], undefined);
  });

  test('an id that OpenAI finds too long is left out', () => {
    assert.equal(write({ userId: 'u'.repeat(64) }).body['user'], 'u'.repeat(64));
    assert.deepEqual(write({ userId: 'u'.repeat(65) }).dropped, ['metadata.user_id']);
  });

  test('a document by URL has no place', () => {
    const pdf = { type: 'media', kind: 'document', source: { type: 'url', url: 'https://example.com/a.pdf' } } as const;
    const { messages, dropped } = write({ turns: [{ role: 'user', parts: [pdf, { type: 'text', text: 'Hi' }] }] });
    assert.deepEqual(messages, [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }]);
    assert.deepEqual(dropped, ['messages[].content[].document']);
  });
});
