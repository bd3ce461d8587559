import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { anthropicMessages } from '../../../src/codec/anthropic-messages/index.ts';
import { openaiChat } from '../../../src/codec/openai-chat/index.ts';
import type { StreamWriterOptions } from '../../../src/domain/codec.ts';
import { GatewayError } from '../../../src/domain/gateway-error.ts';
import type { StreamEvent } from '../../../src/domain/stream-event.ts';

const options: StreamWriterOptions = { model: 'asked', includeUsage: true, now: 9, requestId: 'req' };

const start: StreamEvent = { type: 'start', id: 'up', model: 'theirs' };
const text: StreamEvent[] = [
  { type: 'text-start', index: 0 },
  { type: 'text-delta', index: 0, text: 'x' },
  { type: 'text-end', index: 0 },
];
const finish: StreamEvent = { type: 'finish', reason: 'stop' };
const usage = (inputTokens: number, outputTokens?: number): StreamEvent => ({
  type: 'usage',
  usage: outputTokens === undefined ? { inputTokens } : { inputTokens, outputTokens },
});
const failure: StreamEvent = { type: 'error', failure: { status: 429, code: 'limit_requests', message: 'Too many.' } };

interface WireFrame {
  type?: string;
  choices?: unknown[];
  usage?: unknown;
  message?: { usage: unknown; id: string; model: string };
  delta?: { stop_reason?: string; stop_sequence?: string | null };
}

/** The data of the frames that a text holds. */
function framesOf(written: string): WireFrame[] {
  const data = written.split('\n').filter((line) => line.startsWith('data: {'));
  return data.map((line): WireFrame => JSON.parse(line.slice('data: '.length)));
}

function writeChat(events: readonly StreamEvent[], members: Partial<StreamWriterOptions> = {}): string {
  const writer = openaiChat.streamWriter({ ...options, ...members });
  return events.map((event) => writer.write(event)).join('') + writer.end();
}

describe('writing an OpenAI stream', () => {
  test('a whole answer, byte for byte', () => {
    const head = 'data: {"id":"up","object":"chat.completion.chunk","created":9,"model":"asked","choices":[';
    const choice = (delta: string, reason = 'null') =>
      `${head}{"index":0,"delta":${delta},"logprobs":null,"finish_reason":${reason}}]}\n\n`;
    assert.equal(
      writeChat([start, ...text, usage(3, 1), finish], { includeUsage: false }),
      `${choice('{"role":"assistant","content":""}')}${choice('{"content":"x"}')}${choice('{}', '"stop"')}data: [DONE]\n\n`,
    );
  });

  test('usage goes last, whenever it came, and only when it is wanted', () => {
    for (const events of [
      [start, usage(3, 1), ...text, finish],
      [start, ...text, finish, usage(3, 1)],
    ]) {
      const frames = framesOf(writeChat(events));
      assert.deepEqual(frames.at(-1)?.choices, []);
      assert.deepEqual(frames.at(-1)?.usage, { prompt_tokens: 3, completion_tokens: 1, total_tokens: 4 });
      assert.ok(frames.slice(0, -1).every((frame) => frame.usage === null));
      assert.ok(framesOf(writeChat(events, { includeUsage: false })).every((frame) => !('usage' in frame)));
    }
  });

  test('usage that is not known is not made up', () => {
    assert.equal(framesOf(writeChat([start, ...text, finish])).length, 3);
  });

  test('an error ends the stream without [DONE], and nothing follows it', () => {
    const written = writeChat([start, ...text, failure, finish]);
    assert.ok(
      written.endsWith(
        'data: {"error":{"message":"Too many.","type":"rate_limit_error","param":null,"code":"limit_requests"},"request_id":"req"}\n\n',
      ),
    );
  });

  test('an answer that never finished gets no clean end', () =>
    assert.ok(!writeChat([start, ...text]).includes('[DONE]')));

  test('an answer without an id gets one', () => {
    assert.match(writeChat([{ type: 'start', id: '', model: '' }]), /"id":"chatcmpl-req"/);
  });

  test('characters that some clients take for line ends are escaped', () => {
    const written = writeChat([start, { type: 'text-delta', index: 0, text: 'a\u2028b\u2029c\u0085d\ne' }]);
    assert.ok(written.includes('"a\\u2028b\\u2029c\\u0085d\\ne"'));
  });
});

function writeMessages(events: readonly StreamEvent[]): string {
  const writer = anthropicMessages.streamWriter(options);
  return events.map((event) => writer.write(event)).join('') + writer.end();
}

describe('writing an Anthropic stream', () => {
  test('message_start carries the usage that came right behind the opening', () => {
    const cached: StreamEvent = {
      type: 'usage',
      usage: { inputTokens: 100, cachedReadTokens: 60, cachedWriteTokens: 30 },
    };
    const [first] = framesOf(writeMessages([start, cached, ...text, finish]));
    assert.deepEqual(first?.message?.usage, {
      input_tokens: 10,
      cache_creation_input_tokens: 30,
      cache_read_input_tokens: 60,
      output_tokens: 0,
    });
    assert.deepEqual([first?.message?.id, first?.message?.model], ['up', 'asked']);
  });

  test('message_start goes out with the first block, before its text', () => {
    const writer = anthropicMessages.streamWriter(options);
    assert.equal(writer.write(start), '');
    assert.match(writer.write({ type: 'text-start', index: 0 }), /^event: message_start\n/);
  });

  test('message_delta waits for usage that comes behind the finish', () => {
    const writer = anthropicMessages.streamWriter(options);
    const before = [start, ...text, finish].map((event) => writer.write(event)).join('');
    assert.ok(!before.includes('message_delta'));
    const after = framesOf(writer.write(usage(3, 1)));
    assert.deepEqual(
      after.map((frame) => frame.type),
      ['message_delta', 'message_stop'],
    );
    assert.equal(writer.end(), '');
  });

  test('message_delta does not wait when usage is known, and comes with the end when it never is', () => {
    const known = anthropicMessages.streamWriter(options);
    for (const event of [start, ...text, usage(3, 1)]) known.write(event);
    assert.match(known.write(finish), /message_stop/);
    const unknown = anthropicMessages.streamWriter(options);
    for (const event of [start, ...text, finish]) unknown.write(event);
    assert.match(unknown.end(), /message_stop/);
  });

  test('the stop sequence is told', () => {
    const stopped: StreamEvent = { type: 'finish', reason: 'stop-sequence', stopSequence: '}' };
    const [delta] = framesOf(writeMessages([start, ...text, usage(1, 1), stopped])).slice(-2);
    assert.deepEqual(delta?.delta, { stop_reason: 'stop_sequence', stop_sequence: '}' });
  });

  test('blocks without content are not opened and leave no gap', () => {
    const empty: StreamEvent[] = [
      { type: 'thinking-start', index: 0 },
      { type: 'thinking-end', index: 0 },
      { type: 'text-start', index: 1 },
      { type: 'text-end', index: 1 },
    ];
    const later = text.map((event) => ('index' in event ? { ...event, index: 2 } : event));
    const written = writeMessages([start, ...empty, ...later, finish]);
    assert.equal(written.match(/content_block_start"/g)?.length, 1);
    assert.ok(written.includes('{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}'));
  });

  test('an error ends the stream without message_stop, and nothing follows it', () => {
    const written = writeMessages([start, ...text, failure, finish]);
    assert.ok(
      written.endsWith(
        'event: error\ndata: {"type":"error","error":{"type":"rate_limit_error","message":"Too many."},"request_id":"req"}\n\n',
      ),
    );
  });

  test('an answer that never finished gets no clean end', () => {
    assert.ok(!writeMessages([start, ...text]).includes('message_stop'));
  });
});

describe('whole answers', () => {
  for (const codec of [openaiChat, anthropicMessages]) {
    test(`${codec.protocol}: a failure among the events is thrown with its status and code`, () => {
      assert.throws(
        () => codec.writeResponse([start, ...text, failure], options),
        (error) =>
          error instanceof GatewayError &&
          error.status === 429 &&
          error.code === 'limit_requests' &&
          error.origin === 'provider',
      );
    });

    test(`${codec.protocol}: the thrown failure keeps what the upstream said`, () => {
      const said: StreamEvent = {
        type: 'error',
        failure: { status: 400, type: 't', message: 'm', param: 'p', requestId: 'up-1', retryAfterSeconds: 3 },
      };
      assert.throws(
        () => codec.writeResponse([start, said], options),
        (error) => {
          assert.ok(error instanceof GatewayError);
          const { code, type, param, upstreamRequestId, retryAfterSeconds } = error;
          assert.deepEqual([code, type, param, upstreamRequestId, retryAfterSeconds], ['t', 't', 'p', 'up-1', 3]);
          return true;
        },
      );
    });

    test(`${codec.protocol}: events that never finish are no answer`, () => {
      assert.throws(
        () => codec.writeResponse([start, ...text], options),
        (error) => error instanceof GatewayError && error.code === 'upstream_stream_incomplete',
      );
    });
  }

  test('OpenAI gives a call without arguments an empty object', () => {
    const call: StreamEvent[] = [
      { type: 'tool-call-start', index: 0, id: 'c', name: 'f' },
      { type: 'tool-call-end', index: 0 },
      { type: 'finish', reason: 'tool-calls' },
    ];
    const { choices } = openaiChat.writeResponse([start, ...call], options);
    assert.deepEqual(Object(choices)[0].message, {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }],
    });
    assert.match(writeChat([start, ...call]), /"arguments":"\{\}"/);
  });
});
