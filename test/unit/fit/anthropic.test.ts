import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonObject, JsonValue } from '../../../src/domain/json.ts';
import { anthropicUnsupported } from '../../../src/fit/anthropic-unsupported.ts';
import { applyRule, leavesAlone, turns } from './harness.ts';

const options = { protocol: 'anthropic-messages', model: 'qwen-plus' } as const;
const seeing = { ...options, model: 'qwen3.5-plus' };

function content(role: string, ...blocks: JsonValue[]): JsonObject {
  return { messages: [{ role, content: blocks }] };
}

function fitted(role: string, block: JsonObject, model = 'qwen-plus'): unknown {
  const { body } = applyRule(anthropicUnsupported, content(role, block), { ...options, model });
  const messages = body['messages'];
  const [message] = Array.isArray(messages) ? messages : [];
  return message && typeof message === 'object' && !Array.isArray(message) ? message['content'] : undefined;
}

describe('anthropic-unsupported', () => {
  const mark = { cache_control: { type: 'ephemeral' } };
  const cases: readonly (readonly [string, string, JsonObject, JsonValue])[] = [
    ['signed thinking goes', 'assistant', { type: 'thinking', thinking: 'x', signature: 'abc' }, '(left out)'],
    ['redacted thinking goes', 'assistant', { type: 'redacted_thinking', data: 'x' }, '(left out)'],
    [
      'a document gives its text',
      'user',
      { type: 'document', title: 'T', source: { type: 'text', data: 'D' }, ...mark },
      [{ type: 'text', text: 'T\nD', ...mark }],
    ],
    [
      'a document of blocks gives their text',
      'user',
      { type: 'document', source: { type: 'content', content: [{ type: 'text', text: 'D' }] } },
      [{ type: 'text', text: 'D' }],
    ],
    [
      'a document without text gives its name',
      'user',
      { type: 'document', title: 'a.pdf', source: { type: 'base64', data: 'AAAA' } },
      [{ type: 'text', text: '[A document that this model cannot read: a.pdf]' }],
    ],
    [
      'a search result becomes text',
      'user',
      { type: 'search_result', title: 'T', source: 'https://x', content: [{ type: 'text', text: 'R' }] },
      [{ type: 'text', text: 'T\nhttps://x\nR' }],
    ],
    [
      'a server tool becomes text',
      'assistant',
      { type: 'server_tool_use', id: '1', name: 'web_search', input: { q: 1 } },
      [{ type: 'text', text: '[Call of web_search] {"q":1}' }],
    ],
    [
      'its result too',
      'assistant',
      { type: 'web_search_tool_result', tool_use_id: '1', content: [{ title: 'x' }] },
      [{ type: 'text', text: '[Result of a tool]\n[{"title":"x"}]' }],
    ],
    [
      'an image for a model that does not see becomes a word',
      'user',
      { type: 'image', source: { type: 'url', url: 'https://x' } },
      [{ type: 'text', text: '[An image that this model cannot see]' }],
    ],
    [
      'a failed tool says so',
      'user',
      { type: 'tool_result', tool_use_id: '1', content: 'no file', is_error: true },
      [{ type: 'tool_result', tool_use_id: '1', content: 'Error: no file' }],
    ],
    [
      'a failed tool with blocks says so',
      'user',
      { type: 'tool_result', tool_use_id: '1', content: [{ type: 'text', text: 'x' }], is_error: true },
      [
        {
          type: 'tool_result',
          tool_use_id: '1',
          content: [
            { type: 'text', text: 'Error:' },
            { type: 'text', text: 'x' },
          ],
        },
      ],
    ],
    [
      'a result in which the model cannot see an image',
      'user',
      { type: 'tool_result', tool_use_id: '1', content: [{ type: 'image', source: {} }] },
      [
        {
          type: 'tool_result',
          tool_use_id: '1',
          content: [{ type: 'text', text: '[An image that this model cannot see]' }],
        },
      ],
    ],
    ['citations go', 'user', { type: 'text', text: 'x', citations: [] }, [{ type: 'text', text: 'x' }]],
  ];
  for (const [title, role, block, expected] of cases) {
    it(title, () => assert.deepEqual(fitted(role, block), expected));
  }

  it('keeps the members that are read, byte for byte', () =>
    turns(
      anthropicUnsupported,
      '{"model":"m", "container":"c","metadata":{"user_id":"u"},"mcp_servers":[] ,"service_tier":"auto","context_management":{},"top_k":1.0}',
      '{"model":"m","metadata":{"user_id":"u"},"top_k":1.0}',
      options,
    ));

  it('takes what Claude Code sends: adaptive thinking, effort, loading on demand, system turns, context management', () => {
    const request = {
      model: 'm',
      system: [{ type: 'text', text: 's', cache_control: { type: 'ephemeral' } }],
      thinking: { type: 'adaptive', display: 'omitted' },
      context_management: { edits: [{ type: 'clear_thinking_20251015', keep: 'all' }] },
      output_config: { effort: 'high' },
      tools: [{ name: 't', input_schema: {}, defer_loading: true }],
      messages: [
        { role: 'user', content: 'q' },
        { role: 'system', content: 'mid' },
      ],
    };
    const { body } = applyRule(anthropicUnsupported, request, seeing);
    const { context_management: _gone, ...kept } = request;
    assert.deepEqual(body, {
      ...kept,
      thinking: { type: 'enabled', budget_tokens: 32_768 },
      tools: [{ name: 't', input_schema: {} }],
    });
  });

  it('leaves the effort to models that take one', () => {
    const request = { thinking: { type: 'adaptive' }, output_config: { effort: 'low' } };
    const { body } = applyRule(anthropicUnsupported, request, { ...options, model: 'qwen3.8-max' });
    assert.deepEqual(body, { thinking: { type: 'enabled' }, output_config: { effort: 'low' } });
  });

  it('leaves alone what the endpoint takes', () => {
    leavesAlone(
      anthropicUnsupported,
      content('assistant', { type: 'thinking', thinking: 'x', signature: '' }),
      options,
    );
    leavesAlone(anthropicUnsupported, content('user', { type: 'image', source: { type: 'url', url: 'u' } }), seeing);
    leavesAlone(
      anthropicUnsupported,
      content('user', { type: 'tool_result', tool_use_id: '1', content: 'x' }),
      options,
    );
    leavesAlone(
      anthropicUnsupported,
      { thinking: { type: 'enabled', budget_tokens: 1024 }, system: 'x', messages: [] },
      options,
    );
    leavesAlone(
      anthropicUnsupported,
      { container: 'c', thinking: { type: 'adaptive' } },
      { ...options, vendor: 'anthropic' },
    );
  });
});
