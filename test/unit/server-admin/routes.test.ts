import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { asObject, asString } from '../../../src/domain/json.ts';
import { controlRoutes } from '../../../src/server/admin/routes.ts';
import type { ControlRoute } from '../../../src/server/admin/route.ts';
import { findRoute, isControlPath } from '../../../src/server/routes.ts';
import { noon } from '../governance/fixtures.ts';
import { testControl } from './harness.ts';
import type { TestControl } from './harness.ts';

type Call = `${string} ${string}`;

/** A path that the route matches. */
function callOf({ method, path }: ControlRoute): Call {
  return `${method} ${path.replaceAll(/\{\w+\}/g, 'something')}`;
}

/** What a route with a body is sent: nothing it could act on, so that only who asks decides. */
function bodyFor({ body }: ControlRoute): { body?: unknown } {
  return body === undefined ? {} : { body: {} };
}

async function keysOf({ ask }: TestControl): Promise<{ general: string; plan: string; admin: string }> {
  const general = await ask('POST /admin/api/keys', { body: { owner: 'kim' } });
  const admin = await ask('POST /admin/api/keys', { body: { owner: 'lee', kind: 'admin' } });
  const bought = await ask('POST /admin/api/subscriptions', { body: { owner: 'kim', plan: 'coding-plan-lite' } });
  const plan = asString(asObject(bought.body['key'])?.['secret']);
  return {
    general: asString(general.body['secret']) ?? '',
    admin: asString(admin.body['secret']) ?? '',
    plan: plan ?? '',
  };
}

describe('the table of routes', () => {
  it('asks for an admin key everywhere but at /account', () => {
    const others = controlRoutes.filter(({ role }) => role !== 'admin').map(callOf);
    assert.deepEqual(others, ['GET /account']);
  });

  it('names every route once, on paths that the data plane does not have', () => {
    assert.equal(new Set(controlRoutes.map(callOf)).size, controlRoutes.length);
    assert.equal(new Set(controlRoutes.map(({ name }) => name)).size, controlRoutes.length);
    for (const { path } of controlRoutes) {
      assert.ok(isControlPath(path), path);
      assert.equal(findRoute(path), undefined, path);
    }
    for (const path of ['/accounts', '/admin', '/admin/apis', '/v1/models']) assert.ok(!isControlPath(path), path);
  });

  it('lets in whom it says and nobody else, route by route', async () => {
    await using server = await testControl();
    const keys = await keysOf(server);
    for (const [place, route] of controlRoutes.entries()) {
      const call = callOf(route);
      // Minutes later: an address may fail only so often.
      server.at(noon + place * 120_000);
      const ask = async (key: string) => (await server.ask(call, { key, ...bodyFor(route) })).status;
      const strangers = [await ask(''), await ask('sk-wrong'), await ask('sk-sp-wrong')];
      assert.deepEqual(strangers, [401, 401, 401], call);
      const holders = [await ask(keys.general), await ask(keys.plan)];
      if (route.role === 'admin') assert.deepEqual(holders, [403, 403], call);
      else assert.deepEqual(holders, [200, 200], call);
      assert.ok(![401, 403].includes(await ask(keys.admin)), call);
    }
  });

  it('lets in programs of this machine while there is no key, and no web page', async () => {
    await using server = await testControl({ open: true });
    for (const route of controlRoutes) {
      const call = callOf(route);
      const ask = async (headers: Record<string, string>) =>
        (await server.ask(call, { key: '', headers, ...bodyFor(route) })).status;
      assert.ok(![401, 403].includes(await ask({ origin: 'http://localhost:5173' })), call);
      const foreign = [
        await ask({ origin: 'https://evil.test' }),
        await ask({ origin: 'null' }),
        await ask({ host: 'rebound.test' }),
      ];
      assert.deepEqual(foreign, [403, 403, 403], call);
    }
  });

  it('answers 404 and 405 in the shape of OpenAI errors', async () => {
    await using server = await testControl();
    const nowhere = await server.ask('GET /admin/api/nothing');
    assert.deepEqual([nowhere.status, asObject(nowhere.body['error'])?.['code']], [404, 'not_found']);
    const wrong = await server.ask('DELETE /admin/api/keys');
    assert.deepEqual([wrong.status, asObject(wrong.body['error'])?.['code']], [405, 'method_not_allowed']);
    assert.equal(wrong.headers.get('allow'), 'GET, HEAD, POST');
    const head = await server.ask('HEAD /admin/api/keys');
    assert.deepEqual([head.status, head.text], [200, '']);
  });
});
