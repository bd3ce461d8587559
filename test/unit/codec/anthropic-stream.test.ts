import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { anthropicMessages } from '../../../src/codec/anthropic-messages/index.ts';
import type { JsonObject } from '../../../src/domain/json.ts';
import type { StreamEvent } from '../../../src/domain/stream-event.ts';
import { mergeUsage } from '../../../src/domain/usage.ts';
import type { Usage } from '../../../src/domain/usage.ts';

const start = (usage: JsonObject = {}): JsonObject => ({
  type: 'message_start',
  message: { id: 'msg', model: 'm', usage },
});
const open = (index: number, block: JsonObject): JsonObject => ({
  type: 'content_block_start',
  index,
  content_block: block,
});
const add = (index: number, delta: JsonObject): JsonObject => ({ type: 'content_block_delta', index, delta });
const close = (index: number): JsonObject => ({ type: 'content_block_stop', index });
const stop: JsonObject = { type: 'message_stop' };
const stopped = (reason: string | null, usage: JsonObject = {}): JsonObject => ({
  type: 'message_delta',
  delta: { stop_reason: reason, stop_sequence: null },
  usage,
});

function readFrames(frames: readonly JsonObject[]): StreamEvent[] {
  const reader = anthropicMessages.streamReader();
  const events = frames.flatMap((frame) => reader.read({ event: '', data: JSON.stringify(frame) }));
  return [...events, ...reader.end()];
}

function endOf(frames: readonly JsonObject[]): string {
  const last = readFrames(frames).at(-1);
  if (last?.type === 'finish') return last.reason;
  return last?.type === 'error' ? (last.failure.code ?? last.failure.message) : 'no end';
}

function usageOf(frames: readonly JsonObject[]): Usage | undefined {
  let usage: Usage | undefined;
  for (const event of readFrames(frames)) if (event.type === 'usage') usage = mergeUsage(usage, event.usage);
  return usage;
}

describe('how Anthropic streams end', () => {
  const reasons: [string, string][] = [
    ['end_turn', 'stop'],
    ['pause_turn', 'stop'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'length'],
    ['stop_sequence', 'stop-sequence'],
    ['refusal', 'refusal'],
    ['of_next_year', 'stop'],
    ['tool_use', 'stop'],
  ];
  for (const [wire, reason] of reasons) {
    test(`stop_reason ${wire}`, () => assert.equal(endOf([start(), stopped(wire), stop]), reason));
  }

  test('end_turn after a call means tool-calls', () => {
    const call = open(0, { type: 'tool_use', id: 't', name: 'f', input: {} });
    assert.equal(endOf([start(), call, close(0), stopped('end_turn'), stop]), 'tool-calls');
  });

  test('message_stop makes the answer whole without a stop reason, a stop reason without message_stop', () => {
    assert.equal(endOf([start(), stop]), 'stop');
    assert.equal(endOf([start(), stopped('max_tokens')]), 'length');
    assert.equal(endOf([start(), stopped(null)]), 'upstream_stream_incomplete');
  });

  test('the bytes end in the middle of a block', () => {
    const text = [open(0, { type: 'text', text: '' }), add(0, { type: 'text_delta', text: 'x' })];
    assert.equal(endOf([start(), ...text]), 'upstream_stream_incomplete');
    assert.equal(endOf([]), 'upstream_stream_incomplete');
  });
});

describe('blocks in Anthropic streams', () => {
  test('the event name stands in for a missing type', () => {
    const reader = anthropicMessages.streamReader();
    const [event] = reader.read({ event: 'message_start', data: '{"message":{"id":"msg","model":"m"}}' });
    assert.deepEqual(event, { type: 'start', id: 'msg', model: 'm' });
  });

  test('text that comes with the opening of a block, and two texts stay two', () => {
    const frames = [
      start(),
      open(0, { type: 'text', text: 'a' }),
      close(0),
      open(1, { type: 'text', text: 'b' }),
      close(1),
      stop,
    ];
    const texts = readFrames(frames).flatMap((event) =>
      event.type === 'text-delta' ? [`${event.index}${event.text}`] : [],
    );
    assert.deepEqual(texts, ['0a', '1b']);
  });

  test('a block that is not closed ends where the next begins', () => {
    const frames = [
      start(),
      open(0, { type: 'text', text: 'a' }),
      open(1, { type: 'tool_use', id: 't', name: 'f', input: { x: 1 } }),
      stop,
    ];
    assert.deepEqual(
      readFrames(frames).map((event) => event.type),
      [
        'start',
        'usage',
        'text-start',
        'text-delta',
        'text-end',
        'tool-call-start',
        'tool-call-delta',
        'tool-call-end',
        'finish',
      ],
    );
  });

  test('tool blocks that alternate', () => {
    const tool = (index: number, name: string) => open(index, { type: 'tool_use', id: `t${index}`, name, input: {} });
    const json = (index: number, text: string) => add(index, { type: 'input_json_delta', partial_json: text });
    const frames = [
      start(),
      tool(0, 'f'),
      tool(1, 'g'),
      json(0, '{"a"'),
      json(1, '{"b"'),
      json(0, ':1}'),
      json(1, ':2}'),
      close(0),
      close(1),
      stop,
    ];
    const deltas = readFrames(frames).flatMap((event) =>
      event.type === 'tool-call-delta' ? [`${event.index}${event.argumentsJson}`] : [],
    );
    assert.deepEqual(deltas, ['0{"a"', '0:1}', '1{"b":2}']);
  });

  test('redacted thinking ends the block before it', () => {
    const frames = [
      start(),
      open(0, { type: 'text', text: 'a' }),
      open(1, { type: 'redacted_thinking', data: 'd' }),
      close(1),
      stop,
    ];
    assert.deepEqual(readFrames(frames).slice(2, -1), [
      { type: 'text-start', index: 0 },
      { type: 'text-delta', index: 0, text: 'a' },
      { type: 'text-end', index: 0 },
      { type: 'thinking-start', index: 1 },
      { type: 'thinking-end', index: 1, redacted: 'd' },
    ]);
  });

  test('an answer without message_start is opened all the same', () => {
    const events = readFrames([open(0, { type: 'text', text: 'a' }), close(0), stop]);
    assert.deepEqual(events[0], { type: 'start', id: '', model: '' });
  });

  test('a block of a server tool and its deltas are passed over', () => {
    const frames = [
      start(),
      open(0, { type: 'server_tool_use', id: 's', name: 'web_search', input: {} }),
      add(0, { type: 'input_json_delta', partial_json: '{"query":"x"}' }),
      add(0, { type: 'text_delta', text: 'not ours' }),
      close(0),
      stop,
    ];
    assert.deepEqual(
      readFrames(frames).map((event) => event.type),
      ['start', 'usage', 'finish'],
    );
  });
});

describe('usage in Anthropic streams', () => {
  test('input includes what the cache holds; message_delta repeats only some counts', () => {
    const first = { input_tokens: 10, cache_read_input_tokens: 60, cache_creation_input_tokens: 30, output_tokens: 1 };
    assert.deepEqual(usageOf([start(first), stopped('end_turn', { output_tokens: 7 }), stop]), {
      inputTokens: 100,
      cachedReadTokens: 60,
      cachedWriteTokens: 30,
      outputTokens: 7,
    });
    assert.deepEqual(
      usageOf([start(first), stopped('end_turn', { input_tokens: 12, output_tokens: 7 }), stop])?.inputTokens,
      102,
    );
  });

  test('null counts are unknown, thinking tokens are told', () => {
    const last = { output_tokens: 7, cache_read_input_tokens: null, output_tokens_details: { thinking_tokens: 4 } };
    assert.deepEqual(usageOf([start({ input_tokens: 5 }), stopped('end_turn', last), stop]), {
      inputTokens: 5,
      outputTokens: 7,
      reasoningTokens: 4,
    });
  });

  test('the figures of the start are there before the answer ends', () => {
    const reader = anthropicMessages.streamReader();
    const events = reader.read({ event: '', data: JSON.stringify(start({ input_tokens: 5, output_tokens: 1 })) });
    assert.deepEqual(events[1], { type: 'usage', usage: { inputTokens: 5, outputTokens: 1 } });
  });
});
