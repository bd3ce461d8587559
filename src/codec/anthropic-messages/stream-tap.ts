import { asObject, asString, parseJson } from '../../domain/json.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { AnswerFacts, StreamTap, StreamTapOptions } from '../../domain/pass-through.ts';
import { mergeUsage } from '../../domain/usage.ts';
import { JsonDocument } from '../../wire/json-document.ts';
import { formatFrame, parseFrame } from '../../wire/sse.ts';
import type { SseFrame } from '../../domain/codec.ts';
import { explainFrame, textLength } from '../shared/tap.ts';
import type { TapErrors } from '../shared/tap.ts';
import { readUsage } from './usage.ts';

/** The frames that are looked into; all others pass by their event name alone. */
const looksAt = /^event: ?(?:message_start|message_delta|message_stop|error)\b/m;
const producedText = /"(?:text|thinking|partial_json)":\s*"(?!")/;
const named = /^event:/m;
const toolUse = /"type":\s*"tool_use"/;

/** The read-only tap of an Anthropic stream; its edits: an error frame in the native form becomes the protocol's, a renamed tool gets its own name back. */
export function anthropicStreamTap(options: StreamTapOptions, facts: AnswerFacts, errors: TapErrors): StreamTap {
  function frame(raw: Buffer): Buffer | undefined {
    // The error was the end, whatever the upstream still sends.
    if (facts.failure) return undefined;
    const text = raw.toString('latin1');
    if (options.toolNames && toolUse.test(text)) return withOwnName(raw, options.toolNames);
    facts.producedBytes += textLength(text, producedText);
    if (named.test(text) && !looksAt.test(text)) return raw;
    const parsed = parseFrame(raw);
    if (!parsed || parsed.data === '') return raw;
    const body = asObject(parseJson(parsed.data));
    const type = asString(body?.['type']);
    const handler = type === undefined ? undefined : handlers[type];
    if (body && handler) handler(body, facts);
    else if (parsed.event === 'error' || type === 'error' || (body && type === undefined))
      return failureFrame(raw, parsed, body);
    return raw;
  }

  function failureFrame(raw: Buffer, parsed: SseFrame, body: JsonObject | undefined): Buffer {
    facts.failure = errors.readError(200, parsed.data);
    const explanation = options.explain?.(facts.failure);
    return asObject(body?.['error']) && body?.['type'] === 'error'
      ? explainFrame(raw, parsed, explanation)
      : Buffer.from(errors.writeFailure(facts.failure, explanation));
  }

  return { facts, frame };
}

function withOwnName(raw: Buffer, toolNames: ReadonlyMap<string, string>): Buffer {
  const parsed = parseFrame(raw);
  const block = asObject(asObject(parseJson(parsed?.data ?? ''))?.['content_block']);
  const name = toolNames.get(asString(block?.['name']) ?? '');
  if (!parsed || name === undefined) return raw;
  const document = new JsonDocument(Buffer.from(parsed.data));
  document.set(['content_block', 'name'], name);
  return Buffer.from(formatFrame(document.toBytes().toString('utf8'), parsed.event));
}

const handlers: Record<string, (body: JsonObject, facts: AnswerFacts) => void> = {
  message_start(body, facts) {
    const message = asObject(body['message']);
    const id = asString(message?.['id']);
    if (id !== undefined) facts.id = id;
    noteUsage(message, facts);
  },
  message_delta: noteUsage,
  message_stop(_body, facts) {
    facts.finished = true;
  },
};

function noteUsage(holder: JsonObject | undefined, facts: AnswerFacts): void {
  const usage = asObject(holder?.['usage']);
  if (usage) facts.usage = mergeUsage(facts.usage, readUsage(usage));
}
