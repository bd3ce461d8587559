import { asArray, asObject, asString } from '../domain/json.ts';
import type { JsonObject, JsonValue } from '../domain/json.ts';
import type { JsonDocument } from '../wire/json-document.ts';

/** A message that is an object, with its place in `messages`. */
export interface PlacedMessage {
  index: number;
  message: JsonObject;
}

/** The messages of a request in either protocol; entries that are no objects are the upstream's to refuse. */
export function messagesOf(document: JsonDocument): PlacedMessage[] {
  const messages: PlacedMessage[] = [];
  // A loop: this runs for most rules on every request, and flatMap costs five times as much.
  for (const [index, entry] of asArray(document.get('messages')).entries()) {
    const message = asObject(entry);
    if (message) messages.push({ index, message });
  }
  return messages;
}

/** The objects of an array, with their places. */
export function placedObjects(value: JsonValue | undefined): { index: number; object: JsonObject }[] {
  return asArray(value).flatMap((entry, index) => {
    const object = asObject(entry);
    return object ? [{ index, object }] : [];
  });
}

/** The tool calls of an OpenAI assistant message. */
export function toolCallsOf(message: JsonObject): JsonObject[] {
  if (message['tool_calls'] === undefined) return [];
  return placedObjects(message['tool_calls']).map(({ object }) => object);
}

/** The text of a message's or block's content: a string, or the texts of its parts. */
export function contentText(content: JsonValue | undefined): string {
  if (typeof content === 'string') return content;
  return placedObjects(content)
    .flatMap(({ object }) => asString(object['text']) ?? [])
    .join('\n');
}
