import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { anthropicMessages } from '../../src/codec/anthropic-messages/index.ts';
import { openaiChat } from '../../src/codec/openai-chat/index.ts';
import type { Codec, StreamWriterOptions } from '../../src/domain/codec.ts';
import { isObject } from '../../src/domain/json.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import type { Protocol } from '../../src/domain/protocol.ts';
import type { StreamEvent } from '../../src/domain/stream-event.ts';
import { SseParser } from '../../src/wire/sse.ts';

export const codecs: Readonly<Record<Protocol, Codec>> = {
  'openai-chat': openaiChat,
  'anthropic-messages': anthropicMessages,
};

/** What every golden answer is written with. */
export const writerOptions: StreamWriterOptions = {
  model: 'asked-model',
  includeUsage: true,
  now: 1_700_000_000,
  requestId: 'req-1',
};

export type FixtureKind = 'streams' | 'responses' | 'requests';

export interface Fixture {
  name: string;
  bytes: Buffer;
}

/** The fixtures of a protocol, in the order of their names. */
export function fixturesOf(protocol: Protocol, kind: FixtureKind): Fixture[] {
  const folder = new URL(`../fixtures/${protocol}/${kind}/`, import.meta.url);
  return readdirSync(folder)
    .sort()
    .map((name) => ({ name: name.replace(/\.\w+$/, ''), bytes: readFileSync(new URL(name, folder)) }));
}

export function parseObject(bytes: Buffer): JsonObject {
  const value: unknown = JSON.parse(bytes.toString('utf8'));
  assert.ok(isObject(value));
  return value;
}

/** The events of a stream whose bytes arrive in these chunks. */
export function readChunks(codec: Codec, chunks: readonly Buffer[]): StreamEvent[] {
  const parser = new SseParser();
  const reader = codec.streamReader();
  const events = chunks.flatMap((chunk) => parser.push(chunk)).flatMap((frame) => reader.read(frame));
  events.push(...parser.end().flatMap((frame) => reader.read(frame)));
  return [...events, ...reader.end()];
}

export function writeAll(codec: Codec, events: readonly StreamEvent[], options = writerOptions): string {
  const writer = codec.streamWriter(options);
  return events.map((event) => writer.write(event)).join('') + writer.end();
}

/** Compares with the stored file; `UPDATE_GOLDEN=1` stores instead, to be read in the diff before it is committed. */
export function matchGolden(path: string, actual: string): void {
  const file = new URL(`./expected/${path}`, import.meta.url);
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(new URL('.', file), { recursive: true });
    writeFileSync(file, actual);
    return;
  }
  assert.ok(existsSync(file), `${path} is missing; run with UPDATE_GOLDEN=1 and read what it stores`);
  assert.equal(actual, readFileSync(file, 'utf8'));
}
