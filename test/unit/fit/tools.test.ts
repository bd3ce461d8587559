import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonObject } from '../../../src/domain/json.ts';
import { loopBreaker } from '../../../src/fit/loop-breaker.ts';
import { argumentsAsJson } from '../../../src/fit/repair-json.ts';
import { restoreToolNames } from '../../../src/fit/restore.ts';
import { toolArgsJson } from '../../../src/fit/tool-args-json.ts';
import { toolName } from '../../../src/fit/tool-name.ts';
import { toolPairs } from '../../../src/fit/tool-pairs.ts';
import { applyRule, leavesAlone, turns, user } from './harness.ts';

const anthropic = { protocol: 'anthropic-messages' } as const;

function call(id: string, args = '{}'): JsonObject {
  return { id, type: 'function', function: { name: 't', arguments: args } };
}

function calling(...calls: JsonObject[]): JsonObject {
  return { role: 'assistant', content: null, tool_calls: calls };
}

function result(id: string, content = 'r'): JsonObject {
  return { role: 'tool', tool_call_id: id, content };
}

describe('tool-name', () => {
  it('renames wherever the name stands, and leaves the other bytes', () => {
    const rest = (name: string, dotted: string): string =>
      `{"tools":[ {"type":"function","function":{"name":"${name}", "x":1.0}},{"type":"function","function":{"name":"${dotted}"}}],` +
      `"tool_choice":{"type":"function","function":{"name":"${name}"}},"messages":[{"role":"user","content":"search"},` +
      `{"role":"assistant","tool_calls":[{"id":"1","function":{"name":"${name}","arguments":"{}"}}]},{"role":"tool","name":"${name}","content":""}]}`;
    turns(toolName, rest('search', 'a.b/c'), rest('search_tool', 'a_b_c'));
  });

  it('tells the answer which names are the client’s', () => {
    const { effect } = applyRule(toolName, { tools: [{ function: { name: 'search' } }, { function: { name: 'ä' } }] });
    assert.deepEqual(
      [...(effect.toolNames ?? [])],
      [
        ['search_tool', 'search'],
        ['_', 'ä'],
      ],
    );
  });

  it('takes no name that another tool has', () => {
    const names = ['search', 'search_tool', 'a.b', 'a_b', 'a-b', 'a/b', 'x'.repeat(70), `${'x'.repeat(64)}y`];
    const { body } = applyRule(toolName, { tools: names.map((name) => ({ function: { name } })) });
    const sent = JSON.stringify(body).match(/(?<="name":")[^"]*/g) ?? [];
    assert.equal(new Set(sent).size, names.length);
    assert.deepEqual(
      sent.filter((name) => !/^[\w-]{1,64}$/.test(name)),
      [],
    );
    assert.deepEqual([sent[1], sent[3], sent[4]], ['search_tool', 'a_b', 'a-b']);
  });

  it('knows the places of the Anthropic protocol', () => {
    const { body } = applyRule(
      toolName,
      {
        tools: [{ name: 'search' }],
        tool_choice: { type: 'tool', name: 'search' },
        messages: [
          {
            role: 'assistant',
            content: [
              { type: 'tool_use', name: 'search' },
              { type: 'text', name: 'search' },
            ],
          },
        ],
      },
      anthropic,
    );
    assert.deepEqual(body, {
      tools: [{ name: 'search_tool' }],
      tool_choice: { type: 'tool', name: 'search_tool' },
      messages: [
        {
          role: 'assistant',
          content: [
            { type: 'tool_use', name: 'search_tool' },
            { type: 'text', name: 'search' },
          ],
        },
      ],
    });
  });

  it('leaves allowed names and other vendors alone', () => {
    leavesAlone(toolName, { tools: [{ function: { name: 'search_files' } }, { function: {} }, 1] });
    leavesAlone(toolName, { tools: [{ function: { name: 'search' } }] }, { vendor: 'openai' });
    leavesAlone(toolName, {});
  });

  it('is undone in the events of the answer', () => {
    const start = { type: 'tool-call-start', index: 0, id: '1', name: 'search_tool' } as const;
    const names = new Map([['search_tool', 'search']]);
    assert.deepEqual(restoreToolNames([start], names), [{ ...start, name: 'search' }]);
    assert.deepEqual(restoreToolNames([{ ...start, name: 'other' }], names), [{ ...start, name: 'other' }]);
    const events = [start];
    assert.equal(restoreToolNames(events, undefined), events);
  });
});

describe('arguments that are no JSON', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['', '{}'],
    ['  ', '{}'],
    ['{"a": 1', '{"a":1}'],
    ['{"a": "x', '{"a":"x"}'],
    ['{"a": "x\\', '{"a":"x"}'],
    ['{"a": [1, {"b": 2', '{"a":[1,{"b":2}]}'],
    ['{"a": 1,', '{"a":1}'],
    ['{"a": 1, "b', '{"a":1,"b":null}'],
    ['{"a": 1, "b":', '{"a":1,"b":null}'],
    ['{"a": tr', '{"arguments":"{\\"a\\": tr"}'],
    ['```json\n{"a":1}\n```', '{"a":1}'],
    ['{}{"a":1}', '{"a":1}'],
    ['{"a":1}{"b":2}', '{"b":2}'],
    ['city=Paris', '{"arguments":"city=Paris"}'],
    ["{'a': 1}", '{"arguments":"{\'a\': 1}"}'],
  ];
  for (const [from, to] of cases) {
    it(`${JSON.stringify(from)} becomes ${to}`, () => assert.equal(argumentsAsJson(from), to));
  }

  it('always give an object, whatever was cut', () => {
    const whole = JSON.stringify({ path: 'a\\b "c" é🎈', list: [1, [true, null, { x: '}]' }]], n: -1.5e3 });
    for (let length = 0; length < whole.length; length++) {
      const mended: unknown = JSON.parse(argumentsAsJson(whole.slice(0, length)));
      assert.ok(typeof mended === 'object' && mended !== null && !Array.isArray(mended), whole.slice(0, length));
    }
  });

  it('are mended in place, the rest stays', () =>
    turns(
      toolArgsJson,
      '{"messages":[{"role":"assistant","tool_calls":[ {"function":{"arguments":"{\\"a\\":1"} },{"function":{"arguments":""}},{"function":{"arguments":{"b": 2}}},{"function":{"arguments":null}},{"function":{"arguments":"{ \\"c\\": 3 }"}}]}]}',
      '{"messages":[{"role":"assistant","tool_calls":[ {"function":{"arguments":"{\\"a\\":1}"} },{"function":{"arguments":"{}"}},{"function":{"arguments":"{\\"b\\":2}"}},{"function":{"arguments":"{}"}},{"function":{"arguments":"{ \\"c\\": 3 }"}}]}]}',
    ));

  it('are left alone where they are JSON', () =>
    leavesAlone(toolArgsJson, { messages: [calling(call('1', '{"a":1}')), { role: 'user', tool_calls: 'x' }] }));
});

describe('tool-pairs', () => {
  function pair(...messages: JsonObject[]): unknown {
    return applyRule(toolPairs, { messages }).body['messages'];
  }
  const note = { role: 'tool', content: 'No result: the call was not carried out or its result was lost.' };

  it('answers calls that nobody answered', () => {
    assert.deepEqual(pair(user('q'), calling(call('1'), call('2')), result('2'), user('?')), [
      user('q'),
      calling(call('1'), call('2')),
      { ...note, tool_call_id: '1' },
      result('2'),
      user('?'),
    ]);
    assert.deepEqual(pair(user('q'), calling(call('1'))), [
      user('q'),
      calling(call('1')),
      { ...note, tool_call_id: '1' },
    ]);
  });

  it('moves results behind their calls', () =>
    assert.deepEqual(pair(calling(call('1'), call('2')), result('2'), user('wait'), result('1')), [
      calling(call('1'), call('2')),
      result('1'),
      result('2'),
      user('wait'),
    ]));

  it('makes a text of a result without a call', () =>
    assert.deepEqual(pair(user('q'), { ...result('9', 'found'), name: 'find' }, result('8'), user('?')), [
      user('q'),
      user('Result of an earlier call of find:\nfound'),
      user('Result of an earlier tool call:\nr'),
      user('?'),
    ]));

  it('does the same in the Anthropic protocol', () => {
    const use = (id: string): JsonObject => ({ type: 'tool_use', id, name: 't', input: {} });
    const answer = (id: string): JsonObject => ({ type: 'tool_result', tool_use_id: id, content: 'r' });
    const missing = (id: string): JsonObject => ({ ...answer(id), content: note.content });
    const { body } = applyRule(
      toolPairs,
      {
        messages: [
          { role: 'user', content: [answer('0'), { type: 'text', text: 'q' }] },
          { role: 'assistant', content: [use('1'), use('2')] },
          { role: 'user', content: [answer('2')] },
          { role: 'assistant', content: [use('3')] },
          { role: 'assistant', content: [use('4')] },
        ],
      },
      anthropic,
    );
    assert.deepEqual(body['messages'], [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Result of an earlier tool call:\nr' },
          { type: 'text', text: 'q' },
        ],
      },
      { role: 'assistant', content: [use('1'), use('2')] },
      { role: 'user', content: [missing('1'), answer('2')] },
      { role: 'assistant', content: [use('3')] },
      { role: 'user', content: [missing('3')] },
      { role: 'assistant', content: [use('4')] },
      { role: 'user', content: [missing('4')] },
    ]);
    leavesAlone(
      toolPairs,
      {
        messages: [
          { role: 'assistant', content: [use('1')] },
          { role: 'system', content: 's' },
          { role: 'user', content: [answer('1')] },
        ],
      },
      anthropic,
    );
  });

  it('leaves pairs alone, results without an id, and what is no message', () => {
    leavesAlone(toolPairs, {
      messages: [user('q'), calling(call('1'), call('2')), result('2'), result('1'), user('?')],
    });
    leavesAlone(toolPairs, { messages: [calling(call('1')), { role: 'tool', name: 't', content: 'r' }] });
    leavesAlone(toolPairs, { messages: [calling(call('1')), 7] });
    leavesAlone(toolPairs, { messages: [calling(call('1'))] }, { vendor: 'openai' });
    leavesAlone(toolPairs, {});
  });
});

describe('loop-breaker', () => {
  const round = (id: string): JsonObject[] => [calling(call(id, '{"a":1}')), result(id)];

  it('keeps the last of equal rounds, with a hint', () => {
    const { body } = applyRule(loopBreaker, { messages: [user('q'), ...round('1'), ...round('2'), ...round('3')] });
    const messages = body['messages'];
    assert.ok(Array.isArray(messages));
    assert.deepEqual(messages.slice(0, 2), [user('q'), calling(call('3', '{"a":1}'))]);
    assert.match(JSON.stringify(messages[2]), /"r\\n\\nNote: this call was made 3 times in a row/);
    assert.equal(messages.length, 3);
  });

  it('leaves fewer rounds alone, and rounds that differ', () => {
    leavesAlone(loopBreaker, { messages: [user('q'), ...round('1'), ...round('2')] });
    leavesAlone(loopBreaker, {
      messages: [...round('1'), ...round('2'), calling(call('3')), result('3'), ...round('4')],
    });
    leavesAlone(loopBreaker, { messages: [...round('1'), user('again'), ...round('2'), user('again'), ...round('3')] });
  });
});
