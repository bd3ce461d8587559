import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startGateway } from './support/gateway.ts';
import type { TestGateway } from './support/gateway.ts';
import { asAnthropic, asOpenai, json, startUpstream, stream } from './support/upstream.ts';

const quick = { ATELIER_RETRY_BASE_DELAY_MS: '1', ATELIER_RETRY_MAX_DELAY_MS: '20' };
const chat = { model: 'm', messages: [{ role: 'user', content: 'hi' }] };
const messages = { ...chat, max_tokens: 20 };
const range = {
  error: {
    message: 'Range of max_tokens should be [1, 8192]',
    type: 'invalid_request_error',
    param: null,
    code: 'invalid_parameter_error',
  },
};

/** A gateway whose catalogue has been read: the list answers only then. */
async function startInformed(...args: Parameters<typeof startGateway>): Promise<TestGateway> {
  const gateway = await startGateway(...args);
  await fetch(`${gateway.url}/errors`);
  return gateway;
}

async function post(url: string, body: unknown, headers: Record<string, string> = {}) {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text, body: text.startsWith('{') ? JSON.parse(text) : {} };
}

async function get(url: string, headers: Record<string, string> = {}) {
  const answer = await fetch(url, { headers });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text, body: text.startsWith('{') ? JSON.parse(text) : {} };
}

describe('an error of a provider', () => {
  it('keeps status, code and message, and says cause and fix beside them in each protocol', async () => {
    await using upstream = await startUpstream(json(400, range));
    await using gateway = await startInformed(asOpenai(upstream));
    const openai = await post(`${gateway.url}/v1/chat/completions`, chat);
    const { message, code, atelier } = openai.body.error;
    assert.deepEqual([openai.status, message, code], [400, range.error.message, range.error.code]);
    assert.deepEqual(Object.keys(atelier), ['id', 'origin', 'cause', 'fix', 'retryable', 'retry_after', 'doc']);
    assert.deepEqual(
      [atelier.id, atelier.origin, atelier.retryable, atelier.retry_after],
      ['chat-max-tokens-range', 'client', 'never', null],
    );
    assert.match(atelier.fix, /at most 8192/);
    assert.equal(openai.headers.get('x-atelier-error-id'), 'chat-max-tokens-range');
    const anthropic = await post(`${gateway.url}/v1/messages`, messages);
    assert.deepEqual(Object.keys(anthropic.body.error), ['type', 'message', 'atelier']);
    assert.equal(anthropic.body.error.message, range.error.message);
    assert.deepEqual(anthropic.body.error.atelier, atelier);
    assert.deepEqual(
      gateway.requests().map((line) => line['errorId']),
      Array(2).fill('chat-max-tokens-range'),
    );
  });

  it('leads to a page that a browser can open', async () => {
    await using upstream = await startUpstream(json(400, range));
    await using gateway = await startInformed(asOpenai(upstream));
    const { doc } = (await post(`${gateway.url}/v1/chat/completions`, chat)).body.error.atelier;
    assert.equal(doc, `${gateway.url}/errors/chat-max-tokens-range`);
    const page = await get(doc, { accept: 'text/html,application/xhtml+xml' });
    assert.equal(page.status, 200);
    assert.match(page.text, /<h1>Range of max_tokens should be \[1, \{max\}\]<\/h1>/);
    const proxied = await post(`${gateway.url}/v1/chat/completions`, chat, { 'x-forwarded-for': '10.0.0.9' });
    assert.equal(proxied.body.error.atelier.doc, '/errors/chat-max-tokens-range');
    const secure = await post(`${gateway.url}/v1/chat/completions`, chat, { 'x-forwarded-proto': 'https' });
    assert.match(secure.body.error.atelier.doc, /^https:\/\/127\.0\.0\.1:\d+\/errors\/chat-max-tokens-range$/);
  });

  it('is explained in Chinese to those who prefer it', async () => {
    await using upstream = await startUpstream(json(400, range));
    await using gateway = await startInformed(asOpenai(upstream));
    const answer = await post(`${gateway.url}/v1/chat/completions`, chat, {
      'accept-language': 'zh-CN,zh;q=0.9,en;q=0.8',
    });
    assert.match(answer.body.error.atelier.fix, /8192[^]*\p{Script=Han}/u);
    assert.equal(answer.body.error.message, range.error.message);
  });

  it('is passed without additions when they are switched off; the log still names it', async () => {
    await using upstream = await startUpstream(json(400, range));
    await using gateway = await startInformed({ ...asOpenai(upstream), ATELIER_EXPLAIN_ERRORS: 'false' });
    const answer = await post(`${gateway.url}/v1/chat/completions`, chat);
    assert.deepEqual(Object.keys(answer.body.error), ['message', 'type', 'param', 'code']);
    assert.equal(gateway.requests()[0]?.['errorId'], 'chat-max-tokens-range');
  });

  it('that nobody knows says so, and does not guess', async () => {
    await using upstream = await startUpstream(json(418, { error: { message: 'I am a teapot' } }));
    await using gateway = await startInformed(asOpenai(upstream));
    const { error } = (await post(`${gateway.url}/v1/chat/completions`, chat)).body;
    assert.deepEqual([error.message, error.atelier.id], ['I am a teapot', 'gateway-upstream-error']);
  });
});

describe('an error inside a stream', () => {
  const frame = 'data: {"id":"c","choices":[{"index":0,"delta":{"content":"Hel"},"finish_reason":null}]}\n\n';
  const failure = `data: {"error":{"message":"Request rate increased too quickly. To ensure system stability, please adjust your client logic to scale requests more smoothly over time.","code":"limit_burst_rate","own":1},"id":"x"}\n\n`;

  it('is explained too, passed and translated, and the rest of its frame stays', async () => {
    await using upstream = await startUpstream(stream([frame, failure]));
    await using gateway = await startInformed(asOpenai(upstream));
    const passed = await post(`${gateway.url}/v1/chat/completions`, { ...chat, stream: true });
    const last = JSON.parse(passed.text.trim().split('\n\n').at(-1)?.replace('data: ', '') ?? '');
    assert.deepEqual([last.error.own, last.id, last.error.atelier.id], [1, 'x', 'rate-limit-burst']);
    const translated = await post(`${gateway.url}/v1/messages`, { ...messages, stream: true });
    assert.match(
      translated.text,
      /event: error\ndata: \{"type":"error","error":\{"type":"rate_limit_error",[^\n]*"atelier":\{"id":"rate-limit-burst"/,
    );
    assert.deepEqual(
      gateway.requests().map((line) => line['errorId']),
      Array(2).fill('rate-limit-burst'),
    );
  });

  it('of the Anthropic protocol is explained as well, in both of its forms', async () => {
    const start =
      'event: message_start\ndata: {"type":"message_start","message":{"id":"m","content":[],"usage":{"input_tokens":3}}}\n\n';
    const quota = 'week allocated quota exceeded';
    for (const error of [
      `event: error\ndata: {"type":"error","error":{"type":"rate_limit_error","message":"${quota}"}}\n\n`,
      `event:error\ndata:{"code":"Throttling.AllocationQuota","message":"${quota}","request_id":"r"}\n\n`,
    ]) {
      await using upstream = await startUpstream(stream([start, error]));
      await using gateway = await startInformed(asAnthropic(upstream));
      const answer = await post(`${gateway.url}/v1/messages`, { ...messages, stream: true });
      const told = JSON.parse(answer.text.trim().split('data: ').at(-1) ?? '').error;
      assert.deepEqual([told.type, told.message, told.atelier.id], ['rate_limit_error', quota, 'plan-window-week']);
      assert.ok(told.atelier.retry_after > 0 && told.atelier.retry_after <= 7 * 86_400);
    }
  });
});

describe('an error of the gateway itself', () => {
  it('has a record of its own, and keeps its own advice', async () => {
    await using gateway = await startInformed();
    for (const [path, body, id, fix] of [
      ['/v1/nothing', {}, 'gateway-not-found', /base URL http:\/\/HOST/],
      ['/v1/chat/completions', '{', 'gateway-invalid-request-error', /one JSON object/],
      ['/v1/chat/completions', { model: 'qwen-plux', messages: [] }, 'gateway-model-not-found', /qwen-plus/],
    ] as const) {
      const { body: answer } = await post(`${gateway.url}${path}`, body);
      assert.equal(answer.error.atelier.id, id);
      assert.match(answer.error.atelier.fix, fix);
    }
  });
});

describe('what follows an error', () => {
  const answerOk = json(200, { id: 'x', choices: [], usage: null });
  const failing = (status: number, code: string, message: string) =>
    json(status, { error: { message, type: code, code } });

  for (const [what, first, attempts] of [
    [
      'insufficient_quota passes: it is asked again',
      failing(
        429,
        'insufficient_quota',
        'You exceeded your current quota, please check your plan and billing details.',
      ),
      2,
    ],
    ['a burst passes', failing(429, 'limit_burst_rate', 'Request rate increased too quickly.'), 2],
    ['unpaid bills do not pass', failing(429, 'PostpaidBillOverdue', 'The postpaid bill is overdue.'), 1],
    [
      'a request of 300 s would take as long again',
      failing(500, 'RequestTimeOut', 'Request timed out, please try again later.'),
      1,
    ],
  ] as const) {
    it(what, async () => {
      await using upstream = await startUpstream(first, answerOk);
      await using gateway = await startInformed({ ...asOpenai(upstream), ...quick });
      const answer = await post(`${gateway.url}/v1/chat/completions`, chat);
      assert.equal(upstream.calls.length, attempts, answer.text);
      assert.equal(answer.status === 200, attempts === 2);
    });
  }

  it('an exhausted week is not asked again: the client learns when it resets', async () => {
    await using upstream = await startUpstream(failing(429, 'insufficient_quota', 'week allocated quota exceeded'));
    await using gateway = await startInformed({ ...asOpenai(upstream), ...quick });
    const answer = await post(`${gateway.url}/v1/chat/completions`, chat);
    const seconds = Number(answer.headers.get('retry-after'));
    assert.equal(upstream.calls.length, 1);
    assert.equal(answer.headers.get('x-should-retry'), 'false');
    const resetAt = new Date(Date.now() + seconds * 1000 + 8 * 3_600_000);
    assert.equal(resetAt.getUTCDay(), 1, 'a Monday in UTC+8');
    assert.ok(resetAt.getUTCHours() === 0 && resetAt.getUTCMinutes() < 5, resetAt.toISOString());
    upstream.script(failing(429, 'insufficient_quota', 'hour allocated quota exceeded'));
    const hour = await post(`${gateway.url}/v1/chat/completions`, chat);
    assert.deepEqual([hour.headers.get('retry-after'), hour.body.error.atelier.id], [null, 'plan-window-5h']);
  });

  it('another provider is asked at once when the first one is used up, but not for a wrong request', async () => {
    const usedUp = failing(429, 'insufficient_quota', 'month allocated quota exceeded');
    await using first = await startUpstream(json(400, range), usedUp);
    await using second = await startUpstream(answerOk);
    const env = {
      ...asOpenai(first),
      OPENAI_COMPATIBLE_B_BASE_URL: `${second.url}/v1`,
      OPENAI_COMPATIBLE_B_MODELS: 'm',
    };
    await using gateway = await startInformed({
      ...env,
      ATELIER_RETRY_BASE_DELAY_MS: '60000',
      ATELIER_RETRY_MAX_DELAY_MS: '60000',
    });
    assert.equal((await post(`${gateway.url}/v1/chat/completions`, chat)).status, 400);
    assert.equal((await post(`${gateway.url}/v1/chat/completions`, chat)).status, 200);
    assert.deepEqual([first.calls.length, second.calls.length], [2, 1]);
  });
});

describe('the catalogue over HTTP', () => {
  it('lists, filters and shows records as JSON, in either language', async () => {
    await using gateway = await startGateway();
    const all = await get(`${gateway.url}/errors`);
    assert.ok(all.body.errors.length > 300);
    assert.match(all.headers.get('vary') ?? '', /accept-language/);
    const some = await get(`${gateway.url}/errors?area=plan&search=week`);
    assert.deepEqual(
      some.body.errors.map(({ id }: { id: string }) => id),
      ['plan-window-week'],
    );
    const { body } = await get(`${gateway.url}/errors/plan-window-week`, { 'accept-language': 'zh' });
    assert.deepEqual([body.id, body.status, body.retryable], ['plan-window-week', [429], 'after']);
    assert.match(body.causes[0].fix, /\p{Script=Han}/u);
    assert.equal(body.doc, `${gateway.url}/errors/plan-window-week`);
    const nowhere = await get(`${gateway.url}/errors?area=nowhere`);
    assert.equal(nowhere.status, 400);
    assert.match(nowhere.body.error.atelier.fix, /^The areas are: request, chat, .*gateway\.$/);
    const missing = await get(`${gateway.url}/errors/no-such-error`);
    assert.deepEqual([missing.status, missing.body.error.code], [404, 'not_found']);
    const unserved = await get(`${gateway.url}/v1/nothing`);
    assert.match(unserved.body.error.message, /Served are \/v1\/chat\/completions, .*\/v1\/messages/);
    assert.equal((await fetch(`${gateway.url}/errors`, { method: 'HEAD' })).status, 200);
  });

  it('explains a text, a plain text, and what a program knows', async () => {
    await using gateway = await startGateway();
    const url = `${gateway.url}/errors/explain`;
    const text = 'API Error: 400 {"error":{"message":"Range of max_tokens should be [1, 8192]"}}';
    for (const answer of [
      await post(url, { text }),
      await post(url, text, { 'content-type': 'text/plain; charset=utf-8' }),
      await post(url, {
        status: 400,
        message: 'Range of max_tokens should be [1, 8192]',
        protocol: 'openai',
        host: 'dashscope.aliyuncs.com',
      }),
    ]) {
      const [best] = answer.body.matches;
      assert.deepEqual([answer.status, best.id, best.params], [200, 'chat-max-tokens-range', { max: '8192' }]);
      // What programs count on, and in addition: by, retry_after, and causes where several come into question.
      const promised = ['id', 'confidence', 'params', 'origin', 'retryable', 'cause', 'fix', 'source', 'doc'];
      const added = ['by', 'retry_after', 'causes'];
      assert.deepEqual(Object.keys(answer.body), ['matches']);
      assert.deepEqual(Object.keys(best).toSorted(), [...promised, ...added].toSorted());
    }
    assert.equal((await post(url, { code: 'Arrearage' })).body.matches[0].id, 'account-arrearage');
    assert.deepEqual((await post(url, { text: 'the cat sat on the mat' })).body, { matches: [] });
  });

  it('refuses what it cannot read, and what is too long', async () => {
    await using gateway = await startGateway();
    const url = `${gateway.url}/errors/explain`;
    for (const [body, message] of [
      ['[]', /must be a JSON object/],
      ['{', /must be a JSON object/],
      [{}, /nothing to explain.*Send `text`, or some of `status`/],
      [{ code: 7 }, /`code` must be a string/],
      [{ text: 7 }, /`text` must be a string/],
      [{ status: '429' }, /`status` must be a number/],
      [{ message: 'x', protocol: 'grpc' }, /`protocol` must be one of openai, anthropic, dashscope/],
    ] as const) {
      const answer = await post(url, body);
      assert.equal(answer.status, 400, JSON.stringify(body));
      assert.match(answer.body.error.message, message);
    }
    assert.equal((await post(url, { text: 'x'.repeat(257 * 1024) })).status, 413);
    const wrongMethod = await get(url);
    assert.deepEqual([wrongMethod.status, wrongMethod.headers.get('allow')], [405, 'POST']);
    assert.match(wrongMethod.body.error.message, /Send a POST to \/errors\/explain\.$/);
    const posted = await post(`${gateway.url}/errors`, {});
    assert.deepEqual([posted.status, posted.headers.get('allow')], [405, 'GET, HEAD']);
    assert.match(posted.body.error.message, /Send a GET to \/errors\.$/);
  });

  it('asks for a key to explain, as for a call; the pages are open', async () => {
    await using gateway = await startGateway({ ATELIER_MASTER_KEY: 'a-long-enough-master-key' });
    const url = `${gateway.url}/errors/explain`;
    assert.equal((await post(url, { text: 'x' })).status, 401);
    assert.equal((await post(url, { text: 'x' }, { authorization: 'Bearer a-long-enough-master-key' })).status, 200);
    assert.equal((await get(`${gateway.url}/errors`)).status, 200);
    assert.equal((await get(`${gateway.url}/errors/plan-window-week`, { accept: 'text/html' })).status, 200);
  });
});

describe('the pages', () => {
  const browser = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };

  it('load nothing and run nothing: the policy knows their one style sheet', async () => {
    await using gateway = await startGateway();
    for (const path of ['/errors', '/errors/rate-limit-burst', '/errors/no-such-error']) {
      const page = await get(`${gateway.url}${path}`, browser);
      assert.equal(page.status, path.endsWith('no-such-error') ? 404 : 200);
      assert.equal(page.headers.get('content-type'), 'text/html; charset=utf-8');
      const style = /<style>([^]*?)<\/style>/.exec(page.text)?.[1] ?? '';
      const digest = Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(style))).toString('base64');
      const policy = page.headers.get('content-security-policy') ?? '';
      assert.ok(policy.startsWith(`default-src 'none'; style-src 'sha256-${digest}';`), policy);
      assert.doesNotMatch(page.text, /<script|\son\w+=|\sstyle=|src=/i);
    }
  });

  it('escape what they are given', async () => {
    await using gateway = await startGateway();
    const hostile = '"><img src=x onerror=alert(1)>';
    const page = await get(`${gateway.url}/errors?search=${encodeURIComponent(hostile)}&lang=zh`, browser);
    assert.ok(!page.text.includes('<img'));
    assert.ok(page.text.includes('value="&quot;&gt;&lt;img src=x onerror=alert(1)&gt;"'));
    assert.match(page.text, /\/errors\?[^"]*lang=en/);
  });

  it('come in the language of the browser, or in the one that was chosen, which their links keep', async () => {
    await using gateway = await startGateway();
    const chinese = await get(`${gateway.url}/errors/rate-limit-burst`, { ...browser, 'accept-language': 'zh-CN' });
    assert.match(chinese.text, /<html lang="zh-CN">[^]*问题出在：[^]*原因/);
    const english = await get(`${gateway.url}/errors/rate-limit-burst?lang=en`, {
      ...browser,
      'accept-language': 'zh-CN',
    });
    assert.match(english.text, /<html lang="en">[^]*Cause[^]*href="\/errors\/rate-limit-requests\?lang=en"/);
  });

  it('list every record with a link', async () => {
    await using gateway = await startGateway();
    const { body } = await get(`${gateway.url}/errors`);
    const page = await get(`${gateway.url}/errors`, browser);
    for (const { id } of body.errors) assert.ok(page.text.includes(`href="/errors/${id}"`), id);
  });
});
