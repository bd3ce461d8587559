import { asArray, asObject, asString } from '../../domain/json.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { AnswerFacts, StreamTapOptions } from '../../domain/pass-through.ts';
import { JsonDocument } from '../../wire/json-document.ts';
import type { JsonPath } from '../../wire/json-document.ts';

/**
 * A whole answer that passes, with what the stream tap mends in frames: ids of tool calls that are empty, the client's own
 * names of tools, a finish reason. Most answers show at a glance that nothing of it is needed. The same bytes when there is nothing to mend, and for bytes that are no JSON object.
 */
export function mendResponse(bytes: Buffer, options: StreamTapOptions, facts: AnswerFacts): Buffer {
  if (!options.toolNames && !bytes.includes('"tool_calls"') && bytes.includes('"finish_reason":"')) return bytes;
  let document: JsonDocument;
  try {
    document = new JsonDocument(bytes);
    for (const [index, choice] of asArray(document.get('choices')).entries()) {
      mendChoice(document, { choice: asObject(choice), path: ['choices', index], options, facts });
    }
  } catch {
    return bytes;
  }
  return document.toBytes();
}

interface PlacedChoice {
  choice: JsonObject | undefined;
  path: JsonPath;
  options: StreamTapOptions;
  facts: AnswerFacts;
}

function mendChoice(document: JsonDocument, { choice, path, options, facts }: PlacedChoice): void {
  const calls = asArray(asObject(choice?.['message'])?.['tool_calls']);
  for (const [index, entry] of calls.entries()) {
    const call = asObject(entry);
    const at = [...path, 'message', 'tool_calls', index];
    if (call && !call['id']) {
      document.set([...at, 'id'], `call_${options.requestId}_${index}`);
      facts.adjusted.add('tool-ids');
    }
    const name = options.toolNames?.get(asString(asObject(call?.['function'])?.['name']) ?? '');
    if (name !== undefined) document.set([...at, 'function', 'name'], name);
  }
  if (choice && (choice['finish_reason'] ?? undefined) === undefined) {
    document.set([...path, 'finish_reason'], calls.length > 0 ? 'tool_calls' : 'stop');
    facts.adjusted.add('tool-ids');
  }
}
