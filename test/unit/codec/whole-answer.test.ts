import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { anthropicMessages } from '../../../src/codec/anthropic-messages/index.ts';
import { openaiChat } from '../../../src/codec/openai-chat/index.ts';
import type { AnswerFacts } from '../../../src/domain/pass-through.ts';

const codecs = [openaiChat, anthropicMessages];
const toolNames = new Map([['search_tool', 'search']]);

function mend(codec: (typeof codecs)[number], text: string, names = toolNames): { text: string; adjusted: string[] } {
  const facts: AnswerFacts = { finished: false, adjusted: new Set(), producedBytes: 0 };
  const received = { bytes: Buffer.from(text), answer: JSON.parse(text) };
  const bytes = codec.mendResponse(received, { stripUsage: false, requestId: 'req', toolNames: names }, facts);
  return { text: bytes.toString('utf8'), adjusted: [...facts.adjusted] };
}

describe('a whole answer that passes', () => {
  it('is the same buffer when there is nothing to mend', () => {
    const texts = [
      '{ "choices":[ {"finish_reason":"stop","message":{"content":"search_tool","n":1.0}}]}',
      '{"content":[{"type":"text","text":"search_tool","name":"search_tool"}],"stop_reason":"end_turn"}',
      '{"choices":{},"content":7}',
      '{}',
    ];
    for (const codec of codecs) {
      for (const text of texts) assert.deepEqual(mend(codec, text), { text, adjusted: [] });
    }
  });

  it('carries the client’s names of tools', () => {
    const openai = (name: string): string =>
      `{"choices":[{"finish_reason":"tool_calls","message":{"tool_calls":[{"id":"1", "function":{"name":"${name}","arguments":"search_tool"}},{"id":"2","function":{"name":"other"}}]}}]}`;
    assert.deepEqual(mend(openaiChat, openai('search_tool')), { text: openai('search'), adjusted: [] });
    const anthropic = (name: string): string =>
      `{"content":[{"type":"thinking"},{"type":"tool_use","name":"${name}","input":{"name":"search_tool"}}]}`;
    assert.deepEqual(mend(anthropicMessages, anthropic('search_tool')), { text: anthropic('search'), adjusted: [] });
  });

  it('has ids of tool calls and a finish reason', () => {
    const { text, adjusted } = mend(
      openaiChat,
      '{"choices":[{"finish_reason":null,"message":{"tool_calls":[{"id":""},{"function":{}},{"id":"x"}]}},{"message":{}}]}',
    );
    assert.deepEqual(JSON.parse(text), {
      choices: [
        {
          finish_reason: 'tool_calls',
          message: { tool_calls: [{ id: 'call_req_0' }, { function: {}, id: 'call_req_1' }, { id: 'x' }] },
        },
        { message: {}, finish_reason: 'stop' },
      ],
    });
    assert.deepEqual(adjusted, ['tool-ids']);
  });
});
