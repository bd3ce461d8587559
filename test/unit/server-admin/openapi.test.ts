import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { asArray, asObject, asString, isObject } from '../../../src/domain/json.ts';
import type { JsonObject, JsonValue } from '../../../src/domain/json.ts';
import { openApiDocument } from '../../../src/server/admin/openapi.ts';
import { controlRoutes } from '../../../src/server/admin/routes.ts';
import { testControl } from './harness.ts';

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];
const document = openApiDocument(controlRoutes, '1.2.3');

interface Operation {
  path: string;
  method: string;
  operation: JsonObject;
}

const operations: Operation[] = Object.entries(asObject(document['paths']) ?? {}).flatMap(([path, item]) =>
  Object.entries(asObject(item) ?? {}).map(([method, operation]) => ({
    path,
    method,
    operation: asObject(operation) ?? {},
  })),
);

/** Every object inside a value, with the place where it stands. */
function* objectsIn(value: JsonValue | undefined, place = '#'): Generator<{ place: string; object: JsonObject }> {
  if (isObject(value)) {
    yield { place, object: value };
    for (const [key, child] of Object.entries(value)) yield* objectsIn(child, `${place}/${key}`);
  } else if (Array.isArray(value)) {
    for (const [index, child] of value.entries()) yield* objectsIn(child, `${place}/${index}`);
  }
}

function resolve(reference: string): JsonValue | undefined {
  let found: JsonValue | undefined = document;
  for (const key of reference.slice(2).split('/')) found = asObject(found)?.[key];
  return found;
}

describe('the OpenAPI document', () => {
  it('is of version 3.1 and says what must be said', () => {
    assert.equal(document['openapi'], '3.1.0');
    const info = asObject(document['info']);
    assert.deepEqual([typeof info?.['title'], info?.['version']], ['string', '1.2.3']);
  });

  it('has every route once, and no other', () => {
    const described = operations.map(({ path, method }) => `${method.toUpperCase()} ${path}`);
    assert.deepEqual(described.toSorted(), controlRoutes.map(({ path, method }) => `${method} ${path}`).toSorted());
    assert.equal(new Set(operations.map(({ operation }) => operation['operationId'])).size, operations.length);
    for (const { method } of operations) assert.ok(methods.includes(method), method);
  });

  it('declares each parameter of a path, required, and no path twice', () => {
    const shapes = new Set(
      Object.keys(asObject(document['paths']) ?? {}).map((path) => path.replaceAll(/\{\w+\}/g, '{}')),
    );
    assert.equal(shapes.size, Object.keys(asObject(document['paths']) ?? {}).length);
    for (const { path, operation } of operations) {
      const parameters = asArray(operation['parameters']).map((one) => asObject(one) ?? {});
      const inPath = parameters.filter((one) => one['in'] === 'path');
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      assert.deepEqual(
        inPath.map((one) => [one['name'], one['required']]),
        named.map((name) => [name, true]),
        path,
      );
      const keys = parameters.map((one) => `${asString(one['in'])} ${asString(one['name'])}`);
      assert.equal(new Set(keys).size, keys.length, path);
      for (const one of parameters)
        assert.ok(['path', 'query'].includes(asString(one['in']) ?? '') && isObject(one['schema']));
    }
  });

  it('describes what each operation takes and answers', () => {
    for (const { path, method, operation } of operations) {
      const place = `${method} ${path}`;
      const responses = Object.entries(asObject(operation['responses']) ?? {});
      assert.ok(
        responses.some(([status]) => /^2\d\d$/.test(status)),
        place,
      );
      assert.ok(
        responses.some(([status]) => status === 'default'),
        place,
      );
      for (const [, response] of responses) assert.ok(asString(asObject(response)?.['description']), place);
      assert.equal(
        operation['requestBody'] !== undefined,
        ['put', 'patch'].includes(method) || takesBody(path, method),
        place,
      );
    }
  });

  it('refers only to what it holds, and leaves nothing behind of the way it was made', () => {
    for (const { place, object } of objectsIn(document)) {
      const reference = object['$ref'];
      if (typeof reference === 'string') {
        assert.match(reference, /^#\/components\/schemas\/[A-Za-z]+$/, place);
        assert.ok(isObject(resolve(reference)), reference);
      }
      assert.ok(!('$defs' in object) && !('$schema' in object) && !('~standard' in object), place);
    }
  });

  it('has schemas of JSON Schema 2020-12', () => {
    const types = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'];
    const schemas = asObject(asObject(document['components'])?.['schemas']) ?? {};
    assert.ok(
      ['Key', 'Plan', 'Subscription', 'UsageRecord', 'AuditEntry', 'Account', 'Error'].every((name) => name in schemas),
    );
    for (const { place, object } of objectsIn(schemas)) {
      const { type, properties, required, pattern } = object;
      if (typeof type === 'string' && !place.endsWith('/properties'))
        assert.ok(types.includes(type), `${place}: ${type}`);
      if (typeof pattern === 'string') assert.doesNotThrow(() => new RegExp(pattern, 'u'), place);
      // What is required exists: a slip here makes every generated client refuse every answer.
      if (Array.isArray(required) && isObject(properties)) {
        for (const name of required) assert.ok(typeof name === 'string' && name in properties, place);
      }
    }
  });

  it('says that the owner of a sum may be null, or left out', () => {
    const { properties, required } = asObject(resolve('#/components/schemas/UsageGroup')) ?? {};
    assert.deepEqual(asObject(asObject(properties)?.['owner'])?.['type'], ['string', 'null']);
    assert.ok(asArray(required).includes('group') && !asArray(required).includes('owner'));
  });

  it('is served', async () => {
    await using server = await testControl();
    const { body } = await server.ask('GET /admin/api/openapi.json');
    assert.deepEqual(body, JSON.parse(JSON.stringify(document)));
  });
});

function takesBody(path: string, method: string): boolean {
  return method === 'post' && (/\/(?:keys|subscriptions)$/.test(path) || path.endsWith('/upgrade'));
}
