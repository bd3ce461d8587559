import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { GatewayError } from '../../src/domain/gateway-error.ts';
import { parseJson } from '../../src/domain/json.ts';
import { protocols } from '../../src/domain/protocol.ts';
import type { StreamEvent } from '../../src/domain/stream-event.ts';
import { assertAnthropicSequence } from './anthropic-sequence.ts';
import { assertChatChunks } from './chat-chunks.ts';
import { codecs, fixturesOf, matchGolden, parseObject, readChunks, writeAll, writerOptions } from './fixtures.ts';

const validators = { 'openai-chat': assertChatChunks, 'anthropic-messages': assertAnthropicSequence };

function assertParsable(inputs: readonly string[]): void {
  for (const input of inputs) assert.notEqual(parseJson(input), undefined, input);
}

function pretty(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** The events as one line each: what the target protocols are written from. */
function listEvents(events: readonly StreamEvent[]): string {
  return events.map((event) => `${JSON.stringify(event)}\n`).join('');
}

for (const source of protocols) {
  describe(`streams of ${source}`, () => {
    for (const { name, bytes } of fixturesOf(source, 'streams')) {
      const events = readChunks(codecs[source], [bytes]);
      test(`${name} as events`, () => matchGolden(`streams/${source}/${name}.events.jsonl`, listEvents(events)));
      for (const target of protocols) {
        test(`${name} to ${target}`, () => {
          const text = writeAll(codecs[target], events);
          matchGolden(`streams/${source}/${name}.${target}.sse`, text);
          assertParsable(validators[target](text).inputs);
        });
      }
    }
  });

  describe(`responses of ${source}`, () => {
    for (const { name, bytes } of fixturesOf(source, 'responses')) {
      const events = codecs[source].readResponse(parseJson(bytes.toString('utf8')) ?? null);
      for (const target of protocols) {
        test(`${name} to ${target}`, () => {
          const whole = codecs[target].writeResponse(events, writerOptions);
          matchGolden(`responses/${source}/${name}.${target}.json`, pretty(whole));
        });
        test(`${name} to ${target} as a stream`, () => {
          assertParsable(validators[target](writeAll(codecs[target], events)).inputs);
        });
      }
    }
  });

  describe(`streams of ${source} folded`, () => {
    for (const { name, bytes } of fixturesOf(source, 'streams')) {
      for (const target of protocols) {
        test(`${name} to ${target}`, () => {
          const events = readChunks(codecs[source], [bytes]);
          matchGolden(`folded/${source}/${name}.${target}.json`, pretty(foldOrError(target, events)));
        });
      }
    }
  });

  describe(`requests of ${source}`, () => {
    for (const { name, bytes } of fixturesOf(source, 'requests')) {
      for (const target of protocols) {
        test(`${name} to ${target}`, () => {
          const { conversation, dropped } = codecs[source].readRequest(parseObject(bytes));
          const written = codecs[target].writeRequest(conversation);
          const text = pretty({ dropped: [...dropped, ...written.dropped], body: written.body });
          matchGolden(`requests/${source}/${name}.${target}.json`, text);
        });
      }
      test(`${name} to openai-chat in Model Studio's dialect`, () => {
        const { conversation } = codecs[source].readRequest(parseObject(bytes));
        const written = codecs['openai-chat'].writeRequest(conversation, { thinkingSwitch: true });
        matchGolden(`requests/${source}/${name}.model-studio.json`, pretty(written));
      });
    }
  });
}

function foldOrError(target: keyof typeof codecs, events: readonly StreamEvent[]): unknown {
  try {
    return codecs[target].writeResponse(events, writerOptions);
  } catch (error) {
    if (error instanceof GatewayError) return codecs[target].writeError(error, 'req-1');
    throw error;
  }
}
