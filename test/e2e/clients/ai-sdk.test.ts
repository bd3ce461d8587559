import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { APICallError, generateObject, generateText, jsonSchema, stepCountIs, streamText, tool } from 'ai';
import type { LanguageModel, ToolSet } from 'ai';
import { collect } from './support/collect.ts';
import * as expected from './support/expected.ts';
import { onEveryBacking } from './support/setups.ts';
import type { Backed } from './support/setups.ts';

// It warns about every model it does not know.
Object.assign(globalThis, { AI_SDK_LOG_WARNINGS: false });

const tools: ToolSet = Object.fromEntries(
  expected.tools.map(({ name, description, schema, run }) => [
    name,
    tool({ description, inputSchema: jsonSchema(schema), execute: async (input: unknown) => run(input) }),
  ]),
);
const asked = { system: expected.system, prompt: expected.question };

interface ProviderPackage {
  name: string;
  protocol: 'openai-chat' | 'anthropic-messages';
  /** The language model of this name. */
  model(backed: Backed, id: string): LanguageModel;
  /** How an object is asked for: by a JSON Schema for the answer, or by the call of a tool. */
  objectBy: 'schema' | 'tool';
  /** The provider's own way to keep the model from thinking. */
  withoutThinking: { providerOptions: Record<string, Record<string, boolean | Record<string, string>>> };
}

const packages: readonly ProviderPackage[] = [
  {
    name: '@ai-sdk/openai-compatible',
    protocol: 'openai-chat',
    model: ({ url }, id) =>
      createOpenAICompatible({
        name: 'gateway',
        baseURL: `${url}/v1`,
        apiKey: 'any',
        includeUsage: true,
        supportsStructuredOutputs: true,
      })(id),
    objectBy: 'schema',
    withoutThinking: { providerOptions: { gateway: { enable_thinking: false } } },
  },
  {
    name: '@ai-sdk/anthropic',
    protocol: 'anthropic-messages',
    model: ({ url }, id) => createAnthropic({ baseURL: `${url}/apps/anthropic/v1`, apiKey: 'any' })(id),
    objectBy: 'tool',
    withoutThinking: { providerOptions: { anthropic: { thinking: { type: 'disabled' } } } },
  },
];

for (const { name, protocol, model, objectBy, withoutThinking } of packages) {
  onEveryBacking(`ai with ${name}`, protocol, (backed, { knowsPlatform }) => {
    const text = () => model(backed(), backed().models.text);

    it('generateText has text, finish reason and usage', async () => {
      const result = await generateText({ model: text(), ...asked });
      assert.deepEqual([result.text, result.finishReason], [expected.answer, 'stop']);
      const { inputTokens = 0, outputTokens = 0, totalTokens = 0 } = result.usage;
      assert.ok(inputTokens > 0 && outputTokens > 0);
      assert.equal(totalTokens, inputTokens + outputTokens);
    });

    it('streamText brings the same, in pieces', async () => {
      const result = streamText({ model: text(), ...asked });
      const pieces = await collect(result.textStream);
      assert.ok(pieces.length > 2);
      assert.equal(pieces.join(''), expected.answer);
      assert.equal(await result.finishReason, 'stop');
      assert.ok(((await result.usage).outputTokens ?? 0) > 0);
    });

    for (const way of ['generateText', 'streamText'] as const) {
      it(`${way} goes through the steps of tools to the answer`, async () => {
        const call = { model: text(), prompt: expected.toolQuestion, tools, stopWhen: stepCountIs(5) };
        const result = way === 'generateText' ? await generateText(call) : streamText(call);
        const steps = await result.steps;
        assert.deepEqual(
          steps.flatMap(({ toolCalls }) => toolCalls.map(({ toolName, input }) => [toolName, input])),
          [
            ['get_current_weather', { location: 'Beijing' }],
            ['get_current_time', {}],
          ],
        );
        assert.equal(await result.text, expected.toolAnswer);
        assert.equal(steps.at(-1)?.finishReason, 'stop');
      });
    }

    it('generateObject has an object that fits the schema', async () => {
      const { models } = backed();
      const generated = generateObject({
        model: model(backed(), objectBy === 'tool' ? models.text : models.structured),
        schema: jsonSchema<{ name: string; age: number }>(expected.personSchema),
        prompt: expected.personQuestion,
        ...withoutThinking,
      });
      // Model Studio takes no `required`; only where the gateway knows that it is there does it name the tool instead.
      if (objectBy === 'tool' && !knowsPlatform) await assert.rejects(generated, /tool_choice/);
      else assert.deepEqual((await generated).object, expected.person);
    });

    it('thinking is reasoning apart from the text', async () => {
      const result = streamText({ model: model(backed(), backed().models.thinking), prompt: expected.question });
      assert.equal(await result.text, expected.answer);
      assert.match((await result.reasoningText) ?? '', /Who are you\?/);
    });

    it('a picture reaches a vision model', async () => {
      const { text: seen } = await generateText({
        model: model(backed(), backed().models.vision),
        messages: [
          {
            role: 'user',
            content: [
              { type: 'file', data: expected.png, mediaType: 'image/png' },
              { type: 'text', text: 'What is it?' },
            ],
          },
        ],
      });
      assert.match(seen, /^I received 1 image\./);
    });

    const refusals: [string, () => { model: LanguageModel; prompt: string }, number, boolean][] = [
      ['an unknown model', () => ({ model: model(backed(), 'no-such-model'), prompt: 'hi' }), 404, false],
      ['a rate limit', () => ({ model: text(), prompt: '[[sandbox: error=limit_requests]] hi' }), 429, true],
      ['an account in arrears', () => ({ model: text(), prompt: '[[sandbox: error=Arrearage]] hi' }), 400, false],
    ];
    for (const [what, call, status, isRetryable] of refusals) {
      it(`${what} is an APICallError that says ${isRetryable ? '' : 'not '}to try again`, async () => {
        await assert.rejects(generateText({ ...call(), maxRetries: 0 }), (error) => {
          assert.ok(APICallError.isInstance(error), String(error));
          assert.deepEqual([error.statusCode, error.isRetryable], [status, isRetryable]);
          assert.ok(error.responseHeaders?.['x-request-id']);
          return true;
        });
      });
    }

    it('a stream that breaks off is an error, not an end', async () => {
      const errors: unknown[] = [];
      const result = streamText({
        model: text(),
        prompt: '[[sandbox: cut=6]] Count from 1 to 50.',
        maxRetries: 0,
        onError: ({ error }) => void errors.push(error),
      });
      const types = (await collect(result.fullStream)).map(({ type }) => type);
      assert.ok(types.includes('error'), types.join(' '));
      assert.equal(errors.length, 1);
    });
  });
}
