import type { ReadRequest } from '../../domain/codec.ts';
import type { Conversation, ResponseFormat, Sampling, Thinking } from '../../domain/conversation.ts';
import type { JsonObject } from '../../domain/json.ts';
import { DropList } from '../shared/dropped.ts';
import {
  kindOf,
  readArray,
  readBoolean,
  readCount,
  readNumber,
  readObject,
  readString,
  refuse,
  refuseDeepNesting,
  requireString,
} from '../shared/fields.ts';
import { readMessages } from './read-messages.ts';
import { readToolChoice, readTools } from './read-tools.ts';
import { requestMembers, samplingMembers } from './schema.ts';

/** A chat completion request as a conversation. Throws GatewayError (400, origin client) with the path at fault. */
export function readRequest(body: JsonObject): ReadRequest {
  refuseDeepNesting(body);
  const dropped = new DropList();
  dropped.addUnknown(body, requestMembers, '');
  const conversation: Conversation = {
    model: requireString(body, 'model', ''),
    stream: readBoolean(body, 'stream', '') ?? false,
    ...readMessages(body, dropped),
    tools: readTools(body, dropped),
    sampling: readSampling(body),
    stop: readStop(body, dropped),
  };
  readObject(body, 'stream_options', '');
  const toolChoice = readToolChoice(body, conversation.tools, dropped);
  if (toolChoice !== undefined) conversation.toolChoice = toolChoice;
  const parallel = readBoolean(body, 'parallel_tool_calls', '');
  if (parallel !== undefined) conversation.parallelToolCalls = parallel;
  const cap = readCount(body, 'max_tokens', '');
  const maxOutputTokens = readCount(body, 'max_completion_tokens', '') ?? cap;
  if (maxOutputTokens !== undefined) conversation.maxOutputTokens = maxOutputTokens;
  const thinking = readThinking(body, dropped);
  if (thinking !== undefined) conversation.thinking = thinking;
  const responseFormat = readResponseFormat(body, dropped);
  if (responseFormat !== undefined) conversation.responseFormat = responseFormat;
  const choices = readCount(body, 'n', '');
  if (choices !== undefined) conversation.choices = choices;
  const userId = readString(body, 'user', '');
  if (userId) conversation.userId = userId;
  return { conversation, dropped: dropped.list() };
}

function readSampling(body: JsonObject): Sampling {
  const sampling: Sampling = {};
  for (const [wire, neutral] of samplingMembers) {
    const value = readNumber(body, wire, '');
    if (value !== undefined) sampling[neutral] = value;
  }
  return sampling;
}

/** A string or a list; Model Studio also takes token ids, which mean nothing to another model. */
function readStop(body: JsonObject, dropped: DropList): string[] {
  const value = body['stop'];
  if (typeof value === 'string') return value === '' ? [] : [value];
  const stops: string[] = [];
  (readArray(body, 'stop', '') ?? []).forEach((entry, index) => {
    if (typeof entry === 'string') stops.push(entry);
    else if (typeof entry === 'number' || Array.isArray(entry)) dropped.add('stop[].token_id');
    else refuse(`stop[${index}]`, `must be a string, not ${kindOf(entry)}`);
  });
  return stops;
}

/**
 * The four dialects of thinking: OpenAI's `reasoning_effort`, OpenRouter's `reasoning`, Model Studio's `enable_thinking`
 * with `thinking_budget`, and the `thinking` object of DeepSeek, Z.ai and MiniMax. The most specific statement wins.
 */
function readThinking(body: JsonObject, dropped: DropList): Thinking | undefined {
  const reasoning = readObject(body, 'reasoning', '') ?? {};
  const object = readObject(body, 'thinking', '') ?? {};
  const effort = readString(body, 'reasoning_effort', '') ?? readString(reasoning, 'effort', 'reasoning.');
  const enabled = readBoolean(body, 'enable_thinking', '') ?? readBoolean(reasoning, 'enabled', 'reasoning.');
  const budget =
    readCount(body, 'thinking_budget', '') ??
    readCount(reasoning, 'max_tokens', 'reasoning.') ??
    readCount(object, 'budget_tokens', 'thinking.');
  dropped.addUnknown(reasoning, new Set(['effort', 'enabled', 'max_tokens']), 'reasoning.');
  dropped.addUnknown(object, new Set(['type', 'budget_tokens']), 'thinking.');
  const thinking: Thinking = {};
  const mode = enabled === undefined ? modeOf(readString(object, 'type', 'thinking.'), effort) : enabled ? 'on' : 'off';
  if (mode !== undefined) thinking.mode = mode;
  if (budget !== undefined) thinking.budgetTokens = budget;
  if (effort && effort !== 'none') thinking.effort = effort;
  return Object.keys(thinking).length > 0 ? thinking : undefined;
}

function modeOf(type: string | undefined, effort: string | undefined): Thinking['mode'] {
  if (type === 'enabled') return 'on';
  if (type === 'disabled' || effort === 'none') return 'off';
  return type === 'adaptive' || type === 'auto' ? 'adaptive' : undefined;
}

function readResponseFormat(body: JsonObject, dropped: DropList): ResponseFormat | undefined {
  const format = readObject(body, 'response_format', '');
  if (format === undefined) return undefined;
  const type = requireString(format, 'type', 'response_format.');
  if (type === 'json_object') return { type: 'json-object' };
  if (type === 'json_schema') return readJsonSchema(format);
  if (type !== 'text') dropped.addNamed('response_format.type=', type);
  return undefined;
}

function readJsonSchema(format: JsonObject): ResponseFormat {
  const prefix = 'response_format.json_schema.';
  const holder = readObject(format, 'json_schema', 'response_format.') ?? refuse(prefix.slice(0, -1), 'is required');
  const schema = readObject(holder, 'schema', prefix) ?? {};
  const strict = readBoolean(holder, 'strict', prefix);
  const name = readString(holder, 'name', prefix) || 'response';
  return strict === undefined ? { type: 'json-schema', name, schema } : { type: 'json-schema', name, schema, strict };
}
