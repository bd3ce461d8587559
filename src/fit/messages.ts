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
  return asArray(document.get('messages')).flatMap((entry, index) => {
    const message = asObject(entry);
    return message ? [{ index, message }] : [];
  });
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
  return placedObjects(message['tool_calls']).map(({ object }) => object);
}

/** The text of a message's or block's content: a string, or the texts of its parts. */
export function contentText(content: JsonValue | undefined): string {
  if (typeof content === 'string') return content;
  return placedObjects(content)
    .flatMap(({ object }) => asString(object['text']) ?? [])
    .join('\n');
}
