import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import OpenAI from 'openai';
import type { ChatCompletionChunk, ChatCompletionMessageParam } from 'openai/resources/chat/completions';
import { startGateway } from '../support/gateway.ts';
import { collect } from './support/collect.ts';
import { eventually } from './support/eventually.ts';
import * as expected from './support/expected.ts';
import { onEveryBacking } from './support/setups.ts';

const model = 'qwen-plus';
const asked: ChatCompletionMessageParam[] = [
  { role: 'system', content: expected.system },
  { role: 'user', content: expected.question },
];
const askedForTools: ChatCompletionMessageParam[] = [{ role: 'user', content: expected.toolQuestion }];
const tools = expected.tools.map(({ name, description, schema }) => ({
  type: 'function' as const,
  function: { name, description, parameters: schema },
}));

/** Not in the SDK's types. Models that think by default refuse JSON otherwise. */
const withoutThinking = { enable_thinking: false };

/** A class of the SDK's errors, whatever status it stands for. */
type ErrorClass = abstract new (...args: never[]) => InstanceType<typeof OpenAI.APIError>;

function textOf(chunks: readonly ChatCompletionChunk[]): string {
  return chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('');
}

/** The question with a directive for the sandbox in front. */
function directed(directive: string): ChatCompletionMessageParam[] {
  return [{ role: 'user', content: `[[sandbox: ${directive}]] Count from 1 to 50.` }];
}

onEveryBacking('openai', 'openai-chat', (backed) => {
  const client = (): OpenAI => new OpenAI({ baseURL: `${backed().url}/v1`, apiKey: 'any', maxRetries: 0 });

  it('a chat completion has its text, finish reason, usage that adds up, and a request id', async () => {
    const completion = await client().chat.completions.create({ model, messages: asked });
    const [choice] = completion.choices;
    assert.deepEqual([choice?.message.content, choice?.finish_reason], [expected.answer, 'stop']);
    assert.equal(completion.model, model);
    assert.ok(completion._request_id);
    const { prompt_tokens: input = 0, completion_tokens: output = 0, total_tokens: total } = completion.usage ?? {};
    assert.ok(input > 0 && output > 0);
    assert.equal(total, input + output);
  });

  it('a stream brings the same text, and usage only when it was asked for', async () => {
    const plain = await collect(await client().chat.completions.create({ model, messages: asked, stream: true }));
    assert.equal(textOf(plain), expected.answer);
    assert.equal(plain.at(-1)?.choices[0]?.finish_reason, 'stop');
    assert.ok(plain.length > 3 && plain.every((chunk) => !chunk.usage && chunk.choices.length === 1));
    const withUsage = await collect(
      await client().chat.completions.create({
        model,
        messages: asked,
        stream: true,
        stream_options: { include_usage: true },
      }),
    );
    assert.equal(textOf(withUsage), expected.answer);
    const last = withUsage.at(-1);
    assert.deepEqual(last?.choices, []);
    const whole = await client().chat.completions.create({ model, messages: asked });
    assert.deepEqual(last.usage?.total_tokens, whole.usage?.total_tokens);
    assert.equal(new Set(withUsage.map(({ id }) => id)).size, 1);
  });

  it('the stream helper gathers parallel tool calls', async () => {
    const stream = client().chat.completions.stream({
      model,
      messages: askedForTools,
      tools,
      parallel_tool_calls: true,
    });
    const completion = await stream.finalChatCompletion();
    assert.equal(completion.choices[0]?.finish_reason, 'tool_calls');
    const calls = completion.choices[0]?.message.tool_calls ?? [];
    assert.deepEqual(
      calls.map((call) => (call.type === 'function' ? [call.function.name, JSON.parse(call.function.arguments)] : [])),
      [
        ['get_current_weather', { location: 'Beijing' }],
        ['get_current_time', {}],
      ],
    );
    assert.equal(new Set(calls.map(({ id }) => id)).size, 2);
  });

  for (const stream of [false, true]) {
    it(`runTools goes on for several rounds${stream ? ', streamed' : ''}`, async () => {
      const called: unknown[] = [];
      const runnable = expected.tools.map((tool) => ({
        type: 'function' as const,
        function: {
          name: tool.name,
          description: tool.description,
          parameters: tool.schema,
          parse: (text: string): Record<string, unknown> => JSON.parse(text),
          function: (input: Record<string, unknown>) => {
            called.push([tool.name, input]);
            return tool.run(input);
          },
        },
      }));
      const sent = backed().requests().length;
      const options = { model, messages: askedForTools, tools: runnable, parallel_tool_calls: false };
      const { completions } = client().chat;
      const content = stream
        ? completions.runTools({ ...options, stream: true }).finalContent()
        : completions.runTools(options).finalContent();
      assert.equal(await content, expected.toolAnswer);
      assert.deepEqual(called, [
        ['get_current_weather', { location: 'Beijing' }],
        ['get_current_time', {}],
      ]);
      assert.equal(backed().requests().length - sent, 3, 'a call, another call, the answer');
    });
  }

  it('parse gets an answer that fits the JSON Schema', async () => {
    const completion = await client().chat.completions.parse({
      model: backed().models.structured,
      messages: [{ role: 'user', content: expected.personQuestion }],
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'person', strict: true, schema: { ...expected.personSchema } },
      },
      ...withoutThinking,
    });
    assert.deepEqual(completion.choices[0]?.message.parsed, expected.person);
  });

  it('thinking arrives apart from the text, and can be switched off', async () => {
    const think = async (switches: object): Promise<string[]> => {
      const chunks = await collect(
        await client().chat.completions.create({
          model: backed().models.thinking,
          messages: asked,
          stream: true,
          ...switches,
        }),
      );
      const deltas = chunks.map((chunk) => chunk.choices[0]?.delta ?? {});
      const reasoning = deltas.flatMap((delta) =>
        'reasoning_content' in delta && typeof delta.reasoning_content === 'string' ? [delta.reasoning_content] : [],
      );
      return [reasoning.join(''), textOf(chunks)];
    };
    const [reasoning, text] = await think({});
    assert.match(reasoning ?? '', /Who are you\?/);
    assert.equal(text, expected.answer);
    assert.deepEqual(await think(withoutThinking), ['', expected.answer]);
  });

  it('a picture reaches a vision model', async () => {
    const completion = await client().chat.completions.create({
      model: backed().models.vision,
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is it?' },
            { type: 'image_url', image_url: { url: `data:image/png;base64,${expected.png}` } },
          ],
        },
      ],
    });
    assert.match(completion.choices[0]?.message.content ?? '', /^I received 1 image\./);
  });

  it('max_tokens and stop cut the answer', async () => {
    const cut = await client().chat.completions.create({ model, messages: asked, max_tokens: 4 });
    assert.equal(cut.choices[0]?.finish_reason, 'length');
    assert.equal(cut.usage?.completion_tokens, 4);
    const stopped = await client().chat.completions.create({ model, messages: asked, stop: ['Alibaba'] });
    assert.equal(stopped.choices[0]?.message.content, 'I am a large language model from ');
    assert.equal(stopped.choices[0]?.finish_reason, 'stop');
  });

  it('the models are listed, and one is told by its name', async () => {
    const ids = (await collect(client().models.list())).map(({ id }) => id);
    for (const id of Object.values(backed().models)) assert.ok(ids.includes(id), id);
    assert.equal((await client().models.retrieve(model)).id, model);
    await assert.rejects(client().models.retrieve('no-such-model'), OpenAI.NotFoundError);
  });

  const refusals: [string, () => Promise<unknown>, ErrorClass, number, string, RegExp][] = [
    [
      'an unknown model',
      () => client().chat.completions.create({ model: 'no-such-model', messages: asked }),
      OpenAI.NotFoundError,
      404,
      'model_not_found',
      /model `no-such-model` does not exist/,
    ],
    [
      'messages of a wrong kind',
      () => client().chat.completions.create({ model, messages: [{ role: 'user', content: Number('1') } as never] }),
      OpenAI.BadRequestError,
      400,
      'invalid_parameter_error',
      /content/,
    ],
    [
      'a rate limit',
      () => client().chat.completions.create({ model, messages: directed('error=limit_requests') }),
      OpenAI.RateLimitError,
      429,
      'limit_requests',
      /You exceeded your current requests list/,
    ],
    [
      'a failure of the provider',
      () => client().chat.completions.create({ model, messages: directed('error=InternalError') }),
      OpenAI.InternalServerError,
      500,
      'internal_error',
      /An internal error has occured/,
    ],
    [
      'a refusal before a stream begins',
      () => client().chat.completions.create({ model, messages: directed('error=Arrearage'), stream: true }),
      OpenAI.BadRequestError,
      400,
      'Arrearage',
      /account is in good standing/,
    ],
  ];
  for (const [name, call, kind, status, code, message] of refusals) {
    it(`${name} is the SDK's ${kind.name} with status, message and request id`, async () => {
      await assert.rejects(call(), (error) => {
        assert.ok(error instanceof kind, String(error));
        assert.equal(error.status, status);
        assert.match(error.message, message);
        // An Anthropic provider has no codes that could be told.
        if (backed().targetProtocol !== 'anthropic-messages') assert.equal(error.code, code);
        assert.ok(error.requestID);
        return true;
      });
    });
  }

  for (const directive of ['stream-error=data_inspection_failed after=5', 'cut=5', 'eof=5']) {
    it(`a stream with ${directive} fails after its first text, and never ends as if it were whole`, async () => {
      const stream = await client().chat.completions.create({ model, messages: directed(directive), stream: true });
      let text = '';
      await assert.rejects(async () => {
        for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
      }, OpenAI.APIError);
      assert.ok('1, 2, 3, 4, 5, 6, 7, 8, 9, 10'.startsWith(text), text);
    });
  }

  it('an abort ends the call in the gateway as well', async () => {
    const left = (): number =>
      backed()
        .requests()
        .filter(({ status }) => status === 499).length;
    const before = left();
    const stream = await client().chat.completions.create({
      model,
      messages: [{ role: 'user', content: expected.slowQuestion }],
      stream: true,
    });
    for await (const chunk of stream) {
      if ((chunk.choices[0]?.delta.content ?? '') !== '') break;
    }
    stream.controller.abort();
    await eventually(() => left() === before + 1);
  });
});

describe('openai, with a wrong key', () => {
  it('is the AuthenticationError of the SDK', async () => {
    await using gateway = await startGateway({ ATELIER_MASTER_KEY: 'a-master-key-of-enough-length' });
    const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'wrong', maxRetries: 0 });
    await assert.rejects(client.chat.completions.create({ model, messages: asked }), (error) => {
      assert.ok(error instanceof OpenAI.AuthenticationError);
      assert.deepEqual([error.status, error.code], [401, 'invalid_api_key']);
      assert.ok(error.requestID);
      return true;
    });
  });
});
