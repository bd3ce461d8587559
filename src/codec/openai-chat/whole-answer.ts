import { asArray, asObject, asString } from '../../domain/json.ts';
import type { JsonValue } from '../../domain/json.ts';
import type { AnswerFacts, StreamTapOptions, WholeAnswer } from '../../domain/pass-through.ts';
import { editedBytes } from '../../wire/json-document.ts';
import type { JsonEdit } from '../../wire/json-document.ts';

/**
 * A whole answer that passes, with what the stream tap mends in frames: ids of tool calls that are empty, the client's own
 * names of tools, a finish reason. The same bytes when there is nothing to mend.
 */
export function mendResponse({ bytes, answer }: WholeAnswer, options: StreamTapOptions, facts: AnswerFacts): Buffer {
  const edits = asArray(answer['choices']).flatMap((choice, index) => editsOf(choice, { index, options, facts }));
  return editedBytes(bytes, edits);
}

interface Place {
  index: number;
  options: StreamTapOptions;
  facts: AnswerFacts;
}

function editsOf(value: JsonValue, { index, options, facts }: Place): JsonEdit[] {
  const choice = asObject(value);
  const calls = asArray(asObject(choice?.['message'])?.['tool_calls']);
  const edits: JsonEdit[] = [];
  for (const [position, entry] of calls.entries()) {
    const call = asObject(entry);
    const path = ['choices', index, 'message', 'tool_calls', position];
    if (call && !call['id']) {
      edits.push({ path: [...path, 'id'], value: `call_${options.requestId}_${position}` });
      facts.adjusted.add('tool-ids');
    }
    const name = options.toolNames?.get(asString(asObject(call?.['function'])?.['name']) ?? '');
    if (name !== undefined) edits.push({ path: [...path, 'function', 'name'], value: name });
  }
  if (choice && (choice['finish_reason'] ?? undefined) === undefined) {
    edits.push({ path: ['choices', index, 'finish_reason'], value: calls.length > 0 ? 'tool_calls' : 'stop' });
    facts.adjusted.add('tool-ids');
  }
  return edits;
}
