import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openaiChat } from '../../../src/codec/openai-chat/index.ts';
import type { JsonObject, JsonValue } from '../../../src/domain/json.ts';
import type { StreamEvent } from '../../../src/domain/stream-event.ts';

function chunk(delta: JsonObject, finishReason: string | null = null): JsonObject {
  return { id: 'c', model: 'm', choices: [{ index: 0, delta, finish_reason: finishReason }] };
}

function call(
  index: number | undefined,
  id: string,
  name: string | null | undefined,
  args: JsonValue = '',
): JsonObject {
  return { tool_calls: [{ ...(index === undefined ? {} : { index }), id, function: { name, arguments: args } }] };
}

function readFrames(frames: readonly (JsonObject | string)[]): StreamEvent[] {
  const reader = openaiChat.streamReader();
  const events = frames.flatMap((frame) =>
    reader.read({ event: '', data: typeof frame === 'string' ? frame : JSON.stringify(frame) }),
  );
  return [...events, ...reader.end()];
}

/** The calls of an answer as `name(arguments)`, and how it ended. */
function callsOf(frames: readonly (JsonObject | string)[]): string[] {
  const lines: string[] = [];
  for (const event of readFrames(frames)) {
    if (event.type === 'tool-call-start') lines.push(`${event.name}(`);
    else if (event.type === 'tool-call-delta') lines.push(`${lines.pop()}${event.argumentsJson}`);
    else if (event.type === 'tool-call-end') lines.push(`${lines.pop()})`);
    else if (event.type === 'finish') lines.push(event.reason);
    else if (event.type === 'error') lines.push(event.failure.code ?? event.failure.message);
  }
  return lines;
}

const end = chunk({}, 'tool_calls');

describe('tool calls in OpenAI streams', () => {
  test('a continuation without id, with an empty, a null or the repeated name', () => {
    for (const name of ['', null, undefined, 'f']) {
      assert.deepEqual(callsOf([chunk(call(0, 'a', 'f', '{"x"')), chunk(call(0, '', name, ':1}')), end]), [
        'f({"x":1})',
        'tool-calls',
      ]);
    }
  });

  test('the same id and name in every frame', () => {
    assert.deepEqual(callsOf([chunk(call(0, 'a', 'f', '{')), chunk(call(0, 'a', 'f', '}')), end]), [
      'f({})',
      'tool-calls',
    ]);
  });

  test('a new id without a name continues the call at its index', () => {
    assert.deepEqual(callsOf([chunk(call(0, 'a', 'f', '{')), chunk(call(0, 'b', undefined, '}')), end]), [
      'f({})',
      'tool-calls',
    ]);
  });

  test('a new id with a name at a known index is another call', () => {
    assert.deepEqual(callsOf([chunk(call(0, 'a', 'f', '{}')), chunk(call(0, 'b', 'f', '{}')), end]), [
      'f({})',
      'f({})',
      'tool-calls',
    ]);
  });

  test('frames without index: a name opens a call, anything else continues the last', () => {
    const frames = [
      chunk(call(undefined, '', 'f', '{"x"')),
      chunk(call(undefined, '', undefined, ':1}')),
      chunk(call(undefined, '', 'g', '{}')),
      end,
    ];
    assert.deepEqual(callsOf(frames), ['f({"x":1})', 'g({})', 'tool-calls']);
  });

  test('the index only in the first frame', () => {
    assert.deepEqual(callsOf([chunk(call(0, 'a', 'f', '{')), chunk(call(undefined, '', undefined, '}')), end]), [
      'f({})',
      'tool-calls',
    ]);
  });

  test('alternating calls are told apart by index and written one after the other', () => {
    const frames = [
      chunk(call(0, 'a', 'f', '{"x"')),
      chunk(call(1, 'b', 'g', '{"y"')),
      chunk(call(0, '', '', ':1}')),
      chunk(call(1, '', '', ':2}')),
      end,
    ];
    assert.deepEqual(callsOf(frames), ['f({"x":1})', 'g({"y":2})', 'tool-calls']);
  });

  test('a call without arguments waits for them as long as another has not ended', () => {
    const frames = [
      chunk(call(0, 'a', 'f')),
      chunk(call(1, 'b', 'g')),
      chunk(call(1, '', '', '{"y":2}')),
      chunk(call(0, '', '', '{"x":1}')),
      end,
    ];
    assert.deepEqual(callsOf(frames), ['f({"x":1})', 'g({"y":2})', 'tool-calls']);
  });

  test('arguments as an object', () => {
    assert.deepEqual(callsOf([chunk(call(0, 'a', 'f', { x: [1] })), end]), ['f({"x":[1]})', 'tool-calls']);
  });

  test('the name comes late: the call waits for it', () => {
    assert.deepEqual(callsOf([chunk(call(0, 'a', '', '{"x"')), chunk(call(0, '', 'f', ':1}')), end]), [
      'f({"x":1})',
      'tool-calls',
    ]);
  });

  test('the name never comes: the answer fails', () => {
    assert.deepEqual(callsOf([chunk(call(0, 'a', '', '{}')), end]), ['upstream_invalid_tool_call']);
  });

  test('the older function_call', () => {
    const frames = [
      chunk({ function_call: { name: 'f', arguments: '{' } }),
      chunk({ function_call: { arguments: '}' } }),
      chunk({}, 'function_call'),
    ];
    assert.deepEqual(callsOf(frames), ['f({})', 'tool-calls']);
  });

  test('ids that are missing are made: not empty, different in one answer, the same for the same stream', () => {
    const frames = [chunk(call(undefined, '', 'f', '{}')), chunk(call(undefined, '', 'f', '{}')), end];
    const ids = () => readFrames(frames).flatMap((event) => (event.type === 'tool-call-start' ? [event.id] : []));
    const [first, second] = ids();
    assert.match(first ?? '', /^call_\w+$/);
    assert.notEqual(first, second);
    assert.deepEqual(ids(), [first, second]);
    const [other] = readFrames(frames.map((frame) => ({ ...frame, id: 'another answer' }))).flatMap((event) =>
      event.type === 'tool-call-start' ? [event.id] : [],
    );
    assert.notEqual(other, first);
  });
});

describe('how OpenAI streams end', () => {
  const reasons: [string, string][] = [
    ['stop', 'stop'],
    ['length', 'length'],
    ['content_filter', 'refusal'],
    ['sensitive', 'refusal'],
    ['eos', 'stop'],
    ['tool_calls', 'stop'],
    ['constructor', 'stop'],
  ];
  for (const [wire, reason] of reasons) {
    test(`finish_reason ${wire} of a text`, () => assert.deepEqual(callsOf([chunk({ content: 'x' }, wire)]), [reason]));
  }

  for (const wire of ['error', 'network_error', 'insufficient_system_resource']) {
    test(`finish_reason ${wire} is a failure`, () =>
      assert.deepEqual(callsOf([chunk({ content: 'x' }, wire)]), ['upstream_error']));
  }

  for (const wire of ['stop', 'eos']) {
    test(`finish_reason ${wire} after a call means tool-calls`, () => {
      assert.deepEqual(callsOf([chunk(call(0, 'a', 'f', '{}')), chunk({}, wire), '[DONE]']), ['f({})', 'tool-calls']);
    });
  }

  test('length after a call stays length', () => {
    assert.deepEqual(callsOf([chunk(call(0, 'a', 'f', '{"x')), chunk({}, 'length')]), ['f({"x)', 'length']);
  });

  test('[DONE] without a finish reason: whole calls make a whole answer, text or a cut call does not', () => {
    assert.deepEqual(callsOf([chunk(call(0, 'a', 'f', '{}')), '[DONE]']), ['f({})', 'tool-calls']);
    assert.deepEqual(callsOf([chunk(call(0, 'a', 'f', '{"x')), '[DONE]']), ['f({"x', 'upstream_stream_incomplete']);
    assert.deepEqual(callsOf([chunk({ content: 'x' }), '[DONE]']), ['upstream_stream_incomplete']);
  });

  test('the bytes end without anything', () => {
    assert.deepEqual(callsOf([]), ['upstream_stream_incomplete']);
    assert.deepEqual(callsOf([chunk({ content: 'x' })]), ['upstream_stream_incomplete']);
    assert.deepEqual(callsOf([chunk({ content: 'x' }, 'null')]), ['upstream_stream_incomplete']);
  });

  test('a broken frame in the middle is a failure, heartbeats are not', () => {
    assert.deepEqual(callsOf([chunk({ content: 'x' }), '{"choices":[', chunk({}, 'stop')]), ['upstream_invalid_frame']);
    assert.deepEqual(callsOf([chunk({ content: 'x' }), 'ping', '', 'null', '[]', chunk({}, 'stop')]), ['stop']);
  });

  test('content behind the finish reason still counts, what follows [DONE] does not', () => {
    const events = readFrames([
      chunk({ content: 'a' }, 'stop'),
      chunk({ content: 'b' }),
      '[DONE]',
      chunk({ content: 'c' }),
    ]);
    assert.deepEqual(
      events.flatMap((event) => (event.type === 'text-delta' ? [event.text] : [])),
      ['a', 'b'],
    );
    assert.equal(events.filter((event) => event.type === 'finish').length, 1);
  });
});

describe('text and thinking in OpenAI streams', () => {
  /** The blocks as `kind:text`. */
  function blocksOf(deltas: readonly JsonObject[]): string[] {
    const blocks: string[] = [];
    for (const event of readFrames([...deltas.map((delta) => chunk(delta)), chunk({}, 'stop')])) {
      if (event.type === 'text-start' || event.type === 'thinking-start')
        blocks.push(`${event.type.replace('-start', '')}:`);
      else if (event.type === 'text-delta' || event.type === 'thinking-delta')
        blocks.push(`${blocks.pop()}${event.text}`);
    }
    return blocks;
  }

  test('empty and null members open no block', () => {
    assert.deepEqual(
      blocksOf([
        { role: '', content: '', reasoning_content: '' },
        { content: null, reasoning_content: null },
      ]),
      [],
    );
  });

  test('thinking turns into text and back', () => {
    const deltas = [
      { reasoning_content: 'a' },
      { reasoning_content: 'b', content: '' },
      { content: 'c', reasoning_content: null },
      { reasoning_content: 'd' },
    ];
    assert.deepEqual(blocksOf(deltas), ['thinking:ab', 'text:c', 'thinking:d']);
  });

  test('both members in one frame: thinking comes first', () => {
    assert.deepEqual(blocksOf([{ reasoning_content: 'a', content: 'b' }]), ['thinking:a', 'text:b']);
  });

  test('`reasoning` counts where `reasoning_content` is missing, and not twice', () => {
    assert.deepEqual(blocksOf([{ reasoning: 'a' }]), ['thinking:a']);
    assert.deepEqual(blocksOf([{ reasoning: 'a', reasoning_content: 'a' }]), ['thinking:a']);
  });

  test('content as parts', () => {
    const content = [
      { type: 'thinking', thinking: [{ type: 'text', text: 'a' }] },
      { type: 'text', text: 'b' },
    ];
    assert.deepEqual(blocksOf([{ content }]), ['thinking:a', 'text:b']);
  });

  test('a refusal is text', () => assert.deepEqual(blocksOf([{ refusal: 'No.' }]), ['text:No.']));

  test('text while a call is open waits behind it', () => {
    const frames = [chunk(call(0, 'a', 'f', '{"x"')), chunk({ content: 'later' }), chunk(call(0, '', '', ':1}')), end];
    const order = readFrames(frames).map((event) => event.type);
    assert.deepEqual(order, [
      'start',
      'tool-call-start',
      'tool-call-delta',
      'tool-call-delta',
      'tool-call-end',
      'text-start',
      'text-delta',
      'text-end',
      'finish',
    ]);
  });

  test('other choices than the first are not mixed in', () => {
    const frame = {
      id: 'c',
      choices: [
        { index: 1, delta: { content: 'second' } },
        { index: 0, delta: { content: 'first' } },
      ],
    };
    const texts = readFrames([frame, chunk({}, 'stop')]).flatMap((event) =>
      event.type === 'text-delta' ? [event.text] : [],
    );
    assert.deepEqual(texts, ['first']);
  });
});

describe('usage in OpenAI streams', () => {
  const places: [string, JsonObject][] = [
    ['a frame of its own', { choices: [], usage: { prompt_tokens: 5, completion_tokens: 2 } }],
    [
      'the last choice frame',
      { choices: [{ index: 0, delta: {} }], usage: { prompt_tokens: 5, completion_tokens: 2 } },
    ],
    ['the choice', { choices: [{ index: 0, delta: {}, usage: { prompt_tokens: 5, completion_tokens: 2 } }] }],
    ["Groq's own member", { choices: [], x_groq: { usage: { prompt_tokens: 5, completion_tokens: 2 } } }],
  ];
  for (const [name, frame] of places) {
    test(`in ${name}`, () => {
      const usage = readFrames([chunk({ content: 'x' }, 'stop'), frame, '[DONE]']).filter(
        (event) => event.type === 'usage',
      );
      assert.deepEqual(usage, [{ type: 'usage', usage: { inputTokens: 5, outputTokens: 2 } }]);
    });
  }

  test('details of every vendor; what is no count is unknown', () => {
    const usageOf = (usage: JsonObject) => {
      const [event] = readFrames([{ choices: [], usage }]).filter((candidate) => candidate.type === 'usage');
      return event?.type === 'usage' ? event.usage : undefined;
    };
    assert.deepEqual(
      usageOf({
        prompt_tokens: 50,
        completion_tokens: 20,
        prompt_tokens_details: { cached_tokens: 30, cache_creation_input_tokens: 10, image_tokens: 4, audio_tokens: 1 },
        completion_tokens_details: { reasoning_tokens: 9, audio_tokens: 2 },
      }),
      {
        inputTokens: 50,
        outputTokens: 20,
        cachedReadTokens: 30,
        cachedWriteTokens: 10,
        reasoningTokens: 9,
        imageTokens: 4,
        audioTokens: 3,
      },
    );
    assert.deepEqual(usageOf({ prompt_cache_hit_tokens: 3 }), { cachedReadTokens: 3 });
    assert.deepEqual(usageOf({ prompt_tokens: -1, completion_tokens: '7', prompt_tokens_details: null }), {});
  });
});
