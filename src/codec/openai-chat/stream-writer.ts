import type { StreamWriter, StreamWriterOptions } from '../../domain/codec.ts';
import type { FinishReason, StreamEvent } from '../../domain/stream-event.ts';
import { mergeUsage } from '../../domain/usage.ts';
import type { Usage } from '../../domain/usage.ts';
import { dispatch } from '../../wire/dispatch.ts';
import type { Handlers } from '../../wire/dispatch.ts';
import { quote } from '../shared/quote.ts';
import { writeFailureFrame } from './error.ts';
import { writeUsage } from './usage.ts';

/** OpenAI's `finish_reason` for each neutral one. */
export const finishReasonOf: Readonly<Record<FinishReason, string>> = {
  stop: 'stop',
  length: 'length',
  'tool-calls': 'tool_calls',
  refusal: 'content_filter',
  'stop-sequence': 'stop',
};

interface WriterState {
  options: StreamWriterOptions;
  /** The bytes of a chunk before and after its delta: written once, used for every frame. */
  head: string;
  tail: string;
  /** The chunk without choices, up to `usage`. */
  bare: string;
  /** Position among the tool calls of the answer, which is what OpenAI's `index` counts. */
  toolIndex: number;
  /** The current call got arguments. */
  hasArguments: boolean;
  usage: Usage | undefined;
  finished: boolean;
  failed: boolean;
}

const on: Handlers<StreamEvent, WriterState, string> = {
  start: startAnswer,
  'text-start': nothing,
  'text-delta': (event, state) => `${state.head}{"content":${quote(event.text)}}${state.tail}`,
  'text-end': nothing,
  'thinking-start': nothing,
  'thinking-delta': (event, state) => `${state.head}{"reasoning_content":${quote(event.text)}}${state.tail}`,
  'thinking-end': nothing,
  'tool-call-start': startToolCall,
  'tool-call-delta': (event, state) => {
    state.hasArguments = true;
    return argumentsChunk(event.argumentsJson, state);
  },
  // Clients parse the arguments: a call without any must still carry an object.
  'tool-call-end': (_event, state) => (state.hasArguments ? '' : argumentsChunk('{}', state)),
  usage: (event, state) => {
    state.usage = mergeUsage(state.usage, event.usage);
    return '';
  },
  finish: (event, state) => {
    state.finished = true;
    return (
      state.head +
      '{}' +
      state.tail.replace('"finish_reason":null', `"finish_reason":"${finishReasonOf[event.reason]}"`)
    );
  },
  error: (event, state) => {
    state.failed = true;
    return writeFailureFrame(event.failure, state.options.requestId);
  },
};

/** Writes `chat.completion.chunk` frames. An id and a name are sent once per tool call; usage goes last, when it is wanted. */
export function streamWriter(options: StreamWriterOptions): StreamWriter {
  const state: WriterState = {
    options,
    head: '',
    tail: '',
    bare: '',
    toolIndex: -1,
    hasArguments: false,
    usage: undefined,
    finished: false,
    failed: false,
  };
  return {
    write: (event) => (state.failed ? '' : dispatch(on, event, state)),
    end: () => (state.finished && !state.failed ? `${usageChunk(state)}data: [DONE]\n\n` : ''),
  };
}

function startAnswer(event: Extract<StreamEvent, { type: 'start' }>, state: WriterState): string {
  const { options } = state;
  const id = JSON.stringify(event.id || `chatcmpl-${options.requestId}`);
  const model = JSON.stringify(options.model);
  state.bare = `data: {"id":${id},"object":"chat.completion.chunk","created":${event.created ?? options.now},"model":${model},"choices":[`;
  state.head = `${state.bare}{"index":0,"delta":`;
  // OpenAI sends `usage: null` with every chunk when the client wants usage at all.
  state.tail = `,"logprobs":null,"finish_reason":null}]${options.includeUsage ? ',"usage":null' : ''}}\n\n`;
  return `${state.head}{"role":"assistant","content":""}${state.tail}`;
}

function startToolCall(event: Extract<StreamEvent, { type: 'tool-call-start' }>, state: WriterState): string {
  state.toolIndex += 1;
  state.hasArguments = false;
  const call = `"id":${quote(event.id)},"type":"function","function":{"name":${quote(event.name)},"arguments":""}`;
  return `${state.head}{"tool_calls":[{"index":${state.toolIndex},${call}}]}${state.tail}`;
}

function argumentsChunk(text: string, state: WriterState): string {
  return `${state.head}{"tool_calls":[{"index":${state.toolIndex},"function":{"arguments":${quote(text)}}}]}${state.tail}`;
}

function usageChunk(state: WriterState): string {
  if (!state.options.includeUsage || state.usage === undefined) return '';
  return `${state.bare}],"usage":${JSON.stringify(writeUsage(state.usage))}}\n\n`;
}

function nothing(): string {
  return '';
}
