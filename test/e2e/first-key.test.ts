import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { request } from 'undici';
import { startGateway } from './support/gateway.ts';

const body = JSON.stringify({ model: 'qwen-plus', messages: [{ role: 'user', content: 'hi' }] });

async function chat(url: string, key?: string): Promise<number> {
  const authorization = key === undefined ? {} : { authorization: `Bearer ${key}` };
  const answer = await request(`${url}/v1/chat/completions`, { method: 'POST', headers: authorization, body });
  await answer.body.dump();
  return answer.statusCode;
}

describe('a gateway on an address that other machines reach', () => {
  it('makes an admin key at its first start, asks everyone for a key, and keeps the secret to itself', async () => {
    await using gateway = await startGateway({ HOST: '0.0.0.0' });
    const { firstAdminKey = '', open } = gateway.app.summary();
    assert.match(firstAdminKey, /^sk-/);
    assert.equal(open, false);
    assert.equal(await chat(gateway.url), 401);
    assert.equal(await chat(gateway.url, `${firstAdminKey}x`), 401);
    assert.equal(await chat(gateway.url, firstAdminKey), 200);
    assert.ok(!JSON.stringify(gateway.log).includes(firstAdminKey));
  });

  it('makes none when there is a master key', async () => {
    await using gateway = await startGateway({ HOST: '0.0.0.0', ATELIER_MASTER_KEY: '0123456789abcdef' });
    assert.equal(gateway.app.summary().firstAdminKey, undefined);
    assert.equal(await chat(gateway.url, '0123456789abcdef'), 200);
  });
});
