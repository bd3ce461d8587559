import type { JsonObject, JsonValue } from '../domain/json.ts';
import { contentText, placedObjects } from './messages.ts';

/** The blocks of a message; a plain text is one block. */
function blocksOf(message: JsonObject | undefined): JsonObject[] {
  const content = message?.['content'];
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }];
  return placedObjects(content).map(({ object }) => object);
}

function ofType(message: JsonObject | undefined, type: string): JsonObject[] {
  return blocksOf(message).filter((block) => block['type'] === type);
}

/**
 * Messages in which every `tool_use` is answered by a `tool_result` of the next user message and every result belongs to
 * a call before it; undefined when they already are.
 */
export function pairedTurns(messages: readonly JsonObject[], missingResult: string): JsonObject[] | undefined {
  const result: JsonObject[] = [];
  let changed = false;
  let open: JsonValue[] = [];
  for (const message of messages) {
    if (message['role'] === 'user') {
      const fitted = answering(message, open, missingResult);
      changed ||= fitted !== message;
      result.push(fitted);
      open = [];
      continue;
    }
    if (message['role'] === 'assistant' && open.length > 0) {
      result.push({ role: 'user', content: notes(open, missingResult) });
      changed = true;
      open = [];
    }
    result.push(message);
    if (message['role'] === 'assistant') open = ofType(message, 'tool_use').map(({ id }) => id ?? '');
  }
  if (open.length > 0) result.push({ role: 'user', content: notes(open, missingResult) });
  return changed || open.length > 0 ? result : undefined;
}

function notes(ids: readonly JsonValue[], text: string): JsonObject[] {
  return ids.map((id) => ({ type: 'tool_result', tool_use_id: id, content: text }));
}

/** The user message with a result for each open call, before what it says, and with results of no call as text. */
function answering(message: JsonObject, open: readonly JsonValue[], missingResult: string): JsonObject {
  const blocks = blocksOf(message);
  const answered = new Set(ofType(message, 'tool_result').map((block) => block['tool_use_id']));
  const missing = open.filter((id) => !answered.has(id));
  const isOrphan = ({ type, tool_use_id: id }: JsonObject): boolean =>
    type === 'tool_result' && !open.some((known) => known === id);
  if (missing.length === 0 && !blocks.some(isOrphan)) return message;
  const fitted = blocks.map((block) => (isOrphan(block) ? asText(block) : block));
  return { ...message, content: [...notes(missing, missingResult), ...fitted] };
}

function asText(block: JsonObject): JsonObject {
  return { type: 'text', text: `Result of an earlier tool call:\n${contentText(block['content'])}` };
}
