import type { ErrorExplanation, UpstreamFailure } from '../../domain/gateway-error.ts';
import { asArray, asNumber, asObject, asString, parseJson } from '../../domain/json.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { AnswerFacts, StreamTap, StreamTapOptions } from '../../domain/pass-through.ts';
import { mergeUsage } from '../../domain/usage.ts';
import { JsonDocument } from '../../wire/json-document.ts';
import { formatFrame, parseFrame } from '../../wire/sse.ts';
import { failureOfFrame, mayBeFailure } from '../shared/failure.ts';
import { explainFrame, textLength } from '../shared/tap.ts';
import type { TapErrors } from '../shared/tap.ts';
import { brokenFinish, finishReasonText, firstChoice } from './finish-reason.ts';
import { readUsage } from './usage.ts';

/*
 * Byte tests on the frame as Latin-1 text: names of members are ASCII, and inside a JSON string their quotes are escaped,
 * so `"usage":` cannot be the text of an answer.
 */
const usageObject = /"usage":\s*\{/;
const producedText = /"(?:content|reasoning_content|reasoning|arguments)":\s*"(?!")/;
const toolCalls = /"tool_calls":\s*\[/;
const doneFrame = /^data: ?\[DONE\]/m;
/** With an `event:` or `id:` line around it. */
const longestDone = 100;

/** The read-only tap of an OpenAI chat stream, with its named edits: usage frame, tool-call ids, a missing finish, foreign error bodies. */
export function openaiStreamTap(options: StreamTapOptions, facts: AnswerFacts, errors: TapErrors): StreamTap {
  /** The arguments so far of each call by its index. */
  const calls = new Map<number, string>();
  let lastCall: JsonObject = {};
  let opened = false;

  function frame(raw: Buffer): Buffer | undefined {
    // The error was the end, whatever the upstream still sends.
    if (facts.failure) return undefined;
    const text = raw.toString('latin1');
    if (mayBeFailure(text)) {
      const failed = failureFrame(raw);
      if (failed) return failed;
    }
    if (!facts.finished && raw.length < longestDone && doneFrame.test(text)) return unfinishedEnd(raw);
    facts.producedBytes += textLength(text, producedText);
    if (!opened) noteId(raw);
    if (usageObject.test(text) && isUsageFrame(raw)) return undefined;
    if (!facts.finished) {
      const broken = noteFinish(raw, text);
      if (broken) return broken;
    }
    if (toolCalls.test(text)) return toolFrame(raw);
    return raw;
  }

  function noteId(raw: Buffer): void {
    const body = frameBody(raw);
    if (!body) return;
    opened = true;
    const id = asString(body['id']);
    if (id !== undefined) facts.id = id;
  }

  /** Notes the usage; true when the frame exists only because the gateway asked for it. */
  function isUsageFrame(raw: Buffer): boolean {
    const body = frameBody(raw);
    const usage = asObject(body?.['usage']);
    if (!body || !usage) return false;
    facts.usage = mergeUsage(facts.usage, readUsage(usage));
    return options.stripUsage && asArray(body['choices']).length === 0;
  }

  /** The error event for a frame that is one; undefined for a part of the answer. */
  function failureFrame(raw: Buffer): Buffer | undefined {
    const parsed = parseFrame(raw);
    if (!parsed) return undefined;
    const body = asObject(parseJson(parsed.data));
    if (!body) return parsed.event === 'error' ? fail(errors.readError(200, parsed.data)) : undefined;
    const failure = failureOfFrame(parsed.event, body);
    if (!failure) return undefined;
    // With choices beside it some clients would take the frame for a part of the answer.
    const isStandard = asString(asObject(body['error'])?.['message']) !== undefined && body['choices'] === undefined;
    return fail(failure, isStandard ? (explanation) => explainFrame(raw, parsed, explanation) : undefined);
  }

  /** Notes the end of the answer; the error event when the finish reason says that it broke off. */
  function noteFinish(raw: Buffer, text: string): Buffer | undefined {
    const reason = finishReasonText.exec(text)?.[1];
    if (reason === undefined) return undefined;
    const broken = brokenFinish(reason) && brokenFinish(firstChoice(frameBody(raw) ?? {})?.['finish_reason']);
    if (broken) return fail(broken);
    facts.finished = true;
    return undefined;
  }

  function fail(
    failure: UpstreamFailure,
    write: (explanation: ErrorExplanation | undefined) => Buffer = (explanation) =>
      Buffer.from(errors.writeFailure(failure, explanation)),
  ): Buffer {
    facts.failure = failure;
    return write(options.explain?.(failure));
  }

  /**
   * `[DONE]` before any finish reason. Some vendors leave it out behind whole tool calls, where it is added. Otherwise the
   * answer broke off: clients would take this frame for a clean end, so it is left out, and an error follows.
   */
  function unfinishedEnd(raw: Buffer): Buffer | undefined {
    const whole = calls.size > 0 && [...calls.values()].every((text) => asObject(parseJson(text)) !== undefined);
    if (!whole) return undefined;
    facts.finished = true;
    facts.adjusted.add('tool-ids');
    const choices = [{ index: 0, delta: {}, logprobs: null, finish_reason: 'tool_calls' }];
    return Buffer.concat([Buffer.from(formatFrame(JSON.stringify({ ...lastCall, choices }))), raw]);
  }

  /**
   * Model Studio repeats `"id":""` in every continuation of a tool call, which broke several clients; `"name":""` breaks
   * the helpers of openai 7. Id and name are sent once and never empty.
   */
  function toolFrame(raw: Buffer): Buffer {
    const payload = parseFrame(raw)?.data;
    if (payload === undefined || asObject(parseJson(payload)) === undefined) return raw;
    const document = new JsonDocument(Buffer.from(payload));
    lastCall = document.value;
    for (const [choice, value] of asArray(document.value['choices']).entries()) {
      const pieces = asArray(asObject(asObject(value)?.['delta'])?.['tool_calls']);
      for (const [position, call] of pieces.entries()) {
        fixCall(document, asObject(call), ['choices', choice, 'delta', 'tool_calls', position]);
      }
    }
    if (!document.edited) return raw;
    facts.adjusted.add('tool-ids');
    return Buffer.from(formatFrame(document.toBytes().toString('utf8')));
  }

  function fixCall(document: JsonDocument, call: JsonObject | undefined, path: (string | number)[]): void {
    if (!call) return;
    const index = asNumber(call['index']) ?? 0;
    const first = !calls.has(index);
    calls.set(index, (calls.get(index) ?? '') + (asString(asObject(call['function'])?.['arguments']) ?? ''));
    if (first && !call['id']) document.set([...path, 'id'], `call_${options.requestId}_${index}`);
    if (!first && call['id'] !== undefined) document.remove([...path, 'id']);
    const name = asObject(call['function'])?.['name'];
    const own = first ? options.toolNames?.get(asString(name) ?? '') : undefined;
    if (own !== undefined) document.set([...path, 'function', 'name'], own);
    if (name !== undefined && (name === '' || name === null || !first)) document.remove([...path, 'function', 'name']);
  }

  return { facts, frame };
}

function frameBody(raw: Buffer): JsonObject | undefined {
  return asObject(parseJson(parseFrame(raw)?.data ?? ''));
}
