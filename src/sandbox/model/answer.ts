import { estimateTokens } from '../../catalogue/estimate.ts';
import type { Directives } from '../directives.ts';
import { jsonAnswer } from './json-answer.ts';
import { cutToTokens } from './pieces.ts';
import { longText, plainAnswer } from './plain-text.ts';
import type { Answer, AnswerLimits, Prompt, PromptCall } from './prompt.ts';
import { currentRequest, type CurrentRequest } from './request-text.ts';
import { thoughtsAbout } from './thinking.ts';
import { planCalls, type PlannedCall } from './tool-plan.ts';
import { answerFromResults } from './tool-result-text.ts';

export interface AnswerOptions {
  prompt: Prompt;
  directives: Directives;
  /** Which of the `n` answers this is. */
  choice: number;
  /** The id of the call with this number. */
  callId: (index: number) => string;
}

/** The sandbox's model: the same prompt and directives always give the same answer. */
export function answerPrompt(options: AnswerOptions): Answer {
  const request = currentRequest(options.prompt);
  const planned = nextCalls(request, options);
  const text = planned.length > 0 ? '' : textFor(request, options);
  const reasoning = reasoningFor(request, planned, options);
  const calls = planned.map((call, index) => ({ ...call, id: options.callId(index) }));
  return limitAnswer({ reasoning, text, calls }, options.prompt);
}

/** The calls still to make: what the request asks for less what was called since, one at a time unless they may be parallel. */
function nextCalls(request: CurrentRequest, { prompt, directives, choice }: AnswerOptions): PlannedCall[] {
  if (choice > 0 || directives.say !== undefined) return [];
  const forced = prompt.toolWish.type === 'required' || prompt.toolWish.type === 'tool';
  const wanted = directives.tools.length > 0 ? directives.tools : planCalls(request.text, request.chinese, prompt);
  const left = forced ? wanted : wanted.slice(request.done.length);
  return prompt.parallelCalls || directives.tools.length > 0 ? left : left.slice(0, 1);
}

function textFor(request: CurrentRequest, { prompt, directives, choice }: AnswerOptions): string {
  if (directives.say !== undefined) return directives.say;
  if (directives.length !== undefined) {
    return cutToTokens(longText(request, directives.length, estimateTokens), directives.length);
  }
  if (prompt.format.type !== 'text') return jsonAnswer(request, prompt);
  const text = request.done.length > 0 ? answerFromResults(request) : plainAnswer(request, prompt);
  return choice === 0 ? text : `${otherWords[request.chinese ? 'chinese' : 'english'][(choice - 1) % 3] ?? ''}${text}`;
}

const otherWords = {
  english: ['In other words: ', 'To put it differently: ', 'Said another way: '],
  chinese: ['换句话说：', '换个说法：', '也就是说：'],
};

function reasoningFor(
  request: CurrentRequest,
  planned: readonly PlannedCall[],
  { prompt, directives }: AnswerOptions,
): string {
  if (!prompt.thinking.on) return '';
  const budget = Math.min(prompt.thinking.budget, directives.think ?? Infinity);
  const wanted = directives.think ?? 0;
  return cutToTokens(thoughtsAbout(request, planned, wanted), budget);
}

/** Stop sequences first, then the limits, as generation meets them. */
function limitAnswer(draft: { reasoning: string; text: string; calls: PromptCall[] }, prompt: Prompt): Answer {
  const reasoning = cutToTokens(draft.reasoning, prompt.limits.total);
  if (reasoning !== draft.reasoning) return finished({ reasoning, text: '', calls: [] }, 'length');
  const room = roomFor(reasoning, prompt.limits);
  if (draft.calls.length > 0) return limitCalls({ ...draft, reasoning }, room);
  const stopped = cutAtStop(draft.text, prompt.stop);
  const text = cutToTokens(stopped.text, room);
  if (text !== stopped.text) return finished({ reasoning, text, calls: [] }, 'length');
  if (stopped.sequence === undefined) return finished({ reasoning, text, calls: [] }, 'stop');
  return { reasoning, text, calls: [], finish: 'stop-sequence', stopSequence: stopped.sequence };
}

function roomFor(reasoning: string, limits: AnswerLimits): number {
  return Math.max(0, Math.min(limits.answer, limits.total - estimateTokens(reasoning)));
}

/** A call that does not fit is cut in its arguments, which is what a client has to cope with. */
function limitCalls(draft: { reasoning: string; text: string; calls: PromptCall[] }, room: number): Answer {
  const kept: PromptCall[] = [];
  let left = room;
  for (const call of draft.calls) {
    const argumentsJson = cutToTokens(call.argumentsJson, left);
    if (argumentsJson !== '' || kept.length === 0) kept.push({ ...call, argumentsJson });
    if (argumentsJson !== call.argumentsJson) return finished({ ...draft, calls: kept }, 'length');
    left -= estimateTokens(argumentsJson);
  }
  return finished({ ...draft, calls: kept }, 'tool-calls');
}

function finished(draft: { reasoning: string; text: string; calls: PromptCall[] }, finish: Answer['finish']): Answer {
  return { ...draft, finish, stopSequence: undefined };
}

function cutAtStop(text: string, stop: readonly string[]): { text: string; sequence: string | undefined } {
  let found: { position: number; sequence: string } | undefined;
  for (const sequence of stop) {
    const position = sequence === '' ? -1 : text.indexOf(sequence);
    if (position !== -1 && (found === undefined || position < found.position)) found = { position, sequence };
  }
  return found === undefined
    ? { text, sequence: undefined }
    : { text: text.slice(0, found.position), sequence: found.sequence };
}
