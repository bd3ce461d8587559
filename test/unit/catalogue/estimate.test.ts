import assert from 'node:assert/strict';
import { test } from 'node:test';
import { estimateTokens, tokensPerMessage, tokensPerRequest } from '../../../src/catalogue/estimate.ts';

test('the figures of the chat page are met within ten percent', () => {
  const prompt =
    estimateTokens('You are a helpful assistant.') +
    estimateTokens('Who are you?') +
    2 * tokensPerMessage +
    tokensPerRequest;
  assert.equal(prompt, 22);
  const answer = estimateTokens('I am a large language model from Alibaba Cloud. My name is Qwen.');
  assert.ok(Math.abs(answer - 16) <= 1.6, String(answer));
  const longer = estimateTokens('I am a large-scale pre-trained model from Alibaba Cloud. My name is Qwen.');
  assert.ok(Math.abs(longer - 18) <= 1.8, String(longer));
});

test('each kind of character has its price', () => {
  const expected = {
    '': 0,
    word: 1,
    internationalization: 4,
    '2026': 4,
    你好世界: 3,
    привет: 3,
    '!': 1,
    '----------': 3,
    'a b': 2,
    'a    b': 3,
    '😀': 2,
  };
  for (const [text, tokens] of Object.entries(expected)) assert.equal(estimateTokens(text), tokens, text);
});
