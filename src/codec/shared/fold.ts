import { GatewayError } from '../../domain/gateway-error.ts';
import type { UpstreamFailure } from '../../domain/gateway-error.ts';
import type { FinishReason, StreamEvent } from '../../domain/stream-event.ts';
import { mergeUsage } from '../../domain/usage.ts';
import type { Usage } from '../../domain/usage.ts';
import { dispatch } from '../../wire/dispatch.ts';
import type { Handlers } from '../../wire/dispatch.ts';

/** A block of a finished answer. */
export type AnswerBlock =
  | { type: 'text'; text: string }
  | { type: 'thinking'; text: string; signature?: string; redacted?: string }
  | { type: 'tool-call'; id: string; name: string; argumentsJson: string };

/** A whole answer: what is left when its events have gone by. */
export interface Answer {
  id: string;
  model: string;
  created?: number;
  blocks: AnswerBlock[];
  usage?: Usage;
  finish: { reason: FinishReason; stopSequence?: string };
}

interface FoldState extends Omit<Answer, 'finish'> {
  finish?: Answer['finish'];
  failure?: UpstreamFailure;
}

const on: Handlers<StreamEvent, FoldState, void> = {
  start: (event, state) => {
    state.id = event.id;
    state.model = event.model;
    if (event.created !== undefined) state.created = event.created;
  },
  'text-start': (_event, state) => void state.blocks.push({ type: 'text', text: '' }),
  'text-delta': (event, state) => {
    const block = state.blocks.at(-1);
    if (block?.type === 'text') block.text += event.text;
  },
  'text-end': () => undefined,
  'thinking-start': (_event, state) => void state.blocks.push({ type: 'thinking', text: '' }),
  'thinking-delta': (event, state) => {
    const block = state.blocks.at(-1);
    if (block?.type === 'thinking') block.text += event.text;
  },
  'thinking-end': (event, state) => {
    const block = state.blocks.at(-1);
    if (block?.type !== 'thinking') return;
    if (event.signature !== undefined) block.signature = event.signature;
    if (event.redacted !== undefined) block.redacted = event.redacted;
  },
  'tool-call-start': (event, state) =>
    void state.blocks.push({ type: 'tool-call', id: event.id, name: event.name, argumentsJson: '' }),
  'tool-call-delta': (event, state) => {
    const block = state.blocks.at(-1);
    if (block?.type === 'tool-call') block.argumentsJson += event.argumentsJson;
  },
  'tool-call-end': () => undefined,
  usage: (event, state) => {
    state.usage = mergeUsage(state.usage, event.usage);
  },
  finish: (event, state) => {
    state.finish =
      event.stopSequence === undefined
        ? { reason: event.reason }
        : { reason: event.reason, stopSequence: event.stopSequence };
  },
  error: (event, state) => {
    state.failure = event.failure;
  },
};

/** Folds the events of one answer. Throws GatewayError when they hold a failure or never finish. */
export function foldAnswer(events: readonly StreamEvent[]): Answer {
  const state: FoldState = { id: '', model: '', blocks: [] };
  for (const event of events) dispatch(on, event, state);
  if (state.failure !== undefined) throw toGatewayError(state.failure);
  const { finish } = state;
  if (finish === undefined) throw toGatewayError(incompleteAnswer);
  return { ...state, finish };
}

/** What an answer that stops without its terminal frame is reported as. */
export const incompleteAnswer: Readonly<UpstreamFailure> = {
  status: 502,
  code: 'upstream_stream_incomplete',
  message: 'The upstream ended its answer before it was complete.',
};

function toGatewayError(failure: UpstreamFailure): GatewayError {
  return new GatewayError({
    status: failure.status,
    code: failure.code ?? failure.type ?? 'upstream_error',
    message: failure.message,
    origin: 'provider',
    ...(failure.type === undefined ? undefined : { type: failure.type }),
    ...(failure.param === undefined ? undefined : { param: failure.param }),
    ...(failure.requestId === undefined ? undefined : { upstreamRequestId: failure.requestId }),
    ...(failure.retryAfterSeconds === undefined ? undefined : { retryAfterSeconds: failure.retryAfterSeconds }),
  });
}
