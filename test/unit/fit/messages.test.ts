import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonObject, JsonValue } from '../../../src/domain/json.ts';
import { billingLine } from '../../../src/fit/billing-line.ts';
import { contentEmpty } from '../../../src/fit/content-empty.ts';
import { contentString } from '../../../src/fit/content-string.ts';
import { contextTrim } from '../../../src/fit/context-trim.ts';
import { historyFlagged, lastUserText } from '../../../src/fit/history-flagged.ts';
import { jsonWord } from '../../../src/fit/json-word.ts';
import { reasoningReplay } from '../../../src/fit/reasoning-replay.ts';
import { roleDeveloper } from '../../../src/fit/role-developer.ts';
import { systemFirst } from '../../../src/fit/system-first.ts';
import { applyRule, leavesAlone, turns, user } from './harness.ts';

const anthropic = { protocol: 'anthropic-messages' } as const;

function system(content: JsonValue): JsonObject {
  return { role: 'system', content };
}

function assistant(members: JsonObject): JsonObject {
  return { role: 'assistant', ...members };
}

function text(value: string): JsonObject {
  return { type: 'text', text: value };
}

describe('role-developer', () => {
  it('becomes system and nothing else changes', () =>
    turns(
      roleDeveloper,
      '{"messages":[{"content":"developer","role" :"developer"}, {"role":"user","content":"\\u0061"}]}',
      '{"messages":[{"content":"developer","role" :"system"}, {"role":"user","content":"\\u0061"}]}',
    ));
  it('stays where it is known', () =>
    leavesAlone(roleDeveloper, { messages: [{ role: 'developer' }] }, { vendor: 'openai' }));
});

describe('billing-line', () => {
  const line = 'x-anthropic-billing-header: cc_version=1;';
  it('goes from the first block', () => {
    turns(billingLine, `{"system":[{"type":"text","text":"${line}"},{"a":1.0}]}`, '{"system":[{"a":1}]}', anthropic);
    turns(billingLine, `{"system":"${line}\\nBe brief."}`, '{"system":"Be brief."}', anthropic);
    turns(billingLine, `{"system":"${line}","a":1}`, '{"a":1}', anthropic);
  });
  it('goes from the system message of a translated request', () =>
    turns(
      billingLine,
      `{"messages":[{"role":"system","content":"${line}\\n\\nBe brief."}]}`,
      '{"messages":[{"role":"system","content":"Be brief."}]}',
      { vendor: 'openai' },
    ));
  it('stays at Anthropic, and elsewhere in a text', () => {
    leavesAlone(billingLine, { system: line }, { ...anthropic, vendor: 'anthropic' });
    leavesAlone(billingLine, { system: `What is ${line}` }, anthropic);
    leavesAlone(billingLine, { messages: [user(line)] });
  });
});

describe('content-empty', () => {
  it('fills what lacks a content', () =>
    turns(
      contentEmpty,
      '{"messages":[{"role":"user"},{"role":"assistant","content": null },{"role":"tool","tool_call_id":"1"}]}',
      '{"messages":[{"role":"user","content":""},{"role":"assistant","content": "" },{"role":"tool","tool_call_id":"1","content":""}]}',
    ));
  it('leaves calls without content alone, and empty contents', () => {
    leavesAlone(contentEmpty, { messages: [assistant({ content: null, tool_calls: [{ id: '1' }] }), user('')] });
    leavesAlone(contentEmpty, { messages: [{ role: 'user' }] }, { vendor: 'openai' });
    leavesAlone(contentEmpty, { messages: [null, 'x'] });
  });
});

describe('content-string', () => {
  const plain = { model: 'qwen3-8b' };
  it('joins text parts for models that take strings only', () =>
    turns(
      contentString,
      '{"messages":[{"role":"user", "content":[{"type":"text","text":"a"},{"text":"b","cache_control":{}}] }]}',
      '{"messages":[{"role":"user", "content":"a\\n\\nb" }]}',
      plain,
    ));
  it('and for GLM without tools, which drops them', () => {
    const { body } = applyRule(
      contentString,
      { messages: [{ role: 'user', content: [text('a')] }] },
      { model: 'glm-5' },
    );
    assert.deepEqual(body['messages'], [user('a')]);
    leavesAlone(contentString, { tools: [], messages: [{ role: 'user', content: [text('a')] }] }, { model: 'glm-5' });
  });
  it('leaves other parts, models that take parts, and strings', () => {
    leavesAlone(contentString, { messages: [{ role: 'user', content: [text('a'), { type: 'image_url' }] }] }, plain);
    leavesAlone(contentString, { messages: [{ role: 'user', content: [text('a')] }] });
    leavesAlone(contentString, { messages: [{ role: 'user', content: [text('a')] }] }, { model: 'qwen3-vl-plus' });
    leavesAlone(contentString, { messages: [user('a')] }, plain);
  });
});

describe('system-first', () => {
  const open = { model: 'qwen3.5-27b' };
  it('merges and moves', () => {
    const { body } = applyRule(
      systemFirst,
      { messages: [user('q'), system('a'), user('r'), system([text('b')])] },
      open,
    );
    assert.deepEqual(body['messages'], [system([text('a'), text('b')]), user('q'), user('r')]);
    const served = { model: 'Qwen/Qwen3.5-27B', vendor: 'vllm' };
    const vllm = applyRule(systemFirst, { messages: [user('q'), system('a')] }, served);
    assert.deepEqual(vllm.body['messages'], [system('a'), user('q')]);
    const two = applyRule(systemFirst, { messages: [system('a'), system('b'), user('q')] }, open);
    assert.deepEqual(two.body['messages'], [system('a\n\nb'), user('q')]);
  });
  it('leaves one at the head, and models that take them anywhere', () => {
    leavesAlone(systemFirst, { messages: [system('a'), user('q')] }, open);
    leavesAlone(systemFirst, { messages: [user('q'), system('a')] });
    leavesAlone(systemFirst, { messages: [user('q'), system('a')] }, { model: 'qwen3.5-plus' });
    leavesAlone(systemFirst, { messages: [user('q'), system('a')] }, { model: 'Qwen/Qwen3-8B', vendor: 'vllm' });
    leavesAlone(
      systemFirst,
      { messages: [user('q'), system('a')] },
      { model: 'Qwen/Qwen3.5-27B', vendor: 'openrouter' },
    );
  });
});

describe('reasoning-replay', () => {
  const wants = { model: 'qwen3.8-max' };
  it('sends thoughts back under the name the model reads', () => {
    const messages = [
      user('q'),
      assistant({ content: 'a', reasoning: 'r1' }),
      assistant({ reasoning_details: [text('r'), text('2')] }),
    ];
    const { body } = applyRule(reasoningReplay, { messages }, wants);
    assert.deepEqual(body, {
      messages: [messages[0], { ...messages[1], reasoning_content: 'r1' }, { ...messages[2], reasoning_content: 'r2' }],
    });
  });
  it('says when there is nothing to go on from', () => {
    const { body } = applyRule(reasoningReplay, { messages: [user('q'), assistant({ content: 'a' })] }, wants);
    assert.equal(body['preserve_thinking'], false);
  });
  it('gives thinking Kimi models something where thoughts of tool calls are lost', () => {
    const messages = [
      user('q'),
      assistant({ tool_calls: [{ id: '1' }], reasoning_content: '' }),
      assistant({ content: 'a' }),
    ];
    const expected = [messages[0], { ...messages[1], reasoning_content: '.' }, messages[2]];
    for (const options of [
      { model: 'kimi-k2-thinking' },
      { model: 'kimi-k2.6', vendor: 'moonshot' },
      { model: 'kimi-k3', vendor: 'moonshot' },
    ]) {
      assert.deepEqual(applyRule(reasoningReplay, { messages }, options).body['messages'], expected, options.model);
    }
    leavesAlone(reasoningReplay, { messages }, { model: 'kimi-k2.5' });
    leavesAlone(
      reasoningReplay,
      { messages, thinking: { type: 'disabled' } },
      { model: 'kimi-k2.6', vendor: 'moonshot' },
    );
    leavesAlone(reasoningReplay, { messages }, { model: 'kimi-latest', vendor: 'moonshot' });
    leavesAlone(reasoningReplay, { messages }, { model: 'kimi-k2.6', vendor: 'openrouter' });
  });
  it('drops thoughts for models without', () =>
    turns(
      reasoningReplay,
      '{"messages":[{"role":"assistant", "reasoning_content":"r","content":"a"}]}',
      '{"messages":[{"role":"assistant","content":"a"}]}',
      { model: 'qwen3-coder-plus' },
    ));
  it('leaves alone what is as it should be', () => {
    const kept = { messages: [user('q'), assistant({ content: 'a', reasoning_content: '' })] };
    leavesAlone(reasoningReplay, kept, wants);
    leavesAlone(reasoningReplay, { messages: [user('q')] }, wants);
    leavesAlone(reasoningReplay, { messages: [assistant({ content: 'a' })], preserve_thinking: true }, wants);
    leavesAlone(reasoningReplay, { messages: [assistant({ content: 'a' })] }, { model: 'kimi-k2.7-code' });
    leavesAlone(reasoningReplay, { messages: [assistant({ reasoning_content: 'r' })] });
  });
});

describe('json-word', () => {
  const format = { response_format: { type: 'json_object' } };
  const sentence = 'Answer with one JSON object.';
  it('is said in the system message', () => {
    const said = (messages: JsonObject[]): unknown => applyRule(jsonWord, { ...format, messages }).body['messages'];
    assert.deepEqual(said([system('Be brief.'), user('q')]), [system(`Be brief.\n\n${sentence}`), user('q')]);
    assert.deepEqual(said([system([text('a')])]), [system([text('a'), text(sentence)])]);
    assert.deepEqual(said([user('q')]), [system(sentence), user('q')]);
  });
  it('is not said twice, nor for another format', () => {
    leavesAlone(jsonWord, { ...format, messages: [user('as Json please')] });
    leavesAlone(jsonWord, { ...format, messages: [] });
    leavesAlone(jsonWord, { response_format: { type: 'text' }, messages: [user('q')] });
  });
});

describe('history-flagged', () => {
  const wasRefused = (refused: string): boolean => refused === 'bad';
  it('replaces earlier turns that were refused, not the last', () => {
    const messages = [
      user('bad'),
      assistant({ content: 'bad' }),
      { role: 'user', content: [text('bad')] },
      user('bad'),
    ];
    const { body } = applyRule(historyFlagged, { messages }, { wasRefused });
    const note = user('This message was left out: the content check of the platform had refused it.');
    assert.deepEqual(body['messages'], [note, messages[1], note, messages[3]]);
  });
  it('needs a memory', () => {
    leavesAlone(historyFlagged, { messages: [user('bad'), user('q')] });
    leavesAlone(historyFlagged, { messages: [user('good'), user('q')] }, { wasRefused });
  });
  it('finds the text of the last turn', () => {
    assert.equal(lastUserText([user('a'), { role: 'user', content: [text('b'), text('c')] }, assistant({})]), 'b\nc');
    assert.equal(lastUserText([assistant({})]), undefined);
    assert.equal(lastUserText('x'), undefined);
  });
});

describe('context-trim', () => {
  const long = 'word '.repeat(20_000);
  const result = (content: string): JsonObject => ({ role: 'tool', tool_call_id: '1', content });
  const small = { model: 'qwen-max' };
  it('drops the oldest results until the rest fits', () => {
    const messages = [user('q'), result(long), result('short'), result(long), result('x'), result('y')];
    const { body } = applyRule(contextTrim, { messages }, small);
    const note = 'This result was left out to keep the conversation within the context window.';
    assert.deepEqual(body['messages'], [user('q'), result(note), ...messages.slice(2)]);
  });
  it('drops them in the Anthropic protocol', () => {
    const block = (content: string): JsonObject => ({
      role: 'user',
      content: [{ type: 'tool_result', tool_use_id: '1', content }],
    });
    const { body } = applyRule(
      contextTrim,
      { messages: [block(long), block(long), block('x'), block('y')] },
      { model: 'qwen-turbo', ...anthropic },
    );
    leavesAlone(contextTrim, { messages: [block(long)] }, { model: 'qwen-turbo', ...anthropic });
    assert.equal(JSON.stringify(body).length > 200_000, true);
  });
  it('leaves alone what fits, and keeps the last results', () => {
    leavesAlone(contextTrim, { messages: [user('q'), result(long)] }, small);
    leavesAlone(contextTrim, { messages: [user('q'), result(long.slice(0, 40_000)), result('x'), result('y')] }, small);
    leavesAlone(contextTrim, { messages: [user('q'), result(long), result(long), result(long)] });
  });
});
