import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openaiChat } from '../../../src/codec/openai-chat/index.ts';
import type { AnswerFacts } from '../../../src/domain/pass-through.ts';
import { parseFrame } from '../../../src/wire/sse.ts';

const text = '{"id":"c1","choices":[{"index":0,"delta":{"content":"Hel"},"finish_reason":null}]}';
const done = '[DONE]';

function choice(finishReason: string, rest = ''): string {
  return `{"id":"c1","choices":[{"index":0,"delta":{"content":"x"},"finish_reason":${finishReason}}]${rest}}`;
}

/** What the tap makes of frames, given as the data of each or as whole frames. */
function tapped(...frames: string[]): { sent: string[]; facts: AnswerFacts } {
  const facts: AnswerFacts = { finished: false, adjusted: new Set(), producedBytes: 0 };
  const tap = openaiChat.streamTap({ stripUsage: false, requestId: 'req' }, facts);
  const raws = frames.map((frame) =>
    Buffer.from(frame.startsWith('{') || frame === done ? `data: ${frame}\n\n` : frame),
  );
  const sent = raws.flatMap((raw) => tap.frame(raw)?.toString() ?? []);
  return { sent, facts };
}

/** What the reader says of the same frames: the code and message of the failure. */
function asRead(...frames: string[]): unknown {
  const reader = openaiChat.streamReader();
  const events = frames.flatMap((frame) => {
    const parsed = parseFrame(Buffer.from(frame.startsWith('{') ? `data: ${frame}\n\n` : frame));
    return parsed ? reader.read(parsed) : [];
  });
  return events.find((event) => event.type === 'error')?.failure;
}

/*
 * Symptom: a stream that died behind `"finish_reason":""` ended as if it were whole. Cause: any string counted as the end.
 * Fix: the tap takes for an end what the reader takes for one.
 */
describe('a finish reason in a stream that passes', () => {
  for (const [reason, finished] of [
    ['""', false],
    ['"null"', false],
    ['null', false],
    ['"stop"', true],
    ['"nullable"', true],
    [' "length"', true],
  ] as const) {
    it(`${reason} is ${finished ? 'the end' : 'no end'}, and passes`, () => {
      const { sent, facts } = tapped(text, choice(reason));
      assert.deepEqual([facts.finished, facts.failure], [finished, undefined]);
      assert.equal(sent[1], `data: ${choice(reason)}\n\n`);
    });
  }

  it('counts wherever it stands among several choices', () => {
    const both =
      '{"choices":[{"index":1,"delta":{},"finish_reason":""},{"index":0,"delta":{},"finish_reason":"stop"}]}';
    assert.equal(tapped(text, both).facts.finished, true);
  });
});

/*
 * Symptom: error frames passed as parts of an answer, and parts of an answer were replaced by an error. Cause: a frame was an
 * error when its very first member had one of four names. Fix: what looks suspicious is parsed and judged as the reader judges it.
 */
describe('an error frame in a stream that passes', () => {
  const frames = [
    '{"error":{"message":"boom","type":"server_error","code":"internal_error"}}',
    '{"id":"c1","error":{"message":"boom","type":"server_error","code":"internal_error"}}',
    '{ "error" : {"message":"boom"}}',
    '{"object":"error","message":"boom","type":"BadRequestError","code":500}',
    '{"object":"error","message":"boom","type":"BadRequestError","code":null}',
    '{"error":"boom"}',
    '{"type":"error","error":{"type":"overloaded_error","message":"boom"}}',
    '{"id":"c1","request_id":"r","code":"Throttling.RateQuota","message":"boom"}',
    choice('"error"', ',"error":{"message":"boom","code":502}'),
    choice('"error"'),
    choice(' "insufficient_system_resource"'),
    choice('"network_error"'),
    'id:1\nevent:error\n:HTTP_STATUS/429\ndata:{"code":"Throttling","message":"boom"}\n\n',
    'event: error\ndata: boom\n\n',
  ];
  for (const frame of frames) {
    it(`is what the reader takes for one, and nothing follows it: ${frame.trim()}`, () => {
      const { sent, facts } = tapped(text, frame, text, done);
      assert.equal(sent.length, 2);
      assert.notEqual(facts.failure, undefined);
      assert.deepEqual(facts.failure, asRead(text, frame));
      const told = JSON.parse(parseFrame(Buffer.from(sent[1] ?? ''))?.data ?? '');
      assert.equal(told.error.message, facts.failure?.message);
      assert.equal(told.choices, undefined);
    });
  }

  for (const frame of [
    '{"error":null,"id":"c1","choices":[{"index":0,"delta":{"content":"X"},"finish_reason":null}]}',
    '{"error": null, "code": null, "id":"c1","choices":[{"index":0,"delta":{"content":"X"}}]}',
    '{"error":"","message":"","choices":[{"index":0,"delta":{"content":"X"}}]}',
    '{"code":0,"message":"ok","choices":[{"index":0,"delta":{"content":"X"}}]}',
    '{"choices":[{"index":0,"delta":{"content":"\\"error\\":{\\"message\\":1}"}}]}',
    '{"choices":[{"index":0,"delta":{"content":"x","error":{"message":"of a tool"}}}]}',
    '{"choices":[{"index":1,"delta":{},"finish_reason":"error"}]}',
  ]) {
    it(`is none that is part of an answer: ${frame}`, () => {
      const { sent, facts } = tapped(text, frame);
      assert.equal(sent[1], `data: ${frame}\n\n`);
      assert.equal(facts.failure, undefined);
      assert.equal(asRead(text, frame), undefined);
    });
  }

  it('that breaks off the answer still brings its usage', () => {
    const { facts } = tapped(text, choice('"error"', ',"usage":{"prompt_tokens":3,"completion_tokens":4}'));
    assert.deepEqual([facts.usage?.inputTokens, facts.usage?.outputTokens], [3, 4]);
  });
});
