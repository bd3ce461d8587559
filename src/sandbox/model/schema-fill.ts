import { isObject, type JsonObject, type JsonValue } from '../../domain/json.ts';
import { stringFor } from './schema-strings.ts';
import type { Facts } from './extract.ts';
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
  budget: { left: number };
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
  integer: fillNumber,
  number: fillNumber,
  boolean: (schema) => (typeof schema.default === 'boolean' ? schema.default : true),
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
  const value = stringFor(key, schema, { ...context.facts, quoted: context.quoted });
  if (value.known) filled[key] = fillString(schema, key, context);
}

function mentions(text: string, value: string): boolean {
  return value.length > 1 && text.toLowerCase().includes(value.toLowerCase());
}

function choose(values: JsonValue[], byDefault: JsonValue | undefined, context: FillContext): JsonValue {
  const named = values.find((value) => typeof value === 'string' && mentions(context.facts.text, value));
  return named ?? byDefault ?? values[0] ?? null;
}

function fillArray(schema: JsonObject, name: string, context: FillContext, depth: number): JsonValue {
  if (Array.isArray(schema.prefixItems)) return schema.prefixItems.map((item) => fill(item, name, context, depth + 1));
  const items = resolve(schema.items, context, 0);
  const min = typeof schema.minItems === 'number' ? Math.min(schema.minItems, 50) : 1;
  const max = typeof schema.maxItems === 'number' ? Math.max(schema.maxItems, 0) : 10;
  const values = listedValues(items, name, context).slice(0, max);
  // An item without required members would be empty, which says nothing: it is filled whole.
  const inner = Array.isArray(items.required) && items.required.length > 0 ? context : { ...context, complete: true };
  while (values.length < Math.min(Math.max(min, 1), max)) values.push(fill(items, name, inner, depth + 1));
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

function fillNumber(schema: JsonObject, _name: string, context: FillContext): JsonValue {
  const integer = typeOf(schema) === 'integer';
  const index = context.numbers.findIndex((value) => (!integer || Number.isInteger(value)) && inRange(schema, value));
  const found = index === -1 ? undefined : context.numbers.splice(index, 1)[0];
  if (found !== undefined) return found;
  if (typeof schema.default === 'number') return schema.default;
  return nearest(schema, integer);
}

function inRange(schema: JsonObject, value: number): boolean {
  const { min, max } = range(schema, Number.isInteger(value));
  const step = typeof schema.multipleOf === 'number' && schema.multipleOf > 0 ? schema.multipleOf : 0;
  return value >= min && value <= max && (step === 0 || Number.isInteger(value / step));
}

function range(schema: JsonObject, integer: boolean): { min: number; max: number } {
  const gap = integer ? 1 : 1e-6;
  const min = Math.max(numberOf(schema.minimum, -Infinity), numberOf(schema.exclusiveMinimum, -Infinity) + gap);
  const max = Math.min(numberOf(schema.maximum, Infinity), numberOf(schema.exclusiveMaximum, Infinity) - gap);
  return { min, max };
}

function numberOf(value: JsonValue | undefined, fallback: number): number {
  return typeof value === 'number' ? value : fallback;
}

function nearest(schema: JsonObject, integer: boolean): number {
  const { min, max } = range(schema, integer);
  const clamped = Math.min(Math.max(1, min), max);
  const whole = integer ? Math.ceil(clamped) : clamped;
  const step = typeof schema.multipleOf === 'number' && schema.multipleOf > 0 ? schema.multipleOf : 0;
  return step === 0 ? whole : Math.ceil(whole / step) * step;
}

/** The quoted texts of a request go to its arguments in turn; the last one stays for all that follow. */
function fillString(schema: JsonObject, name: string, context: FillContext): JsonValue {
  const found = stringFor(name, schema, { ...context.facts, quoted: context.quoted });
  if (context.quoted.length > 1 && found.text === context.quoted[0]) context.quoted.shift();
  return found.text;
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
