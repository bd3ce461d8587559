import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { GatewayError } from '../../src/domain/gateway-error.ts';
import { isObject } from '../../src/domain/json.ts';
import type { JsonObject, JsonValue } from '../../src/domain/json.ts';
import { protocols } from '../../src/domain/protocol.ts';
import { SseParser } from '../../src/wire/sse.ts';
import { assertAnthropicSequence } from '../golden/anthropic-sequence.ts';
import { assertChatChunks } from '../golden/chat-chunks.ts';
import { assertEventOrder } from '../golden/event-order.ts';
import { codecs, fixturesOf, parseObject, writeAll } from '../golden/fixtures.ts';

const validators = { 'openai-chat': assertChatChunks, 'anthropic-messages': assertAnthropicSequence };

function nest(levels: number): JsonValue {
  let value: JsonValue = 'deep';
  for (let level = 0; level < levels; level += 1) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}

/** Nested deeper than recursion reaches: it can be parsed, but neither walked nor written without care. */
const veryDeep = nest(20_000);
const veryDeepText = '['.repeat(20_000) + ']'.repeat(20_000);

/** What stands at every place of every fixture in turn. */
const strangers: (JsonValue | undefined)[] = [
  undefined,
  null,
  true,
  0,
  -1,
  1.5,
  1e308,
  '',
  'constructor',
  '__proto__',
  '\u0000\ud800',
  [],
  [null],
  [[['a']]],
  {},
  { type: 'text' },
  { type: {} },
  { role: 'user', content: [{}] },
  nest(50),
  veryDeep,
];

/** The same for frames, whose text is sent: the placeholder becomes the very deep value there. */
const frameStrangers = strangers.map((stranger) => (stranger === veryDeep ? 'very deep' : stranger));

/** Every path in the value, the root excluded. */
function pathsOf(value: JsonValue | undefined, path: (string | number)[] = []): (string | number)[][] {
  const own = path.length === 0 ? [] : [path];
  if (Array.isArray(value)) return [...own, ...value.flatMap((entry, index) => pathsOf(entry, [...path, index]))];
  if (!isObject(value)) return own;
  return [...own, ...Object.keys(value).flatMap((key) => pathsOf(value[key], [...path, key]))];
}

/** A copy with another value at the path; only what lies on the path is copied. */
function replaceAt(
  value: JsonValue | undefined,
  [key, ...rest]: (string | number)[],
  stranger: JsonValue | undefined,
): JsonValue {
  assert.ok(key !== undefined);
  if (Array.isArray(value) && typeof key === 'number') {
    return value.with(key, (rest.length === 0 ? stranger : replaceAt(value[key], rest, stranger)) ?? null);
  }
  assert.ok(isObject(value));
  return { ...value, [key]: rest.length === 0 ? stranger : replaceAt(value[key], rest, stranger) };
}

function* mutations(value: JsonObject, others = strangers): Generator<JsonObject> {
  for (const path of pathsOf(value)) {
    for (const stranger of others) {
      const mutated = replaceAt(value, path, stranger);
      assert.ok(isObject(mutated));
      yield mutated;
    }
  }
}

/** Reads the request and writes it to every protocol; a refusal must be the client's fault and say where. */
function translate(source: (typeof protocols)[number], body: JsonObject): 'written' | 'refused' {
  try {
    const { conversation, dropped } = codecs[source].readRequest(body);
    for (const path of dropped) assert.match(path, /^[\x21-\x7e]{1,160}$/);
    assert.ok(dropped.length <= 40);
    for (const target of protocols) {
      JSON.stringify(codecs[target].writeRequest(conversation).body);
      codecs[target].writeRequest(conversation, { thinkingSwitch: true, developerRole: true });
    }
    return 'written';
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    assert.equal(error.status, 400);
    assert.equal(error.origin, 'client');
    assert.equal(error.code, 'invalid_request_error');
    assert.ok(error.param !== undefined && error.message.startsWith(error.param));
    return 'refused';
  }
}

describe('malformed requests', () => {
  for (const source of protocols) {
    test(`${source}: any value at any place is read or refused with its path`, () => {
      const outcomes = { written: 0, refused: 0 };
      for (const { bytes } of fixturesOf(source, 'requests')) {
        for (const body of mutations(parseObject(bytes))) outcomes[translate(source, body)] += 1;
      }
      assert.ok(outcomes.written > 1000 && outcomes.refused > 1000, JSON.stringify(outcomes));
    });
  }
});

describe('malformed answers', () => {
  for (const source of protocols) {
    test(`${source}: any value at any place of any frame leaves a well-formed answer`, () => {
      for (const { bytes } of fixturesOf(source, 'streams')) {
        const parser = new SseParser();
        const frames = [...parser.push(bytes), ...parser.end()];
        frames.forEach((frame, position) => {
          if (!frame.data.startsWith('{') || !frame.data.endsWith('}')) return;
          for (const body of mutations(parseObject(Buffer.from(frame.data)), frameStrangers)) {
            const data = JSON.stringify(body).replaceAll('"very deep"', veryDeepText);
            const reader = codecs[source].streamReader();
            const events = frames.flatMap((other, index) =>
              reader.read(index === position ? { ...frame, data } : other),
            );
            events.push(...reader.end());
            assertEventOrder(events);
          }
        });
      }
    });
    test(`${source}: any value at any place of a whole answer`, () => {
      for (const { bytes } of fixturesOf(source, 'responses')) {
        for (const body of mutations(parseObject(bytes))) {
          const events = codecs[source].readResponse(body);
          assertEventOrder(events);
          for (const target of protocols) validators[target](writeAll(codecs[target], events));
        }
      }
    });
    test(`${source}: what is not an answer at all is a failure`, () => {
      for (const value of [null, true, 1, 'text', [], {}, [{}]]) {
        assert.equal(codecs[source].readResponse(value).at(-1)?.type, 'error');
      }
    });
  }
});
