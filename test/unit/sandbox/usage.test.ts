import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asString } from '../../../src/domain/json.ts';
import { PromptCache } from '../../../src/sandbox/prompt-cache.ts';
import type { Segment } from '../../../src/sandbox/usage.ts';
import { ask, at, frames, sandbox, tell, user, weatherTool } from './harness.ts';

function numbers(value: unknown, ...keys: string[]): number[] {
  return keys.map((key) => Number(at(value, key)));
}

test('the sums add up, whole and streamed alike', async () => {
  for (const more of [{}, { enable_thinking: true }, { tools: [weatherTool] }, { n: 3 }, { max_tokens: 3 }]) {
    const body = ask('What is the weather in Paris?', more);
    const whole = (await sandbox().chat(body)).json.usage;
    const streamed = frames(
      (await sandbox().chat({ ...body, stream: true, stream_options: { include_usage: true } })).text,
    ).at(-1)?.usage;
    const [prompt = 0, completion = 0, total = 0] = numbers(
      whole,
      'prompt_tokens',
      'completion_tokens',
      'total_tokens',
    );
    assert.equal(prompt + completion, total);
    assert.ok(Number(at(whole, 'completion_tokens_details', 'reasoning_tokens') ?? 0) < completion);
    assert.deepEqual(streamed, whole);
  }
});

test('a stream counts what it sends', async () => {
  const answer = await sandbox().chat(ask('Count to 20', { stream: true, stream_options: { include_usage: true } }));
  const whole = await sandbox().chat(ask('Count to 20'));
  const text = frames(answer.text)
    .map((frame) => asString(at(frame, 'choices', 0, 'delta', 'content')) ?? '')
    .join('');
  assert.equal(text, at(whole.json, 'choices', 0, 'message', 'content'));
});

test('tools and images are part of the input', async () => {
  const plain = Number(at((await sandbox().chat(ask('Hi'))).json, 'usage', 'prompt_tokens'));
  const tools = Number(at((await sandbox().chat(ask('Hi', { tools: [weatherTool] }))).json, 'usage', 'prompt_tokens'));
  assert.ok(tools > plain + 20);
  const part = { type: 'image_url', image_url: { url: 'https://example.com/a.png' } };
  const seen = await sandbox().chat({ model: 'qwen3-vl-plus', messages: [user([part, { type: 'text', text: 'Hi' }])] });
  const details = at(seen.json, 'usage', 'prompt_tokens_details');
  assert.deepEqual(numbers(details, 'image_tokens', 'text_tokens'), [
    1_000,
    Number(at(seen.json, 'usage', 'prompt_tokens')) - 1_000,
  ]);
});

const long = 'river '.repeat(1_500);
const marked = (text: string): object => ({ type: 'text', text, cache_control: { type: 'ephemeral' } });

test('a marked prefix is written, then read, then dies', async () => {
  let now = 1_000_000;
  const { chat } = sandbox({ now: () => now });
  const body = { model: 'qwen-plus', messages: [{ role: 'system', content: [marked(long)] }, user('Hi')] };
  const details = async (): Promise<unknown> => at((await chat(body)).json, 'usage', 'prompt_tokens_details');
  const prefix = 1_505;
  const written = {
    cached_tokens: 0,
    cache_creation_input_tokens: prefix,
    cache_creation: { ephemeral_5m_input_tokens: prefix },
    cache_type: 'ephemeral',
  };
  const read = {
    cached_tokens: prefix,
    cache_creation_input_tokens: 0,
    cache_creation: { ephemeral_5m_input_tokens: 0 },
    cache_type: 'ephemeral',
  };
  assert.deepEqual(await details(), written);
  now += 4 * 60_000;
  assert.deepEqual(await details(), read);
  now += 4 * 60_000;
  assert.deepEqual(await details(), read, 'a hit keeps it alive');
  now += 5 * 60_000;
  assert.deepEqual(await details(), written);
});

test('on the Anthropic path cached tokens are outside input_tokens', async () => {
  const { messages } = sandbox();
  const body = tell('Hi', { system: [marked(long)] });
  const [first, second] = [(await messages(body)).json.usage, (await messages(body)).json.usage];
  const keys = ['input_tokens', 'cache_creation_input_tokens', 'cache_read_input_tokens'];
  assert.deepEqual(numbers(first, ...keys), [8, 1_505, 0]);
  assert.deepEqual(numbers(second, ...keys), [8, 0, 1_505]);
});

test('without marks a long prefix is found in blocks of 256', async () => {
  const { chat } = sandbox();
  const history = [{ role: 'system', content: long }, user('Hi')];
  const cached = async (messages: object[]): Promise<unknown> =>
    at((await chat({ model: 'qwen-plus', messages })).json, 'usage', 'prompt_tokens_details', 'cached_tokens');
  assert.equal(await cached(history), 0);
  assert.equal(await cached([...history, { role: 'assistant', content: 'Hello' }, user('Go on')]), 1_280);
  assert.equal(await cached([{ role: 'system', content: `x${long}` }, user('Hi')]), 0);
  assert.equal(await cached([{ role: 'system', content: 'short' }, user('Hi')]), 0);
  assert.equal(await cached([{ role: 'system', content: 'short' }, user('Hi')]), 0, 'too short to be cached');
});

test('keys and models do not share a cache, and it can be switched off', async () => {
  const { chat } = sandbox();
  const body = { messages: [{ role: 'system', content: long }, user('Hi')] };
  const cached = async (asker: typeof chat, model: string, authorization: string): Promise<unknown> =>
    at(
      (await asker({ ...body, model }, { headers: { authorization } })).json,
      'usage',
      'prompt_tokens_details',
      'cached_tokens',
    );
  assert.equal(await cached(chat, 'qwen-plus', 'Bearer sk-a'), 0);
  assert.equal(await cached(chat, 'qwen-plus', 'Bearer sk-b'), 0);
  assert.equal(await cached(chat, 'qwen-flash', 'Bearer sk-a'), 0);
  assert.equal(await cached(chat, 'qwen-plus', 'Bearer sk-a'), 1_280);
  const off = sandbox({ promptCache: false }).chat;
  assert.deepEqual([await cached(off, 'qwen-plus', 'x'), await cached(off, 'qwen-plus', 'x')], [0, 0]);
});

test('only the last four marks count, and the cache holds a bounded number of prefixes', () => {
  const cache = new PromptCache();
  const segments = (...keys: string[]): Segment[] => keys.map((key) => ({ key, tokens: 1_100, marked: true }));
  cache.use('s', segments('a', 'b', 'c', 'd', 'e'), 0);
  assert.equal(cache.use('s', segments('a'), 1).read, 0, 'the first of five marks was not kept');
  assert.equal(cache.use('s', segments('a', 'b'), 1).read, 2_200);
  for (let index = 0; index < 5_000; index += 1) cache.use(`other ${index}`, segments('x'), 2);
  assert.equal(cache.use('s', segments('a', 'b'), 3).read, 0, 'the oldest made room');
});
