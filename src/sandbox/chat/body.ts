import type { ModelEntry } from '../../catalogue/models.ts';
import { thinkingClass, thinksByDefault } from '../../catalogue/models.ts';
import { asArray, asNumber, isObject, type JsonObject, type JsonValue } from '../../domain/json.ts';
import type { Plan } from '../../domain/provider.ts';

/** A chat request whose outer shape is known to be right: what the rules of the model look at. */
export interface ChatCall {
  body: JsonObject;
  messages: JsonObject[];
  tools: JsonObject[];
  model: ModelEntry;
  stream: boolean;
  /** Thinking is on for this call: asked for, or the model's default. */
  thinking: boolean;
  plan: Plan | undefined;
}

/** Reads a body that the edge rules have passed. */
export function toChatCall(body: JsonObject, model: ModelEntry, plan: Plan | undefined): ChatCall {
  return {
    body,
    messages: asArray(body.messages).filter(isObject),
    tools: asArray(body.tools).filter(isObject),
    model,
    stream: body.stream === true,
    thinking: isThinking(body, model),
    plan,
  };
}

function isThinking(body: JsonObject, model: ModelEntry): boolean {
  const kind = thinkingClass(model);
  if (kind === 'only') return true;
  if (kind === 'none') return false;
  if (typeof body.enable_thinking === 'boolean') return body.enable_thinking;
  if (isObject(body.thinking)) return body.thinking.type !== 'disabled';
  if (model.reasoningEffort !== null && body.reasoning_effort === 'none') return false;
  return thinksByDefault(model);
}

/** A parameter's value; null counts as absent, as SDKs send it. */
export function parameter(body: JsonObject, name: string): JsonValue | undefined {
  return body[name] ?? undefined;
}

/** The function object of a tool. */
export function functionOf(tool: JsonObject): JsonObject {
  return isObject(tool.function) ? tool.function : {};
}

/** The tool calls of an assistant message. */
export function toolCallsOf(message: JsonObject): JsonObject[] {
  return asArray(message.tool_calls).filter(isObject);
}

/** The text of a message's content, whatever its form. */
export function contentText(content: JsonValue | undefined): string {
  if (typeof content === 'string') return content;
  const parts = asArray(content).filter(isObject);
  return parts.map((part) => (typeof part.text === 'string' ? part.text : '')).join('\n');
}

/** A whole number, or undefined. */
export function wholeNumber(value: JsonValue | undefined): number | undefined {
  const number = asNumber(value);
  return number !== undefined && Number.isInteger(number) ? number : undefined;
}
