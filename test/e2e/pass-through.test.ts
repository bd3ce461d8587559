import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { request } from 'undici';
import type { JsonObject } from '../../src/domain/json.ts';
import { startGateway } from './support/gateway.ts';
import { asAnthropic, asOpenai, json, startUpstream, stream } from './support/upstream.ts';

const jsonHeaders = { 'content-type': 'application/json' };

const openaiStream = [
  'data: {"id":"c1","choices":[{"delta":{"role":"assistant","content":""},"index":0,"finish_reason":null}],"x":[1.50]}\n\n',
  ': a comment\n\n',
  'data: {"id":"c1","choices":[{"index":0,"delta":{"content":"größe 模型 🎈 \\"usage\\": {"},"finish_reason":null}]}\r\n\r\n',
  'data: {"choices":[{"finish_reason":"stop","delta":{},"index":0}],"id":"c1"}\n\n',
].join('');
const usageFrame =
  'data: {"id":"c1","choices":[],"usage":{"prompt_tokens":7,"completion_tokens":5,"total_tokens":12}}\n\n';
const done = 'data: [DONE]\n\n';

const anthropicStream = [
  'event: message_start\ndata: {"type":"message_start","message":{"id":"m1","role":"assistant","content":[],"usage":{"input_tokens":3,"output_tokens":1}}}\n\n',
  'event: ping\ndata: {"type": "ping"}\n\n',
  'event: content_block_start\ndata: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""},"x":1}\n\n',
  'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"größe 模型 🎈"}}\n\n',
  'event: content_block_stop\ndata: {"type":"content_block_stop","index":0}\n\n',
  'event: message_delta\ndata: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":9}}\n\n',
  'event: message_stop\ndata: {"type":"message_stop"}\n\n',
].join('');

const oddBody =
  '{ "messages":[{"content":"größe 模型 🎈 \\u00e9","role":"user","unknown":{"b":1,"a":[1.0e2]}}],\n "zzz" : null , "model":"m", "max_tokens":9}';

function tokens(line: JsonObject | undefined): unknown[] {
  return [line?.['inputTokens'], line?.['outputTokens']];
}

describe('bytes that pass through', () => {
  it('reach an OpenAI upstream as the client sent them, unknown members and odd order included', async () => {
    await using upstream = await startUpstream(
      json(200, { id: 'x', choices: [], usage: { prompt_tokens: 1, completion_tokens: 2 } }),
    );
    await using gateway = await startGateway(asOpenai(upstream));
    const answer = await request(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      headers: jsonHeaders,
      body: oddBody,
    });
    assert.equal(answer.statusCode, 200, await answer.body.text());
    assert.equal(upstream.calls[0]?.body.toString(), oddBody);
  });

  it('change only by the named edits: the model name with a provider in front, and the request for usage', async () => {
    await using upstream = await startUpstream(stream([openaiStream, usageFrame, done]));
    await using gateway = await startGateway(asOpenai(upstream));
    const body = oddBody.replace('"m"', '"openai-compatible/m"').replace('"max_tokens":9', '"stream":true');
    const answer = await request(`${gateway.url}/v1/chat/completions`, { method: 'POST', headers: jsonHeaders, body });
    assert.equal(await answer.body.text(), openaiStream + done);
    const expected = body
      .replace('"openai-compatible/m"', '"m"')
      .replace('"stream":true', '"stream":true,"stream_options":{"include_usage":true}');
    assert.equal(upstream.calls[0]?.body.toString(), expected);
    assert.deepEqual(tokens(gateway.requests()[0]), [7, 5]);
  });

  it('come back as the OpenAI upstream sent them, wherever its chunks were cut', async () => {
    const bytes = Buffer.from(openaiStream + usageFrame + done);
    await using upstream = await startUpstream();
    await using gateway = await startGateway(asOpenai(upstream));
    for (let cut = 1; cut < bytes.length; cut++) {
      upstream.script(stream([bytes.subarray(0, cut), bytes.subarray(cut)]));
      const body = '{"model":"m","stream":true,"stream_options":{"include_usage":true},"messages":[]}';
      const answer = await request(`${gateway.url}/v1/chat/completions`, {
        method: 'POST',
        headers: jsonHeaders,
        body,
      });
      const got = Buffer.from(await answer.body.arrayBuffer());
      assert.ok(got.equals(bytes), `cut at ${cut}: ${got.toString()}`);
    }
    assert.equal(gateway.requests().length, bytes.length - 1);
    assert.ok(gateway.requests().every((line) => String(tokens(line)) === '7,5'));
  });

  it('come back as the Anthropic upstream sent them, wherever its chunks were cut', async () => {
    const bytes = Buffer.from(anthropicStream);
    await using upstream = await startUpstream();
    await using gateway = await startGateway(asAnthropic(upstream));
    for (let cut = 1; cut < bytes.length; cut += 1) {
      upstream.script(stream([bytes.subarray(0, cut), bytes.subarray(cut)]));
      const body = '{"model":"m","stream":true,"max_tokens":9,"messages":[]}';
      const answer = await request(`${gateway.url}/v1/messages`, { method: 'POST', headers: jsonHeaders, body });
      const got = Buffer.from(await answer.body.arrayBuffer());
      assert.ok(got.equals(bytes), `cut at ${cut}: ${got.toString()}`);
    }
    assert.ok(gateway.requests().every((line) => String(tokens(line)) === '3,9'));
  });

  it('leave out ids and names that a tool call repeats or sends empty', async () => {
    const frames = [
      '{"choices":[{"delta":{"content":null,"tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"weather","arguments":""}}],"role":"assistant"},"index":0}]}',
      '{"choices":[{"delta":{"content":null,"tool_calls":[{"index":0,"id":"","type":"function","function":{"arguments":"{}"}}]},"index":0}]}',
      '{"choices":[{"delta":{"tool_calls":[{"function":{"arguments":"","name":""},"index":0,"id":"","type":"function"}]},"index":0}]}',
      '{"choices":[{"finish_reason":"tool_calls","delta":{},"index":0}]}',
    ].map((data) => `data: ${data}\n\n`);
    await using upstream = await startUpstream(stream([...frames, done]));
    await using gateway = await startGateway(asOpenai(upstream));
    const body = '{"model":"m","stream":true,"messages":[]}';
    const answer = await request(`${gateway.url}/v1/chat/completions`, { method: 'POST', headers: jsonHeaders, body });
    const [first, second, third, ...rest] = (await answer.body.text()).split('\n\n');
    assert.equal(`${first}\n\n`, frames[0]);
    assert.equal(`${second}\n\n`, frames[1]?.replace('"id":"",', ''));
    assert.equal(`${third}\n\n`, frames[2]?.replace('"id":"",', '').replace(',"name":""', ''));
    assert.equal(rest.join('\n\n'), frames[3] + done);
    assert.equal(gateway.requests()[0]?.['adjusted'], 'tool-ids');
  });
});
