import { estimateTokens } from '../../catalogue/estimate.ts';
import type { JsonObject } from '../../domain/json.ts';
import { splitFrames } from '../model/pieces.ts';
import type { Answer, PromptCall } from '../model/prompt.ts';
import type { PacedFrame } from '../pace.ts';
import type { CallUsage } from '../usage.ts';
import { finishReason, writeUsage, type CompletionHead } from './completion.ts';

export interface StreamOptions {
  head: CompletionHead;
  includeUsage: boolean;
  usage: CallUsage;
}

/**
 * The frames of a streamed chat answer. The order of members is that of recorded streams (qwen3-max, 2026-02), where the
 * first frame, the second and the last of a text differ from the ones between.
 */
export function* chatFrames(answers: readonly Answer[], options: StreamOptions): Generator<PacedFrame> {
  for (const [index, answer] of answers.entries()) {
    for (const { choice, tokens } of choiceFrames(answer, index)) yield frame([choice], null, options.head, tokens);
  }
  if (options.includeUsage) yield frame([], writeUsage(options.usage), options.head, 0);
  yield { text: 'data: [DONE]\n\n', tokens: 0 };
}

function frame(choices: JsonObject[], usage: JsonObject | null, head: CompletionHead, tokens: number): PacedFrame {
  const { created, model, id } = head;
  const chunk = { choices, object: 'chat.completion.chunk', usage, created, system_fingerprint: null, model, id };
  return { text: `data: ${JSON.stringify(chunk)}\n\n`, tokens };
}

interface ChoiceFrame {
  choice: JsonObject;
  tokens: number;
}

function* choiceFrames(answer: Answer, index: number): Generator<ChoiceFrame> {
  const thinks = answer.reasoning !== '';
  if (thinks) yield* thinkingFrames(answer.reasoning, index);
  if (answer.calls.length === 0) {
    yield* textFrames(answer, index, thinks);
    return;
  }
  for (const [position, call] of answer.calls.entries()) {
    yield* callFrames(call, position, { index, opens: position === 0 && !thinks });
  }
  yield untimed({ finish_reason: finishReason(answer), delta: {}, index, logprobs: null });
}

function untimed(choice: JsonObject): ChoiceFrame {
  return { choice, tokens: 0 };
}

function* thinkingFrames(reasoning: string, index: number): Generator<ChoiceFrame> {
  yield untimed({
    delta: { content: null, role: 'assistant', reasoning_content: '' },
    index,
    logprobs: null,
    finish_reason: null,
  });
  for (const [position, piece] of splitFrames(reasoning).entries()) {
    yield {
      choice: contentChoice({ content: null, reasoning_content: piece }, index, position === 0),
      tokens: estimateTokens(piece),
    };
  }
}

function* textFrames(answer: Answer, index: number, thinks: boolean): Generator<ChoiceFrame> {
  if (!thinks) yield untimed({ delta: { content: '', role: 'assistant' }, index, logprobs: null, finish_reason: null });
  const beside = thinks ? { reasoning_content: null } : {};
  for (const [position, piece] of splitFrames(answer.text).entries()) {
    const delta = { content: piece, ...beside };
    yield { choice: contentChoice(delta, index, position === 0 && !thinks), tokens: estimateTokens(piece) };
  }
  yield untimed({ finish_reason: finishReason(answer), delta: { content: '', ...beside }, index, logprobs: null });
}

/** The frame with the first generated piece has its members in an order of its own. */
function contentChoice(delta: JsonObject, index: number, isFirst: boolean): JsonObject {
  if (isFirst) return { finish_reason: null, logprobs: null, delta, index };
  return { delta, finish_reason: null, index, logprobs: null };
}

/**
 * Id and name come once; the frames that go on carry `id: ""` and no name, and the one that closes a call
 * has neither `finish_reason` nor `logprobs`.
 */
function* callFrames(
  call: PromptCall,
  position: number,
  { index, opens }: { index: number; opens: boolean },
): Generator<ChoiceFrame> {
  const opening = [{ index: position, id: call.id, type: 'function', function: { name: call.name, arguments: '' } }];
  const delta = opens
    ? { content: null, tool_calls: opening, role: 'assistant' }
    : { content: null, tool_calls: opening };
  yield { choice: { delta, finish_reason: null, index, logprobs: null }, tokens: estimateTokens(call.name) };
  for (const piece of argumentPieces(call.argumentsJson)) {
    const going = [{ index: position, id: '', type: 'function', function: { arguments: piece } }];
    yield {
      choice: { delta: { content: null, tool_calls: going }, finish_reason: null, index, logprobs: null },
      tokens: estimateTokens(piece),
    };
  }
  const closing = [{ function: { arguments: '' }, index: position, id: '', type: 'function' }];
  yield untimed({ delta: { tool_calls: closing }, index });
}

/** Arguments arrive in a few large pieces, the end of the last text on its own. */
export function argumentPieces(argumentsJson: string): string[] {
  const end = /^([\s\S]*[^"\]}])(["\]}]+)$/.exec(argumentsJson.slice(-64));
  if (end?.[1] === undefined || end[2] === undefined) return argumentsJson === '' ? [] : [argumentsJson];
  const body = argumentsJson.slice(0, argumentsJson.length - end[2].length);
  const pieces: string[] = [];
  for (let start = 0; start < body.length; start += pieceLength) pieces.push(body.slice(start, start + pieceLength));
  return [...pieces, end[2]];
}

const pieceLength = 40;
