import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readerLanguage } from '../../../src/wire/accept-language.ts';

test('Chinese is for those who want it more than English', () => {
  for (const [header, language] of [
    [undefined, 'en'],
    ['', 'en'],
    ['*', 'en'],
    ['zh', 'zh'],
    ['zh-CN,zh;q=0.9,en;q=0.8', 'zh'],
    ['zh-Hant-TW', 'zh'],
    ['en-US,en;q=0.9,zh;q=0.8', 'en'],
    ['en;q=0.2, zh;q=0.7', 'zh'],
    ['zh;q=0', 'en'],
    ['de,fr;q=0.5', 'en'],
    ['zh;q=nonsense', 'en'],
    [`${'x,'.repeat(10_000)}zh`, 'en'],
  ] as const) {
    assert.equal(readerLanguage(header), language, String(header));
  }
});
