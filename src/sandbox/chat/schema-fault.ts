import { asArray, isObject, type JsonObject, type JsonValue } from '../../domain/json.ts';

/** Why a value is certainly no JSON Schema. */
export interface SchemaFault {
  /** What stands there. */
  value: JsonValue;
  /** As a schema check words it, to be read behind the value: `is not of type 'array'`. */
  fault: string;
  /** From the schema's root, empty or as `.properties.city.type` and `.anyOf.['0]`, in the platform's way of writing. */
  path: string;
}

const types = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'];
const typeList = `[${types.map((type) => `'${type}'`).join(', ')}]`;

/** Keywords by what they hold, in all drafts. Others, and those that are null as some serialisers write them, are not looked at. */
const schemaMaps = ['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas'] as const;
const schemaLists = ['anyOf', 'oneOf', 'allOf', 'prefixItems'] as const;
const schemas = ['additionalProperties', 'additionalItems', 'not', 'if', 'then', 'else', 'contains'] as const;

/**
 * The first place where an object is certainly no JSON Schema of any draft since 4: a type that does not exist, or a
 * keyword of the wrong kind. What only some drafts allow passes. As deep as the body is, which is bounded.
 */
export function schemaFault(schema: JsonObject, path = ''): SchemaFault | undefined {
  return ownFault(schema, path) ?? innerFault(schema, path);
}

/** Every subschema; a boolean is one too. */
function innerFault(schema: JsonObject, path: string): SchemaFault | undefined {
  for (const [value, place] of subschemas(schema, path)) {
    const fault = isObject(value) ? schemaFault(value, place) : booleanFault(value, place);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function booleanFault(value: JsonValue, path: string): SchemaFault | undefined {
  return typeof value === 'boolean' ? undefined : { value, fault: "is not of type 'object', 'boolean'", path };
}

function* subschemas(schema: JsonObject, path: string): Generator<[JsonValue, string]> {
  for (const keyword of schemaMaps) {
    const map = schema[keyword];
    for (const [name, value] of isObject(map) ? Object.entries(map) : []) {
      if (value !== undefined) yield [value, `${path}.${keyword}.${name}`];
    }
  }
  // A list under `items` is the older form of `prefixItems`.
  for (const keyword of [...schemaLists, 'items'] as const) {
    for (const [index, value] of asArray(schema[keyword]).entries()) yield [value, `${path}.${keyword}.['${index}]`];
  }
  for (const keyword of [...schemas, 'items'] as const) {
    const value = schema[keyword] ?? undefined;
    if (value !== undefined && !Array.isArray(value)) yield [value, `${path}.${keyword}`];
  }
}

/** The schema's own keywords, without what is inside them. */
function ownFault(schema: JsonObject, path: string): SchemaFault | undefined {
  const wrong = (keyword: string, kind: string, isRight: (value: JsonValue) => boolean): SchemaFault | undefined => {
    const value = schema[keyword] ?? undefined;
    if (value === undefined || isRight(value)) return undefined;
    return { value, fault: `is not of type '${kind}'`, path: `${path}.${keyword}` };
  };
  const faults = [
    typeFault(schema.type ?? undefined, `${path}.type`),
    ...schemaMaps.map((keyword) => wrong(keyword, 'object', isObject)),
    ...[...schemaLists, 'required', 'enum'].map((keyword) => wrong(keyword, 'array', Array.isArray)),
  ];
  return faults.find((fault) => fault !== undefined) ?? nameFault(schema, path);
}

/** One type, or a list of them. */
function typeFault(type: JsonValue | undefined, path: string): SchemaFault | undefined {
  const named = Array.isArray(type) ? type : type === undefined ? [] : [type];
  const unknown = named.find((each) => typeof each !== 'string' || !types.includes(each));
  return unknown === undefined ? undefined : { value: unknown, fault: `is not one of ${typeList}`, path };
}

function nameFault({ required }: JsonObject, path: string): SchemaFault | undefined {
  const names = asArray(required);
  const index = names.findIndex((name) => typeof name !== 'string');
  const value = names[index];
  return value === undefined
    ? undefined
    : { value, fault: "is not of type 'string'", path: `${path}.required.['${index}]` };
}
