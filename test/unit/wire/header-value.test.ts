import assert from 'node:assert/strict';
import { validateHeaderValue } from 'node:http';
import { describe, it } from 'node:test';
import { headerValue } from '../../../src/wire/header-value.ts';

describe('a text in a response header', () => {
  it('stays as it is when it is printable ASCII', () => {
    for (const text of ['', 'qwen3-max', 'a/b:c d', '50%', 'tool-ids, messages[].x', '\t~']) {
      assert.equal(headerValue(text), text);
    }
  });

  for (const [text, value] of [
    ['模型', '%E6%A8%A1%E5%9E%8B'],
    ['é', '%C3%A9'],
    ['a\r\nset-cookie: b', 'a%0D%0Aset-cookie: b'],
    ['m\u007f', 'm%7F'],
    ['😀x😀', '%F0%9F%98%80x%F0%9F%98%80'],
    ['\ud800', '%EF%BF%BD'],
    ['x\udc00y', 'x%EF%BF%BDy'],
  ] as const) {
    it(`is percent-encoded where a header cannot hold it: ${JSON.stringify(text)}`, () => {
      assert.equal(headerValue(text), value);
    });
  }

  it('is accepted by Node, whatever its characters', () => {
    for (let code = 0; code < 0x1_00_00; code++) {
      validateHeaderValue('x', headerValue(`a${String.fromCharCode(code)}b`));
    }
  });
});
