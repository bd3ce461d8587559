import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createErrorCatalogue } from '../../../src/catalogue/errors/catalogue.ts';
import { isSendable } from '../../../src/sandbox/catalogue-errors.ts';
import { createSandbox } from '../../../src/sandbox/sandbox.ts';
import { ask, at, frames, sandbox, tell } from './harness.ts';

const catalogue = createErrorCatalogue();
const records = catalogue.records.filter(isSendable);
const nativePath = '/api/v1/services/aigc/text2image/image-synthesis';

/** The ids that the matcher gives for what was received, the best one first. */
function found(status: number, code: unknown, message: unknown): string[] {
  return catalogue
    .matchError({ status, code: typeof code === 'string' ? code : '', message: String(message) })
    .map(({ record }) => record.id);
}

test('most records can be produced: all but those of SDKs, clients, sockets and the gateway', () => {
  const left = catalogue.records
    .filter((record) => !isSendable(record))
    .map(({ area, protocols }) => [area, protocols]);
  for (const [area, protocols] of left) {
    const reason =
      area === 'gateway' || area === 'client-tool' || !/openai|anthropic|dashscope/.test(String(protocols));
    assert.ok(reason, `${String(area)} ${String(protocols)}`);
  }
  assert.ok(records.length > 270, String(records.length));
});

test('every record comes in the envelope of each protocol, with words that lead back to it', async () => {
  const { chat, messages, ask: send } = sandbox();
  for (const record of records) {
    const { id, status } = record;
    const [first = 400] = status;
    const directive = `Hi [[sandbox: error=${id}]]`;
    const openai = await chat(ask(directive));
    assert.equal(openai.status, first, id);
    if (first === 405) {
      assert.equal(typeof openai.json['error'], 'string', id);
      continue;
    }
    const error = at(openai.json, 'error');
    assert.deepEqual(Object.keys(Object(error)), ['message', 'type', 'param', 'code'], id);
    assert.doesNotMatch(openai.text, /sandbox_directive_invalid|\{\w+\}|xxx/, id);
    const anthropic = await messages(tell(directive));
    assert.deepEqual(Object.keys(anthropic.json), ['type', 'error'], id);
    assert.equal(at(anthropic.json, 'error', 'message'), at(error, 'message'), id);
    const native = await send(nativePath, { model: 'wan2.2-t2i-flash', input: { prompt: directive }, parameters: {} });
    assert.deepEqual([native.status, Object.keys(native.json)], [first, ['code', 'message', 'request_id']], id);
    assert.ok(found(first, at(error, 'code'), at(error, 'message')).includes(id), `${id}: ${openai.text}`);
    const [best] = found(first, native.json['code'], native.json['message']);
    assert.equal(best, id, native.text);
  }
});

describe('a message that names a limit', () => {
  for (const [error, model, text] of [
    ['chat-max-tokens-range', 'qwen-plus', /\[1, 32768\]/],
    ['chat-input-length', 'qwen3-max', /\[1, \d{5,}\]/],
    ['chat-n-range', 'qwen-plus', /\[1, 4\]/],
    ['thinking-unsupported', 'qwen3-coder-plus', /The model qwen3-coder-plus does not support/],
  ] as const) {
    test(`names that of the model: ${error}`, async () => {
      const answer = await sandbox().chat(ask(`Hi [[sandbox: error=${error}]]`, { model }));
      assert.match(String(at(answer.json, 'error', 'message')), text);
    });
  }
});

describe('where an error comes', () => {
  test('inside a stream it is the last frame, after as many as wanted', async () => {
    const { chat, messages } = sandbox();
    const text = 'Hi [[sandbox: say="one two three four five six" stream-error=server-capacity after=3]]';
    const openai = await chat(ask(text, { stream: true }));
    const received = frames(openai.text);
    assert.equal(received.length, 4);
    assert.match(String(at(received.at(-1), 'error', 'message')), /throttled due to system capacity/);
    const anthropic = await messages(tell(text, { stream: true }));
    assert.match(anthropic.text, /event:error\ndata:\{"type":"error","error":\{"type":"overloaded_error"[^\n]*\n\n$/);
  });

  test('a native stream carries it as an event with its status', async () => {
    const body = { model: 'qwen-plus', input: { messages: [{ role: 'user', content: 'Hi' }] } };
    const headers = { 'x-dashscope-sse': 'enable', 'x-sandbox': 'stream-error=Throttling.RateQuota' };
    const answer = await sandbox().ask('/api/v1/services/aigc/text-generation/generation', body, { headers });
    assert.equal(answer.headers['content-type'], 'text/event-stream;charset=UTF-8');
    assert.match(
      answer.text,
      /^id:1\nevent:error\n:HTTP_STATUS\/429\ndata:\{"code":"Throttling.RateQuota","message":".+","request_id":".+"\}\n\n$/,
    );
  });

  test('cut breaks its own answer off', async () => {
    const backend = createSandbox();
    const body = Buffer.from(JSON.stringify(ask('Hi [[sandbox: error=Arrearage cut=10]]')));
    const signal = new AbortController().signal;
    const answer = await backend({
      method: 'POST',
      path: '/compatible-mode/v1/chat/completions',
      headers: {},
      body,
      signal,
    });
    const { body: chunks } = answer;
    assert.ok(!Buffer.isBuffer(chunks));
    const received: Buffer[] = [];
    await assert.rejects(async () => {
      for await (const chunk of chunks) received.push(chunk);
    }, /broke the connection off/);
    assert.equal(Buffer.concat(received).length, 10);
  });
});

test('a native service without a directive says that it is not simulated', async () => {
  const answer = await sandbox().ask(nativePath, { model: 'wan2.2-t2i-flash', input: { prompt: 'A cat' } });
  assert.deepEqual([answer.status, answer.json['code']], [501, 'SandboxNotSimulated']);
});

test('what only a client or an SDK reports cannot be asked for', async () => {
  const answer = await sandbox().chat(ask('Hi [[sandbox: error=sdk-java-no-api-key]]'));
  assert.deepEqual([answer.status, at(answer.json, 'error', 'code')], [400, 'sandbox_directive_invalid']);
});
