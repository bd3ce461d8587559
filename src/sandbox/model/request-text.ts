import { withoutDirectives } from '../directives.ts';
import type { Prompt, PromptTurn, ToolTurn, PromptCall, UserTurn } from './prompt.ts';

/** What the user asks for now, and what was already done about it. */
export interface CurrentRequest {
  /** The user's words without the context that agents wrap around them. */
  text: string;
  chinese: boolean;
  media: UserTurn['media'];
  /** Tool calls made since, with the result of each where there is one. */
  done: { call: PromptCall; result: ToolTurn | undefined }[];
}

/** Tags of the blocks that agents put into user messages for the model, not by the user. */
const contextTag = /<([a-z][\w-]{0,40}(?:reminder|context|environment|instructions|info|caveat|stdout))>/gi;

/** Most characters of a request that are looked at to find out what it asks for. */
const maxRequestLength = 8_000;

/** Removes context blocks, sandbox directives and the quotes that some agents put around the whole prompt. */
export function cleanText(text: string): string {
  const cleaned = withoutDirectives(withoutContext(text)).trim().slice(0, maxRequestLength);
  const quoted = /^"([^"]+)"$/.exec(cleaned);
  return quoted?.[1] ?? cleaned;
}

/** The text without the context blocks of agents. */
export function withoutContext(text: string): string {
  let kept = '';
  let position = 0;
  for (const match of text.matchAll(contextTag)) {
    if (match.index < position) continue;
    const close = `</${match[1] ?? ''}>`;
    const end = text.indexOf(close, match.index);
    // An unclosed block: nothing after it is looked through again, which keeps this linear.
    if (end === -1) break;
    kept += text.slice(position, match.index);
    position = end + close.length;
  }
  return kept + text.slice(position);
}

/** Finds the last user message with words of its own. */
export function currentRequest(prompt: Prompt): CurrentRequest {
  const index = prompt.turns.findLastIndex((turn) => turn.role === 'user' && cleanText(turn.text) !== '');
  const turn = prompt.turns[index];
  const text = turn?.role === 'user' ? cleanText(turn.text) : '';
  const media = prompt.turns.flatMap((each) => (each.role === 'user' ? each.media : []));
  return { text, chinese: isChinese(text), media, done: callsAfter(prompt.turns, index) };
}

function callsAfter(turns: readonly PromptTurn[], index: number): CurrentRequest['done'] {
  const later = turns.slice(index + 1);
  const results = later.filter((turn) => turn.role === 'tool');
  const calls = later.flatMap((turn) => (turn.role === 'assistant' ? turn.calls : []));
  const byId = new Map(results.map((result) => [result.callId, result]));
  // Some clients answer without the id of the call: then the order tells.
  const unnamed = results.filter((result) => result.callId === undefined);
  return calls.map((call, position) => ({ call, result: byId.get(call.id) ?? unnamed[position] }));
}

/** True when the text is mainly Chinese; code and names in between do not count. */
export function isChinese(text: string): boolean {
  const han = text.match(/\p{Script=Han}/gu)?.length ?? 0;
  const words = text.match(/[A-Za-z]{2,}/g)?.length ?? 0;
  return han >= 2 && han >= words;
}
