import type { SseFrame, StreamReader } from '../../domain/codec.ts';
import { asNumber, asObject, asString, isObject, parseJson } from '../../domain/json.ts';
import type { JsonObject, JsonValue } from '../../domain/json.ts';
import type { StreamEvent } from '../../domain/stream-event.ts';
import { EventSequence } from '../shared/event-sequence.ts';
import { brokenStream, failureFromText, failureOfFrame, invalidFrame } from '../shared/failure.ts';
import { incompleteAnswer } from '../shared/fold.ts';
import { brokenFinish, firstChoice, readFinishReason } from './finish-reason.ts';
import { readUsage } from './usage.ts';

/** A tool call under its handle, with the id that the wire gave it so far. */
interface OpenCall {
  key: string;
  id: string;
}

interface ReaderState {
  sequence: EventSequence;
  /** A frame could not be read: harmless only if nothing follows, for then the stream was cut there. */
  damaged: boolean;
  callsSeen: number;
  /** The call that a frame without index continues. */
  lastCall: OpenCall | undefined;
  /** The newest call of each wire index. */
  callAtIndex: Map<number, OpenCall>;
}

function newState(): ReaderState {
  return { sequence: new EventSequence(), damaged: false, callsSeen: 0, lastCall: undefined, callAtIndex: new Map() };
}

/** Reads `chat.completion.chunk` frames with the quirks that compatible vendors are known for. */
export function streamReader(): StreamReader {
  const state = newState();
  const { sequence } = state;
  return {
    read(frame: SseFrame): StreamEvent[] {
      if (sequence.ended) return [];
      if (state.damaged) sequence.fail(invalidFrame());
      else if (frame.data === '[DONE]') finishStream(state);
      else readData(frame, state);
      return sequence.take();
    },
    end(): StreamEvent[] {
      if (sequence.finishSeen) sequence.end();
      else sequence.fail({ ...incompleteAnswer });
      return sequence.take();
    },
  };
}

/** A whole `chat.completion` as events, through the handlers of the stream. */
export function readResponse(body: JsonValue): StreamEvent[] {
  const state = newState();
  const { sequence } = state;
  const failure = isObject(body) ? failureOfFrame('', body) : undefined;
  if (failure !== undefined) sequence.fail(failure);
  else if (!isObject(body) || !Array.isArray(body['choices']) || body['choices'].length === 0) {
    sequence.fail(
      brokenStream('upstream_invalid_response', 'The upstream answered with something that is not a chat completion.'),
    );
  } else {
    readChunk(body, state);
    // HTTP says where a whole answer ends, so a missing finish reason is only that.
    sequence.finish('stop');
    sequence.end();
  }
  return sequence.take();
}

/** `[DONE]`: without a finish reason only complete tool calls make a whole answer. */
function finishStream({ sequence }: ReaderState): void {
  if (!sequence.finishSeen && sequence.toolCallsComplete) sequence.finish('tool-calls');
  if (sequence.finishSeen) sequence.end();
  else sequence.fail({ ...incompleteAnswer });
}

function readData(frame: SseFrame, state: ReaderState): void {
  const data = parseJson(frame.data);
  if (!isObject(data)) {
    // Anything but an error or a broken object is a heartbeat in a vendor's own fashion.
    if (frame.event === 'error') state.sequence.fail(failureFromText(200, frame.data));
    else state.damaged = frame.data.startsWith('{');
    return;
  }
  const failure = failureOfFrame(frame.event, data);
  if (failure !== undefined) state.sequence.fail(failure);
  else readChunk(data, state);
}

/** One chunk, or a whole completion: its `message` has the members of a `delta`. */
function readChunk(chunk: JsonObject, state: ReaderState): void {
  const { sequence } = state;
  sequence.start(asString(chunk['id']) ?? '', asString(chunk['model']) ?? '', asNumber(chunk['created']));
  const choice = firstChoice(chunk);
  if (choice !== undefined) {
    const delta = asObject(choice['delta']) ?? asObject(choice['message']);
    if (delta !== undefined) readDelta(delta, state);
  }
  // Moonshot puts the usage into the choice, Groq into a member of its own.
  const usage =
    asObject(chunk['usage']) ?? asObject(choice?.['usage']) ?? asObject(asObject(chunk['x_groq'])?.['usage']);
  if (usage !== undefined) sequence.usage(readUsage(usage));
  const broken = brokenFinish(choice?.['finish_reason']);
  const reason = readFinishReason(choice?.['finish_reason']);
  if (broken !== undefined) sequence.fail(broken);
  else if (reason !== undefined) sequence.finish(reason);
}

function readDelta(delta: JsonObject, state: ReaderState): void {
  const { sequence } = state;
  // OpenRouter and Groq say `reasoning`; some relays send both members with the same text.
  const thinking = asString(delta['reasoning_content']) || asString(delta['reasoning']);
  if (thinking) sequence.thinking(thinking);
  const content = delta['content'];
  if (typeof content === 'string') sequence.text(content);
  else if (Array.isArray(content)) readContentParts(content, state);
  const refusal = delta['refusal'];
  if (typeof refusal === 'string') sequence.text(refusal);
  const calls = delta['tool_calls'];
  if (Array.isArray(calls)) for (const call of calls) if (isObject(call)) readToolCall(call, state);
  const legacyCall = delta['function_call'];
  if (isObject(legacyCall)) readToolCall({ index: 0, function: legacyCall }, state);
}

/** Mistral answers with parts where its models think. */
function readContentParts(parts: readonly JsonValue[], { sequence }: ReaderState): void {
  for (const part of parts.filter(isObject)) {
    const nested = part['thinking'];
    if (typeof part['text'] === 'string') sequence.text(part['text']);
    else if (typeof nested === 'string') sequence.thinking(nested);
    else if (Array.isArray(nested)) {
      for (const inner of nested) sequence.thinking(asString(asObject(inner)?.['text']) ?? '');
    }
  }
}

function readToolCall(call: JsonObject, state: ReaderState): void {
  const { sequence } = state;
  const fn = asObject(call['function']) ?? {};
  const id = asString(call['id']) ?? '';
  const name = asString(fn['name']) ?? '';
  const index = asNumber(call['index']);
  const known = knownCall(index, id, name, state);
  const { key } = known ?? openCall(index, id, name, state);
  if (known !== undefined && name !== '') sequence.nameToolCall(key, name, id);
  const text = fn['arguments'];
  if (typeof text === 'string') sequence.toolArguments(key, text);
  else if (isObject(text)) sequence.toolInput(key, text);
}

/**
 * The call that a frame continues, if any. By index, as the protocol says; but a name with a new id opens another call even
 * at a known index (Gemini), and a frame without index continues the last call unless it names one.
 */
function knownCall(index: number | undefined, id: string, name: string, state: ReaderState): OpenCall | undefined {
  const call = index === undefined ? state.lastCall : state.callAtIndex.get(index);
  if (call === undefined) return undefined;
  const isSameId = id !== '' && id === call.id;
  const opensAnother = name !== '' && !isSameId && (index === undefined || (id !== '' && call.id !== ''));
  if (opensAnother) return undefined;
  if (call.id === '') call.id = id;
  state.lastCall = call;
  return call;
}

function openCall(index: number | undefined, id: string, name: string, state: ReaderState): OpenCall {
  const call = { key: String(state.callsSeen), id };
  state.callsSeen += 1;
  if (index !== undefined) state.callAtIndex.set(index, call);
  state.lastCall = call;
  state.sequence.toolCall({ key: call.key, id, name });
  return call;
}
