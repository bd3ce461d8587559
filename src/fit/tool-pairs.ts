import { asObject, asString } from '../domain/json.ts';
import type { JsonObject, JsonValue } from '../domain/json.ts';
import { pairedTurns } from './anthropic-tool-pairs.ts';
import { contentText, messagesOf, toolCallsOf } from './messages.ts';
import type { FitRule } from './rule.ts';

const missingResult = 'No result: the call was not carried out or its result was lost.';

/**
 * `An assistant message with "tool_calls" must be followed by tool messages responding to each "tool_call_id" ...` and
 * `messages with role "tool" must be a response to a preceeding message with "tool_calls".`
 */
export const toolPairs: FitRule = {
  id: 'tool-pairs',
  doc:
    'Tool calls and results are paired as the platform wants them: a result that stands further down moves behind its call, a call ' +
    'without a result gets a note as its result, a result without a call becomes a user message.',
  protocols: ['openai-chat', 'anthropic-messages'],
  enabledByDefault: true,
  apply(context) {
    const { document, provider } = context;
    if (provider.catalogued !== true) return false;
    const messages = messagesOf(document).map(({ message }) => message);
    // Entries that are no messages are the upstream's to refuse.
    if (messages.length !== lengthOf(document.get('messages'))) return false;
    const paired =
      context.target.protocol === 'openai-chat' ? pairedMessages(messages) : pairedTurns(messages, missingResult);
    if (!paired) return false;
    document.set(['messages'], paired);
    return true;
  },
};

function lengthOf(value: JsonValue | undefined): number {
  return Array.isArray(value) ? value.length : 0;
}

/** Ids of the calls that the message before the results made; a result without an id is taken by its position. */
function isPaired(messages: readonly JsonObject[]): boolean {
  if (!messages.some((message) => message['role'] === 'tool' || message['tool_calls'] !== undefined)) return true;
  let open = new Set<JsonValue | undefined>();
  let known = open;
  let unnamed = 0;
  for (const message of messages) {
    if (message['role'] === 'tool') {
      const id = message['tool_call_id'];
      if (id === undefined && known.size > 0) unnamed++;
      else if (!known.has(id)) return false;
      open.delete(id);
      continue;
    }
    if (open.size > unnamed) return false;
    const ids = toolCallsOf(message).map((call) => call['id']);
    open = new Set(ids);
    known = new Set(ids);
    unnamed = 0;
  }
  return open.size <= unnamed;
}

/** Undefined when they are paired as they stand. */
function pairedMessages(messages: readonly JsonObject[]): JsonObject[] | undefined {
  if (isPaired(messages)) return undefined;
  const result: JsonObject[] = [];
  const used = new Set<JsonObject>();
  for (const [index, message] of messages.entries()) {
    if (used.has(message)) continue;
    if (message['role'] === 'tool') {
      result.push(asUserMessage(message));
      continue;
    }
    result.push(message);
    const calls = toolCallsOf(message);
    if (calls.length > 0) result.push(...resultsFor(calls, { messages, from: index + 1, used }));
  }
  return result;
}

interface Search {
  messages: readonly JsonObject[];
  from: number;
  used: Set<JsonObject>;
}

/** One result for each call: its own, if it comes before the next calls are made, the next one without an id, or a note. */
function resultsFor(calls: readonly JsonObject[], { messages, from, used }: Search): JsonObject[] {
  const next = messages.findIndex((message, index) => index >= from && toolCallsOf(message).length > 0);
  const candidates = messages.slice(from, next === -1 ? undefined : next).filter(({ role }) => role === 'tool');
  return calls.map((call) => {
    const own = candidates.find((message) => !used.has(message) && message['tool_call_id'] === call['id']);
    const found = own ?? candidates.find((message) => !used.has(message) && message['tool_call_id'] === undefined);
    if (!found) return { role: 'tool', tool_call_id: call['id'] ?? '', content: missingResult };
    used.add(found);
    return found;
  });
}

function asUserMessage(result: JsonObject): JsonObject {
  const name = asString(result['name']) ?? asString(asObject(result['function'])?.['name']);
  const intro = name === undefined ? 'Result of an earlier tool call:' : `Result of an earlier call of ${name}:`;
  return { role: 'user', content: `${intro}\n${contentText(result['content'])}` };
}
