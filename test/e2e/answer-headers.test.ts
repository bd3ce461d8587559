import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { request } from 'undici';
import { startGateway } from './support/gateway.ts';
import { asAnthropic, asOpenai, json, startUpstream, stream } from './support/upstream.ts';

const completion = { id: 'c', choices: [{ index: 0, message: { content: 'hi' }, finish_reason: 'stop' }], data: [] };
const chunks = ['data: {"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n', 'data: [DONE]\n\n'];

async function post(url: string, body: object) {
  const answer = await request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: answer.statusCode, headers: answer.headers, text: await answer.body.text() };
}

/*
 * Symptom: a model name like `模型` dropped the connection ("socket hang up") after the provider had been called.
 * Cause: headers carried names and ids as they are, Node refuses what is not Latin-1, and so the error exit threw as well.
 * Fix: the sink makes every value safe, in one place for all answers.
 */
describe('the headers of an answer', () => {
  const openModels = { CONFIGURED_PROVIDER_MODELS_MODE: 'fallback' };
  const names = [
    ['模型', '%E6%A8%A1%E5%9E%8B'],
    ['é', '%C3%A9'],
    ['a\nb', 'a%0Ab'],
    ['\u007f', '%7F'],
    ['\ud800', '%EF%BF%BD'],
  ] as const;

  it('name a model whose name no header can hold, on each path of the OpenAI protocol', async () => {
    await using upstream = await startUpstream(json(200, completion));
    await using gateway = await startGateway({ ...asOpenai(upstream), ...openModels });
    for (const [name, inHeader] of names) {
      const model = `openai-compatible/${name}`;
      for (const path of ['/v1/chat/completions', '/v1/embeddings']) {
        const { status, headers, text } = await post(gateway.url + path, { model, messages: [], input: 'x' });
        assert.deepEqual([status, headers['x-atelier-model']], [200, inHeader], text);
      }
    }
  });

  it('do so on the paths of the Anthropic protocol and in streams', async () => {
    await using upstream = await startUpstream(stream(chunks));
    await using gateway = await startGateway({ ...asOpenai(upstream), ...openModels });
    for (const [name, inHeader] of names) {
      const chat = {
        model: `openai-compatible/${name}`,
        max_tokens: 5,
        stream: true,
        messages: [{ role: 'user', content: 'hi' }],
      };
      for (const path of ['/v1/chat/completions', '/v1/messages', '/v1/messages/count_tokens']) {
        const { status, headers, text } = await post(gateway.url + path, chat);
        assert.deepEqual([status, headers['x-atelier-model']], [200, inHeader], text);
      }
    }
  });

  it('do so on errors, whose foreign ids are safe too', async () => {
    await using upstream = await startUpstream(json(400, { code: 'X', message: 'm', request_id: 'r\n1 中' }));
    for (const [env, path] of [
      [asOpenai(upstream), '/v1/chat/completions'],
      [asAnthropic(upstream), '/v1/messages'],
    ] as const) {
      await using gateway = await startGateway({ ...env, ...openModels });
      const provider = Object.keys(env)[0]?.startsWith('OPENAI') ? 'openai-compatible' : 'anthropic-compatible';
      const { status, headers } = await post(gateway.url + path, { model: `${provider}/模型`, messages: [] });
      assert.equal(status, 400);
      assert.equal(headers['x-atelier-model'], '%E6%A8%A1%E5%9E%8B');
      assert.equal(headers['x-atelier-upstream-request-id'], 'r%0A1 %E4%B8%AD');
    }
  });

  it('pass what a provider says in Latin-1', async () => {
    const headers = { 'x-ratelimit-limit-requests': '5 für alle', 'x-request-id': 'id-é' };
    await using upstream = await startUpstream(json(200, completion, headers));
    await using gateway = await startGateway(asOpenai(upstream));
    const answer = await post(`${gateway.url}/v1/chat/completions`, { model: 'm', messages: [] });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers['x-ratelimit-limit-requests'], '5 f%C3%BCr alle');
    assert.equal(answer.headers['x-atelier-upstream-request-id'], 'id-%C3%A9');
  });
});
