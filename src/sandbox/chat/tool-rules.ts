import { acceptsTools } from '../../catalogue/models.ts';
import { isObject, type JsonValue } from '../../domain/json.ts';
import { algorithmRefusal, type Refusal } from '../refusal.ts';
import { functionOf, parameter, type ChatCall } from './body.ts';
import type { ModelRule } from './rule.ts';

/** Tools and the choice among them. */
export const toolRules: readonly ModelRule[] = [
  { id: 'tool-named-search', evidence: 'documented', check: namedSearch },
  { id: 'tools-supported', evidence: 'documented', check: toolsSupported },
  { id: 'tool-choice-while-thinking', evidence: 'recorded', check: choiceWhileThinking },
  { id: 'tool-choice-value', evidence: 'documented', check: choiceValue },
  { id: 'tool-choice-unknown-tool', evidence: 'inferred', check: unknownChoice },
  { id: 'enable-search-supported', evidence: 'documented', check: searchSupported },
];

function namedSearch({ tools }: ChatCall): Refusal | undefined {
  return tools.some((tool) => functionOf(tool).name === 'search')
    ? algorithmRefusal('Tool names are not allowed to be [search]')
    : undefined;
}

function toolsSupported({ tools, model }: ChatCall): Refusal | undefined {
  return tools.length > 0 && !acceptsTools(model) ? algorithmRefusal('The tool call is not supported.') : undefined;
}

/** The refusal of a forced tool while the model thinks, on both paths. */
export const forcedWhileThinking =
  'The tool_choice parameter does not support being set to required or object in thinking mode';

function choiceWhileThinking({ body, thinking }: ChatCall): Refusal | undefined {
  const choice = parameter(body, 'tool_choice');
  if (!thinking || !(choice === 'required' || isObject(choice))) return undefined;
  return algorithmRefusal(forcedWhileThinking);
}

/** A text is `auto` or `none`; `required` exists on models that are not Qwen's; an object names a function. */
function choiceValue({ body, model }: ChatCall): Refusal | undefined {
  const choice = parameter(body, 'tool_choice');
  const known =
    choice === undefined ||
    choice === 'auto' ||
    choice === 'none' ||
    (choice === 'required' && !model.owner.startsWith('qwen'));
  if (known || chosenName(choice) !== undefined) return undefined;
  return algorithmRefusal('tool_choice is one of the strings that should be ["none", "auto"]');
}

function unknownChoice({ body, tools }: ChatCall): Refusal | undefined {
  const name = chosenName(parameter(body, 'tool_choice'));
  if (name === undefined || tools.some((tool) => functionOf(tool).name === name)) return undefined;
  return algorithmRefusal(`The function ${name.slice(0, 64)} named by tool_choice is not one of the tools`);
}

/** The function that an object choice names. */
export function chosenName(choice: JsonValue | undefined): string | undefined {
  const named =
    isObject(choice) && choice.type === 'function' && isObject(choice.function) ? choice.function.name : undefined;
  return typeof named === 'string' ? named : undefined;
}

function searchSupported({ body, model }: ChatCall): Refusal | undefined {
  return body.enable_search === true && model.webSearch === false
    ? algorithmRefusal('This model does not support enable_search.')
    : undefined;
}
