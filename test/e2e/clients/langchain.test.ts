import assert from 'node:assert/strict';
import { it } from 'node:test';
import { AIMessageChunk, HumanMessage, SystemMessage, ToolMessage } from '@langchain/core/messages';
import type { BaseMessage, UsageMetadata } from '@langchain/core/messages';
import { ChatOpenAI } from '@langchain/openai';
import { collect } from './support/collect.ts';
import * as expected from './support/expected.ts';
import { onEveryBacking } from './support/setups.ts';

const asked = [new SystemMessage(expected.system), new HumanMessage(expected.question)];
const tools = expected.tools.map(({ name, description, schema }) => ({
  type: 'function' as const,
  function: { name, description, parameters: schema },
}));

/** The types of the package lose it in the generic parameters of a message. */
function usageOf(message: { usage_metadata?: UsageMetadata | undefined }): UsageMetadata | undefined {
  return message.usage_metadata;
}

onEveryBacking('@langchain/openai', 'openai-chat', (backed) => {
  const chat = (model: string, more: object = {}) =>
    new ChatOpenAI({
      model,
      apiKey: 'any',
      configuration: { baseURL: `${backed().url}/v1` },
      maxRetries: 0,
      ...more,
    });
  const text = () => chat(backed().models.text);

  it('invoke has text and usage', async () => {
    const message = await text().invoke(asked);
    assert.equal(message.content, expected.answer);
    const usage = usageOf(message);
    assert.ok(usage && usage.input_tokens > 0 && usage.output_tokens > 0);
    assert.equal(usage.total_tokens, usage.input_tokens + usage.output_tokens);
  });

  it('stream brings the same, with the usage at the end', async () => {
    const chunks = await collect(await text().stream(asked));
    assert.ok(chunks.length > 3);
    const whole = chunks.reduce((sum, chunk) => sum.concat(chunk), new AIMessageChunk(''));
    assert.equal(whole.content, expected.answer);
    assert.ok((usageOf(whole)?.output_tokens ?? 0) > 0);
  });

  it('tools are called for several rounds', async () => {
    const messages: BaseMessage[] = [new HumanMessage(expected.toolQuestion)];
    const rounds: unknown[] = [];
    for (let round = 0; round < 4; round++) {
      const message = await text().bindTools(tools, { parallel_tool_calls: false }).invoke(messages);
      const calls = message.tool_calls ?? [];
      rounds.push(calls.length === 0 ? message.content : calls.map(({ name, args }) => [name, args]));
      if (calls.length === 0) break;
      const results = calls.map(
        ({ id = '', name, args }) => new ToolMessage({ tool_call_id: id, content: expected.runTool(name, args) }),
      );
      messages.push(message, ...results);
    }
    assert.deepEqual(rounds, [
      [['get_current_weather', { location: 'Beijing' }]],
      [['get_current_time', {}]],
      expected.toolAnswer,
    ]);
  });

  const structured = (method: 'jsonSchema' | 'functionCalling' | 'jsonMode') =>
    chat(backed().models.structured, { modelKwargs: { enable_thinking: false } }).withStructuredOutput(
      { title: 'person', ...expected.personSchema },
      { method },
    );

  for (const method of ['jsonSchema', 'functionCalling'] as const) {
    it(`withStructuredOutput by ${method} has an object that fits the schema`, async () => {
      assert.deepEqual(await structured(method).invoke(expected.personQuestion), expected.person);
    });
  }

  it('withStructuredOutput by jsonMode has an object; a protocol without that mode is reported', async () => {
    const answer = structured('jsonMode').invoke(`${expected.personQuestion} Use the keys name, age.`);
    if (backed().targetProtocol !== 'anthropic-messages') {
      assert.deepEqual(await answer, expected.person);
      return;
    }
    await assert.rejects(answer);
    assert.match(JSON.stringify(backed().requests().at(-1)), /"adjusted":"[^"]*response_format/);
  });

  it('errors have their status', async () => {
    await assert.rejects(chat('no-such-model').invoke('hi'), { status: 404 });
    await assert.rejects(text().invoke('[[sandbox: error=limit_requests]] hi'), { status: 429 });
    await assert.rejects(async () => {
      for await (const _ of await text().stream('[[sandbox: cut=6]] Count from 1 to 50.'));
    }, /closed the connection/);
  });
});
