import { asArray, isObject, type JsonObject, type JsonValue } from '../../domain/json.ts';
import { algorithmRefusal, edgeRefusal, type Refusal } from '../refusal.ts';
import { functionOf, parameter, toolCallsOf } from './body.ts';
import type { EdgeRule } from './rule.ts';
import { schemaFault } from './schema-fault.ts';

/** The check of the body before any model is looked at, in the order in which it answers. */
export const edgeRules: readonly EdgeRule[] = [
  { id: 'model-missing', evidence: 'documented', check: modelMissing },
  { id: 'messages-missing', evidence: 'recorded', check: messagesMissing },
  { id: 'messages-empty', evidence: 'documented', check: messagesEmpty },
  { id: 'message-shape', evidence: 'documented', check: messageShape },
  { id: 'message-role', evidence: 'recorded', check: messageRole },
  { id: 'message-content-missing', evidence: 'documented', check: contentMissing },
  { id: 'parameter-types', evidence: 'documented', check: parameterTypes },
  { id: 'seed-range', evidence: 'documented', check: seedRange },
  { id: 'tools-shape', evidence: 'recorded', check: toolsShape },
  { id: 'tool-shape', evidence: 'inferred', check: toolShape },
  { id: 'tool-name-pattern', evidence: 'inferred', check: toolNamePattern },
  { id: 'tool-parameters-schema', evidence: 'inferred', check: toolParametersSchema },
];

function modelMissing(body: JsonObject): Refusal | undefined {
  if (typeof body.model === 'string' && body.model !== '') return undefined;
  return edgeRefusal('you must provide a model parameter.', { code: 'missing_required_parameter', param: 'model' });
}

function messagesMissing(body: JsonObject): Refusal | undefined {
  if (body.messages === undefined || body.messages === null) {
    // `param` is singular in the recorded answer.
    return edgeRefusal('you must provide a messages parameter', {
      code: 'missing_required_parameter',
      param: 'message',
    });
  }
  return Array.isArray(body.messages)
    ? undefined
    : edgeRefusal(`${show(body.messages)} is not of type 'array' - 'messages'`);
}

function messagesEmpty(body: JsonObject): Refusal | undefined {
  return asArray(body.messages).length === 0 ? edgeRefusal("[] is too short - 'messages'") : undefined;
}

function messageShape(body: JsonObject): Refusal | undefined {
  const index = asArray(body.messages).findIndex((message) => !isObject(message));
  if (index === -1) return undefined;
  return algorithmRefusal(`Input should be a valid dictionary or instance of GPT3Message: input.messages.${index}`);
}

const roles = ['system', 'assistant', 'user', 'tool', 'function'];
const roleList = `[${roles.map((role) => `'${role}'`).join(', ')}]`;

function messageRole(body: JsonObject): Refusal | undefined {
  for (const [index, message] of asArray(body.messages).entries()) {
    const role = isObject(message) ? message.role : undefined;
    if (role === undefined) return edgeRefusal(`'role' is a required property - 'messages.['${index}]'`);
    if (typeof role !== 'string' || !roles.includes(role)) {
      return edgeRefusal(`${show(role)} is not one of ${roleList} - 'messages.['${index}].role'`);
    }
  }
  return undefined;
}

function contentMissing(body: JsonObject): Refusal | undefined {
  const missing = asArray(body.messages).some((message) => isObject(message) && lacksContent(message));
  return missing ? algorithmRefusal('The content field is a required field.') : undefined;
}

function lacksContent(message: JsonObject): boolean {
  const hasContent = message.content !== undefined && message.content !== null;
  return !hasContent && !(message.role === 'assistant' && toolCallsOf(message).length > 0);
}

type Shape = (value: JsonValue) => boolean;

const isFloat: Shape = (value) => typeof value === 'number';
const isInteger: Shape = (value) => Number.isInteger(value);
const isBoolean: Shape = (value) => typeof value === 'boolean';

/** Parameter, wanted type as the platform names it, and the test. */
const types: readonly (readonly [string, string, Shape])[] = [
  ['temperature', 'Float', isFloat],
  ['top_p', 'Float', isFloat],
  ['presence_penalty', 'Float', isFloat],
  ['frequency_penalty', 'Float', isFloat],
  ['repetition_penalty', 'Float', isFloat],
  ['top_k', 'Integer', isInteger],
  ['seed', 'Integer', isInteger],
  ['n', 'Integer', isInteger],
  ['max_tokens', 'Integer', isInteger],
  ['max_completion_tokens', 'Integer', isInteger],
  ['thinking_budget', 'Integer', isInteger],
  ['top_logprobs', 'Integer', isInteger],
  ['stream', 'Boolean', isBoolean],
  ['enable_thinking', 'Boolean', isBoolean],
  ['enable_search', 'Boolean', isBoolean],
  ['preserve_thinking', 'Boolean', isBoolean],
  ['parallel_tool_calls', 'Boolean', isBoolean],
  ['logprobs', 'Boolean', isBoolean],
  ['stream_options', 'Object', isObject],
  ['reasoning_effort', 'String', (value) => typeof value === 'string'],
  ['tools', 'Array', Array.isArray],
];

function parameterTypes(body: JsonObject): Refusal | undefined {
  for (const [name, type, isRight] of types) {
    const value = parameter(body, name);
    if (value !== undefined && !isRight(value)) {
      return edgeRefusal(`'${name}' must be ${type}`, name === 'seed' ? { code: 'invalid_value' } : {});
    }
  }
  const options = parameter(body, 'stream_options');
  const includeUsage = isObject(options) ? parameter(options, 'include_usage') : undefined;
  return includeUsage === undefined || isBoolean(includeUsage)
    ? undefined
    : edgeRefusal("'stream_options.include_usage' must be Boolean");
}

const maxSeed = 2_147_483_647;

/** Up to 2^31-1 on this path; numbers that DashScope's own protocol refuses as well get its message. */
function seedRange(body: JsonObject): Refusal | undefined {
  const seed = parameter(body, 'seed');
  if (typeof seed !== 'number') return undefined;
  if (Math.abs(seed) > Number.MAX_SAFE_INTEGER * 1_024) {
    return algorithmRefusal('Range of seed should be [0, 9223372036854775807]');
  }
  if (seed < 0) return edgeRefusal(`${seed} is lesser than the minimum of 0 - 'seed'`, { code: 'invalid_value' });
  if (seed > maxSeed)
    return edgeRefusal(`${seed} is greater than the maximum of ${maxSeed} - 'seed'`, { code: 'invalid_value' });
  return undefined;
}

function toolsShape(body: JsonObject): Refusal | undefined {
  return Array.isArray(body.tools) && body.tools.length === 0 ? edgeRefusal("[] is too short - 'tools'") : undefined;
}

function toolShape(body: JsonObject): Refusal | undefined {
  for (const [index, tool] of asArray(body.tools).entries()) {
    if (!isObject(tool)) return edgeRefusal(`${show(tool)} is not of type 'object' - 'tools.['${index}]'`);
    if (tool.type !== 'function')
      return edgeRefusal(`${show(tool.type)} is not one of ['function'] - 'tools.['${index}].type'`);
    if (!isObject(tool.function)) return edgeRefusal(`'function' is a required property - 'tools.['${index}]'`);
    if (typeof tool.function.name !== 'string')
      return edgeRefusal(`'name' is a required property - 'tools.['${index}].function'`);
  }
  return undefined;
}

/** What a tool may be called: at most 64 letters, digits, underscores and hyphens (chat page). */
export const toolNameRule = /^[a-zA-Z0-9_-]{1,64}$/;

function toolNamePattern(body: JsonObject): Refusal | undefined {
  for (const [index, tool] of asArray(body.tools).entries()) {
    const name = isObject(tool) ? functionOf(tool).name : undefined;
    if (typeof name === 'string' && !toolNameRule.test(name)) {
      return edgeRefusal(`${show(name)} does not match '${toolNameRule.source}' - 'tools.['${index}].function.name'`);
    }
  }
  return undefined;
}

/** "The parameters field must be valid JSON Schema" (chat page); without the field a tool takes none. */
function toolParametersSchema(body: JsonObject): Refusal | undefined {
  for (const [index, tool] of asArray(body.tools).entries()) {
    const parameters = isObject(tool) ? parameter(functionOf(tool), 'parameters') : undefined;
    if (parameters === undefined) continue;
    const place = `tools.['${index}].function.parameters`;
    if (!isObject(parameters)) return edgeRefusal(`${show(parameters)} is not of type 'object' - '${place}'`);
    const found = schemaFault(parameters);
    if (found !== undefined) return edgeRefusal(`${show(found.value)} ${found.fault} - '${show(place + found.path)}'`);
  }
  return undefined;
}

/** A value as the platform's schema check prints it: strings bare, everything bounded. */
function show(value: JsonValue | undefined): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value ?? null);
  return text.length > 200 ? `${text.slice(0, 200)}...` : text;
}
