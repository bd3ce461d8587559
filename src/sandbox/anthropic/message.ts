import { estimateTokens } from '../../catalogue/estimate.ts';
import type { JsonObject, JsonValue } from '../../domain/json.ts';
import { argumentPieces } from '../chat/frames.ts';
import { parseBounded } from '../bounded-json.ts';
import { splitFrames } from '../model/pieces.ts';
import type { Answer, PromptCall } from '../model/prompt.ts';
import type { PacedFrame } from '../pace.ts';
import type { CallUsage } from '../usage.ts';

export interface MessageHead {
  id: string;
  model: string;
}

const stopReasons = {
  stop: 'end_turn',
  length: 'max_tokens',
  'tool-calls': 'tool_use',
  'stop-sequence': 'stop_sequence',
} as const;

/** The whole answer. */
export function writeMessage(answer: Answer, usage: CallUsage, head: MessageHead): JsonObject {
  return {
    id: head.id,
    type: 'message',
    role: 'assistant',
    model: head.model,
    content: [...thinkingBlocks(answer), ...textBlocks(answer), ...answer.calls.map(toolBlock)],
    stop_reason: stopReasons[answer.finish],
    stop_sequence: answer.stopSequence ?? null,
    usage: fullUsage(usage),
  };
}

/** The signature exists and is empty: these models sign nothing. */
function thinkingBlocks({ reasoning }: Answer): JsonObject[] {
  return reasoning === '' ? [] : [{ type: 'thinking', thinking: reasoning, signature: '' }];
}

function textBlocks({ text, calls }: Answer): JsonObject[] {
  return text === '' && calls.length > 0 ? [] : [{ type: 'text', text }];
}

/** Arguments cut off by a limit are no JSON any more; the block then has none. */
function toolBlock({ id, name, argumentsJson }: PromptCall): JsonObject {
  const input: JsonValue = parseBounded(argumentsJson) ?? {};
  return { type: 'tool_use', id, name, input };
}

/** In this protocol `input_tokens` leaves out what was read from or written to the cache. */
function fullUsage(usage: CallUsage): JsonObject {
  return {
    input_tokens: freshInput(usage),
    output_tokens: usage.output,
    cache_creation_input_tokens: usage.cachedWrite,
    cache_read_input_tokens: usage.cachedRead,
  };
}

function freshInput({ input, cachedRead, cachedWrite }: CallUsage): number {
  return input - cachedRead - cachedWrite;
}

/** The events of a streamed answer: usage starts with the input and is complete in `message_delta`. */
export function* messageFrames(answer: Answer, usage: CallUsage, head: MessageHead): Generator<PacedFrame> {
  const message = {
    id: head.id,
    type: 'message',
    role: 'assistant',
    model: head.model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens: freshInput(usage), output_tokens: 0 },
  };
  yield event({ type: 'message_start', message });
  for (const [index, block] of streamedBlocks(answer).entries()) yield* blockFrames(block, index);
  const delta = { stop_reason: stopReasons[answer.finish], stop_sequence: answer.stopSequence ?? null };
  yield event({ type: 'message_delta', delta, usage: fullUsage(usage) });
  yield event({ type: 'message_stop' });
}

/** Written as the platform's event streams are, without a blank after the colon. */
function event(data: JsonObject & { type: string }, tokens = 0): PacedFrame {
  return { text: `event:${data.type}\ndata:${JSON.stringify(data)}\n\n`, tokens };
}

/** A block with the deltas that fill it. */
interface StreamedBlock {
  start: JsonObject;
  deltas: { delta: JsonObject; tokens: number }[];
}

function streamedBlocks({ reasoning, text, calls }: Answer): StreamedBlock[] {
  const thinking = reasoning === '' ? [] : [thinkingBlock(reasoning)];
  const spoken = text === '' && calls.length > 0 ? [] : [textBlock(text)];
  return [...thinking, ...spoken, ...calls.map(callBlock)];
}

function thinkingBlock(reasoning: string): StreamedBlock {
  const pieces = splitFrames(reasoning).map((thinking) => ({
    delta: { type: 'thinking_delta', thinking },
    tokens: estimateTokens(thinking),
  }));
  const signature = { delta: { type: 'signature_delta', signature: '' }, tokens: 0 };
  return { start: { type: 'thinking', thinking: '', signature: '' }, deltas: [...pieces, signature] };
}

function textBlock(text: string): StreamedBlock {
  const deltas = splitFrames(text).map((piece) => ({
    delta: { type: 'text_delta', text: piece },
    tokens: estimateTokens(piece),
  }));
  return { start: { type: 'text', text: '' }, deltas };
}

function callBlock({ id, name, argumentsJson }: PromptCall): StreamedBlock {
  const deltas = argumentPieces(argumentsJson).map((piece) => ({
    delta: { type: 'input_json_delta', partial_json: piece },
    tokens: estimateTokens(piece),
  }));
  return { start: { type: 'tool_use', id, name, input: {} }, deltas };
}

function* blockFrames({ start, deltas }: StreamedBlock, index: number): Generator<PacedFrame> {
  yield event({ type: 'content_block_start', index, content_block: start });
  if (index === 0) yield event({ type: 'ping' });
  for (const { delta, tokens } of deltas) yield event({ type: 'content_block_delta', index, delta }, tokens);
  yield event({ type: 'content_block_stop', index });
}
