import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import type { Message, MessageParam, RawMessageStreamEvent, Tool } from '@anthropic-ai/sdk/resources/messages';
import Anthropic0 from 'anthropic-sdk-0';
import { isObject } from '../../../src/domain/json.ts';
import { startGateway } from '../support/gateway.ts';
import { collect } from './support/collect.ts';
import { eventually } from './support/eventually.ts';
import * as expected from './support/expected.ts';
import { onEveryBacking } from './support/setups.ts';

const asked: MessageParam[] = [{ role: 'user', content: expected.question }];
const askedForTools: MessageParam[] = [{ role: 'user', content: expected.toolQuestion }];
const tools: Tool[] = expected.tools.map(({ name, description, schema }) => ({
  name,
  description,
  input_schema: schema,
}));
const max_tokens = 1024;

/**
 * Before 1.0 the SDK sent its key as `x-api-key`, since then as a bearer, each with its own `anthropic-version`.
 * What is used here has the same shape in both, but classes with private members never have the same type.
 */
const sdks = [
  { name: '@anthropic-ai/sdk 1', Client: Anthropic },
  { name: '@anthropic-ai/sdk 0', Client: Anthropic0 as unknown as typeof Anthropic },
] as const;

type ErrorName = 'NotFoundError' | 'BadRequestError' | 'RateLimitError' | 'InternalServerError';

const refusals: [string, Partial<{ model: string; messages: MessageParam[] }>, ErrorName, number, RegExp][] = [
  ['an unknown model', { model: 'no-such-model' }, 'NotFoundError', 404, /model `no-such-model` does not exist/],
  ['a message without a role', { messages: [{ content: 'hi' } as never] }, 'BadRequestError', 400, /role/],
  [
    'a rate limit',
    { messages: directed('error=limit_requests') },
    'RateLimitError',
    429,
    /exceeded your current requests/,
  ],
  [
    'a failure of the provider',
    { messages: directed('error=InternalError') },
    'InternalServerError',
    500,
    /internal error has occured/,
  ],
];

const errorTypes: Readonly<Record<ErrorName, string>> = {
  NotFoundError: 'not_found_error',
  BadRequestError: 'invalid_request_error',
  RateLimitError: 'rate_limit_error',
  InternalServerError: 'api_error',
};

/** The type in an error body, which the SDK keeps as it came. */
function errorType(body: unknown): unknown {
  if (!isObject(body) || !isObject(body['error'])) return undefined;
  return body['error']['type'];
}

/** A question with a directive for the sandbox in front. */
function directed(directive: string): MessageParam[] {
  return [{ role: 'user', content: `[[sandbox: ${directive}]] Count from 1 to 50.` }];
}

/** One round: what the assistant said, and the results of the tools it called; undefined when it called none. */
function nextRound(message: Message): MessageParam[] | undefined {
  const results = message.content
    .filter((block) => block.type === 'tool_use')
    .map(({ id, name, input }) => ({
      type: 'tool_result' as const,
      tool_use_id: id,
      content: expected.runTool(name, input),
    }));
  if (results.length === 0) return undefined;
  return [
    { role: 'assistant', content: message.content },
    { role: 'user', content: results },
  ];
}

function textOf({ content }: Pick<Message, 'content'>): string {
  return content.map((block) => (block.type === 'text' ? block.text : '')).join('');
}

function deltasOf(events: readonly RawMessageStreamEvent[], type: 'text' | 'thinking'): string {
  return events
    .map((event) => (event.type === 'content_block_delta' ? event.delta : undefined))
    .map((delta) => {
      if (type === 'text') return delta?.type === 'text_delta' ? delta.text : '';
      return delta?.type === 'thinking_delta' ? delta.thinking : '';
    })
    .join('');
}

for (const { name: sdk, Client } of sdks) {
  onEveryBacking(sdk, 'anthropic-messages', (backed, { knowsPlatform }) => {
    const client = () => new Client({ baseURL: `${backed().url}/apps/anthropic`, apiKey: 'any', maxRetries: 0 });
    const brief = () => ({ model: backed().models.text, max_tokens });

    it('a message has its text, stop reason, usage and a request id', async () => {
      const message = await client().messages.create({ ...brief(), system: expected.system, messages: asked });
      assert.equal(textOf(message), expected.answer);
      assert.deepEqual([message.role, message.stop_reason, message.model], ['assistant', 'end_turn', brief().model]);
      assert.ok(message.usage.input_tokens > 0 && message.usage.output_tokens > 0);
      assert.ok(message._request_id);
    });

    it('a raw stream is a whole sequence of events with the same text and usage', async () => {
      const request = { ...brief(), system: expected.system, messages: asked };
      const events = await collect(await client().messages.create({ ...request, stream: true }));
      const order = events
        .map(({ type }) => type)
        .filter((type, index, all) => type !== all[index - 1] && String(type) !== 'ping');
      assert.deepEqual(order, [
        'message_start',
        'content_block_start',
        'content_block_delta',
        'content_block_stop',
        'message_delta',
        'message_stop',
      ]);
      assert.equal(deltasOf(events, 'text'), expected.answer);
      const whole = await client().messages.create(request);
      const last = events.find((event) => event.type === 'message_delta');
      assert.equal(last?.usage.output_tokens, whole.usage.output_tokens);
      assert.equal(last?.delta.stop_reason, 'end_turn');
    });

    it('the stream helper gathers parallel tool calls', async () => {
      const stream = client().messages.stream({ ...brief(), messages: askedForTools, tools });
      const message = await stream.finalMessage();
      assert.equal(message.stop_reason, 'tool_use');
      const calls = message.content.filter((block) => block.type === 'tool_use');
      assert.deepEqual(
        calls.map(({ name, input }) => [name, input]),
        [
          ['get_current_weather', { location: 'Beijing' }],
          ['get_current_time', {}],
        ].slice(0, knowsPlatform ? 2 : 1),
      );
      assert.equal(new Set(calls.map(({ id }) => id)).size, calls.length);
    });

    for (const stream of [false, true]) {
      it(`tools are called for several rounds${stream ? ', streamed' : ''}`, async () => {
        const messages = [...askedForTools];
        const rounds: string[][] = [];
        for (let round: MessageParam[] | undefined = []; round; messages.push(...(round ?? []))) {
          const request = {
            ...brief(),
            messages,
            tools,
            tool_choice: { type: 'auto' as const, disable_parallel_tool_use: true },
          };
          const message = stream
            ? await client().messages.stream(request).finalMessage()
            : await client().messages.create(request);
          rounds.push(message.content.map((block) => (block.type === 'tool_use' ? block.name : textOf(message))));
          round = nextRound(message);
        }
        assert.deepEqual(rounds, [['get_current_weather'], ['get_current_time'], [expected.toolAnswer]]);
      });
    }

    it('thinking comes in a block of its own before the text, whole and streamed, and goes back with tools', async () => {
      const request = {
        model: backed().models.thinking,
        max_tokens: 4096,
        thinking: { type: 'enabled' as const, budget_tokens: 1024 },
      };
      const message = await client().messages.create({ ...request, messages: asked });
      assert.deepEqual(
        message.content.map(({ type }) => type),
        ['thinking', 'text'],
      );
      const events = await collect(await client().messages.create({ ...request, messages: asked, stream: true }));
      assert.match(deltasOf(events, 'thinking'), /Who are you\?/);
      assert.equal(deltasOf(events, 'text'), expected.answer);
      const messages = [...askedForTools];
      let last: Message | undefined;
      for (let round: MessageParam[] | undefined = []; round; messages.push(...(round ?? []))) {
        last = await client().messages.create({ ...request, messages, tools });
        assert.equal(last.content[0]?.type, 'thinking');
        round = nextRound(last);
      }
      assert.equal(last && textOf(last), expected.toolAnswer);
    });

    it('thinking can be switched off, and it is reported where that has no name', async () => {
      const message = await client().messages.create({
        ...brief(),
        model: backed().models.thinking,
        thinking: { type: 'disabled' },
        messages: asked,
      });
      assert.deepEqual(
        message.content.map(({ type }) => type),
        knowsPlatform ? ['text'] : ['thinking', 'text'],
      );
      if (!knowsPlatform) assert.match(JSON.stringify(backed().requests().at(-1)), /thinking\.disabled/);
    });

    it('a picture reaches a vision model', async () => {
      const message = await client().messages.create({
        ...brief(),
        model: backed().models.vision,
        messages: [
          {
            role: 'user',
            content: [
              { type: 'image', source: { type: 'base64', media_type: 'image/png', data: expected.png } },
              { type: 'text', text: 'What is it?' },
            ],
          },
        ],
      });
      assert.match(textOf(message), /^I received 1 image\./);
    });

    it('max_tokens and stop_sequences cut the answer', async () => {
      const cut = await client().messages.create({ ...brief(), max_tokens: 4, messages: asked });
      assert.deepEqual([cut.stop_reason, cut.usage.output_tokens], ['max_tokens', 4]);
      const stopped = await client().messages.create({ ...brief(), messages: asked, stop_sequences: ['Alibaba'] });
      assert.equal(textOf(stopped), 'I am a large language model from ');
    });

    it('tokens are counted, more of them with tools', async () => {
      const plain = await client().messages.countTokens({ model: brief().model, messages: asked });
      const withTools = await client().messages.countTokens({ model: brief().model, messages: asked, tools });
      assert.ok(plain.input_tokens > 0 && withTools.input_tokens > plain.input_tokens + 20);
    });

    it('the models are listed, and one is told by its name', async () => {
      const ids = (await collect(client().models.list())).map(({ id }) => id);
      for (const id of Object.values(backed().models)) assert.ok(ids.includes(id), id);
      const entry = await client().models.retrieve(brief().model);
      assert.deepEqual([entry.id, entry.type], [brief().model, 'model']);
      await assert.rejects(client().models.retrieve('no-such-model'), Client.NotFoundError);
    });

    for (const [name, change, kind, status, message] of refusals) {
      for (const stream of [false, true]) {
        it(`${name} is the SDK's ${kind} with status, message and request id${stream ? ', streamed' : ''}`, async () => {
          const call = client().messages.create({ ...brief(), messages: asked, ...change, stream });
          await assert.rejects(call, (error) => {
            assert.ok(error instanceof Client[kind], String(error));
            assert.equal(error.status, status);
            assert.equal(errorType(error.error), errorTypes[kind]);
            assert.match(error.message, message);
            assert.ok(error.requestID);
            return true;
          });
        });
      }
    }

    for (const directive of ['stream-error=data_inspection_failed after=6', 'cut=6', 'eof=6']) {
      it(`a stream with ${directive} fails after its first text, and never ends as if it were whole`, async () => {
        const stream = await client().messages.create({ ...brief(), messages: directed(directive), stream: true });
        const events: RawMessageStreamEvent[] = [];
        await assert.rejects(async () => {
          for await (const event of stream) events.push(event);
        }, Client.APIError);
        const text = deltasOf(events, 'text');
        assert.ok('1, 2, 3, 4, 5, 6, 7, 8, 9, 10'.startsWith(text), text);
        assert.ok(events.every(({ type }) => type !== 'message_stop'));
      });
    }

    it('an abort ends the call in the gateway as well', async () => {
      const left = (): number =>
        backed()
          .requests()
          .filter(({ status }) => status === 499).length;
      const before = left();
      const stream = client().messages.stream({
        ...brief(),
        messages: [{ role: 'user', content: expected.slowQuestion }],
      });
      stream.once('text', () => stream.abort());
      await assert.rejects(stream.finalMessage(), Client.APIUserAbortError);
      await eventually(() => left() === before + 1);
    });
  });

  describe(`${sdk}, with a wrong key`, () => {
    it('is refused as the platform refuses it there: 403 with the type of an authentication error', async () => {
      await using gateway = await startGateway({ ATELIER_MASTER_KEY: 'a-master-key-of-enough-length' });
      const client = new Client({ baseURL: gateway.url, apiKey: 'wrong', maxRetries: 0 });
      await assert.rejects(client.messages.create({ model: 'qwen-plus', max_tokens, messages: asked }), (error) => {
        assert.ok(error instanceof Client.PermissionDeniedError);
        assert.equal(error.status, 403);
        assert.match(error.message, /authentication_error/);
        assert.ok(error.requestID);
        return true;
      });
      const right = new Client({ baseURL: gateway.url, apiKey: 'a-master-key-of-enough-length', maxRetries: 0 });
      assert.equal(
        textOf(await right.messages.create({ model: 'qwen-plus', max_tokens, messages: asked })),
        expected.answer,
      );
    });
  });
}
