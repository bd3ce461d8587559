import assert from 'node:assert/strict';
import { it } from 'node:test';
import { request } from 'undici';
import { startGateway } from './support/gateway.ts';
import { json, startUpstream } from './support/upstream.ts';

it('a provider without a configured key uses the stored one, and a changed one within two seconds', async () => {
  await using upstream = await startUpstream(json(200, { id: 'x', choices: [], usage: null }));
  const env = {
    OPENAI_BASE_URL: `${upstream.url}/v1`,
    OPENAI_MODELS: 'm',
    CONFIGURED_PROVIDER_MODELS_MODE: 'allowlist',
  };
  await using gateway = await startGateway(env);
  const call = async (): Promise<number> => {
    const body = JSON.stringify({ model: 'openai/m', messages: [] });
    const answer = await request(`${gateway.url}/v1/chat/completions`, { method: 'POST', body });
    await answer.body.dump();
    return answer.statusCode;
  };
  assert.equal(await call(), 404);
  for (const secret of ['sk-first-stored-key', 'sk-second-stored-key']) {
    const put = await request(`${gateway.url}/admin/api/provider-secrets/openai`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ secret }),
    });
    assert.equal(put.statusCode, 200);
    assert.ok(!(await put.body.text()).includes(secret));
    const before = upstream.calls.length;
    for (let turn = 0; turn < 200 && upstream.calls.at(-1)?.headers.authorization !== `Bearer ${secret}`; turn++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      await call();
    }
    assert.ok(upstream.calls.length > before);
    assert.equal(upstream.calls.at(-1)?.headers.authorization, `Bearer ${secret}`);
  }
  assert.ok(!JSON.stringify(gateway.log).includes('stored-key'));
});
