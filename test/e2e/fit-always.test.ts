import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isObject } from '../../src/domain/json.ts';
import type { SandboxOptions } from '../../src/sandbox/options.ts';
import { startSandboxServer } from '../../src/sandbox/server.ts';
import { alwaysCases, anthropicBearer, toolIds } from './support/fit-always.ts';
import { startGateway } from './support/gateway.ts';
import { post } from './support/post.ts';
import { asOpenai, json, startUpstream, stream } from './support/upstream.ts';
import { weatherTool } from './support/weather-tool.ts';

/*
 * What docs/fit.md says is done always: what the platform (the sandbox) answers without it, and what the client gets.
 */

/** The sandbox on a port, closed with the block that it belongs to. */
async function serveSandbox(options: SandboxOptions = {}): Promise<AsyncDisposable & { url: string }> {
  const server = await startSandboxServer({ port: 0, ...options });
  return { url: `http://127.0.0.1:${server.address.port}`, [Symbol.asyncDispose]: () => server.close(0) };
}

const off = { 'x-atelier-fit': 'off' };

it('each thing that is always done is proved here', () => {
  assert.deepEqual(alwaysCases, [anthropicBearer, toolIds]);
});

describe(anthropicBearer.id, () => {
  const key = 'sk-sp-0123456789abcdef';
  const body = { model: 'qwen3.7-plus', max_tokens: 100, messages: [{ role: 'user', content: 'Hi' }] };
  const agent = { 'user-agent': 'claude-cli/2.1.329 (external, cli)', 'anthropic-version': '2023-06-01' };

  for (const plan of ['coding', 'token'] as const) {
    it(`the ${plan} plan's host refuses x-api-key alone, and answers a client of the gateway that sends nothing else`, async () => {
      await using sandbox = await serveSandbox({ plan, keys: [key] });
      const [without] = anthropicBearer.without;
      const refused = await post(`${sandbox.url}/apps/anthropic/v1/messages`, body, { ...agent, 'x-api-key': key });
      assert.equal(refused.status, without.status, refused.text);
      assert.equal(JSON.parse(refused.text).error.message, without.message);
      await using gateway = await startGateway({
        BAILIAN_API_KEY: key,
        BAILIAN_PLAN: plan,
        BAILIAN_BASE_URL: sandbox.url,
        ATELIER_MASTER_KEY: 'a-long-enough-master-key',
      });
      const client = { ...agent, ...off, 'x-api-key': 'a-long-enough-master-key' };
      const answer = await post(`${gateway.url}/v1/messages`, body, client);
      assert.equal(answer.status, 200, answer.text);
      assert.equal(answer.headers.get('x-atelier-provider'), 'bailian');
    });
  }
});

describe(toolIds.id, () => {
  const messages = [{ role: 'user', content: 'What is the weather in Paris?' }];
  const chat = { model: 'qwen-plus', messages, tools: [weatherTool] };

  it('Model Studio sends empty ids in streams; a client of the gateway gets none', async () => {
    await using sandbox = await serveSandbox();
    const path = `${sandbox.url}/compatible-mode/v1/chat/completions`;
    assert.match((await post(path, { ...chat, stream: true })).text, /"id":""/);
    await using gateway = await startGateway();
    const { text } = await post(`${gateway.url}/v1/chat/completions`, { ...chat, stream: true }, off);
    assert.doesNotMatch(text, /"(?:id|name)": ?""/);
    assert.equal(text.match(/"id":"call_\w+"/g)?.length, 1);
    assert.match(text, /"finish_reason":"tool_calls"/);
    assert.equal(gateway.requests().at(-1)?.['adjusted'], 'tool-ids');
  });

  it('a whole answer without finish reason gets one, with tools in the request and without', async () => {
    const message = { role: 'assistant', content: 'Hello' };
    await using upstream = await startUpstream(json(200, { id: 'x', choices: [{ index: 0, message }] }));
    await using gateway = await startGateway(asOpenai(upstream));
    for (const body of [
      { model: 'm', messages },
      { ...chat, model: 'm' },
    ]) {
      const { headers, text } = await post(`${gateway.url}/v1/chat/completions`, body, off);
      assert.equal(JSON.parse(text).choices[0].finish_reason, 'stop');
      assert.equal(headers.get('x-atelier-adjusted'), 'tool-ids');
    }
  });

  const delta = (member: object): string =>
    `data: {"id":"c","model":"m","choices":[{"index":0,"delta":${JSON.stringify(member)}}]}\n\n`;
  const piece = (args: string): string =>
    delta({
      tool_calls: [{ index: 0, id: 'a', type: 'function', function: { name: 'get_weather', arguments: args } }],
    });
  const done = 'data: [DONE]\n\n';

  it('a stream of whole tool calls without finish reason gets one before its end', async () => {
    await using upstream = await startUpstream(
      stream([piece('{"city":'), delta({ tool_calls: [{ index: 0, function: { arguments: '"Paris"}' } }] }), done]),
    );
    await using gateway = await startGateway(asOpenai(upstream));
    const { text } = await post(`${gateway.url}/v1/chat/completions`, { ...chat, model: 'm', stream: true }, off);
    const frames = text.trimEnd().split('\n\n');
    const finish: unknown = JSON.parse(frames.at(-2)?.replace('data: ', '') ?? '');
    assert.ok(isObject(finish));
    assert.deepEqual(finish, {
      id: 'c',
      model: 'm',
      choices: [{ index: 0, delta: {}, logprobs: null, finish_reason: 'tool_calls' }],
    });
    assert.equal(frames.at(-1), 'data: [DONE]');
  });

  for (const [what, frame] of [
    ['of text', delta({ content: 'Half an' })],
    ['of a tool call that was cut', piece('{"city":"Par')],
  ] as const) {
    it(`a stream ${what} that ends without finish reason ends in an error, not in [DONE]`, async () => {
      await using upstream = await startUpstream(stream([frame, done]));
      await using gateway = await startGateway(asOpenai(upstream));
      const { text } = await post(`${gateway.url}/v1/chat/completions`, { ...chat, model: 'm', stream: true }, off);
      assert.doesNotMatch(text, /\[DONE\]/);
      const last: unknown = JSON.parse(text.trimEnd().split('\n\n').at(-1)?.replace('data: ', '') ?? '');
      assert.ok(isObject(last) && isObject(last['error']));
      assert.equal(last['error']['code'], 'upstream_stream_incomplete');
    });
  }
});
