import { isObject, type JsonObject, type JsonValue } from '../../domain/json.ts';
import { findFacts, type Facts } from './extract.ts';
import type { Prompt, PromptTool } from './prompt.ts';
import { fillSchema } from './schema-fill.ts';
import { bestTool, mentionedTools } from './tool-match.ts';
import { findOperation, isAgentToolset } from './tool-operations.ts';

/** A call that the request asks for, in the order of the request. */
export interface PlannedCall {
  name: string;
  argumentsJson: string;
}

const maxCalls = 16;

/** The calls a request asks for: explicit operations first, then tools named or meant. Empty for a plain question. */
export function planCalls(text: string, chinese: boolean, prompt: Prompt): PlannedCall[] {
  const { tools, toolWish } = prompt;
  if (tools.length === 0 || toolWish.type === 'none') return [];
  if (toolWish.type === 'tool') {
    const tool = tools.find((each) => each.name === toolWish.name);
    return tool === undefined ? [] : callsOf(tool, text, chinese);
  }
  const calls = wantedCalls(text, chinese, tools);
  if (calls.length > 0 || toolWish.type === 'auto') return calls;
  const [fallback] = tools;
  return fallback === undefined ? [] : callsOf(bestTool(text, tools, 0) ?? fallback, text, chinese).slice(0, 1);
}

function wantedCalls(text: string, chinese: boolean, tools: readonly PromptTool[]): PlannedCall[] {
  const operations = findOperation(text, tools);
  if (operations.length > 0) {
    return operations.map(({ tool, values }) => callWith(tool, values, findFacts(text, chinese))).slice(0, maxCalls);
  }
  const mentioned = mentionedTools(text, tools);
  if (mentioned.length > 0) return mentioned.flatMap((tool) => callsOf(tool, text, chinese)).slice(0, maxCalls);
  // An agent's tools act on files and shells: without an operation on one of those the user only wants an answer.
  if (isAgentToolset(tools)) return [];
  const wanted = clausesOf(text).flatMap((clause) => {
    const tool = bestTool(clause, tools, 3);
    return tool === undefined ? [] : [{ tool, clause }];
  });
  const [first] = wanted;
  // With one tool for all of it, all of the request's words are that tool's.
  if (first !== undefined && wanted.every(({ tool }) => tool === first.tool)) return callsOf(first.tool, text, chinese);
  const seen = new Set<string>();
  const calls = wanted.flatMap(({ tool, clause }) => callsOf(tool, clause, chinese, text));
  return calls.filter((call) => !seen.has(keyOf(call)) && seen.add(keyOf(call))).slice(0, maxCalls);
}

function keyOf(call: PlannedCall): string {
  return `${call.name} ${call.argumentsJson}`;
}

/** The parts of a request that can each want something: sentences, and what "and" or "then" joins. */
function clausesOf(text: string): string[] {
  const clauses = text.split(
    /(?<=[?？!！。;；])\s*|(?<=\.)\s+|\s*,?\s+(?:and then|then|and also)\s+|\s*,?\s+and\s+(?=(?:what|how|when|where|who|get|find|tell|check|look|calculate|convert|the)\b)|[，,](?=.{0,4}(?:还有|再|并|以及|顺便|另外))|以及|还有/i,
  );
  return clauses
    .map((clause) => clause.trim())
    .filter((clause) => clause !== '')
    .slice(0, maxCalls);
}

/** One call, or one for each place when the request names several and the tool takes one. */
function callsOf(tool: PromptTool, text: string, chinese: boolean, whole = text): PlannedCall[] {
  const facts = findFacts(text, chinese);
  const context = text === whole ? facts : withFallback(facts, findFacts(whole, chinese));
  const key = singlePlaceKey(tool.schema);
  if (key === undefined || facts.places.length < 2) return [callWith(tool, {}, context)];
  return facts.places.map((place) => callWith(tool, { [key]: place }, { ...context, places: [place] }));
}

/** What a clause does not name is taken from the whole request. */
function withFallback(facts: Facts, whole: Facts): Facts {
  return {
    ...facts,
    places: facts.places.length > 0 ? facts.places : whole.places,
    quoted: facts.quoted.length > 0 ? facts.quoted : whole.quoted,
    dates: facts.dates.length > 0 ? facts.dates : whole.dates,
    urls: facts.urls.length > 0 ? facts.urls : whole.urls,
  };
}

function singlePlaceKey(schema: JsonObject): string | undefined {
  const keys = Object.keys(isObject(schema.properties) ? schema.properties : {});
  const places = keys.filter((key) => /^(city|location|place|town|region|country)$/i.test(key));
  return places.length === 1 ? places[0] : undefined;
}

function callWith(tool: PromptTool, values: JsonObject, facts: Facts): PlannedCall {
  const filled = fillSchema(tool.schema, facts, false);
  const args: JsonValue = isObject(filled) ? { ...filled, ...values } : values;
  return { name: tool.name, argumentsJson: formatArguments(args) };
}

/** JSON as the platform's models write it, with a blank after colons and commas. */
function formatArguments(value: JsonValue | undefined): string {
  if (Array.isArray(value)) return `[${value.map(formatArguments).join(', ')}]`;
  if (!isObject(value)) return JSON.stringify(value ?? null);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}: ${formatArguments(member)}`).join(', ')}}`;
}
