import type { SseFrame, StreamReader } from '../../domain/codec.ts';
import { asArray, asNumber, asObject, asString, isObject, parseJson } from '../../domain/json.ts';
import type { JsonObject, JsonValue } from '../../domain/json.ts';
import type { FinishReason, StreamEvent } from '../../domain/stream-event.ts';
import { lookUp } from '../../wire/dispatch.ts';
import { EventSequence } from '../shared/event-sequence.ts';
import { brokenStream, failureFromText, failureOfFrame, invalidFrame } from '../shared/failure.ts';
import { incompleteAnswer } from '../shared/fold.ts';
import { readUsage } from './usage.ts';

const finishReasons: Readonly<Record<string, FinishReason>> = {
  end_turn: 'stop',
  pause_turn: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  stop_sequence: 'stop-sequence',
  tool_use: 'tool-calls',
  refusal: 'refusal',
};

interface ReaderState {
  sequence: EventSequence;
  /** A frame could not be read: harmless only if nothing follows, for then the stream was cut there. */
  damaged: boolean;
  /** Usage as the wire gave it so far: a later report may repeat only some of the counts. */
  usage: JsonObject;
  /** Wire indexes of the blocks that have a place in the neutral form, and what they are. */
  blocks: Map<number, string>;
}

type Handler = (event: JsonObject, state: ReaderState) => void;

/** One handler per event of the protocol; `ping` and what is not known yet are passed over. */
const onEvent: Readonly<Record<string, Handler>> = {
  message_start: startMessage,
  content_block_start: (event, state) => {
    const block = asObject(event['content_block']);
    if (block !== undefined) startBlock(block, indexOf(event), state);
  },
  content_block_delta: (event, state) => {
    const delta = asObject(event['delta']);
    if (delta !== undefined) lookUp(onDelta, asString(delta['type']))?.(delta, indexOf(event), state);
  },
  content_block_stop: (event, state) => stopBlock(indexOf(event), state),
  message_delta: (event, state) => {
    noteUsage(event['usage'], state);
    noteStopReason(asObject(event['delta']) ?? {}, state);
  },
  message_stop: (_event, state) => finishMessage(state),
};

type BlockHandler = (block: JsonObject, index: number, state: ReaderState) => void;

/** Blocks that servers fill by their own tools are not among these: they and their deltas are passed over. */
const onBlock: Readonly<Record<string, BlockHandler>> = {
  text: (block, _index, { sequence }) => sequence.text(asString(block['text']) ?? ''),
  thinking: (block, _index, { sequence }) => {
    sequence.openThinking();
    sequence.thinking(asString(block['thinking']) ?? '');
    sequence.signature(asString(block['signature']) ?? '');
  },
  redacted_thinking: (block, _index, { sequence }) => sequence.redactedThinking(asString(block['data']) ?? ''),
  tool_use: (block, index, { sequence }) => {
    const key = String(index);
    sequence.toolCall({ key, id: asString(block['id']), name: asString(block['name']) });
    const input = block['input'];
    // A whole answer has its input here, a stream begins with an empty one.
    if (isObject(input) && Object.keys(input).length > 0) sequence.toolInput(key, input);
  },
};

/** A delta goes to a block of its own kind, whatever block it was labelled with: some relays mix them up. */
const onDelta: Readonly<Record<string, BlockHandler>> = {
  text_delta: (delta, index, state) => {
    if (state.blocks.has(index)) state.sequence.text(asString(delta['text']) ?? '');
  },
  thinking_delta: (delta, index, state) => {
    if (state.blocks.has(index)) state.sequence.thinking(asString(delta['thinking']) ?? '');
  },
  signature_delta: (delta, _index, { sequence }) => sequence.signature(asString(delta['signature']) ?? ''),
  input_json_delta: (delta, index, { sequence }) =>
    sequence.toolArguments(String(index), asString(delta['partial_json']) ?? ''),
};

function newState(): ReaderState {
  return { sequence: new EventSequence(), damaged: false, usage: {}, blocks: new Map() };
}

/** Reads an Anthropic event stream; the terminal frame is `message_stop`. */
export function streamReader(): StreamReader {
  const state = newState();
  const { sequence } = state;
  return {
    read(frame: SseFrame): StreamEvent[] {
      if (sequence.ended) return [];
      if (state.damaged) sequence.fail(invalidFrame());
      else readFrame(frame, state);
      return sequence.take();
    },
    end(): StreamEvent[] {
      // The stop reason was told: only the closing frame is missing.
      if (sequence.finishSeen) sequence.end();
      else sequence.fail({ ...incompleteAnswer });
      return sequence.take();
    },
  };
}

/** A whole message as events, through the handlers of the stream. */
export function readResponse(body: JsonValue): StreamEvent[] {
  const state = newState();
  const failure = isObject(body) ? failureOfFrame('', body) : undefined;
  if (failure !== undefined) state.sequence.fail(failure);
  else if (!isObject(body) || !Array.isArray(body['content'])) {
    state.sequence.fail(
      brokenStream('upstream_invalid_response', 'The upstream answered with something that is not a message.'),
    );
  } else {
    const { content, ...message } = body;
    startMessage({ message }, state);
    asArray(content).forEach((block, index) => {
      if (!isObject(block)) return;
      startBlock(block, index, state);
      stopBlock(index, state);
    });
    noteStopReason(message, state);
    finishMessage(state);
  }
  return state.sequence.take();
}

function readFrame(frame: SseFrame, state: ReaderState): void {
  const data = parseJson(frame.data);
  if (!isObject(data)) {
    if (frame.event === 'error') state.sequence.fail(failureFromText(200, frame.data));
    else state.damaged = frame.data.startsWith('{');
    return;
  }
  const failure = failureOfFrame(frame.event, data);
  if (failure !== undefined) state.sequence.fail(failure);
  else lookUp(onEvent, asString(data['type']) ?? frame.event)?.(data, state);
}

function indexOf(event: JsonObject): number {
  return asNumber(event['index']) ?? 0;
}

function startMessage(event: JsonObject, state: ReaderState): void {
  const message = asObject(event['message']) ?? {};
  state.sequence.start(asString(message['id']) ?? '', asString(message['model']) ?? '');
  noteUsage(message['usage'], state);
}

function startBlock(block: JsonObject, index: number, state: ReaderState): void {
  const type = asString(block['type']);
  const handler = lookUp(onBlock, type);
  if (handler === undefined || type === undefined) return;
  state.blocks.set(index, type);
  handler(block, index, state);
}

function stopBlock(index: number, state: ReaderState): void {
  const type = state.blocks.get(index);
  if (type === undefined) return;
  state.blocks.delete(index);
  // Redacted thinking is closed as it comes; closing here would take the block before it.
  if (type !== 'redacted_thinking') state.sequence.closeBlock(type === 'tool_use' ? String(index) : undefined);
}

function noteUsage(value: JsonValue | undefined, state: ReaderState): void {
  const usage = asObject(value);
  if (usage === undefined) return;
  for (const [member, figure] of Object.entries(usage)) if (figure !== null) state.usage[member] = figure;
  state.sequence.usage(readUsage(state.usage));
}

function noteStopReason(holder: JsonObject, { sequence }: ReaderState): void {
  const reason = asString(holder['stop_reason']);
  if (reason === undefined || reason === '') return;
  sequence.finish(lookUp(finishReasons, reason) ?? 'stop', asString(holder['stop_sequence']));
}

/** `message_stop` means that the message is whole, with or without a stop reason. */
function finishMessage({ sequence }: ReaderState): void {
  sequence.finish('stop');
  sequence.end();
}
