import { thinkingClass, thinksByDefault, type ModelEntry } from '../../catalogue/models.ts';
import { asArray, asString, isObject, type JsonObject, type JsonValue } from '../../domain/json.ts';

/** A messages request whose outer shape is known to be right. */
export interface MessagesCall {
  body: JsonObject;
  messages: JsonObject[];
  tools: JsonObject[];
  model: ModelEntry;
  /** Thinking is on for this call: asked for, or the model's default. */
  thinking: boolean;
}

export function toMessagesCall(body: JsonObject, model: ModelEntry): MessagesCall {
  return {
    body,
    messages: asArray(body.messages).filter(isObject),
    tools: asArray(body.tools).filter(isObject),
    model,
    thinking: isThinking(body, model),
  };
}

/** `adaptive` leaves it to the model, which is its default here. */
function isThinking(body: JsonObject, model: ModelEntry): boolean {
  const kind = thinkingClass(model, 'anthropic-messages');
  const type = isObject(body.thinking) ? body.thinking.type : undefined;
  if (kind === 'only' || kind === 'none') return kind === 'only';
  if (type === 'enabled') return true;
  return type === 'disabled' ? false : thinksByDefault(model);
}

/** The blocks of a message; a plain text is one block. */
export function blocksOf(content: JsonValue | undefined): JsonObject[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  return asArray(content).filter(isObject);
}

export function blocksOfType(message: JsonObject, type: string): JsonObject[] {
  return blocksOf(message.content).filter((block) => block.type === type);
}

/** The text of a tool result: a string, or its text blocks. */
export function resultText(block: JsonObject): string {
  return blocksOf(block.content)
    .map((part) => asString(part.text) ?? '')
    .join('\n');
}
