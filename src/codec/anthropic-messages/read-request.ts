import type { ReadRequest } from '../../domain/codec.ts';
import type {
  AssistantPart,
  Conversation,
  ResponseFormat,
  Sampling,
  Thinking,
  Turn,
  UserPart,
} from '../../domain/conversation.ts';
import type { JsonObject } from '../../domain/json.ts';
import { lookUp } from '../../wire/dispatch.ts';
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
  requireObject,
  requireString,
} from '../shared/fields.ts';
import { readContent, readSystem, readTextContent } from './read-blocks.ts';
import { readToolChoice, readTools } from './read-tools.ts';
import {
  messageMembers,
  metadataMembers,
  outputMembers,
  requestMembers,
  samplingMembers,
  thinkingMembers,
} from './schema.ts';

/** A Messages request as a conversation. Throws GatewayError (400, origin client) with the path at fault. */
export function readRequest(body: JsonObject): ReadRequest {
  refuseDeepNesting(body);
  const dropped = new DropList();
  dropped.addUnknown(body, requestMembers, '');
  const conversation: Conversation = {
    model: requireString(body, 'model', ''),
    stream: readBoolean(body, 'stream', '') ?? false,
    system: readSystem(body, dropped),
    turns: readTurns(body, dropped),
    tools: readTools(body, dropped),
    sampling: readSampling(body),
    stop: readStop(body),
  };
  readToolChoice(body, conversation, dropped);
  // 0 is allowed: it fills the prompt cache without an answer.
  const maxOutputTokens = readCount(body, 'max_tokens', '', 0);
  if (maxOutputTokens !== undefined) conversation.maxOutputTokens = maxOutputTokens;
  const output = readObject(body, 'output_config', '') ?? {};
  dropped.addUnknown(output, outputMembers, 'output_config.');
  const thinking = readThinking(body, output, dropped);
  if (thinking !== undefined) conversation.thinking = thinking;
  const format = readObject(output, 'format', 'output_config.') ?? readObject(body, 'output_format', '');
  const responseFormat = format === undefined ? undefined : readFormat(format, dropped);
  if (responseFormat !== undefined) conversation.responseFormat = responseFormat;
  const metadata = readObject(body, 'metadata', '') ?? {};
  dropped.addUnknown(metadata, metadataMembers, 'metadata.');
  const userId = readString(metadata, 'user_id', 'metadata.');
  if (userId) conversation.userId = userId;
  return { conversation, dropped: dropped.list() };
}

type TurnReader = (message: JsonObject, path: string, dropped: DropList) => Turn;

const turnReaders: Readonly<Record<string, TurnReader>> = {
  user: (message, path, dropped) => ({ role: 'user', parts: readUserParts(message, path, dropped) }),
  assistant: (message, path, dropped) => ({ role: 'assistant', parts: readAssistantParts(message, path, dropped) }),
  // Claude Code puts instructions between the turns.
  system: (message, path, dropped) => ({
    role: 'system',
    parts: readTextContent(message['content'], `${path}.content`, dropped),
  }),
};

function readTurns(body: JsonObject, dropped: DropList): Turn[] {
  const messages = readArray(body, 'messages', '');
  if (messages === undefined || messages.length === 0)
    refuse('messages', 'is required and must hold at least one message');
  const turns = messages.map((entry, index) => {
    const path = `messages[${index}]`;
    const message = requireObject(entry, path);
    const reader = lookUp(turnReaders, requireString(message, 'role', `${path}.`));
    if (reader === undefined) return refuse(`${path}.role`, `must be one of ${Object.keys(turnReaders).join(', ')}`);
    dropped.addUnknown(message, messageMembers, 'messages[].');
    return reader(message, path, dropped);
  });
  return turns.filter((turn) => turn.role !== 'system' || turn.parts.length > 0);
}

function readUserParts(message: JsonObject, path: string, dropped: DropList): UserPart[] {
  const parts: UserPart[] = [];
  for (const part of readContent(message['content'], `${path}.content`, dropped)) {
    if (part.type === 'thinking' || part.type === 'tool-call')
      refuse(`${path}.content`, `a user message cannot hold a ${part.type}`);
    parts.push(part);
  }
  return parts;
}

function readAssistantParts(message: JsonObject, path: string, dropped: DropList): AssistantPart[] {
  const parts: AssistantPart[] = [];
  for (const part of readContent(message['content'], `${path}.content`, dropped)) {
    if (part.type === 'tool-result') return refuse(`${path}.content`, 'an assistant message cannot hold a tool result');
    if (part.type === 'media') dropped.add(`messages[].content[].${part.kind}`);
    else parts.push(part);
  }
  return parts;
}

function readSampling(body: JsonObject): Sampling {
  const sampling: Sampling = {};
  for (const [wire, neutral] of samplingMembers) {
    const value = readNumber(body, wire, '');
    if (value !== undefined) sampling[neutral] = value;
  }
  return sampling;
}

function readStop(body: JsonObject): string[] {
  return (readArray(body, 'stop_sequences', '') ?? []).map((entry, index) =>
    typeof entry === 'string' ? entry : refuse(`stop_sequences[${index}]`, `must be a string, not ${kindOf(entry)}`),
  );
}

const thinkingModes: Readonly<Record<string, NonNullable<Thinking['mode']>>> = {
  enabled: 'on',
  disabled: 'off',
  adaptive: 'adaptive',
  // The model thinks where it finds it worth it, though only between tool calls: nearest to its own choice.
  between_tools: 'adaptive',
};

function readThinking(body: JsonObject, output: JsonObject, dropped: DropList): Thinking | undefined {
  const wire = readObject(body, 'thinking', '');
  const effort = readString(output, 'effort', 'output_config.');
  const thinking: Thinking = {};
  if (wire !== undefined) {
    const type = requireString(wire, 'type', 'thinking.');
    const mode = lookUp(thinkingModes, type);
    const budget = readCount(wire, 'budget_tokens', 'thinking.');
    dropped.addUnknown(wire, thinkingMembers, 'thinking.');
    if (mode === undefined || type === 'between_tools') dropped.addNamed('thinking.type=', type);
    if (mode !== undefined) thinking.mode = mode;
    if (budget !== undefined) thinking.budgetTokens = budget;
  }
  if (effort) thinking.effort = effort;
  return Object.keys(thinking).length > 0 ? thinking : undefined;
}

function readFormat(format: JsonObject, dropped: DropList): ResponseFormat | undefined {
  const type = requireString(format, 'type', 'output_config.format.');
  const schema = readObject(format, 'schema', 'output_config.format.');
  if (type === 'json_schema' && schema !== undefined)
    return { type: 'json-schema', name: 'response', schema, strict: true };
  dropped.addNamed('output_config.format.type=', type);
  return undefined;
}
