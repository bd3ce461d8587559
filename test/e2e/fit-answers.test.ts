import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isObject } from '../../src/domain/json.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import { startGateway } from './support/gateway.ts';
import type { TestGateway } from './support/gateway.ts';
import { post } from './support/post.ts';
import type { PostAnswer } from './support/post.ts';
import { json, startUpstream, stream } from './support/upstream.ts';
import type { TestUpstream } from './support/upstream.ts';
import { weatherTool } from './support/weather-tool.ts';

const chatPath = '/v1/chat/completions';
const messagesPath = '/v1/messages';

/** A call of the gateway, and the rules that adjusted it. */
async function send(
  gateway: TestGateway,
  path: string,
  body: JsonObject | string,
  headers: Record<string, string> = {},
): Promise<PostAnswer & { adjusted: string[] }> {
  const answer = await post(gateway.url + path, body, headers);
  return { ...answer, adjusted: answer.headers.get('x-atelier-adjusted')?.split(', ') ?? [] };
}

function parsed(text: string): JsonObject {
  const value: unknown = JSON.parse(text);
  assert.ok(isObject(value));
  return value;
}

/** A gateway in front of this upstream, which stands for Model Studio. */
function asBailian(upstream: TestUpstream): Promise<TestGateway> {
  return startGateway({ BAILIAN_API_KEY: 'sk-0123456789abcdef', BAILIAN_BASE_URL: upstream.url });
}

const schema = { type: 'object', properties: { query: { type: 'string' } }, required: ['query'] };
const searchTool = { type: 'function', function: { name: 'search', description: 'Searches', parameters: schema } };
const searchToolAnthropic = { name: 'search', description: 'Searches', input_schema: schema };
const ask = { role: 'user', content: 'Search for cats' };

describe('a renamed tool has its own name in the answer', () => {
  // qwen3-8b has no Anthropic endpoint, so that request is translated.
  const requests: readonly (readonly [string, string, JsonObject])[] = [
    ['passed', chatPath, { model: 'qwen-plus', messages: [ask], tools: [searchTool] }],
    ['passed', messagesPath, { model: 'qwen-plus', max_tokens: 500, messages: [ask], tools: [searchToolAnthropic] }],
    ['folded', chatPath, { model: 'qwen3-8b', messages: [ask], tools: [searchTool] }],
    ['translated', messagesPath, { model: 'qwen3-8b', max_tokens: 500, messages: [ask], tools: [searchToolAnthropic] }],
  ];
  for (const [way, path, body] of requests) {
    for (const streamed of [false, true]) {
      it(`${way} on ${path}, ${streamed ? 'streamed' : 'whole'}`, async () => {
        await using gateway = await startGateway();
        const { status, text, adjusted } = await send(gateway, path, { ...body, stream: streamed });
        assert.deepEqual([status, adjusted.includes('tool-name')], [200, true], text);
        assert.match(text, /"name": ?"search"/);
        assert.doesNotMatch(text, /"name": ?"search_tool"/);
        assert.equal(text.startsWith('{'), !streamed);
      });
    }
  }
});

describe('an answer folded from a stream', () => {
  it('is one answer with thoughts, finish reason and usage', async () => {
    await using gateway = await startGateway();
    const { text, headers } = await send(gateway, chatPath, { model: 'qwq-plus', messages: [ask] });
    assert.equal(headers.get('content-type'), 'application/json');
    const { choices, usage, object } = parsed(text);
    const [choice] = Array.isArray(choices) ? choices : [];
    assert.ok(isObject(choice) && isObject(choice['message']) && isObject(usage));
    assert.deepEqual([object, choice['finish_reason']], ['chat.completion', 'stop']);
    assert.equal(typeof choice['message']['reasoning_content'], 'string');
    assert.ok(Number(usage['completion_tokens']) > 0 && Number(usage['prompt_tokens']) > 0);
  });

  it('fails as the stream fails', async () => {
    await using upstream = await startUpstream(
      stream([
        'data: {"choices":[{"index":0,"delta":{"role":"assistant","content":"a"}}]}\n\n',
        'data: {"error":{"message":"too fast","type":"limit_requests","code":"limit_requests"}}\n\n',
      ]),
    );
    await using gateway = await asBailian(upstream);
    const { status, text } = await send(gateway, chatPath, { model: 'bailian/qwq-plus', messages: [ask] });
    assert.equal(status, 429, text);
    assert.deepEqual(parsed(upstream.calls.at(-1)?.body.toString() ?? ''), {
      model: 'qwq-plus',
      messages: [ask],
      stream: true,
      stream_options: { include_usage: true },
    });
  });
});

describe('what the model reads', () => {
  it('is several tools at once, as the client expects', async () => {
    await using gateway = await startGateway();
    const content = 'What is the weather in Paris and in London?';
    const body = { model: 'qwen-plus', tools: [weatherTool], messages: [{ role: 'user', content }] };
    const calls = (text: string): number => text.match(/"type":"function"/g)?.length ?? 0;
    const off = await send(gateway, chatPath, body, { 'x-atelier-fit': 'off' });
    const on = await send(gateway, chatPath, body);
    assert.deepEqual([calls(off.text), calls(on.text)], [1, 2]);
  });

  it('begins alike in every request of Claude Code, so that the cache finds it', async () => {
    const instructions = 'You are a careful assistant. '.repeat(400);
    const request = (prompt: number): JsonObject => ({
      model: 'qwen3-max',
      max_tokens: 100,
      system: [
        { type: 'text', text: `x-anthropic-billing-header: cc_version=2.1.329.${prompt};` },
        { type: 'text', text: instructions },
      ],
      messages: [{ role: 'user', content: `Question ${prompt}` }],
    });
    const cached = async (headers: Record<string, string>): Promise<number> => {
      await using gateway = await startGateway();
      await send(gateway, messagesPath, request(1), headers);
      const { usage } = parsed((await send(gateway, messagesPath, request(2), headers)).text);
      assert.ok(isObject(usage));
      return Number(usage['cache_read_input_tokens']);
    };
    assert.equal(await cached({ 'x-atelier-fit': 'off' }), 0);
    assert.ok((await cached({})) > 1000);
  });

  it('is the request byte for byte but for the named edits', async () => {
    await using upstream = await startUpstream(json(200, { id: 'x', choices: [], usage: {} }));
    await using gateway = await asBailian(upstream);
    const sent = (temperature: string, top: string): string =>
      `{ "messages":[ {"content":"h\\u00e9 é","role":"user", "n":1.0} ],"unknown" : {"b":1e2,"a":[ ]},\t"temperature": ${temperature},"model":"qwen-plus","top_p":${top}}`;
    const { adjusted } = await send(gateway, chatPath, sent('2.0', '0'));
    assert.deepEqual(adjusted, ['sampling-range']);
    assert.equal(upstream.calls.at(-1)?.body.toString(), sent('1.99', '0.01'));
  });

  it('is what Claude Code sends, made fit for the endpoint', async () => {
    await using gateway = await startGateway();
    const body = {
      model: 'qwen3.5-plus',
      max_tokens: 32000,
      stream: true,
      system: [{ type: 'text', text: 'x-anthropic-billing-header: cc_version=2.1.329.abc; cc_entrypoint=sdk-cli;' }],
      thinking: { type: 'adaptive', display: 'omitted' },
      context_management: { edits: [{ type: 'clear_thinking_20251015', keep: 'all' }] },
      output_config: { effort: 'high' },
      metadata: { user_id: '{"device_id":"d","account_uuid":"","session_id":"s"}' },
      tools: [{ name: 'Bash', description: 'Runs', input_schema: schema, defer_loading: true }],
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'Hello', cache_control: { type: 'ephemeral' } }] },
        { role: 'system', content: 'A reminder.' },
      ],
    };
    const { status, text, adjusted } = await send(gateway, `${messagesPath}?beta=true`, body, {
      'anthropic-beta': 'claude-code-20250219,context-management-2025-06-27',
      'anthropic-version': '2023-06-01',
    });
    assert.deepEqual([status, adjusted], [200, ['billing-line', 'anthropic-unsupported']], text);
    assert.match(text, /event: ?message_stop/);
  });
});

describe('the ids of tool calls in a whole answer', () => {
  it('are never empty, and a finish reason is there', async () => {
    const call = { id: '', type: 'function', function: { name: 't', arguments: '{}' } };
    const message = { role: 'assistant', content: null, tool_calls: [call] };
    await using upstream = await startUpstream(json(200, { id: 'x', choices: [{ index: 0, message }] }));
    await using gateway = await asBailian(upstream);
    const tools = [{ type: 'function', function: { name: 't', parameters: {} } }];
    const { text, adjusted } = await send(gateway, chatPath, {
      model: 'bailian/qwen-plus',
      messages: [ask],
      tools,
      parallel_tool_calls: true,
    });
    assert.match(text, /"id":"call_[\w-]+_0"/);
    assert.match(text, /"finish_reason":"tool_calls"/);
    assert.deepEqual(adjusted, ['tool-ids']);
  });
});

describe('the configuration', () => {
  it('switches rules for a model, a provider and everywhere', async () => {
    const on = '{"json-word":true}';
    const off = '{"sandbox":{"json-word":false}}';
    await using everywhere = await startGateway({ ATELIER_FIT_RULES: on });
    await using provider = await startGateway({ ATELIER_FIT_RULES: on, ATELIER_FIT_PROVIDERS: off });
    const models = '{"qwen-plus":{"json-word":true}}';
    await using model = await startGateway({ ATELIER_FIT_PROVIDERS: off, ATELIER_FIT_MODELS: models });
    const body = { model: 'qwen-plus', messages: [ask], response_format: { type: 'json_object' } };
    const statuses = [];
    for (const gateway of [everywhere, provider, model]) statuses.push((await send(gateway, chatPath, body)).status);
    assert.deepEqual(statuses, [200, 400, 200]);
  });
});

describe('the key of a Coding Plan', () => {
  const plan = { BAILIAN_API_KEY: 'sk-sp-0123456789abcdef', BAILIAN_PLAN: 'coding' };
  const body = { model: 'qwen3.5-plus', messages: [ask] };
  const answer = json(200, { id: 'x', choices: [], usage: {} });

  it('is refused to other clients before a call is spent, whatever they ask for', async () => {
    await using upstream = await startUpstream(answer);
    await using gateway = await startGateway({ ...plan, BAILIAN_BASE_URL: upstream.url });
    for (const fit of ['on', 'off']) {
      const headers = { 'user-agent': 'curl/8.5.0', 'x-atelier-fit': fit };
      const refused = await send(gateway, chatPath, body, headers);
      assert.deepEqual([refused.status, refused.headers.get('x-atelier-error-origin')], [405, 'gateway']);
      assert.match(refused.text, /Coding Plan is currently only available for Coding Agents/);
    }
    assert.equal(upstream.calls.filter(({ method }) => method === 'POST').length, 0);
  });

  it('is passed over for a provider that may serve the client', async () => {
    await using planned = await startUpstream(answer);
    await using general = await startUpstream(answer);
    await using gateway = await startGateway({
      ...plan,
      BAILIAN_BASE_URL: planned.url,
      BAILIAN_SG_API_KEY: 'sk-0123456789abcdef',
      BAILIAN_SG_BASE_URL: general.url,
      BAILIAN_SG_MODELS: 'qwen3.5-plus',
    });
    const { status, headers } = await send(gateway, chatPath, body, { 'user-agent': 'curl/8.5.0' });
    assert.deepEqual([status, headers.get('x-atelier-provider')], [200, 'bailian-sg']);
    const agent = await send(gateway, chatPath, body, { 'user-agent': 'opencode/1.18.33' });
    assert.equal(agent.headers.get('x-atelier-provider'), 'bailian');
  });

  it('serves coding agents, whose own user agent is passed on', async () => {
    await using upstream = await startUpstream(answer);
    await using gateway = await startGateway({
      ...plan,
      BAILIAN_BASE_URL: upstream.url,
      ATELIER_CODING_AGENTS: 'my-agent/',
    });
    for (const agent of ['opencode/1.18.33 ai-sdk/provider-utils', 'my-agent/1']) {
      assert.equal((await send(gateway, chatPath, body, { 'user-agent': agent })).status, 200);
      assert.equal(upstream.calls.at(-1)?.headers['user-agent'], agent);
    }
  });
});
