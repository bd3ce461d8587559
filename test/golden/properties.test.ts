import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isObject } from '../../src/domain/json.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import { protocols } from '../../src/domain/protocol.ts';
import type { StreamEvent } from '../../src/domain/stream-event.ts';
import { assertEventOrder } from './event-order.ts';
import { codecs, fixturesOf, parseObject, readChunks, writeAll, writerOptions } from './fixtures.ts';

/** What a reader of the whole answer sees: ids, texts and signatures, whatever the deltas were cut into. */
function contentOf(events: readonly StreamEvent[]): string {
  const parts: string[] = [];
  for (const event of events) {
    if (event.type === 'text-delta' || event.type === 'thinking-delta') parts.push(event.text);
    else if (event.type === 'tool-call-delta') parts.push(event.argumentsJson);
    else if (event.type !== 'usage' && event.type !== 'start') parts.push(`\n${JSON.stringify(event)}\n`);
  }
  return parts.join('');
}

function endsWell(events: readonly StreamEvent[]): boolean {
  return events.at(-1)?.type === 'finish';
}

for (const source of protocols) {
  const codec = codecs[source];
  const streams = fixturesOf(source, 'streams');

  describe(`streams of ${source}, however they are cut`, () => {
    for (const { name, bytes } of streams) {
      const whole = readChunks(codec, [bytes]);
      test(`${name}: events come in order`, () => assertEventOrder(whole));
      test(`${name}: cut in two at every byte, the same events`, () => {
        const expected = JSON.stringify(whole);
        for (let cut = 1; cut < bytes.length; cut += 1) {
          const events = readChunks(codec, [bytes.subarray(0, cut), bytes.subarray(cut)]);
          assert.equal(JSON.stringify(events), expected, `cut at ${cut}`);
        }
      });
      test(`${name}: byte by byte, the same events`, () => {
        const bytewise = Array.from(bytes, (_byte, index) => bytes.subarray(index, index + 1));
        assert.deepEqual(readChunks(codec, bytewise), whole);
      });
      test(`${name}: broken off at every byte, never a clean end before the answer is whole`, () => {
        for (let length = 0; length < bytes.length; length += 1) {
          const events = readChunks(codec, [bytes.subarray(0, length)]);
          assertEventOrder(events);
          if (endsWell(events)) assert.equal(contentOf(events), contentOf(whole), `broken off at ${length}`);
        }
      });
    }
  });

  describe(`the whole answer of ${source} is its stream folded`, () => {
    for (const { name, bytes } of streams) {
      const events = readChunks(codec, [bytes]);
      if (!endsWell(events)) continue;
      for (const target of protocols) {
        test(`${name} as ${target}`, () => {
          const streamed = readChunks(codecs[target], [Buffer.from(writeAll(codecs[target], events))]);
          const whole = codecs[target].readResponse(codecs[target].writeResponse(events, writerOptions));
          assert.deepEqual(fold(whole, target), fold(streamed, target));
        });
      }
    }
  });

  describe(`answers of ${source} over the other protocol and back`, () => {
    const other = source === 'openai-chat' ? 'anthropic-messages' : 'openai-chat';
    for (const { name, bytes } of streams) {
      const events = readChunks(codec, [bytes]);
      if (!endsWell(events)) continue;
      test(`${name} keeps text, thinking, tools and usage`, () => {
        const there = readChunks(codecs[other], [Buffer.from(writeAll(codecs[other], events))]);
        const back = readChunks(codec, [Buffer.from(writeAll(codec, there))]);
        assert.deepEqual(fold(back, 'openai-chat'), fold(events, 'openai-chat'));
      });
    }
  });
}

/** The answer without what the writer adds or the other protocol cannot carry. */
function fold(events: readonly StreamEvent[], target: keyof typeof codecs): JsonObject {
  const { created: _created, usage, ...body } = codecs[target].writeResponse(events, writerOptions);
  const counts = isObject(usage)
    ? Object.entries(usage).filter(([, figure]) => typeof figure === 'number' && figure > 0)
    : [];
  return { ...body, usage: Object.fromEntries(counts) };
}

describe('requests over the other protocol and back', () => {
  for (const { name, bytes } of fixturesOf('openai-chat', 'requests')) {
    test(`${name} keeps what was said`, () => {
      const { conversation } = codecs['openai-chat'].readRequest(parseObject(bytes));
      const there = codecs['anthropic-messages'].writeRequest(conversation).body;
      const back = codecs['anthropic-messages'].readRequest(there).conversation;
      assert.deepEqual(
        back.tools.map((tool) => tool.name),
        conversation.tools.map((tool) => tool.name),
      );
      assert.deepEqual(said(back), said(conversation));
      assert.deepEqual(back.toolChoice, conversation.toolChoice);
      assert.deepEqual(back.stop, conversation.stop);
    });
  }
});

/** Texts, calls and results in order. Ids are made fit for Anthropic on the way, arguments become objects. */
function said({ system, turns }: ReturnType<(typeof codecs)['openai-chat']['readRequest']>['conversation']): string[] {
  const instructions = system.map((part) => part.text);
  const parts = turns.flatMap((turn) => turn.parts.map((part) => describePart(part)));
  return [...instructions, ...parts].filter((line) => line !== '');
}

function describePart(part: { type: string; text?: string; name?: string; callId?: string }): string {
  if (part.type === 'text') return part.text ?? '';
  if (part.type === 'tool-call') return `calls ${part.name}`;
  return part.type === 'tool-result' ? `result of ${part.callId?.replace(/\W/g, '_')}` : '';
}
