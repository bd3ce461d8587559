import { asArray, isObject, type JsonObject } from '../../domain/json.ts';
import { algorithmRefusal, serviceRefusal, type Refusal } from '../refusal.ts';
import { toolCallsOf, type ChatCall } from './body.ts';
import type { ModelRule } from './rule.ts';
import { isJson } from '../bounded-json.ts';

/** The order of messages and what belongs together. */
export const messageRules: readonly ModelRule[] = [
  { id: 'system-message-first', evidence: 'inferred', check: systemFirst },
  { id: 'user-message-missing', evidence: 'documented', check: userMissing },
  { id: 'tool-message-without-call', evidence: 'documented', check: toolWithoutCall },
  { id: 'tool-call-unanswered', evidence: 'recorded', check: unansweredCall },
  { id: 'tool-arguments-json', evidence: 'recorded', check: brokenArguments },
  { id: 'reasoning-content-missing', evidence: 'inferred', check: lostReasoning },
  { id: 'tool-calls-repeated', evidence: 'documented', check: repeatedCalls },
  { id: 'last-message-role', evidence: 'documented', check: lastRole },
  { id: 'translation-messages', evidence: 'documented', check: translationMessages },
];

/**
 * The chat template of Qwen's open weights since 3.5 takes one system message, at the head, and refuses others with this
 * text; the commercial models have been seen to take them anywhere.
 */
function systemFirst({ messages, model }: ChatCall): Refusal | undefined {
  if (model.openWeights !== true || !/^qwen3\.[5-9]-/.test(model.id)) return undefined;
  const misplaced = messages.findLastIndex((message) => message.role === 'system') > 0;
  return misplaced ? algorithmRefusal('System message must be at the beginning.') : undefined;
}

function userMissing({ messages }: ChatCall): Refusal | undefined {
  if (messages.some((message) => message.role === 'user')) return undefined;
  return algorithmRefusal('The input messages do not contain elements with the role of user.');
}

function toolWithoutCall({ messages }: ChatCall): Refusal | undefined {
  let open: Set<unknown> | undefined;
  for (const message of messages) {
    if (message.role === 'tool') {
      // A result without an id is taken by its position: the chat page's own example sends none.
      const known = open !== undefined && (message.tool_call_id === undefined || open.has(message.tool_call_id));
      if (!known)
        return algorithmRefusal(
          'messages with role "tool" must be a response to a preceeding message with "tool_calls".',
        );
    } else {
      const calls = toolCallsOf(message);
      open = calls.length > 0 ? new Set(calls.map((call) => call.id)) : undefined;
    }
  }
  return undefined;
}

function unansweredCall({ messages }: ChatCall): Refusal | undefined {
  for (const [index, message] of messages.entries()) {
    const calls = message.role === 'assistant' ? toolCallsOf(message) : [];
    if (calls.length === 0) continue;
    const results = resultsAfter(messages, index);
    if (!answersAll(calls, results)) {
      const at = index + 1 + results.length;
      return algorithmRefusal(
        `An assistant message with "tool_calls" must be followed by tool messages responding to each "tool_call_id". The following tool_call_ids did not have response messages: message[${at}].role`,
      );
    }
  }
  return undefined;
}

function resultsAfter(messages: readonly JsonObject[], index: number): JsonObject[] {
  const results: JsonObject[] = [];
  for (let next = index + 1; messages[next]?.role === 'tool'; next += 1) {
    const message = messages[next];
    if (message !== undefined) results.push(message);
  }
  return results;
}

function answersAll(calls: readonly JsonObject[], results: readonly JsonObject[]): boolean {
  const answered = new Set(results.map((result) => result.tool_call_id));
  const unnamed = results.filter((result) => result.tool_call_id === undefined).length;
  return calls.filter((call) => !answered.has(call.id)).length <= unnamed;
}

function brokenArguments({ messages }: ChatCall): Refusal | undefined {
  const broken = messages.some(
    (message) => message.role === 'assistant' && toolCallsOf(message).some(hasBrokenArguments),
  );
  return broken
    ? algorithmRefusal('The "function.arguments" parameter of the code model must be in JSON format.')
    : undefined;
}

/** No text at all stands for a call without arguments. */
function hasBrokenArguments(call: JsonObject): boolean {
  const args = isObject(call.function) ? call.function.arguments : undefined;
  if (args === undefined || args === null || args === '') return false;
  return typeof args !== 'string' || !isJson(args);
}

/** The vendor's own service answers so; the platform's page only says that Kimi's earlier thoughts must be sent back. */
function lostReasoning({ messages, model, thinking }: ChatCall): Refusal | undefined {
  if (!thinking || model.owner !== 'moonshot-ai') return undefined;
  const index = messages.findIndex((message) => toolCallsOf(message).length > 0 && !message.reasoning_content);
  if (index === -1) return undefined;
  return algorithmRefusal(
    `thinking is enabled but reasoning_content is missing in assistant tool call message at index ${index}`,
  );
}

/** The page says "multiple consecutive rounds" without a number. */
const maxRepeats = 5;

function repeatedCalls({ messages }: ChatCall): Refusal | undefined {
  let previous = '';
  let repeats = 0;
  for (const message of messages) {
    if (message.role === 'tool') continue;
    const calls = message.role === 'assistant' ? toolCallsOf(message) : [];
    const key = calls.length === 0 ? '' : JSON.stringify(calls.map((call) => call.function ?? null));
    repeats = key !== '' && key === previous ? repeats + 1 : 1;
    previous = key;
    if (repeats >= maxRepeats && key !== '') {
      return algorithmRefusal(
        'Repetitive tool calls detected in the conversation history. The same tool call with identical name and arguments has been repeated across multiple consecutive rounds. Please modify your request or adjust the tool call arguments to avoid infinite loops.',
      );
    }
  }
  return undefined;
}

/** The last message asks: user, or the result of a tool, or the start of an answer to continue. */
function lastRole({ messages, model }: ChatCall): Refusal | undefined {
  const last = messages.at(-1);
  if (last === undefined || last.role === 'user' || last.role === 'tool' || last.role === 'function') return undefined;
  if (last.role === 'assistant' && last.partial === true && model.prefixCompletion !== false) return undefined;
  return serviceRefusal('list index out of range');
}

/** Translation models take exactly one user message. */
function translationMessages({ messages, model }: ChatCall): Refusal | undefined {
  if (!model.id.startsWith('qwen-mt-')) return undefined;
  const alone = messages.length === 1 && messages[0]?.role === 'user';
  return alone ? undefined : serviceRefusal('Role must be in [user, assistant]');
}

/** The words of all messages, for rules that look for one. */
export function mentionsWord(messages: readonly JsonObject[], word: RegExp): boolean {
  return messages.some(({ content }) =>
    typeof content === 'string'
      ? word.test(content)
      : asArray(content).some((part) => isObject(part) && typeof part.text === 'string' && word.test(part.text)),
  );
}
