import type { WriteRequestOptions, WrittenRequest } from '../../domain/codec.ts';
import type { Conversation, ResponseFormat, Thinking, Tool, ToolChoice } from '../../domain/conversation.ts';
import type { JsonObject, JsonValue } from '../../domain/json.ts';
import { DropList } from '../shared/dropped.ts';
import { dialectSampling, samplingMembers } from './schema.ts';
import { writeMessages } from './write-messages.ts';

/** OpenAI refuses a longer `user`. Claude Code's id is a JSON text of some 150 characters. */
const longestUser = 64;

/** What the target's dialect takes, with the defaults of `WriteRequestOptions` filled in. */
interface Dialect {
  thinkingSwitch: boolean;
  developerRole: boolean;
  cacheControl: boolean;
  reasoningEffort: boolean;
}

/** A conversation as a chat completion request; a stream is always asked for its usage. */
export function writeRequest(conversation: Conversation, options: WriteRequestOptions = {}): WrittenRequest {
  const dropped = new DropList();
  const thinkingSwitch = options.thinkingSwitch ?? false;
  const dialect: Dialect = {
    thinkingSwitch,
    developerRole: options.developerRole ?? false,
    cacheControl: options.cacheControl ?? thinkingSwitch,
    reasoningEffort: options.reasoningEffort ?? !thinkingSwitch,
  };
  const { stream, maxOutputTokens, stop, choices, responseFormat } = conversation;
  const body: JsonObject = {
    model: conversation.model,
    messages: writeMessages(conversation, { ...dialect, dropped }),
  };
  if (stream) Object.assign(body, { stream: true, stream_options: { include_usage: true } });
  if (maxOutputTokens !== undefined) body['max_tokens'] = maxOutputTokens;
  if (stop.length > 0) body['stop'] = [...stop];
  if (choices !== undefined) body['n'] = choices;
  if (responseFormat !== undefined) body['response_format'] = writeResponseFormat(responseFormat);
  writeSampling(conversation, body, { dialect, dropped });
  writeTools(conversation, body, { dialect, dropped });
  if (conversation.thinking !== undefined) writeThinking(conversation.thinking, body, { dialect, dropped });
  writeUser(conversation, body, dropped);
  return { body, dropped: dropped.list() };
}

interface WriteContext {
  dialect: Dialect;
  dropped: DropList;
}

function writeSampling({ sampling }: Conversation, body: JsonObject, { dialect, dropped }: WriteContext): void {
  for (const [wire, neutral] of samplingMembers) {
    const value = sampling[neutral];
    if (value === undefined) continue;
    if (dialect.thinkingSwitch || !dialectSampling.has(wire)) body[wire] = value;
    else dropped.add(wire);
  }
}

function writeTools(conversation: Conversation, body: JsonObject, { dialect, dropped }: WriteContext): void {
  const { tools, toolChoice, parallelToolCalls } = conversation;
  if (tools.length === 0) {
    // Without tools a choice is refused; "none" and "auto" say nothing then.
    if (toolChoice !== undefined && toolChoice.type !== 'auto' && toolChoice.type !== 'none')
      dropped.add('tool_choice');
    return;
  }
  body['tools'] = tools.map((tool) => writeTool(tool, { dialect, dropped }));
  if (toolChoice !== undefined) body['tool_choice'] = writeToolChoice(toolChoice);
  if (parallelToolCalls !== undefined) body['parallel_tool_calls'] = parallelToolCalls;
}

function writeTool(tool: Tool, { dialect, dropped }: WriteContext): JsonObject {
  const fn: JsonObject = { name: tool.name };
  if (tool.description !== undefined) fn['description'] = tool.description;
  if (tool.parameters !== undefined) fn['parameters'] = tool.parameters;
  if (tool.strict !== undefined) fn['strict'] = tool.strict;
  const wire: JsonObject = { type: 'function', function: fn };
  if (tool.cacheControl !== undefined) {
    if (dialect.cacheControl) wire['cache_control'] = tool.cacheControl;
    else dropped.add('tools[].cache_control');
  }
  return wire;
}

function writeToolChoice(choice: ToolChoice): JsonValue {
  return choice.type === 'tool' ? { type: 'function', function: { name: choice.name } } : choice.type;
}

function writeResponseFormat(format: ResponseFormat): JsonObject {
  if (format.type === 'json-object') return { type: 'json_object' };
  const { name, schema, strict } = format;
  return { type: 'json_schema', json_schema: strict === undefined ? { name, schema } : { name, schema, strict } };
}

/** Model Studio refuses a budget together with an effort, so a budget keeps the effort out. */
function writeThinking(thinking: Thinking, body: JsonObject, { dialect, dropped }: WriteContext): void {
  const { mode, budgetTokens, effort } = thinking;
  if (dialect.thinkingSwitch) {
    if (mode !== undefined) body['enable_thinking'] = mode !== 'off';
    if (budgetTokens !== undefined && mode !== 'off') body['thinking_budget'] = budgetTokens;
    if (effort === undefined) return;
    if (dialect.reasoningEffort && budgetTokens === undefined) body['reasoning_effort'] = effort;
    else dropped.add('thinking.effort');
    return;
  }
  const asked = effort ?? (mode === 'on' ? effortOfBudget(budgetTokens) : undefined);
  if (mode === 'off') dropped.add('thinking.disabled');
  else if (asked === undefined) return;
  else if (dialect.reasoningEffort) body['reasoning_effort'] = asked;
  else dropped.add('thinking.effort');
}

/** The effort that a budget amounts to, at the bounds that agents use for their own low, medium and high. */
function effortOfBudget(budgetTokens: number | undefined): string {
  if (budgetTokens === undefined) return 'medium';
  if (budgetTokens <= 4096) return 'low';
  return budgetTokens <= 16_384 ? 'medium' : 'high';
}

function writeUser({ userId }: Conversation, body: JsonObject, dropped: DropList): void {
  if (userId === undefined) return;
  if (userId.length <= longestUser) body['user'] = userId;
  else dropped.add('metadata.user_id');
}
