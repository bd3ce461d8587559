import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonObject } from '../../../src/domain/json.ts';
import { thinkingBudgetRange } from '../../../src/fit/thinking-budget-range.ts';
import { thinkingJson } from '../../../src/fit/thinking-json.ts';
import { thinkingMap } from '../../../src/fit/thinking-map.ts';
import { thinkingNeedsStream } from '../../../src/fit/thinking-needs-stream.ts';
import { thinkingRestricted } from '../../../src/fit/thinking-restricted.ts';
import { thinkingToolChoice } from '../../../src/fit/thinking-tool-choice.ts';
import { thinkingUnsupported } from '../../../src/fit/thinking-unsupported.ts';
import { streamOnly } from '../../../src/fit/stream-only.ts';
import { toolChoiceRequired } from '../../../src/fit/tool-choice-required.ts';
import { applyRule, leavesAlone, turns } from './harness.ts';

const messages = { protocol: 'anthropic-messages' } as const;
/** Off unless asked for, a budget of up to 81,920. */
const hybridOff = 'qwen-plus';
/** On unless switched off. */
const hybridOn = 'qwen3.5-plus';
const always = 'kimi-k2-thinking';
const never = 'qwen3-coder-plus';

describe('thinking-map', () => {
  const cases: readonly (readonly [string, string, JsonObject, JsonObject])[] = [
    [
      'an effort becomes a budget',
      hybridOff,
      { reasoning_effort: 'medium' },
      { enable_thinking: true, thinking_budget: 16384 },
    ],
    [
      'the upper efforts are the most',
      hybridOff,
      { reasoning_effort: 'max' },
      { enable_thinking: true, thinking_budget: 81920 },
    ],
    ['a model that thinks needs no switch', hybridOn, { reasoning_effort: 'low' }, { thinking_budget: 4096 }],
    [
      'of effort and budget the budget stays',
      hybridOff,
      { reasoning_effort: 'low', thinking_budget: 9 },
      { enable_thinking: true, thinking_budget: 9 },
    ],
    [
      'but the effort where the model has levels',
      'qwen3.8-max',
      { reasoning_effort: 'low', thinking_budget: 9 },
      { reasoning_effort: 'low' },
    ],
    [
      'a level that a model lacks becomes the nearest',
      'glm-5.2',
      { reasoning_effort: 'low' },
      { reasoning_effort: 'high' },
    ],
    ['the higher of two', 'kimi-k3', { reasoning_effort: 'medium' }, { reasoning_effort: 'high' }],
    ['none switches off', hybridOn, { reasoning_effort: 'none' }, { enable_thinking: false }],
    ['none means nothing to a model that always thinks', always, { reasoning_effort: 'none' }, {}],
    ['a budget of 0 switches off', hybridOn, { thinking_budget: 0 }, { enable_thinking: false }],
    [
      'the effort of OpenRouter',
      hybridOff,
      { reasoning: { effort: 'low' } },
      { enable_thinking: true, thinking_budget: 4096 },
    ],
    [
      'the budget of OpenRouter',
      hybridOff,
      { reasoning: { max_tokens: 7 } },
      { enable_thinking: true, thinking_budget: 7 },
    ],
    ['the switch of OpenRouter', hybridOn, { reasoning: { enabled: false } }, { enable_thinking: false }],
    [
      'the form of Anthropic',
      hybridOff,
      { thinking: { type: 'enabled', budget_tokens: 5 } },
      { enable_thinking: true, thinking_budget: 5 },
    ],
    ['the form of Anthropic, off', hybridOn, { thinking: { type: 'disabled' } }, { enable_thinking: false }],
    [
      'the form of Anthropic, left to the model',
      hybridOff,
      { thinking: { type: 'adaptive' } },
      { enable_thinking: true },
    ],
    ['its own switch wins', hybridOn, { enable_thinking: false, reasoning_effort: 'high' }, { enable_thinking: false }],
    [
      'kimi-k3 takes no budget',
      'kimi-k3',
      { thinking: { type: 'enabled', budget_tokens: 50 } },
      { reasoning_effort: 'low' },
    ],
  ];
  for (const [title, model, from, to] of cases) {
    it(`${title} (${model})`, () => {
      const { applied, body } = applyRule(thinkingMap, from, { model });
      assert.deepEqual([applied, body], [true, to]);
    });
  }

  it('leaves the rest of the bytes', () =>
    turns(
      thinkingMap,
      '{ "reasoning_effort" : "none","x":1.0 ,"enable_thinking": true}',
      '{"x":1.0 ,"enable_thinking": true}',
      { model: always },
    ));

  it('leaves alone what the model takes, and models that the catalogue cannot judge', () => {
    leavesAlone(thinkingMap, { reasoning_effort: 'xhigh' }, { model: 'qwen3.8-max' });
    leavesAlone(thinkingMap, { reasoning_effort: 'high' }, { model: 'qwen3.8-max' });
    leavesAlone(thinkingMap, { enable_thinking: true, thinking_budget: 100 });
    leavesAlone(thinkingMap, { reasoning_effort: 'high' }, { model: 'qwen9-ultra' });
    leavesAlone(thinkingMap, { reasoning_effort: 'high' }, { vendor: 'openai' });
    leavesAlone(thinkingMap, { reasoning_effort: 'high' }, { model: never });
  });
});

describe('thinking-unsupported', () => {
  it('leaves out all that is about thinking', () =>
    turns(
      thinkingUnsupported,
      '{"a":1, "enable_thinking":true,"thinking_budget":1,"reasoning_effort":"low","reasoning":{},"thinking":{} ,"b":2}',
      '{"a":1,"b":2}',
      { model: never },
    ));
  it('on the Anthropic path too', () =>
    turns(thinkingUnsupported, '{"thinking":{"type":"enabled"},"a":1}', '{"a":1}', { model: never, ...messages }));
  it('leaves models alone that can or may think', () => {
    leavesAlone(thinkingUnsupported, { enable_thinking: true });
    leavesAlone(thinkingUnsupported, { enable_thinking: true }, { model: 'qwen9-ultra' });
  });
});

describe('thinking-restricted', () => {
  it('leaves out the switch of a model that has none', () => {
    turns(thinkingRestricted, '{"enable_thinking":false,"a":1}', '{"a":1}', { model: always });
    turns(thinkingRestricted, '{"thinking":{"type":"disabled"},"a":1}', '{"a":1}', { model: always, ...messages });
  });
  it('leaves others alone', () => {
    leavesAlone(thinkingRestricted, { enable_thinking: true }, { model: always });
    leavesAlone(thinkingRestricted, { enable_thinking: false });
  });
});

describe('thinking-budget-range', () => {
  it('lowers to the maximum of the model', () => {
    turns(thinkingBudgetRange, '{"thinking_budget": 1e6}', '{"thinking_budget": 81920}');
    turns(
      thinkingBudgetRange,
      '{"thinking":{"type":"enabled", "budget_tokens":999999}}',
      '{"thinking":{"type":"enabled", "budget_tokens":81920}}',
      messages,
    );
  });
  it('leaves out what is no budget', () =>
    turns(
      thinkingBudgetRange,
      '{"thinking":{"type":"enabled","budget_tokens":0}}',
      '{"thinking":{"type":"enabled"}}',
      messages,
    ));
  it('knows no limit where the catalogue knows none', () =>
    leavesAlone(thinkingBudgetRange, { thinking_budget: 999_999 }, { model: 'qwen3-max' }));
});

describe('thinking-json', () => {
  const json = { response_format: { type: 'json_object' } };
  it('switches thinking off for a JSON answer', () => {
    const { body } = applyRule(thinkingJson, { ...json, enable_thinking: true, thinking_budget: 5 });
    assert.deepEqual(body, { ...json, enable_thinking: false });
  });
  it('leaves alone calls without thinking, other formats, and models that do both', () => {
    leavesAlone(thinkingJson, json);
    leavesAlone(thinkingJson, { response_format: { type: 'text' }, enable_thinking: true });
    leavesAlone(thinkingJson, { ...json, enable_thinking: true }, { model: 'qwen3.8-max' });
    leavesAlone(thinkingJson, { ...json, enable_thinking: true }, { model: 'glm-5' });
    leavesAlone(thinkingJson, json, { model: 'qwq-plus' });
  });
});

describe('a forced tool', () => {
  const named = { type: 'function', function: { name: 't' } };
  it('switches thinking off', () => {
    const { body } = applyRule(thinkingToolChoice, { tool_choice: named }, { model: hybridOn });
    assert.deepEqual(body, { tool_choice: named, enable_thinking: false });
    const anthropic = applyRule(thinkingToolChoice, { tool_choice: { type: 'any' } }, { model: hybridOn, ...messages });
    assert.deepEqual(anthropic.body, { tool_choice: { type: 'any' }, thinking: { type: 'disabled' } });
  });
  it('leaves alone free choices and calls without thinking', () => {
    leavesAlone(thinkingToolChoice, { tool_choice: 'auto' }, { model: hybridOn });
    leavesAlone(thinkingToolChoice, { tool_choice: { type: 'auto' } }, { model: hybridOn, ...messages });
    leavesAlone(thinkingToolChoice, { tool_choice: named });
    leavesAlone(thinkingToolChoice, { tool_choice: named }, { model: always });
  });
  it('is named where `required` is not taken and there is one, else left to the model', () => {
    const tools = [{ type: 'function', function: { name: 't' } }];
    assert.deepEqual(applyRule(toolChoiceRequired, { tools, tool_choice: 'required' }).body['tool_choice'], named);
    const two = applyRule(toolChoiceRequired, { tools: [...tools, ...tools], tool_choice: 'required' });
    assert.equal(two.body['tool_choice'], 'auto');
    leavesAlone(toolChoiceRequired, { tools, tool_choice: 'required' }, { model: 'glm-5' });
    leavesAlone(toolChoiceRequired, { tools, tool_choice: 'auto' });
  });
});

describe('a model that only streams', () => {
  it('is asked for a stream with its usage', () => {
    const { body, effect } = applyRule(streamOnly, { a: 1 }, { model: 'qwq-plus' });
    assert.deepEqual(
      [body, effect],
      [{ a: 1, stream: true, stream_options: { include_usage: true } }, { streamed: true }],
    );
  });
  it('while it thinks', () => {
    const { body, effect } = applyRule(thinkingNeedsStream, {}, { model: 'qwen3-8b' });
    assert.deepEqual([body['stream'], effect], [true, { streamed: true }]);
    leavesAlone(thinkingNeedsStream, { enable_thinking: false }, { model: 'qwen3-8b' });
  });
  it('is left alone when the client streams or wants sound', () => {
    leavesAlone(streamOnly, { stream: true }, { model: 'qwq-plus' });
    leavesAlone(streamOnly, { modalities: ['text', 'audio'] }, { model: 'qwen3-omni-flash' });
    leavesAlone(streamOnly, {}, { model: hybridOn });
  });
});
