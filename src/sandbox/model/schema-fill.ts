import { isObject, type JsonObject, type JsonValue } from '../../domain/json.ts';
import { numberFor } from './schema-numbers.ts';
import { stringFor, type FoundString } from './schema-strings.ts';
import type { Facts } from './extract.ts';
import { takeDigit, type Steps, type Variant } from './variant.ts';
import { lookUp } from '../../wire/dispatch.ts';

/** What a value is made from. `numbers` is consumed: each number of the text is used once. */
export interface FillContext {
  facts: Facts;
  root: JsonObject;
  /** Fill optional members too, as a model that answers in a schema does; else only what the text gives. */
  complete: boolean;
  numbers: number[];
  /** Likewise the quoted texts. */
  quoted: string[];
  /** Schemas entered so far, a bound on recursive and hostile ones. */
  budget: Steps;
  /** Which of the values that fit is wanted, when the members of a list must differ. */
  variant: Variant;
  /** Bounds the work on patterns. */
  steps: Steps;
}

const maxDepth = 12;

/** A value that fits a JSON Schema, made from what the text says. Deterministic; unknown keywords are ignored. */
export function fillSchema(schema: JsonObject, facts: Facts, complete: boolean): JsonValue {
  const context = {
    facts,
    root: schema,
    complete,
    numbers: [...facts.numbers],
    quoted: [...facts.quoted],
    budget: { left: 2_000 },
    variant: { rest: 0 },
    steps: { left: 200_000 },
  };
  return fill(schema, '', context, 0);
}

function fill(schema: JsonValue | undefined, name: string, context: FillContext, depth: number): JsonValue {
  const resolved = resolve(schema, context, 0);
  context.budget.left -= 1;
  if (resolved.const !== undefined) return resolved.const;
  if (Array.isArray(resolved.enum) && resolved.enum.length > 0) return choose(resolved.enum, resolved.default, context);
  if (depth > maxDepth || context.budget.left < 0) return emptyOf(typeOf(resolved));
  const filler = lookUp(fillers, typeOf(resolved)) ?? fillString;
  return filler(resolved, name, context, depth);
}

type Filler = (schema: JsonObject, name: string, context: FillContext, depth: number) => JsonValue;

const fillers: Record<string, Filler> = {
  object: fillObject,
  array: fillArray,
  integer: (schema, _name, context) => numberFor(schema, true, context),
  number: (schema, _name, context) => numberFor(schema, false, context),
  boolean: (schema, _name, { variant }) => (schema.default !== false) === (takeDigit(variant, 2) === 0),
  null: () => null,
  string: fillString,
};

function fillObject(schema: JsonObject, _name: string, context: FillContext, depth: number): JsonValue {
  const properties = isObject(schema.properties) ? schema.properties : {};
  const required = new Set(Array.isArray(schema.required) ? schema.required : []);
  const filled: JsonObject = {};
  for (const [key, property] of Object.entries(properties)) {
    if (required.has(key) || context.complete) filled[key] = fill(property, key, context, depth + 1);
    else if (context.budget.left > 0) addOptional(filled, key, property, context);
  }
  for (const key of required) {
    if (typeof key === 'string' && filled[key] === undefined)
      filled[key] = fill({ type: 'string' }, key, context, depth + 1);
  }
  return filled;
}

/** An optional member appears only when the text names its value: an enum member, or a fact of its kind. */
function addOptional(filled: JsonObject, key: string, property: JsonValue | undefined, context: FillContext): void {
  const schema = resolve(property, context, 0);
  if (Array.isArray(schema.enum)) {
    const named = schema.enum.find((value) => typeof value === 'string' && mentions(context.facts.text, value));
    if (named !== undefined) filled[key] = named;
    return;
  }
  if (typeOf(schema) !== 'string') return;
  // Only a look: which variant is wanted is not used up.
  const value = findString(key, schema, { ...context, variant: { rest: 0 } });
  if (value.known) filled[key] = fillString(schema, key, context);
}

function mentions(text: string, value: string): boolean {
  return value.length > 1 && text.toLowerCase().includes(value.toLowerCase());
}

function choose(values: JsonValue[], byDefault: JsonValue | undefined, context: FillContext): JsonValue {
  const named = values.find((value) => typeof value === 'string' && mentions(context.facts.text, value));
  const natural = named ?? byDefault ?? values[0] ?? null;
  const digit = takeDigit(context.variant, values.length);
  if (digit === 0) return natural;
  return values[(Math.max(0, values.indexOf(natural)) + digit) % values.length] ?? null;
}

function fillArray(schema: JsonObject, name: string, context: FillContext, depth: number): JsonValue {
  const isSet = schema.uniqueItems === true;
  const { prefixItems: prefix } = schema;
  if (Array.isArray(prefix)) {
    const make: MakeMember = (variant, index) => fill(prefix[index], name, { ...context, variant }, depth + 1);
    return listOf([], prefix.length, { isSet, variant: context.variant, make });
  }
  const items = resolve(schema.items, context, 0);
  const min = typeof schema.minItems === 'number' ? Math.min(schema.minItems, 50) : 1;
  const max = typeof schema.maxItems === 'number' ? Math.max(schema.maxItems, 0) : 10;
  const listed = listedValues(items, name, context);
  const start = (isSet ? [...new Set(listed)] : listed).slice(0, max);
  // An item without required members would be empty, which says nothing: it is filled whole.
  const inner = Array.isArray(items.required) && items.required.length > 0 ? context : { ...context, complete: true };
  const make: MakeMember = (variant) => fill(items, name, { ...inner, variant }, depth + 1);
  return listOf(start, Math.min(Math.max(min, 1), max), { isSet, variant: context.variant, make });
}

type MakeMember = (variant: Variant, index: number) => JsonValue;

/** Values that turn out to be in the list already: more of them, and the type has no other. */
const maxRepeats = 200;

/** The list, filled up to the wanted length; one whose members must differ stays shorter when its type has too few values. */
function listOf(
  start: readonly JsonValue[],
  wanted: number,
  { isSet, variant, make }: { isSet: boolean; variant: Variant; make: MakeMember },
): JsonValue[] {
  const values = [...start];
  if (!isSet) {
    while (values.length < wanted) values.push(make(variant, values.length));
    return values;
  }
  const seen = new Set(values.map((value) => JSON.stringify(value)));
  const first = variant.rest;
  variant.rest = 0;
  for (let attempt = 0; values.length < wanted && attempt < wanted + maxRepeats; attempt += 1) {
    const value = make({ rest: first + attempt }, values.length);
    const text = JSON.stringify(value);
    if (!seen.has(text)) values.push(value);
    seen.add(text);
  }
  return values;
}

/** All numbers of the text for a list of numbers, the words of a command for a list of strings. */
function listedValues(items: JsonObject, name: string, context: FillContext): JsonValue[] {
  const type = typeOf(items);
  if ((type === 'number' || type === 'integer') && items.enum === undefined) {
    return context.numbers.splice(0).filter((value) => type === 'number' || Number.isInteger(value));
  }
  if (type === 'string' && items.enum === undefined && /place|cit|location|countr/i.test(name))
    return context.facts.places;
  return [];
}

/** The quoted texts of a request go to its arguments in turn; the last one stays for all that follow. */
function fillString(schema: JsonObject, name: string, context: FillContext): JsonValue {
  const found = findString(name, schema, context);
  if (context.quoted.length > 1 && found.text === context.quoted[0]) context.quoted.shift();
  return found.text;
}

function findString(name: string, schema: JsonObject, { facts, quoted, variant, steps }: FillContext): FoundString {
  return stringFor(name, schema, { facts: { ...facts, quoted }, variant, steps });
}

/** Follows `$ref`, takes the first non-null branch of a choice and merges `allOf`. */
function resolve(schema: JsonValue | undefined, context: FillContext, hops: number): JsonObject {
  if (!isObject(schema) || hops > 16) return {};
  if (typeof schema.$ref === 'string') return resolve(follow(context.root, schema.$ref), context, hops + 1);
  const branches = Array.isArray(schema.anyOf) ? schema.anyOf : Array.isArray(schema.oneOf) ? schema.oneOf : undefined;
  if (branches !== undefined) {
    const branch = branches.find((each) => isObject(each) && each.type !== 'null') ?? branches[0];
    return { ...schema, anyOf: undefined, oneOf: undefined, ...resolve(branch, context, hops + 1) };
  }
  if (!Array.isArray(schema.allOf)) return schema;
  const parts = schema.allOf.slice(0, 50).map((part) => resolve(part, context, hops + 1));
  return parts.reduce(mergeSchemas, { ...schema, allOf: undefined });
}

function mergeSchemas(left: JsonObject, right: JsonObject): JsonObject {
  const properties = isObject(left.properties) || isObject(right.properties);
  return {
    ...left,
    ...right,
    ...(properties ? { properties: { ...asProperties(left), ...asProperties(right) } } : {}),
    required: [
      ...(Array.isArray(left.required) ? left.required : []),
      ...(Array.isArray(right.required) ? right.required : []),
    ],
  };
}

function asProperties(schema: JsonObject): JsonObject {
  return isObject(schema.properties) ? schema.properties : {};
}

function follow(root: JsonObject, reference: string): JsonValue | undefined {
  if (!reference.startsWith('#')) return undefined;
  let value: JsonValue | undefined = root;
  for (const step of reference
    .slice(1)
    .split('/')
    .filter((each) => each !== '')) {
    value = isObject(value) ? value[step.replaceAll('~1', '/').replaceAll('~0', '~')] : undefined;
  }
  return value;
}

function typeOf(schema: JsonObject): string {
  const { type } = schema;
  if (typeof type === 'string') return type;
  if (Array.isArray(type)) {
    const named = type.find((each) => each !== 'null');
    return typeof named === 'string' ? named : 'null';
  }
  if (isObject(schema.properties)) return 'object';
  return schema.items === undefined ? 'string' : 'array';
}

function emptyOf(type: string): JsonValue {
  const empty: Record<string, JsonValue> = { object: {}, array: [], integer: 0, number: 0, boolean: false, null: null };
  return lookUp(empty, type) ?? '';
}
