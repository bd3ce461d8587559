import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { anthropicMessages } from '../../../src/codec/anthropic-messages/index.ts';
import { openaiChat } from '../../../src/codec/openai-chat/index.ts';
import type { Thinking } from '../../../src/domain/conversation.ts';
import type { JsonObject } from '../../../src/domain/json.ts';

const messages = [{ role: 'user', content: 'Hi' }];

/** Members of a chat request and what they mean. */
const openaiStatements: [JsonObject, Thinking | undefined][] = [
  [{}, undefined],
  [{ enable_thinking: true }, { mode: 'on' }],
  [{ enable_thinking: false }, { mode: 'off' }],
  [
    { enable_thinking: true, thinking_budget: 4000 },
    { mode: 'on', budgetTokens: 4000 },
  ],
  [{ thinking_budget: 4000 }, { budgetTokens: 4000 }],
  [{ reasoning_effort: 'high' }, { effort: 'high' }],
  [{ reasoning_effort: 'none' }, { mode: 'off' }],
  [{ reasoning: { effort: 'low', enabled: true } }, { mode: 'on', effort: 'low' }],
  [{ reasoning: { max_tokens: 2000 } }, { budgetTokens: 2000 }],
  [{ reasoning: { enabled: false } }, { mode: 'off' }],
  [{ thinking: { type: 'enabled', budget_tokens: 1024 } }, { mode: 'on', budgetTokens: 1024 }],
  [{ thinking: { type: 'disabled' } }, { mode: 'off' }],
  [{ thinking: { type: 'adaptive' } }, { mode: 'adaptive' }],
  [{ enable_thinking: false, thinking: { type: 'enabled' } }, { mode: 'off' }],
  [{ enable_thinking: null, reasoning_effort: null }, undefined],
];

const anthropicStatements: [JsonObject, Thinking | undefined][] = [
  [{}, undefined],
  [{ thinking: { type: 'enabled', budget_tokens: 4000 } }, { mode: 'on', budgetTokens: 4000 }],
  [{ thinking: { type: 'enabled' } }, { mode: 'on' }],
  [{ thinking: { type: 'disabled' } }, { mode: 'off' }],
  [
    { thinking: { type: 'adaptive', display: 'omitted' }, output_config: { effort: 'high' } },
    { mode: 'adaptive', effort: 'high' },
  ],
  [{ thinking: { type: 'between_tools' } }, { mode: 'adaptive' }],
  [{ thinking: { type: 'of-next-year' } }, undefined],
  [{ output_config: { effort: 'low' } }, { effort: 'low' }],
];

describe('what a client says about thinking', () => {
  for (const [members, expected] of openaiStatements) {
    test(`OpenAI ${JSON.stringify(members)}`, () => {
      assert.deepEqual(openaiChat.readRequest({ model: 'm', messages, ...members }).conversation.thinking, expected);
    });
  }
  for (const [members, expected] of anthropicStatements) {
    test(`Anthropic ${JSON.stringify(members)}`, () => {
      assert.deepEqual(
        anthropicMessages.readRequest({ model: 'm', messages, ...members }).conversation.thinking,
        expected,
      );
    });
  }
});

function conversation(thinking: Thinking, maxOutputTokens?: number) {
  const { conversation: read } = openaiChat.readRequest({ model: 'm', messages });
  return { ...read, thinking, ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }) };
}

/** The thinking, what Model Studio's dialect and what the standard get, and what is reported for each. */
const openaiWritten: [Thinking, JsonObject, string[], JsonObject, string[]][] = [
  [{ mode: 'on' }, { enable_thinking: true }, [], { reasoning_effort: 'medium' }, []],
  [{ mode: 'off' }, { enable_thinking: false }, [], {}, ['thinking.disabled']],
  [{ mode: 'adaptive' }, { enable_thinking: true }, [], {}, []],
  [
    { mode: 'on', budgetTokens: 1024 },
    { enable_thinking: true, thinking_budget: 1024 },
    [],
    { reasoning_effort: 'low' },
    [],
  ],
  [
    { mode: 'on', budgetTokens: 10_000 },
    { enable_thinking: true, thinking_budget: 10_000 },
    [],
    { reasoning_effort: 'medium' },
    [],
  ],
  [
    { mode: 'on', budgetTokens: 32_000 },
    { enable_thinking: true, thinking_budget: 32_000 },
    [],
    { reasoning_effort: 'high' },
    [],
  ],
  [{ mode: 'off', budgetTokens: 32_000 }, { enable_thinking: false }, [], {}, ['thinking.disabled']],
  [
    { mode: 'adaptive', effort: 'max' },
    { enable_thinking: true },
    ['thinking.effort'],
    { reasoning_effort: 'max' },
    [],
  ],
  [{ effort: 'low' }, {}, ['thinking.effort'], { reasoning_effort: 'low' }, []],
];

describe('thinking towards OpenAI', () => {
  for (const [thinking, dialect, dialectDropped, standard, standardDropped] of openaiWritten) {
    test(JSON.stringify(thinking), () => {
      const bare = { model: 'm', messages };
      const ours = openaiChat.writeRequest(conversation(thinking), { thinkingSwitch: true });
      assert.deepEqual(ours, { body: { ...bare, ...dialect }, dropped: dialectDropped });
      const plain = openaiChat.writeRequest(conversation(thinking));
      assert.deepEqual(plain, { body: { ...bare, ...standard }, dropped: standardDropped });
    });
  }

  test('a model of the dialect that takes an effort gets it, but never beside a budget', () => {
    const options = { thinkingSwitch: true, reasoningEffort: true };
    assert.equal(
      openaiChat.writeRequest(conversation({ mode: 'on', effort: 'low' }), options).body['reasoning_effort'],
      'low',
    );
    const both = openaiChat.writeRequest(conversation({ mode: 'on', effort: 'low', budgetTokens: 5 }), options);
    assert.equal(both.body['reasoning_effort'], undefined);
    assert.deepEqual(both.dropped, ['thinking.effort']);
  });

  test('a target without any form of thinking gets none', () => {
    const { body, dropped } = openaiChat.writeRequest(conversation({ effort: 'low' }), { reasoningEffort: false });
    assert.deepEqual([body['reasoning_effort'], dropped], [undefined, ['thinking.effort']]);
  });
});

/** The thinking, the client's cap, the members that are written, and what is reported. */
const anthropicWritten: [Thinking, number | undefined, JsonObject, string[]][] = [
  [{ mode: 'off' }, 100, { thinking: { type: 'disabled' }, max_tokens: 100 }, []],
  [{ mode: 'adaptive' }, 100, { thinking: { type: 'adaptive' }, max_tokens: 100 }, []],
  [
    { mode: 'adaptive', effort: 'high' },
    100,
    { thinking: { type: 'adaptive' }, output_config: { effort: 'high' }, max_tokens: 100 },
    [],
  ],
  [
    { mode: 'on', budgetTokens: 2000 },
    4000,
    { thinking: { type: 'enabled', budget_tokens: 2000 }, max_tokens: 4000 },
    [],
  ],
  [
    { mode: 'on', budgetTokens: 4000 },
    4000,
    { thinking: { type: 'enabled', budget_tokens: 2000 }, max_tokens: 4000 },
    ['thinking.budget_tokens=2000'],
  ],
  [
    { mode: 'on', budgetTokens: 10 },
    4000,
    { thinking: { type: 'enabled', budget_tokens: 1024 }, max_tokens: 4000 },
    ['thinking.budget_tokens=1024'],
  ],
  [{ mode: 'on' }, 500, { max_tokens: 500 }, ['thinking']],
  [
    { effort: 'high' },
    undefined,
    { thinking: { type: 'enabled', budget_tokens: 16_384 }, max_tokens: 24_576 },
    ['thinking.budget_tokens=16384', 'max_tokens=24576'],
  ],
];

describe('thinking towards Anthropic', () => {
  for (const [thinking, cap, members, dropped] of anthropicWritten) {
    test(`${JSON.stringify(thinking)} under ${cap}`, () => {
      const written = anthropicMessages.writeRequest(conversation(thinking, cap));
      const { model: _model, messages: _messages, ...rest } = written.body;
      assert.deepEqual(rest, members);
      assert.deepEqual(written.dropped, dropped);
    });
  }

  test('within a tool loop without signatures thinking is left out, since Anthropic would refuse the request', () => {
    const loop = [
      ...messages,
      {
        role: 'assistant',
        reasoning_content: 'Look.',
        tool_calls: [{ id: 'c', function: { name: 'f', arguments: '{}' } }],
      },
      { role: 'tool', tool_call_id: 'c', content: 'x' },
    ];
    const read = openaiChat.readRequest({ model: 'm', max_tokens: 9000, reasoning_effort: 'low', messages: loop });
    const { body, dropped } = anthropicMessages.writeRequest(read.conversation);
    assert.equal(body['thinking'], undefined);
    assert.deepEqual(dropped, ['thinking', 'messages[].reasoning_content']);
  });

  test('signed thinking goes back as it came, and keeps thinking on', () => {
    const thought = { type: 'thinking', thinking: 'Look.', signature: 'sig' };
    const read = anthropicMessages.readRequest({
      model: 'm',
      max_tokens: 9000,
      thinking: { type: 'enabled', budget_tokens: 2000 },
      messages: [
        { role: 'user', content: 'Hi' },
        { role: 'assistant', content: [thought, { type: 'tool_use', id: 'c', name: 'f', input: {} }] },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'c', content: 'x' }] },
      ],
    });
    const { body, dropped } = anthropicMessages.writeRequest(read.conversation);
    assert.deepEqual(body['thinking'], { type: 'enabled', budget_tokens: 2000 });
    assert.deepEqual(Object(body['messages'])[1].content[0], thought);
    assert.deepEqual(dropped, []);
  });

  test('the empty signature of Model Studio is none', () => {
    const read = anthropicMessages.readRequest({
      model: 'm',
      messages: [
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'Look.', signature: '' },
            { type: 'text', text: 'A' },
          ],
        },
      ],
    });
    assert.deepEqual(read.conversation.turns[0]?.parts[0], { type: 'thinking', text: 'Look.' });
    assert.deepEqual(anthropicMessages.writeRequest(read.conversation).dropped, [
      'max_tokens=8192',
      'messages[].reasoning_content',
    ]);
  });
});

describe('thoughts of earlier turns towards OpenAI', () => {
  const call = (id: string) => ({ type: 'tool_use', id, name: 'f', input: {} });
  const thought = (text: string) => ({ type: 'thinking', thinking: text, signature: 's' });

  test('only those since the last question are replayed; reminders beside tool results are no question', () => {
    const { conversation: read } = anthropicMessages.readRequest({
      model: 'm',
      messages: [
        { role: 'user', content: 'One?' },
        { role: 'assistant', content: [thought('old'), { type: 'text', text: 'One.' }] },
        { role: 'user', content: 'Two?' },
        { role: 'assistant', content: [thought('first'), call('a')] },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 'a' },
            { type: 'text', text: 'A reminder.' },
          ],
        },
        { role: 'assistant', content: [thought('second'), call('b')] },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'b' }] },
      ],
    });
    const written = openaiChat.writeRequest(read).body['messages'];
    assert.ok(Array.isArray(written));
    const thoughts = written.map((message) => Object(message).reasoning_content);
    assert.deepEqual(
      thoughts.filter((text) => text !== undefined),
      ['first', 'second'],
    );
  });
});

/*
 * Symptom: thoughts that were left out of a request were not reported in `x-atelier-adjusted`, as everything else that is left
 * out. Cause: they were passed over without a word. Fix: each kind is named, once.
 */
describe('earlier thoughts towards OpenAI', () => {
  const think = (thinking: string): JsonObject => ({ type: 'thinking', thinking, signature: 's' });
  const redacted = { type: 'redacted_thinking', data: 'x' };
  const call = { type: 'tool_use', id: 't', name: 'f', input: {} };
  const user = { role: 'user', content: 'Hi' };
  const result = { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't', content: 'r' }] };
  const dropped = ['messages[].content[].type=thinking', 'messages[].content[].type=redacted_thinking'];

  function write(...turns: { role: string; content: JsonObject[] | string }[]): {
    dropped: string[];
    thoughts: string[];
  } {
    const { conversation: read } = anthropicMessages.readRequest({ model: 'm', max_tokens: 9, messages: turns });
    const written = openaiChat.writeRequest(read);
    const thoughts = JSON.stringify(written.body).match(/"reasoning_content":"[^"]*"/g) ?? [];
    return { dropped: written.dropped, thoughts: [...thoughts] };
  }

  test('of turns that are over are left out and named once', () => {
    const said = { role: 'assistant', content: [think('a'), redacted, think('b'), { type: 'text', text: 'ok' }] };
    assert.deepEqual(write(user, said, user, said, user), { dropped, thoughts: [] });
  });

  test('of the running loop are sent, without the encrypted ones', () => {
    const calls = (...thoughts: JsonObject[]) => ({ role: 'assistant', content: [...thoughts, call] });
    const thoughts = ['"reasoning_content":"a"'];
    assert.deepEqual(write(user, calls(think('a')), result), { dropped: [], thoughts });
    assert.deepEqual(write(user, calls(think('a'), redacted), result), { dropped: dropped.slice(1), thoughts });
  });

  test('whose text the provider kept to itself are named too', () => {
    const silent = { role: 'assistant', content: [think(''), call] };
    assert.deepEqual(write(user, silent, result), { dropped: dropped.slice(0, 1), thoughts: [] });
  });
});
