import type { Tool, ToolChoice } from '../../domain/conversation.ts';
import { isObject } from '../../domain/json.ts';
import type { JsonObject, JsonValue } from '../../domain/json.ts';
import { lookUp } from '../../wire/dispatch.ts';
import type { DropList } from '../shared/dropped.ts';
import {
  kindOf,
  readArray,
  readBoolean,
  readObject,
  readString,
  refuse,
  requireObject,
  requireString,
} from '../shared/fields.ts';
import { functionMembers, toolDefinitionMembers } from './schema.ts';

/** `tools`, and `functions` of the older form. Tools that are not functions belong to one service and are reported. */
export function readTools(body: JsonObject, dropped: DropList): Tool[] {
  const tools: Tool[] = [];
  (readArray(body, 'tools', '') ?? []).forEach((entry, index) => {
    const path = `tools[${index}]`;
    const definition = requireObject(entry, path);
    const type = readString(definition, 'type', `${path}.`) ?? 'function';
    if (type !== 'function') {
      dropped.addNamed('tools[].type=', type);
      return;
    }
    dropped.addUnknown(definition, toolDefinitionMembers, 'tools[].');
    const tool = readFunction(requireObject(definition['function'], `${path}.function`), `${path}.function.`, dropped);
    const cacheControl = readObject(definition, 'cache_control', `${path}.`);
    if (cacheControl !== undefined) tool.cacheControl = cacheControl;
    tools.push(tool);
  });
  (readArray(body, 'functions', '') ?? []).forEach((entry, index) => {
    tools.push(readFunction(requireObject(entry, `functions[${index}]`), `functions[${index}].`, dropped));
  });
  return tools;
}

function readFunction(definition: JsonObject, prefix: string, dropped: DropList): Tool {
  dropped.addUnknown(definition, functionMembers, 'tools[].function.');
  const tool: Tool = { name: requireString(definition, 'name', prefix) };
  const description = readString(definition, 'description', prefix);
  if (description) tool.description = description;
  const parameters = readObject(definition, 'parameters', prefix);
  if (parameters !== undefined) tool.parameters = parameters;
  const strict = readBoolean(definition, 'strict', prefix);
  if (strict !== undefined) tool.strict = strict;
  return tool;
}

const choiceWords: Readonly<Record<string, ToolChoice>> = {
  auto: { type: 'auto' },
  none: { type: 'none' },
  required: { type: 'required' },
  any: { type: 'required' },
};

/** `tool_choice` or `function_call` of the older form; a choice of a tool that is not offered is reported, not kept. */
export function readToolChoice(body: JsonObject, tools: readonly Tool[], dropped: DropList): ToolChoice | undefined {
  const choice = body['tool_choice'] ?? body['function_call'];
  if (choice === undefined || choice === null) return undefined;
  if (typeof choice === 'string')
    return lookUp(choiceWords, choice) ?? refuse('tool_choice', 'must be auto, none, required or an object');
  if (!isObject(choice)) return refuse('tool_choice', `must be a string or an object, not ${kindOf(choice)}`);
  const name = chosenName(choice);
  if (name !== undefined && tools.some((tool) => tool.name === name)) return { type: 'tool', name };
  const mode = chosenMode(choice);
  dropped.add(mode === undefined ? 'tool_choice' : 'tool_choice.allowed_tools');
  return mode;
}

function chosenName(choice: JsonObject): string | undefined {
  const holder: JsonValue | undefined = choice['function'] ?? choice;
  return isObject(holder) && typeof holder['name'] === 'string' ? holder['name'] : undefined;
}

/** `{type: 'allowed_tools', allowed_tools: {mode, tools}}`: the mode can be kept, the list cannot. */
function chosenMode(choice: JsonObject): ToolChoice | undefined {
  const allowed = choice['allowed_tools'];
  const mode = isObject(allowed) ? allowed['mode'] : undefined;
  return typeof mode === 'string' ? lookUp(choiceWords, mode) : undefined;
}
