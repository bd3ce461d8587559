import * as z from 'zod';
import type { JsonObject } from '../../domain/json.ts';
import { isObject } from '../../domain/json.ts';
import type { ControlRoute } from './route.ts';

/** The error answer of every route, as `writeError` of the OpenAI codec makes it. */
const errorShape = z
  .object({
    error: z.object({
      message: z.string(),
      type: z.string(),
      param: z.string().nullable(),
      code: z.string().nullable(),
    }),
    request_id: z.string(),
  })
  .meta({ id: 'Error' });

/** The control plane as an OpenAPI 3.1 document, made from the schemas that check its requests. */
export function openApiDocument(routes: readonly ControlRoute[], version: string): JsonObject {
  const schemas: JsonObject = {};
  const describe = (schema: z.ZodType, io: 'input' | 'output'): JsonObject => hoist(jsonSchema(schema, io), schemas);
  const paths: Record<string, JsonObject> = {};
  for (const route of routes) {
    const operation = operationOf(route, describe);
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Atelier control plane',
      version,
      description: 'Keys, plans, subscriptions, provider secrets, usage and the audit trail of a gateway.',
    },
    security: [{ bearer: [] }, { apiKey: [] }],
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' },
      },
      schemas,
    },
  };
}

type Describe = (schema: z.ZodType, io: 'input' | 'output') => JsonObject;

function operationOf(route: ControlRoute, describe: Describe): JsonObject {
  const { name, summary, role, params, query, body } = route;
  const parameters = [...parametersOf(params, 'path', describe), ...parametersOf(query, 'query', describe)];
  return {
    operationId: name,
    summary,
    description: role === 'admin' ? 'For admin keys.' : 'For any key.',
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: { required: true, content: json(describe(body, 'input')) } }),
    responses: {
      [route.status]: answerOf(route, describe),
      default: { description: 'What is wrong, and what to do.', content: json(describe(errorShape, 'output')) },
    },
  };
}

function answerOf({ answer, path }: ControlRoute, describe: Describe): JsonObject {
  if (answer === undefined) return { description: 'Done.' };
  // The one route that also has a form in text, on demand.
  const text: JsonObject = path === '/account' ? { 'text/plain': { schema: { type: 'string' } } } : {};
  return { description: 'Done.', content: { ...json(describe(answer, 'output')), ...text } };
}

function parametersOf(schema: z.ZodObject, place: 'path' | 'query', describe: Describe): JsonObject[] {
  const { properties, required } = describe(schema, 'input');
  if (!isObject(properties)) return [];
  const needed = Array.isArray(required) ? required : [];
  return Object.entries(properties).map(([name, property]) => {
    const { description, ...rest } = isObject(property) ? property : {};
    const parameter = { name, in: place, required: needed.includes(name), schema: rest };
    return { ...parameter, ...(description !== undefined && { description }) };
  });
}

function json(schema: JsonObject): JsonObject {
  return { 'application/json': { schema } };
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): JsonObject {
  const { $schema: _dialect, ...made } = z.toJSONSchema(schema, {
    io,
    override({ jsonSchema: node }) {
      // The format says it; the pattern of a calendar with leap years would only hide it.
      if (node.format === 'date-time' || node.format === 'date') delete node.pattern;
    },
  });
  const plain: JsonObject = JSON.parse(JSON.stringify(made));
  return plain;
}

const definitions = '#/$defs/';
const components = '#/components/schemas/';

/** Moves the named schemas to the document's components, and turns the references round. */
function hoist(schema: JsonObject, schemas: JsonObject): JsonObject {
  const { $defs, ...root } = schema;
  for (const [name, definition] of Object.entries(isObject($defs) ? $defs : {})) schemas[name] = redirect(definition);
  const { id, ...rest } = root;
  const redirected = redirect(rest);
  if (typeof id !== 'string' || !isObject(redirected)) return isObject(redirected) ? redirected : {};
  schemas[id] = redirected;
  return { $ref: components + id };
}

function redirect(value: JsonObject[string]): JsonObject[string] {
  if (Array.isArray(value)) return value.map((item) => redirect(item) ?? null);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([key, child]) => {
    if (key === '$ref' && typeof child === 'string') return [key, child.replace(definitions, components)] as const;
    return [key, redirect(child)] as const;
  });
  return Object.fromEntries(entries);
}
