import { isObject, parseJson, type JsonObject, type JsonValue } from '../../domain/json.ts';
import { findFacts } from './extract.ts';
import { plainAnswer } from './plain-text.ts';
import type { Prompt } from './prompt.ts';
import type { CurrentRequest } from './request-text.ts';
import { fillSchema } from './schema-fill.ts';
import { plainSource, stringFor } from './schema-strings.ts';

/** JSON text that fits the wanted format: the schema given, or what the messages show of the wanted shape. */
export function jsonAnswer(request: CurrentRequest, prompt: Prompt): string {
  const facts = findFacts(request.text, request.chinese);
  if (prompt.format.type === 'json-schema') return JSON.stringify(fillSchema(prompt.format.schema, facts, true));
  const shown = shownShape(prompt);
  if (shown !== undefined && isSchema(shown)) return JSON.stringify(fillSchema(shown, facts, true));
  if (shown !== undefined) return JSON.stringify(likeExample(shown, request));
  const keys = namedKeys(prompt);
  if (keys.length > 0) return JSON.stringify(Object.fromEntries(keys.map((key) => [key, valueFor(key, request)])));
  return JSON.stringify({ answer: plainAnswer(request, prompt) });
}

function isSchema(value: JsonObject): boolean {
  return isObject(value.properties) || isObject(value.$defs);
}

const maxShapeLength = 100_000;

/** The last JSON object written out in a system or user message: a schema, or an example of the answer. */
function shownShape(prompt: Prompt): JsonObject | undefined {
  for (const turn of prompt.turns.toReversed()) {
    if (turn.role === 'assistant' || turn.role === 'tool') continue;
    const found = firstObject(turn.text.slice(0, maxShapeLength));
    if (found !== undefined) return found;
  }
  return undefined;
}

function firstObject(text: string): JsonObject | undefined {
  let start = text.indexOf('{');
  for (let attempts = 0; start !== -1 && attempts < 20; attempts += 1) {
    const parsed = parseJson(text.slice(start, objectEnd(text, start)));
    if (isObject(parsed) && Object.keys(parsed).length > 0) return parsed;
    start = text.indexOf('{', start + 1);
  }
  return undefined;
}

function objectEnd(text: string, start: number): number {
  let depth = 0;
  let inString = false;
  for (let position = start; position < text.length; position += 1) {
    const character = text[position];
    if (inString && character === '\\') position += 1;
    else if (character === '"') inString = !inString;
    else if (!inString && character === '{') depth += 1;
    else if (!inString && character === '}' && (depth -= 1) === 0) return position + 1;
  }
  return text.length;
}

/** The example's keys, with values of the same kinds; depth is bounded by the parser of the caller's body. */
function likeExample(example: JsonObject, request: CurrentRequest): JsonObject {
  return Object.fromEntries(Object.entries(example).map(([key, value]) => [key, like(key, value, request, 0)]));
}

function like(key: string, value: JsonValue | undefined, request: CurrentRequest, depth: number): JsonValue {
  if (typeof value === 'string') return valueFor(key, request);
  if (Array.isArray(value))
    return depth > 8 ? [] : value.slice(0, 1).map((item) => like(key, item, request, depth + 1));
  if (!isObject(value) || depth > 8) return value ?? null;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, like(name, member, request, depth + 1)]),
  );
}

function valueFor(key: string, request: CurrentRequest): JsonValue {
  const facts = findFacts(request.text, request.chinese);
  if (/^(age|count|number|amount|total|score|year|quantity|year_?of_?birth|price)$/i.test(key))
    return facts.numbers[0] ?? 1;
  return stringFor(key, {}, plainSource(facts)).text;
}

/** "with the keys name and age", "fields: name, age", "包含字段 name、age". */
function namedKeys(prompt: Prompt): string[] {
  const text = prompt.turns
    .flatMap((turn) => (turn.role === 'system' || turn.role === 'user' ? [turn.text.slice(0, 8_000)] : []))
    .join('\n');
  const list =
    /\b(?:keys?|fields?|properties|property)\b\s*(?:named|called|are|of)?\s*[:：]?\s*((?:["'`]?\w{1,40}["'`]?(?:\s*\([^)]{0,60}\))?(?:\s*,\s*(?:and\s+)?|\s+and\s+|、)?){1,20})/i.exec(
      text,
    )?.[1];
  const keys =
    list?.split(/\s*,\s*(?:and\s+)?|\s+and\s+|、/).map((key) => key.replace(/["'`]|\s*\([^)]*\)/g, '').trim()) ?? [];
  return keys.filter((key) => /^\w{1,40}$/.test(key)).slice(0, 20);
}
