import { asArray, isObject, type JsonObject, type JsonValue } from '../domain/json.ts';
import { withoutContext } from './model/request-text.ts';

/**
 * The text of the last user message in a body of either protocol, as sent. Messages that only carry tool results or the
 * context blocks of agents go on with the same request, so they are passed over.
 */
export function lastUserText(body: JsonObject): string {
  for (const message of asArray(body.messages).toReversed()) {
    if (!isObject(message) || message.role !== 'user') continue;
    const parts = asArray(message.content).filter(isObject);
    if (parts.some((part) => part.type === 'tool_result')) continue;
    const text = textOf(message.content);
    if (withoutContext(text).trim() !== '') return text;
  }
  return '';
}

/** The text of a message's content: a string, or its text parts. */
export function textOf(content: JsonValue | undefined): string {
  if (typeof content === 'string') return content;
  const parts = asArray(content).filter(isObject);
  return parts.map((part) => (typeof part.text === 'string' ? part.text : '')).join('\n');
}
