import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asString } from '../../../src/domain/json.ts';
import { ask, at, sandbox, tell, user, weatherTool, type Answered } from './harness.ts';

function content(answer: Answered): string {
  return asString(at(answer.json, 'choices', 0, 'message', 'content')) ?? '';
}

function reasoning(answer: Answered): string {
  return asString(at(answer.json, 'choices', 0, 'message', 'reasoning_content')) ?? '';
}

test('thoughts are about the request, the tools and their results, in the language of the request', async () => {
  const { chat } = sandbox();
  const on = { model: 'qwen3.5-plus', tools: [weatherTool] };
  const first = await chat(ask('What is the weather in Paris?', on));
  assert.match(reasoning(first), /weather in Paris[\s\S]*get_current_weather[\s\S]*\{"location": "Paris"\}/);
  assert.match(reasoning(await chat(ask('北京今天天气怎么样？', on))), /用户的问题是[\s\S]*get_current_weather/);
  assert.match(
    reasoning(await chat(ask('请介绍一下长城', { model: 'qwen3.5-plus' }))),
    /用户的问题是：“请介绍一下长城”/,
  );
  const message = at(first.json, 'choices', 0, 'message');
  const result = { role: 'tool', tool_call_id: at(message, 'tool_calls', 0, 'id'), content: 'rain' };
  const second = await chat({ ...on, messages: [user('What is the weather in Paris?'), message, result] });
  assert.match(reasoning(second), /tools have returned/);
  assert.match(reasoning(await chat(ask('x [[sandbox: think=200]]', { model: 'qwen3.5-plus' }))), /once more/);
});

/** The answer after one shell call with this result. */
async function afterShell(question: string, result: object): Promise<string> {
  const tools = [
    {
      name: 'bash',
      description: 'Runs a command',
      input_schema: { type: 'object', properties: { command: { type: 'string' } }, required: ['command'] },
    },
  ];
  const use = { type: 'tool_use', id: 'call_1', name: 'bash', input: { command: 'ls' } };
  const messages = [
    user(question),
    { role: 'assistant', content: [use] },
    user([{ type: 'tool_result', tool_use_id: 'call_1', ...result }]),
  ];
  const answer = await sandbox().messages(tell('', { messages, tools }));
  return asString(at(answer.json, 'content', 0, 'text')) ?? '';
}

test('results are taken out of the wrappers of agents', async () => {
  const run = 'Run `ls` and tell me the output';
  assert.equal(await afterShell(run, { content: 'a.txt\n' }), 'The output of `ls` is:\n\na.txt');
  assert.equal(
    await afterShell(run, { content: [{ type: 'text', text: 'a.txt' }] }),
    'The output of `ls` is:\n\na.txt',
  );
  assert.equal(
    await afterShell(run, { content: 'Command: ls\nDirectory: (root)\nOutput: a.txt\nError: (none)\nExit Code: 0' }),
    'The output of `ls` is:\n\na.txt',
  );
  assert.equal(
    await afterShell(run, { content: '{"output":"a.txt","metadata":{"exit_code":0}}' }),
    'The output of `ls` is:\n\na.txt',
  );
  assert.equal(await afterShell(run, { content: '' }), '`ls` returned nothing.');
  assert.equal(await afterShell('执行命令 `ls`', { content: 'a.txt' }), '`ls` 的输出是：\n\na.txt');
  assert.ok((await afterShell(run, { content: 'y'.repeat(5_000) })).length < 1_600);
});

// Symptom: `is_error: true` changed the answer, though the Anthropic page has the field as not supported. Cause: the
// sandbox's model read it. Fix: it does not; what failed has to be said in the result's text, as the fit rule does.
test('is_error is not read', async () => {
  const run = 'Run `ls` and tell me the output';
  const plain = await afterShell(run, { content: 'denied' });
  assert.equal(plain, 'The output of `ls` is:\n\ndenied');
  assert.equal(await afterShell(run, { content: 'denied', is_error: true }), plain);
});

test('commands are found in every form that people write them', async () => {
  const schema = { type: 'object', properties: { command: { type: 'string' } }, required: ['command'] };
  const tools = [{ name: 'bash', description: 'Runs a command', input_schema: schema }];
  const expected: Record<string, string> = {
    'Use the bash tool to run: echo hi-there': 'echo hi-there',
    'run echo foo bar and tell me what it says': 'echo foo bar',
    'Please execute the command "date +%Y" for me.': 'date +%Y',
    'Run the following shell command git status, then summarize': 'git status',
    '"Run `pwd`"': 'pwd',
    '运行 `uname -a`': 'uname -a',
    '执行命令 whoami，然后告诉我': 'whoami',
    'Show me the contents of /etc/hosts': 'cat /etc/hosts',
    'List all files in src/': 'ls src/',
  };
  for (const [question, command] of Object.entries(expected)) {
    const answer = await sandbox().messages(tell(question, { tools }));
    assert.deepEqual(at(answer.json, 'content', 0, 'input'), { command }, question);
  }
  const two = await sandbox().messages(tell('Run `echo a` and then `echo b`', { tools }));
  assert.deepEqual(
    [0, 1].map((index) => at(two.json, 'content', index, 'input', 'command')),
    ['echo a', 'echo b'],
  );
});

test('tools are found by the words of the request', async () => {
  const tool = (name: string, description: string, ...keys: string[]): object => ({
    type: 'function',
    function: {
      name,
      description,
      parameters: {
        type: 'object',
        properties: Object.fromEntries(keys.map((key) => [key, { type: 'string' }])),
        required: keys,
      },
    },
  });
  const tools = [
    tool('get_weather', 'Current weather of a place', 'location'),
    tool('search_web', 'Searches the web', 'query'),
    tool('convert_currency', 'Converts money', 'from', 'to'),
    tool('lookup_order', '查询订单状态', 'order_id'),
    tool('translate_text', 'Translates a text', 'text', 'language'),
  ];
  const expected: Record<string, string | undefined> = {
    'Is it going to rain in Oslo?': 'get_weather {"location": "Oslo"}',
    'Search for the history of tea': 'search_web {"query": "the history of tea"}',
    'How much is 5 USD in EUR? Convert it': 'convert_currency {"from": "USD", "to": "EUR"}',
    '我的订单 A1234 到哪里了？': 'lookup_order {"order_id": "A1234"}',
    'Translate "good morning" to French': 'translate_text {"text": "good morning", "language": "French"}',
    'Tell me a joke about cats': undefined,
    'What is the meaning of life?': undefined,
  };
  for (const [question, call] of Object.entries(expected)) {
    const answer = await sandbox().chat(ask(question, { tools }));
    const made = at(answer.json, 'choices', 0, 'message', 'tool_calls', 0, 'function');
    assert.equal(
      made === undefined ? undefined : `${asString(at(made, 'name'))} ${asString(at(made, 'arguments'))}`,
      call,
      question,
    );
  }
});

test('more plain answers', async () => {
  const { chat } = sandbox();
  const expected: Record<string, RegExp> = {
    'Thank you!': /^You are welcome/,
    谢谢: /^不客气/,
    从3数到6: /^3, 4, 5, 6$/,
    'Count to 3000': /^1, 2, [\s\S]*, 1000$/,
    '3.8 和 3.11 哪个大？': /^3\.8 比 3\.11 大。$/,
    'Which is smaller, 2 or 7?': /^2 is smaller than 7\.$/,
    'Describe the sea in 3 words': /^\S+ \S+ \S+\.$/,
    'What is my name?': /^You have not told me your name yet\.$/,
    '': /^Please tell me/,
  };
  for (const [question, pattern] of Object.entries(expected))
    assert.match(content(await chat(ask(question))), pattern, question);
  const part = { type: 'image_url', image_url: { url: 'https://example.com/a.png' } };
  const seen = await chat({
    model: 'qwen3-vl-plus',
    messages: [user([part, part, { type: 'text', text: 'Describe the harbour' }])],
  });
  assert.match(content(seen), /^I received 2 image items\. .*harbour/);
});

test('JSON follows a schema that stands in the messages', async () => {
  const schema =
    '{"type":"object","properties":{"city":{"type":"string"},"days":{"type":"integer"}},"required":["city","days"]}';
  const messages = [
    { role: 'system', content: `JSON schema:\n${schema}\nAnswer with JSON only.` },
    user('Plan 3 days in Rome'),
  ];
  const answer = await sandbox().chat({ model: 'qwen-plus', messages, response_format: { type: 'json_object' } });
  assert.deepEqual(JSON.parse(content(answer)), { city: 'Rome', days: 3 });
  const broken = await sandbox().chat(ask('json {not json} {', { response_format: { type: 'json_object' } }));
  assert.deepEqual(Object.keys(JSON.parse(content(broken))), ['answer']);
  const nested = await sandbox().chat(
    ask('JSON like {"a":{"b":["x"]},"n":2,"ok":true}', { response_format: { type: 'json_object' } }),
  );
  const value: unknown = JSON.parse(content(nested));
  assert.deepEqual([Array.isArray(at(value, 'a', 'b')), at(value, 'n'), at(value, 'ok')], [true, 2, true]);
});

test('frames are made as they are taken', async () => {
  const { createSandbox } = await import('../../../src/sandbox/sandbox.ts');
  const { chatPath } = await import('./harness.ts');
  const body = Buffer.from(
    JSON.stringify(ask('x [[sandbox: length=50000]]', { model: 'qwen3.7-max', enable_thinking: false, stream: true })),
  );
  const answer = await createSandbox()({
    method: 'POST',
    path: chatPath,
    headers: {},
    body,
    signal: new AbortController().signal,
  });
  assert.ok(!Buffer.isBuffer(answer.body));
  const chunks = answer.body[Symbol.asyncIterator]();
  assert.match(String((await chunks.next()).value), /^data: /);
  assert.deepEqual(await chunks.return?.(undefined), { done: true, value: undefined });
});
