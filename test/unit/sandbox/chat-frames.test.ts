import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, at, frames, sandbox, timeTool, weatherTool, type Answered } from './harness.ts';

/** Puts the parts that differ between calls into a recorded frame (qwen3-max, 2026-02; the page of 2026-03 for text). */
function recorded(answer: Answered, choices: string, usage = 'null', model = 'qwen3-max'): string {
  const [first] = frames(answer.text);
  return `data: {"choices":[${choices}],"object":"chat.completion.chunk","usage":${usage},"created":${JSON.stringify(first?.created)},"system_fingerprint":null,"model":"${model}","id":"chatcmpl-${answer.headers['x-request-id']}"}`;
}

function lines(answer: Answered): string[] {
  assert.ok(answer.text.endsWith('\n\n'));
  return answer.text.slice(0, -2).split('\n\n');
}

test('a text stream has the recorded bytes', async () => {
  const answer = await sandbox().chat(
    ask('Say "Good day to you"', { model: 'qwen3-max', stream: true, stream_options: { include_usage: true } }),
  );
  assert.deepEqual(lines(answer), [
    recorded(answer, '{"delta":{"content":"","role":"assistant"},"index":0,"logprobs":null,"finish_reason":null}'),
    recorded(answer, '{"finish_reason":null,"logprobs":null,"delta":{"content":"Good"},"index":0}'),
    recorded(answer, '{"delta":{"content":" day to you"},"finish_reason":null,"index":0,"logprobs":null}'),
    recorded(answer, '{"finish_reason":"stop","delta":{"content":""},"index":0,"logprobs":null}'),
    recorded(
      answer,
      '',
      '{"prompt_tokens":14,"completion_tokens":4,"total_tokens":18,"prompt_tokens_details":{"cached_tokens":0}}',
    ),
    'data: [DONE]',
  ]);
});

test('a thinking stream has the recorded bytes', async () => {
  const body = ask('[[sandbox: say="The word" think=2]] x', {
    model: 'qwen3-max',
    enable_thinking: true,
    stream: true,
  });
  const answer = await sandbox().chat(body);
  assert.deepEqual(lines(answer), [
    recorded(
      answer,
      '{"delta":{"content":null,"role":"assistant","reasoning_content":""},"index":0,"logprobs":null,"finish_reason":null}',
    ),
    recorded(
      answer,
      '{"finish_reason":null,"logprobs":null,"delta":{"content":null,"reasoning_content":"The"},"index":0}',
    ),
    recorded(
      answer,
      '{"delta":{"content":null,"reasoning_content":" user "},"finish_reason":null,"index":0,"logprobs":null}',
    ),
    recorded(
      answer,
      '{"delta":{"content":"The","reasoning_content":null},"finish_reason":null,"index":0,"logprobs":null}',
    ),
    recorded(
      answer,
      '{"delta":{"content":" word","reasoning_content":null},"finish_reason":null,"index":0,"logprobs":null}',
    ),
    recorded(
      answer,
      '{"finish_reason":"stop","delta":{"content":"","reasoning_content":null},"index":0,"logprobs":null}',
    ),
    'data: [DONE]',
  ]);
});

test('a tool call stream has the recorded bytes', async () => {
  const answer = await sandbox().chat(
    ask('What is the weather in San Francisco?', { model: 'qwen3-max', stream: true, tools: [weatherTool] }),
  );
  const id = at(frames(answer.text)[0], 'choices', 0, 'delta', 'tool_calls', 0, 'id');
  assert.match(String(id), /^call_[0-9a-f]{24}$/);
  assert.deepEqual(lines(answer), [
    recorded(
      answer,
      `{"delta":{"content":null,"tool_calls":[{"index":0,"id":"${String(id)}","type":"function","function":{"name":"get_current_weather","arguments":""}}],"role":"assistant"},"finish_reason":null,"index":0,"logprobs":null}`,
    ),
    recorded(
      answer,
      '{"delta":{"content":null,"tool_calls":[{"index":0,"id":"","type":"function","function":{"arguments":"{\\"location\\": \\"San Francisco"}}]},"finish_reason":null,"index":0,"logprobs":null}',
    ),
    recorded(
      answer,
      '{"delta":{"content":null,"tool_calls":[{"index":0,"id":"","type":"function","function":{"arguments":"\\"}"}}]},"finish_reason":null,"index":0,"logprobs":null}',
    ),
    recorded(
      answer,
      '{"delta":{"tool_calls":[{"function":{"arguments":""},"index":0,"id":"","type":"function"}]},"index":0}',
    ),
    recorded(answer, '{"finish_reason":"tool_calls","delta":{},"index":0,"logprobs":null}'),
    'data: [DONE]',
  ]);
});

test('parallel calls are numbered in the stream', async () => {
  const answer = await sandbox().chat(
    ask('How is the weather in Paris? What time is it?', {
      stream: true,
      parallel_tool_calls: true,
      tools: [weatherTool, timeTool],
    }),
  );
  const calls = frames(answer.text).flatMap((frame) => at(frame, 'choices', 0, 'delta', 'tool_calls') ?? []);
  const openings = calls.filter((call) => at(call, 'function', 'name') !== undefined);
  assert.deepEqual(
    openings.map((call) => [at(call, 'index'), at(call, 'function', 'name')]),
    [
      [0, 'get_current_weather'],
      [1, 'get_current_time'],
    ],
  );
  assert.ok(calls.filter((call) => !openings.includes(call)).every((call) => at(call, 'id') === ''));
});

test('an unary text answer has the members of recorded ones, in their order', async () => {
  const answer = await sandbox().chat(
    ask('Who are you?', {
      messages: [
        { role: 'system', content: 'You are a helpful assistant.' },
        { role: 'user', content: 'Who are you?' },
      ],
    }),
  );
  const uuid = answer.headers['x-request-id'];
  assert.equal(
    answer.text,
    `{"choices":[{"message":{"content":"I am a large language model from Alibaba Cloud. My name is Qwen.","role":"assistant"},"finish_reason":"stop","index":0,"logprobs":null}],"object":"chat.completion","usage":{"prompt_tokens":22,"completion_tokens":15,"total_tokens":37,"prompt_tokens_details":{"cached_tokens":0}},"created":${JSON.stringify(answer.json.created)},"system_fingerprint":null,"model":"qwen-plus","id":"chatcmpl-${uuid}"}`,
  );
});

test('an unary tool call has empty content and an index', async () => {
  const answer = await sandbox().chat(ask('What is the weather in San Francisco?', { tools: [weatherTool] }));
  const id = String(at(answer.json, 'choices', 0, 'message', 'tool_calls', 0, 'id'));
  assert.equal(
    JSON.stringify(at(answer.json, 'choices', 0)),
    `{"message":{"content":"","role":"assistant","tool_calls":[{"function":{"arguments":"{\\"location\\": \\"San Francisco\\"}","name":"get_current_weather"},"id":"${id}","index":0,"type":"function"}]},"finish_reason":"tool_calls","index":0,"logprobs":null}`,
  );
});

test('no usage frame unless it is asked for', async () => {
  for (const options of [undefined, { include_usage: false }, {}]) {
    const answer = await sandbox().chat(
      ask('Hi', { stream: true, ...(options === undefined ? {} : { stream_options: options }) }),
    );
    assert.ok(frames(answer.text).every((frame) => frame.usage === null));
  }
});

test('the headers of the platform are there', async () => {
  const answer = await sandbox().chat(ask('Hi', { stream: true }));
  assert.equal(answer.headers['content-type'], 'text/event-stream;charset=UTF-8');
  assert.equal(answer.headers.server, 'istio-envoy');
  assert.equal(answer.headers['x-dashscope-call-gateway'], 'true');
  assert.equal(answer.headers.vary, 'Origin');
  for (const name of [
    'x-request-id',
    'req-cost-time',
    'req-arrive-time',
    'resp-start-time',
    'x-envoy-upstream-service-time',
  ]) {
    assert.ok(answer.headers[name], name);
  }
});
