import { asArray, asString, isObject, type JsonObject, type JsonValue } from '../../domain/json.ts';
import { toolNameRule } from '../chat/edge-rules.ts';
import { parameterRefusal, type Refusal } from '../refusal.ts';
import type { Evidence } from '../chat/rule.ts';

/** A rule on the body alone. The endpoint publishes its fields, not its messages: unless said otherwise the words are ours. */
export interface MessagesEdgeRule {
  id: string;
  evidence: Evidence;
  check: (body: JsonObject) => Refusal | undefined;
}

export const messagesEdgeRules: readonly MessagesEdgeRule[] = [
  {
    id: 'anthropic-model-missing',
    evidence: 'inferred',
    check: ({ model }) => (isText(model) ? undefined : required('model')),
  },
  {
    id: 'anthropic-max-tokens-missing',
    evidence: 'documented',
    check: ({ max_tokens: value }) => ((value ?? undefined) === undefined ? required('max_tokens') : undefined),
  },
  {
    id: 'anthropic-messages-missing',
    evidence: 'inferred',
    check: ({ messages }) => (Array.isArray(messages) ? undefined : required('messages')),
  },
  {
    id: 'anthropic-messages-empty',
    evidence: 'inferred',
    check: ({ messages }) =>
      asArray(messages).length > 0 ? undefined : invalid('messages: at least one message is required'),
  },
  { id: 'anthropic-message-role', evidence: 'documented', check: messageRole },
  { id: 'anthropic-message-content', evidence: 'inferred', check: messageContent },
  { id: 'anthropic-system-form', evidence: 'documented', check: systemForm },
  { id: 'anthropic-field-types', evidence: 'inferred', check: fieldTypes },
  { id: 'anthropic-thinking-form', evidence: 'documented', check: thinkingForm },
  { id: 'anthropic-tools-form', evidence: 'documented', check: toolsForm },
  { id: 'anthropic-tool-name-pattern', evidence: 'inferred', check: toolNamePattern },
  { id: 'anthropic-tool-choice-form', evidence: 'documented', check: toolChoiceForm },
  { id: 'anthropic-output-config-form', evidence: 'inferred', check: outputConfigForm },
];

function isText(value: JsonValue | undefined): value is string {
  return typeof value === 'string' && value !== '';
}

function invalid(message: string): Refusal {
  return parameterRefusal(message);
}

function required(path: string): Refusal {
  return invalid(`${path}: Field required`);
}

/** `system` among the messages is what real agents send, and the newer page allows it. */
function messageRole({ messages }: JsonObject): Refusal | undefined {
  const index = asArray(messages).findIndex(
    (message) => !isObject(message) || !['user', 'assistant', 'system'].includes(asString(message.role) ?? ''),
  );
  return index === -1 ? undefined : invalid(`messages.${index}.role: Input should be 'user', 'assistant' or 'system'`);
}

function messageContent({ messages }: JsonObject): Refusal | undefined {
  for (const [index, message] of asArray(messages).entries()) {
    const content = isObject(message) ? message.content : undefined;
    if (typeof content === 'string') continue;
    if (!Array.isArray(content)) return required(`messages.${index}.content`);
    const bad = content.findIndex((block) => !isObject(block) || typeof block.type !== 'string');
    if (bad !== -1) return required(`messages.${index}.content.${bad}.type`);
  }
  return undefined;
}

function systemForm({ system }: JsonObject): Refusal | undefined {
  if (system === undefined || system === null || typeof system === 'string') return undefined;
  const isBlocks =
    Array.isArray(system) &&
    system.every((block) => isObject(block) && block.type === 'text' && typeof block.text === 'string');
  return isBlocks ? undefined : invalid('system: Input should be a string or a list of text blocks');
}

const types: readonly (readonly [string, string, (value: JsonValue) => boolean])[] = [
  ['max_tokens', 'an integer', (value) => Number.isInteger(value)],
  ['stream', 'a boolean', (value) => typeof value === 'boolean'],
  ['temperature', 'a number', (value) => typeof value === 'number'],
  ['top_p', 'a number', (value) => typeof value === 'number'],
  ['top_k', 'an integer', (value) => Number.isInteger(value)],
  [
    'stop_sequences',
    'a list of strings',
    (value) => Array.isArray(value) && value.every((each) => typeof each === 'string'),
  ],
  ['tools', 'a list', Array.isArray],
  ['tool_choice', 'an object', isObject],
  ['thinking', 'an object', isObject],
];

function fieldTypes(body: JsonObject): Refusal | undefined {
  for (const [name, type, isRight] of types) {
    const value = body[name] ?? undefined;
    if (value !== undefined && !isRight(value)) return invalid(`${name}: Input should be ${type}`);
  }
  return undefined;
}

/** `enabled` and `disabled` are published; `adaptive` is what current agents send and what has been answered. */
function thinkingForm({ thinking }: JsonObject): Refusal | undefined {
  if (!isObject(thinking)) return undefined;
  if (!['enabled', 'disabled', 'adaptive'].includes(asString(thinking.type) ?? '')) {
    return invalid("thinking.type: Input should be 'enabled', 'disabled' or 'adaptive'");
  }
  const budget = thinking.budget_tokens ?? undefined;
  return budget === undefined || Number.isInteger(budget)
    ? undefined
    : invalid('thinking.budget_tokens: Input should be an integer');
}

/** Name, description, input_schema and cache_control; other members are ignored. */
function toolsForm({ tools }: JsonObject): Refusal | undefined {
  for (const [index, tool] of asArray(tools).entries()) {
    if (!isObject(tool)) return invalid(`tools.${index}: Input should be an object`);
    if (!isText(tool.name)) return required(`tools.${index}.name`);
    if (!isObject(tool.input_schema)) return required(`tools.${index}.input_schema`);
  }
  return undefined;
}

/**
 * The chat page's bound on names. This path's own page says nothing about them; the protocol it follows allows the same
 * signs (and twice the length), so a name such as `a.b` is allowed by neither.
 */
function toolNamePattern({ tools }: JsonObject): Refusal | undefined {
  const index = asArray(tools).findIndex((tool) => isObject(tool) && !toolNameRule.test(asString(tool.name) ?? ''));
  return index === -1
    ? undefined
    : invalid(`tools.${index}.name: String should match pattern '${toolNameRule.source}'`);
}

function toolChoiceForm({ tool_choice: choice, tools }: JsonObject): Refusal | undefined {
  if (!isObject(choice)) return undefined;
  if (!['auto', 'any', 'none', 'tool'].includes(asString(choice.type) ?? '')) {
    return invalid("tool_choice.type: Input should be 'auto', 'any', 'none' or 'tool'");
  }
  if (choice.type !== 'tool') return undefined;
  if (!isText(choice.name)) return required('tool_choice.name');
  const known = asArray(tools).some((tool) => isObject(tool) && tool.name === choice.name);
  return known
    ? undefined
    : invalid(`tool_choice.name: Tool '${choice.name.slice(0, 64)}' not found in provided tools`);
}

function outputConfigForm({ output_config: config }: JsonObject): Refusal | undefined {
  if (!isObject(config) || config.format === undefined || config.format === null) return undefined;
  const { format } = config;
  const fits = isObject(format) && format.type === 'json_schema' && isObject(format.schema);
  return fits ? undefined : invalid("output_config.format: Input should be {'type': 'json_schema', 'schema': {...}}");
}
