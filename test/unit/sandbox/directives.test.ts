import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DirectiveError, readDirectives, withoutDirectives } from '../../../src/sandbox/directives.ts';
import { createSandbox } from '../../../src/sandbox/sandbox.ts';
import { ask, at, chatPath, frames, sandbox, tell, weatherTool, user } from './harness.ts';

const neutral = { delay: 0, tps: 0, tools: [], after: 2 };

test('every directive is read, from the message and from the header, which wins', () => {
  const text =
    'Hi [[sandbox: error=Throttling.RateQuota delay=500ms tps=20 length=300 think=9 say="a \\"b\\" ]]" cut=5 stall=3 eof=4 stream-error=InternalError after=7 tool=get_weather{"city":["]]"]} anthropic-errors=native]] there';
  assert.deepEqual(readDirectives(text, undefined), {
    error: 'Throttling.RateQuota',
    delay: 500,
    tps: 20,
    length: 300,
    think: 9,
    say: 'a "b" ]]',
    cut: 5,
    stall: 3,
    eof: 4,
    streamError: 'InternalError',
    after: 7,
    tools: [{ name: 'get_weather', argumentsJson: '{"city":["]]"]}' }],
    anthropicErrors: 'native',
  });
  assert.equal(withoutDirectives(text), 'Hi  there');
  assert.deepEqual(readDirectives('[[sandbox: delay=2s]]', 'delay=1 tps=5'), { ...neutral, delay: 1, tps: 5 });
  assert.deepEqual(readDirectives('', '[[sandbox: length=3]]'), { ...neutral, length: 3 });
});

test('times and lengths are bounded', () => {
  const read = readDirectives('[[sandbox: delay=99999s tps=9e9 length=999999999 cut=1e12]]', undefined);
  assert.deepEqual(read, { ...neutral, delay: 300_000, tps: 100_000, length: 50_000, cut: 1_000_000 });
  const many = `[[sandbox: ${'tool=a '.repeat(100)}]]`;
  assert.equal(readDirectives(many, undefined).tools.length, 32);
});

test('what is no directive is left alone', () => {
  assert.deepEqual(readDirectives('[[sandbox: delay=5', undefined), neutral);
  assert.equal(withoutDirectives('[[sandbox: delay=5'), '[[sandbox: delay=5');
  assert.equal(withoutDirectives('a [[other]] b'), 'a [[other]] b');
});

test('a directive that cannot be understood is refused with what is wrong', async () => {
  for (const body of [
    'foo=1',
    'constructor=1',
    'delay=soon',
    'tool={',
    'say="x',
    'length=-1',
    'error=NoSuchError',
    'anthropic-errors=x',
  ]) {
    const answer = await sandbox().chat(ask('Hi'), { headers: { 'x-sandbox': body } });
    assert.equal(answer.status, 400, body);
    assert.equal(at(answer.json, 'error', 'code'), 'sandbox_directive_invalid', body);
  }
  assert.throws(() => readDirectives('', 'foo'), DirectiveError);
});

test('error: any code, native, compatible or a status, in the envelope of its kind', async () => {
  const { chat } = sandbox();
  const limited = await chat(ask('Hi [[sandbox: error=Throttling.RateQuota]]'));
  const uuid = limited.headers['x-request-id'];
  assert.equal(limited.status, 429);
  assert.equal(
    limited.text,
    `{"error":{"message":"You exceeded your current requests list.","type":"limit_requests","param":null,"code":"limit_requests"},"id":"chatcmpl-${uuid}","request_id":"${uuid}"}`,
  );
  const moderated = await chat(ask('Hi [[sandbox: error=data_inspection_failed]]'));
  const flaggedBefore = await chat({
    model: 'qwen-plus',
    messages: [user('A [[sandbox: error=data_inspection_failed]]'), user('B')],
  });
  assert.equal(flaggedBefore.status, 400);
  assert.deepEqual(
    [moderated.status, at(moderated.json, 'error', 'type'), at(moderated.json, 'error', 'code')],
    [400, 'data_inspection_failed', 'data_inspection_failed'],
  );
  const overdue = await chat(ask('Hi [[sandbox: error=arrearage]]'));
  assert.deepEqual(
    [overdue.status, at(overdue.json, 'error', 'type'), at(overdue.json, 'error', 'code')],
    [400, 'Arrearage', 'Arrearage'],
  );
  assert.equal((await chat(ask('Hi [[sandbox: error=503]]'))).status, 503);
  const gate = await chat(ask('Hi [[sandbox: error=CodingAgentsOnly]]'));
  assert.deepEqual(
    [gate.status, gate.text],
    [405, '{"error":"Coding Plan is currently only available for Coding Agents"}'],
  );
});

test('error: another source of errors is asked first', async () => {
  const found = { status: 418, nativeCode: 'Teapot', compatibleCode: 'teapot', message: 'I am a teapot.' };
  const { chat } = sandbox({ errors: { find: (code) => (code === 'kettle' ? found : undefined) } });
  const answer = await chat(ask('Hi [[sandbox: error=kettle]]'));
  assert.deepEqual([answer.status, at(answer.json, 'error', 'message')], [418, 'I am a teapot.']);
  assert.equal((await chat(ask('Hi [[sandbox: error=Arrearage]]'))).status, 400);
});

test('length and say decide the answer', async () => {
  const { chat } = sandbox();
  const long = await chat(ask('Tell me about rivers [[sandbox: length=300]]'));
  assert.equal(at(long.json, 'usage', 'completion_tokens'), 300);
  assert.match(String(at(long.json, 'choices', 0, 'message', 'content')), /rivers/);
  const said = await chat(ask('x [[sandbox: say="exactly this"]]', { tools: [weatherTool] }));
  assert.equal(at(said.json, 'choices', 0, 'message', 'content'), 'exactly this');
});

test('tool makes the call, and only until its result is there', async () => {
  const { chat } = sandbox();
  const question = {
    role: 'user',
    content: 'x [[sandbox: tool=other{"a":1} tool=get_current_weather{"location":"Rome"}]]',
  };
  const first = await chat(ask('', { messages: [question], tools: [weatherTool] }));
  const message = Object(at(first.json, 'choices', 0, 'message'));
  assert.deepEqual(
    [0, 1].map((index) => at(message, 'tool_calls', index, 'function')),
    [
      { arguments: '{"a":1}', name: 'other' },
      { arguments: '{"location":"Rome"}', name: 'get_current_weather' },
    ],
  );
  const results = [0, 1].map((index) => ({
    role: 'tool',
    tool_call_id: at(message, 'tool_calls', index, 'id'),
    content: `result ${index}`,
  }));
  const second = await chat(ask('', { messages: [question, message, ...results], tools: [weatherTool] }));
  assert.equal(at(second.json, 'choices', 0, 'finish_reason'), 'stop');
  assert.match(String(at(second.json, 'choices', 0, 'message', 'content')), /result 0[\s\S]*result 1/);
});

test('a directive of an earlier message is over', async () => {
  const messages = [
    { role: 'user', content: 'a [[sandbox: error=Arrearage]]' },
    { role: 'assistant', content: 'b' },
    { role: 'user', content: 'Hi' },
  ];
  assert.equal((await sandbox().chat(ask('', { messages }))).status, 200);
});

/** The frames of a stream and how it ended. */
async function readStream(body: object): Promise<{ text: string; broke: boolean }> {
  const answer = await createSandbox()({
    method: 'POST',
    path: chatPath,
    headers: {},
    body: Buffer.from(JSON.stringify(body)),
    signal: new AbortController().signal,
  });
  let text = '';
  if (Buffer.isBuffer(answer.body)) return { text: answer.body.toString(), broke: false };
  try {
    for await (const chunk of answer.body) text += chunk.toString();
    return { text, broke: false };
  } catch {
    return { text, broke: true };
  }
}

test('cut breaks the connection after so many frames, eof ends it without the closing ones', async () => {
  const cut = await readStream(ask('Count to 50 [[sandbox: cut=5]]', { stream: true }));
  assert.deepEqual([frames(cut.text).length, cut.broke], [5, true]);
  const ended = await readStream(ask('Count to 50 [[sandbox: eof=5]]', { stream: true }));
  assert.deepEqual([frames(ended.text).length, ended.broke, ended.text.includes('[DONE]')], [5, false, false]);
  const whole = await readStream(ask('Count to 50 [[sandbox: cut=7]]'));
  assert.deepEqual([whole.text.length, whole.broke], [7, true]);
});

test('stream-error ends a stream with an error frame, and answers a call without stream with the error', async () => {
  const body = ask('Count to 50 [[sandbox: stream-error=Throttling.AllocationQuota after=3]]', { stream: true });
  const { text, broke } = await readStream(body);
  const all = frames(text);
  assert.deepEqual([all.length, broke, text.includes('[DONE]')], [4, false, false]);
  assert.deepEqual(Object.keys(all[3] ?? {}), ['error', 'id']);
  assert.equal(at(all[3], 'error', 'code'), 'insufficient_quota');
  assert.equal((await sandbox().chat({ ...body, stream: false })).status, 429);
  const anthropic = await sandbox().messages(
    tell('Count to 50 [[sandbox: stream-error=ModelServingError]]', { stream: true }),
  );
  assert.equal(anthropic.status, 200);
  assert.match(
    anthropic.text,
    /event:error\ndata:\{"type":"error","error":\{"type":"overloaded_error","message":"Too many requests[^\n]*\n\n$/,
  );
});

test('a stalled stream goes on until the caller leaves', async () => {
  const caller = new AbortController();
  const body = Buffer.from(JSON.stringify(ask('Count to 50 [[sandbox: stall=3]]', { stream: true })));
  const answer = await createSandbox()({ method: 'POST', path: chatPath, headers: {}, body, signal: caller.signal });
  assert.ok(!Buffer.isBuffer(answer.body));
  let seen = 0;
  await assert.rejects(async () => {
    if (Buffer.isBuffer(answer.body)) return;
    for await (const _chunk of answer.body) {
      seen += 1;
      if (seen === 3) setImmediate(() => caller.abort());
    }
  }, /abort/i);
  assert.equal(seen, 3);
});

test('a caller who leaves during the delay or between frames stops the work', async () => {
  const delayed = new AbortController();
  const request = {
    method: 'POST',
    path: chatPath,
    headers: {},
    body: Buffer.from(JSON.stringify(ask('Hi [[sandbox: delay=300s]]'))),
  };
  const waiting = createSandbox()({ ...request, signal: delayed.signal });
  delayed.abort();
  await assert.rejects(waiting, /abort/i);
  const braked = new AbortController();
  const stream = await createSandbox()({
    ...request,
    body: Buffer.from(JSON.stringify(ask('Count to 50 [[sandbox: tps=0.01]]', { stream: true }))),
    signal: braked.signal,
  });
  assert.ok(!Buffer.isBuffer(stream.body));
  const chunks = stream.body[Symbol.asyncIterator]();
  assert.equal((await chunks.next()).done, false);
  const next = chunks.next();
  braked.abort();
  await assert.rejects(next, /abort/i);
});

test('error: an error of the catalogue can be asked for by its id', async () => {
  const { chat } = sandbox();
  const range = await chat(ask('Hi [[sandbox: error=chat-max-tokens-range]]'));
  assert.equal(
    at(range.json, 'error', 'message'),
    '<400> InternalError.Algo.InvalidParameter: Range of max_tokens should be [1, 32768]',
  );
});
