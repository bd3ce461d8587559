import type { AssistantPart, TextPart, ToolCallPart, ToolResultPart, Turn } from '../../domain/conversation.ts';
import type { JsonObject, JsonValue } from '../../domain/json.ts';
import { lookUp } from '../../wire/dispatch.ts';
import type { DropList } from '../shared/dropped.ts';
import { readArray, readObject, readString, refuse, requireObject, requireString } from '../shared/fields.ts';
import { toolCallId } from '../shared/ids.ts';
import { readContent, readTextContent } from './read-parts.ts';
import { assistantMembers, instructionMembers, toolCallMembers, toolMembers, userMembers } from './schema.ts';

/** The messages as far as they are read. */
interface MessagesState {
  system: TextPart[];
  turns: Turn[];
  dropped: DropList;
  /** Calls of the last assistant message that have no result yet, for results that do not say whose they are. */
  unanswered: { id: string; name: string }[];
  /** Calls that came without an id, so that each gets its own. */
  unnamed: number;
}

type MessageReader = (message: JsonObject, path: string, state: MessagesState) => void;

const messageReaders: Readonly<Record<string, MessageReader>> = {
  system: readInstruction,
  developer: readInstruction,
  user: readUser,
  assistant: readAssistant,
  tool: readToolResult,
  function: readToolResult,
};

const roleNames = Object.keys(messageReaders).join(', ');

/** Reads `messages` into instructions and turns. Throws GatewayError 400 with the path of what cannot be understood. */
export function readMessages(body: JsonObject, dropped: DropList): Pick<MessagesState, 'system' | 'turns'> {
  const messages = readArray(body, 'messages', '');
  if (messages === undefined || messages.length === 0)
    refuse('messages', 'is required and must hold at least one message');
  const state: MessagesState = { system: [], turns: [], dropped, unanswered: [], unnamed: 0 };
  messages.forEach((entry, index) => {
    const path = `messages[${index}]`;
    const message = requireObject(entry, path);
    const role = requireString(message, 'role', `${path}.`);
    const reader = lookUp(messageReaders, role);
    if (reader === undefined) refuse(`${path}.role`, `must be one of ${roleNames}`);
    reader(message, path, state);
  });
  return { system: state.system, turns: state.turns };
}

function readInstruction(message: JsonObject, path: string, state: MessagesState): void {
  state.dropped.addUnknown(message, instructionMembers, 'messages[].');
  const parts = readTextContent(message['content'], `${path}.content`, state.dropped);
  if (state.turns.length === 0) state.system.push(...parts);
  else if (parts.length > 0) state.turns.push({ role: 'system', parts });
}

function readUser(message: JsonObject, path: string, state: MessagesState): void {
  state.dropped.addUnknown(message, userMembers, 'messages[].');
  const parts = readContent(message['content'], `${path}.content`, state.dropped);
  state.turns.push({ role: 'user', parts });
}

function readAssistant(message: JsonObject, path: string, state: MessagesState): void {
  const prefix = `${path}.`;
  state.dropped.addUnknown(message, assistantMembers, 'messages[].');
  const parts: AssistantPart[] = [];
  const thinking = readString(message, 'reasoning_content', prefix) || readString(message, 'reasoning', prefix);
  if (thinking) parts.push({ type: 'thinking', text: thinking });
  parts.push(...readTextContent(message['content'], `${prefix}content`, state.dropped));
  const refusal = readString(message, 'refusal', prefix);
  if (refusal) parts.push({ type: 'text', text: refusal });
  const calls = readToolCalls(message, prefix, state);
  state.unanswered = calls.map(({ id, name }) => ({ id, name }));
  state.turns.push({ role: 'assistant', parts: [...parts, ...calls] });
}

function readToolCalls(message: JsonObject, prefix: string, state: MessagesState): ToolCallPart[] {
  const calls: ToolCallPart[] = [];
  const entries = readArray(message, 'tool_calls', prefix) ?? [];
  entries.forEach((entry, index) => {
    const path = `${prefix}tool_calls[${index}]`;
    const call = requireObject(entry, path);
    const type = readString(call, 'type', `${path}.`) || 'function';
    if (type === 'function') calls.push(readToolCall(call, path, state));
    else state.dropped.addNamed('messages[].tool_calls[].type=', type);
  });
  const legacy = readObject(message, 'function_call', prefix);
  if (legacy !== undefined) calls.push(readFunction(legacy, '', { path: `${prefix}function_call`, state }));
  return calls;
}

function readToolCall(call: JsonObject, path: string, state: MessagesState): ToolCallPart {
  state.dropped.addUnknown(call, toolCallMembers, 'messages[].tool_calls[].');
  const id = readString(call, 'id', `${path}.`) ?? '';
  const fn = requireObject(call['function'], `${path}.function`);
  const part = readFunction(fn, id, { path: `${path}.function`, state });
  const cacheControl = readObject(call, 'cache_control', `${path}.`);
  if (cacheControl !== undefined) part.cacheControl = cacheControl;
  return part;
}

function readFunction(
  fn: JsonObject,
  id: string,
  { path, state }: { path: string; state: MessagesState },
): ToolCallPart {
  const name = requireString(fn, 'name', `${path}.`);
  if (id === '') state.unnamed += 1;
  return {
    type: 'tool-call',
    id: id === '' ? toolCallId('history', state.unnamed, name) : id,
    name,
    argumentsJson: readArguments(fn['arguments'], `${path}.arguments`),
  };
}

/** Some clients replay the parsed object. */
function readArguments(value: JsonValue | undefined, path: string): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  return JSON.stringify(requireObject(value, path));
}

/** A `tool` message, or a `function` message of the older form, which names the function instead of the call. */
function readToolResult(message: JsonObject, path: string, state: MessagesState): void {
  const prefix = `${path}.`;
  state.dropped.addUnknown(message, toolMembers, 'messages[].');
  const result: ToolResultPart = {
    type: 'tool-result',
    callId: answeredCall(message, prefix, state),
    parts: readContent(message['content'], `${prefix}content`, state.dropped),
  };
  const cacheControl = readObject(message, 'cache_control', prefix);
  if (cacheControl !== undefined) result.cacheControl = cacheControl;
  const last = state.turns.at(-1);
  if (last?.role === 'user' && last.parts.length > 0 && last.parts.every((part) => part.type === 'tool-result')) {
    last.parts.push(result);
  } else {
    state.turns.push({ role: 'user', parts: [result] });
  }
}

/** Model Studio's own example sends results without `tool_call_id`: then the name, else the order, tells whose they are. */
function answeredCall(message: JsonObject, prefix: string, state: MessagesState): string {
  const id = readString(message, 'tool_call_id', prefix);
  const name = readString(message, 'name', prefix);
  const open = state.unanswered;
  const byName = open.findIndex((call) => call.name === name);
  const position = id ? open.findIndex((call) => call.id === id) : Math.max(byName, 0);
  const [call] = position >= 0 ? open.splice(position, 1) : [];
  if (id) return id;
  return call?.id ?? refuse(`${prefix}tool_call_id`, 'is required: no tool call is left that this result could answer');
}
