import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { startGateway } from './support/gateway.ts';

const masterKey = 'master-key-of-this-test';
const plans = JSON.stringify([{ name: 'tiny', windows: [{ period: 'rolling 5h', limit: 1 }] }]);

/** The key of a new subscription. */
async function subscribe(url: string, plan: string): Promise<string> {
  const answer = await fetch(`${url}/admin/api/subscriptions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${masterKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ owner: 'kim', plan }),
  });
  const { key }: { key: { secret: string } } = JSON.parse(await answer.text());
  return key.secret;
}

/** A gateway on the sandbox, and a key whose only call is used up. */
async function usedUp() {
  const gateway = await startGateway({ ATELIER_MASTER_KEY: masterKey, ATELIER_PLANS: plans });
  const secret = await subscribe(gateway.url, 'tiny');
  const messages = [{ role: 'user', content: 'Hi' }] as const;
  const openai = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: secret });
  await openai.chat.completions.create({ model: 'qwen-plus', messages: [...messages] });
  return { gateway, openai, anthropic: new Anthropic({ baseURL: gateway.url, apiKey: secret }), messages };
}

/*
 * Symptom: an agent on Anthropic's SDK showed nothing for hours once a plan's window was used up.
 * Cause: the SDK sleeps as long as `retry-after` says before it tries again.
 * Fix: `x-should-retry: false` where the wait is longer than a minute.
 */
describe('the list of models', () => {
  it('has for each key what its plan allows, in both shapes and by name', async () => {
    const narrow = JSON.stringify([{ name: 'narrow', models: ['qwen-plus', 'sandbox/qwen-max'] }]);
    await using gateway = await startGateway({ ATELIER_MASTER_KEY: masterKey, ATELIER_PLANS: narrow });
    const secret = await subscribe(gateway.url, 'narrow');
    const openai = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: secret });
    const anthropic = new Anthropic({ baseURL: gateway.url, apiKey: secret });
    assert.deepEqual(
      (await openai.models.list()).data.map(({ id }) => id),
      ['qwen-plus'],
    );
    assert.deepEqual(
      (await anthropic.models.list()).data.map(({ id }) => id),
      ['qwen-plus'],
    );
    assert.equal((await openai.models.retrieve('qwen-plus')).id, 'qwen-plus');
    await assert.rejects(openai.models.retrieve('qwen-max'), OpenAI.NotFoundError);
    assert.equal((await openai.models.retrieve('sandbox/qwen-max')).id, 'sandbox/qwen-max');
    const all = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: masterKey });
    assert.ok((await all.models.list()).data.length > 10);
  });
});

describe('a used-up window', () => {
  it('is told by the official SDKs at once, after one request', async () => {
    const { gateway, openai, anthropic, messages } = await usedUp();
    await using _closing = gateway;
    const before = gateway.requests().length;
    await assert.rejects(
      anthropic.messages.create({ model: 'qwen-plus', max_tokens: 10, messages: [...messages] }),
      (error) => error instanceof Anthropic.RateLimitError && /hour allocated quota exceeded/.test(error.message),
    );
    await assert.rejects(
      openai.chat.completions.create({ model: 'qwen-plus', messages: [...messages] }),
      (error) => error instanceof OpenAI.RateLimitError && /hour allocated quota exceeded/.test(error.message),
    );
    assert.equal(gateway.requests().length - before, 2);
  });
});
