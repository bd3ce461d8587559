import type { Conversation, Tool, ToolChoice } from '../../domain/conversation.ts';
import type { JsonObject } from '../../domain/json.ts';
import { lookUp } from '../../wire/dispatch.ts';
import type { DropList } from '../shared/dropped.ts';
import {
  readArray,
  readBoolean,
  readObject,
  readString,
  refuse,
  requireObject,
  requireString,
} from '../shared/fields.ts';
import { toolMembers } from './schema.ts';

/** `tools`. Those with a type of their own run inside Anthropic's service and are reported. */
export function readTools(body: JsonObject, dropped: DropList): Tool[] {
  const tools: Tool[] = [];
  (readArray(body, 'tools', '') ?? []).forEach((entry, index) => {
    const path = `tools[${index}]`;
    const definition = requireObject(entry, path);
    const type = readString(definition, 'type', `${path}.`) ?? 'custom';
    if (type === 'custom') tools.push(readTool(definition, `${path}.`, dropped));
    else dropped.addNamed('tools[].type=', type);
  });
  return tools;
}

function readTool(definition: JsonObject, prefix: string, dropped: DropList): Tool {
  dropped.addUnknown(definition, toolMembers, 'tools[].');
  const tool: Tool = { name: requireString(definition, 'name', prefix) };
  const description = readString(definition, 'description', prefix);
  if (description) tool.description = description;
  const parameters = readObject(definition, 'input_schema', prefix);
  if (parameters !== undefined) tool.parameters = parameters;
  const strict = readBoolean(definition, 'strict', prefix);
  if (strict !== undefined) tool.strict = strict;
  const cacheControl = readObject(definition, 'cache_control', prefix);
  if (cacheControl !== undefined) tool.cacheControl = cacheControl;
  return tool;
}

const choices: Readonly<Record<string, ToolChoice>> = {
  auto: { type: 'auto' },
  none: { type: 'none' },
  any: { type: 'required' },
};

/** Puts `tool_choice` and its `disable_parallel_tool_use` into the conversation, whose tools must have been read. */
export function readToolChoice(body: JsonObject, conversation: Conversation, dropped: DropList): void {
  const choice = readObject(body, 'tool_choice', '');
  if (choice === undefined) return;
  const type = requireString(choice, 'type', 'tool_choice.');
  const disableParallel = readBoolean(choice, 'disable_parallel_tool_use', 'tool_choice.');
  if (disableParallel !== undefined) conversation.parallelToolCalls = !disableParallel;
  const read = type === 'tool' ? chosenTool(choice, conversation.tools) : lookUp(choices, type);
  if (read !== undefined) conversation.toolChoice = read;
  else if (type === 'tool') dropped.add('tool_choice');
  else refuse('tool_choice.type', 'must be one of auto, any, tool, none');
}

/** Undefined for a tool that is not offered, as one of Anthropic's own that was left out. */
function chosenTool(choice: JsonObject, tools: readonly Tool[]): ToolChoice | undefined {
  const name = requireString(choice, 'name', 'tool_choice.');
  return tools.some((tool) => tool.name === name) ? { type: 'tool', name } : undefined;
}
