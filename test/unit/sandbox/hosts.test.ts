import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SandboxOptions } from '../../../src/sandbox/options.ts';
import { ask, at, chatPath, messagesPath, sandbox, tell, type Answered } from './harness.ts';

const codingPath = '/v1/chat/completions';
const coding = ask('Hi', { model: 'qwen3-coder-plus' });

async function withKey(
  key: string | undefined,
  options: SandboxOptions,
  path = chatPath,
  body: object = ask('Hi'),
): Promise<Answered> {
  return sandbox(options).ask(path, body, { headers: key === undefined ? {} : { authorization: `Bearer ${key}` } });
}

function refused(answer: Answered, status: number, message: string): void {
  assert.equal(answer.status, status, answer.text);
  const error = { message, type: 'invalid_request_error', param: null, code: 'invalid_api_key' };
  assert.equal(answer.text, JSON.stringify({ error, request_id: answer.headers['x-request-id'] }));
}

test('with no option any key or none is accepted, on both OpenAI paths', async () => {
  for (const key of [undefined, 'anything', 'sk-sp-x']) {
    for (const path of [chatPath, codingPath]) assert.equal((await withKey(key, {}, path)).status, 200);
  }
});

test('listed keys: another one is refused as the host of its plan does', async () => {
  const keys = ['sk-good', 'sk-sp-good'];
  assert.equal((await withKey('sk-good', { keys })).status, 200);
  refused(await withKey('sk-bad', { keys }), 401, 'Incorrect API key provided. ');
  refused(await withKey('ms-token', { keys }), 401, 'Incorrect API key provided. ');
  refused(await withKey(undefined, { keys }), 401, 'Incorrect API key provided. ');
  assert.equal((await withKey('sk-sp-good', { keys, plan: 'coding' }, codingPath, coding)).status, 200);
  refused(
    await withKey('sk-sp-bad', { keys, plan: 'coding' }, codingPath, coding),
    401,
    'invalid access token or token expired',
  );
});

test('a key of the wrong kind for the host', async () => {
  refused(await withKey('sk-sp-x', { plan: 'payg' }), 403, 'invalid api-key');
  refused(await withKey('sk-x', { plan: 'coding' }, codingPath, coding), 401, 'invalid access token or token expired');
  refused(await withKey('sk-x', { plan: 'token' }), 401, 'Incorrect API key provided. ');
  assert.equal((await withKey('sk-x', { plan: 'payg' })).status, 200);
  assert.equal(
    (await withKey('sk-sp-x', { plan: 'token' }, chatPath, ask('Hi', { model: 'qwen3.8-max' }))).status,
    200,
  );
});

test('the host header names the plan', async () => {
  const hosts: Record<string, [path: string, key: string, status: number]> = {
    'dashscope.aliyuncs.com': [chatPath, 'sk-sp-x', 403],
    'dashscope-intl.aliyuncs.com:443': [chatPath, 'sk-x', 200],
    'coding.dashscope.aliyuncs.com': [codingPath, 'sk-x', 401],
    'coding-intl.dashscope.aliyuncs.com': [codingPath, 'sk-sp-x', 200],
    'token-plan.cn-beijing.maas.aliyuncs.com': [chatPath, 'sk-x', 401],
    'ws-1.cn-beijing.maas.aliyuncs.com': [chatPath, 'sk-sp-x', 403],
    'localhost:8090': [chatPath, 'sk-sp-x', 200],
  };
  for (const [host, [path, key, status]] of Object.entries(hosts)) {
    const answer = await sandbox().ask(path, coding, { headers: { host, authorization: `Bearer ${key}` } });
    assert.equal(answer.status, status, `${host} ${answer.text}`);
  }
});

test('paths that a plan does not have are 404 without a body', async () => {
  const paths: [string, SandboxOptions][] = [
    [chatPath, { plan: 'coding' }],
    [codingPath, { plan: 'payg' }],
    ['/v1/embeddings', { plan: 'coding' }],
    ['/apps/anthropic/v1/v1/messages', {}],
    ['/apps/anthropic/v1/models', {}],
    ['/apps/anthropic/v1/messages/count_tokens', {}],
    ['/nothing', {}],
    ['/compatible-mode/v1/constructor', {}],
  ];
  for (const [path, options] of paths) {
    const answer = await sandbox(options).ask(path, ask('Hi'));
    assert.deepEqual([answer.status, answer.text], [404, ''], path);
  }
  assert.equal((await sandbox({ plan: 'coding' }).ask('/v1/models', '', { method: 'GET' })).status, 404);
});

test('GET on a POST path and a broken body have their own envelope', async () => {
  const error = (message: string, answer: Answered): string =>
    JSON.stringify({
      error: { message, type: 'invalid_request_error', param: null, code: null },
      request_id: answer.headers['x-request-id'],
    });
  const get = await sandbox().ask(chatPath, '', { method: 'GET' });
  assert.deepEqual([get.status, get.text], [400, error("Request method 'GET' is not supported.", get)]);
  for (const body of [
    '',
    '{',
    '[]',
    '"x"',
    'null',
    '{"model":"qwen-plus",}',
    '['.repeat(100_000),
    Buffer.from([0xff, 0xfe]),
  ]) {
    const broken = await sandbox().ask(chatPath, body);
    assert.deepEqual(
      [broken.status, broken.text],
      [400, error('Required body invalid, please check the request body format.', broken)],
    );
  }
  const anthropic = await sandbox().ask(messagesPath, '{');
  assert.equal(
    anthropic.text,
    '{"type":"error","error":{"type":"invalid_request_error","message":"Required body invalid, please check the request body format."}}',
  );
});

test('the Coding Plan serves its models to coding agents only', async () => {
  const options = { plan: 'coding' } as const;
  const headers = { authorization: 'Bearer sk-sp-x' };
  const other = await sandbox(options).ask(codingPath, ask('Hi', { model: 'qwen-plus' }), { headers });
  assert.deepEqual([other.status, at(other.json, 'error', 'message')], [400, "model 'qwen-plus' is not supported"]);
  const curl = await sandbox(options).ask(codingPath, coding, { headers: { ...headers, 'user-agent': 'curl/8.5.0' } });
  assert.deepEqual(
    [curl.status, curl.text],
    [405, '{"error":"Coding Plan is currently only available for Coding Agents"}'],
  );
  const agent = await sandbox(options).ask(codingPath, coding, {
    headers: { ...headers, 'user-agent': 'claude-cli/2.1.329 (external, cli)' },
  });
  assert.equal(agent.status, 200);
  assert.equal(
    (
      await sandbox({ ...options, codingAgentsOnly: false }).ask(codingPath, coding, {
        headers: { ...headers, 'user-agent': 'curl/8' },
      })
    ).status,
    200,
  );
});

test('x-api-key counts on the Anthropic path of pay as you go, and not on plan hosts', async () => {
  const payg = { keys: ['sk-a'] };
  assert.equal((await sandbox(payg).messages(tell('Hi'), { headers: { 'x-api-key': 'sk-a' } })).status, 200);
  assert.equal((await sandbox(payg).messages(tell('Hi'), { headers: { authorization: 'Bearer sk-a' } })).status, 200);
  const wrong = await sandbox(payg).messages(tell('Hi'), { headers: { 'x-api-key': 'sk-b' } });
  assert.equal(wrong.status, 403);
  assert.equal(
    wrong.text,
    '{"type":"error","error":{"type":"authentication_error","message":"Incorrect API key provided. "}}',
  );
  const planKey = await sandbox({ plan: 'coding' }).messages(tell('Hi', { model: 'qwen3-coder-plus' }), {
    headers: { 'x-api-key': 'sk-sp-a' },
  });
  assert.equal(
    planKey.text,
    '{"type":"error","error":{"type":"authentication_error","message":"No API-key provided."}}',
  );
  assert.equal(planKey.status, 401, 'plan hosts keep the status');
  const bearer = await sandbox({ plan: 'coding' }).messages(tell('Hi', { model: 'qwen3-coder-plus' }), {
    headers: { authorization: 'Bearer sk-sp-a' },
  });
  assert.equal(bearer.status, 200);
});

test('the list of models is there for pay as you go, without embeddings', async () => {
  const answer = await sandbox().ask('/compatible-mode/v1/models', '', { method: 'GET' });
  const data = at(answer.json, 'data');
  assert.ok(Array.isArray(data));
  const ids = data.map((model: unknown) => at(model, 'id'));
  assert.deepEqual(
    [answer.status, answer.json.object, ids.includes('qwen-plus'), ids.includes('text-embedding-v4')],
    [200, 'list', true, false],
  );
  assert.equal(
    (await sandbox({ keys: ['sk-a'] }).ask('/compatible-mode/v1/models', '', { method: 'GET' })).status,
    401,
  );
});
