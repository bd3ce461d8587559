import type { StreamWriter, StreamWriterOptions } from '../../domain/codec.ts';
import type { FinishReason, StreamEvent } from '../../domain/stream-event.ts';
import { mergeUsage } from '../../domain/usage.ts';
import type { Usage } from '../../domain/usage.ts';
import { dispatch } from '../../wire/dispatch.ts';
import type { Handlers } from '../../wire/dispatch.ts';
import { formatFrame } from '../../wire/sse.ts';
import { quote } from '../shared/quote.ts';
import { writeFailureEvent } from './error.ts';
import { writeUsage } from './usage.ts';

/** Anthropic's `stop_reason` for each neutral one. */
export const stopReasonOf: Readonly<Record<FinishReason, string>> = {
  stop: 'end_turn',
  length: 'max_tokens',
  'tool-calls': 'tool_use',
  refusal: 'refusal',
  'stop-sequence': 'stop_sequence',
};

type FinishEvent = Extract<StreamEvent, { type: 'finish' }>;

interface WriterState {
  options: StreamWriterOptions;
  /** The id of the answer while `message_start` waits for usage that comes right behind the opening. */
  waitingStart: string | undefined;
  /** The current text or thinking block was opened: it is, with its first delta, so that none stays empty. */
  blockOpen: boolean;
  /** Anthropic's index of the current block; blocks that were never opened do not count. */
  index: number;
  usage: Usage | undefined;
  finish: FinishEvent | undefined;
  /** `message_stop` or `error` was sent. */
  ended: boolean;
}

const on: Handlers<StreamEvent, WriterState, string> = {
  start: (event, state) => {
    state.waitingStart = event.id || `msg_${state.options.requestId}`;
    return '';
  },
  'text-start': startMessage,
  'text-delta': (event, state) =>
    openBlock('{"type":"text","text":""}', state) + delta(`"text_delta","text":${quote(event.text)}`, state),
  'text-end': (_event, state) => closeBlock(state),
  'thinking-start': startMessage,
  'thinking-delta': (event, state) =>
    openBlock(emptyThinking, state) + delta(`"thinking_delta","thinking":${quote(event.text)}`, state),
  'thinking-end': endThinking,
  'tool-call-start': (event, state) => {
    const start = startMessage(event, state);
    const block = `{"type":"tool_use","id":${quote(event.id)},"name":${quote(event.name)},"input":{}}`;
    return start + openBlock(block, state);
  },
  'tool-call-delta': (event, state) => delta(`"input_json_delta","partial_json":${quote(event.argumentsJson)}`, state),
  'tool-call-end': (_event, state) => closeBlock(state),
  usage: (event, state) => {
    state.usage = mergeUsage(state.usage, event.usage);
    return state.finish === undefined ? '' : endMessage(state);
  },
  // OpenAI streams may report usage after the finish: the closing frames wait for it, or for the end.
  finish: (event, state) => {
    state.finish = event;
    const start = startMessage(event, state);
    return state.usage?.outputTokens === undefined ? start : start + endMessage(state);
  },
  error: (event, state) => {
    state.ended = true;
    return writeFailureEvent(event.failure, state.options.requestId);
  },
};

const emptyThinking = '{"type":"thinking","thinking":"","signature":""}';

/** Writes a valid Anthropic event sequence: blocks opened and closed in order, indexes without gaps, usage at both ends. */
export function streamWriter(options: StreamWriterOptions): StreamWriter {
  const state: WriterState = {
    options,
    waitingStart: undefined,
    blockOpen: false,
    index: 0,
    usage: undefined,
    finish: undefined,
    ended: false,
  };
  return {
    write: (event) => (state.ended ? '' : dispatch(on, event, state)),
    end: () => endMessage(state),
  };
}

function startMessage(_event: StreamEvent, state: WriterState): string {
  if (state.waitingStart === undefined) return '';
  const message = {
    id: state.waitingStart,
    type: 'message',
    role: 'assistant',
    model: state.options.model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: writeUsage(state.usage),
  };
  state.waitingStart = undefined;
  return formatFrame(JSON.stringify({ type: 'message_start', message }), 'message_start');
}

function openBlock(block: string, state: WriterState): string {
  if (state.blockOpen) return '';
  state.blockOpen = true;
  return formatFrame(
    `{"type":"content_block_start","index":${state.index},"content_block":${block}}`,
    'content_block_start',
  );
}

function delta(members: string, state: WriterState): string {
  return formatFrame(
    `{"type":"content_block_delta","index":${state.index},"delta":{"type":${members}}}`,
    'content_block_delta',
  );
}

function closeBlock(state: WriterState): string {
  if (!state.blockOpen) return '';
  state.blockOpen = false;
  const frame = formatFrame(`{"type":"content_block_stop","index":${state.index}}`, 'content_block_stop');
  state.index += 1;
  return frame;
}

/** Closes a thinking block with its signature, `""` when it has none, as Model Studio does. */
function endThinking(event: Extract<StreamEvent, { type: 'thinking-end' }>, state: WriterState): string {
  if (event.redacted !== undefined) {
    return openBlock(`{"type":"redacted_thinking","data":${quote(event.redacted)}}`, state) + closeBlock(state);
  }
  const { signature = '' } = event;
  if (!state.blockOpen && signature === '') return '';
  return (
    openBlock(emptyThinking, state) +
    delta(`"signature_delta","signature":${quote(signature)}`, state) +
    closeBlock(state)
  );
}

/** `message_delta` with the whole usage, then `message_stop`; nothing when the answer is not finished. */
function endMessage(state: WriterState): string {
  if (state.ended || state.finish === undefined) return '';
  state.ended = true;
  const { reason, stopSequence = null } = state.finish;
  const end = {
    type: 'message_delta',
    delta: { stop_reason: stopReasonOf[reason], stop_sequence: stopSequence },
    usage: writeUsage(state.usage),
  };
  return formatFrame(JSON.stringify(end), 'message_delta') + formatFrame('{"type":"message_stop"}', 'message_stop');
}
