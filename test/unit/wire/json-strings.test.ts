import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { JsonSyntaxError, skipString } from '../../../src/wire/json-scan.ts';

describe('skipping a JSON string', () => {
  it('ends behind its own quote, whatever is escaped in front of it and wherever', () => {
    const endings = ['', '\\"', '\\\\', '\\\\\\"', '\\n\\"', '日', '\\u0022'];
    for (let length = 0; length < 70; length += 1) {
      for (const ending of endings) {
        for (const more of ['', ',"next":"\\"x"', '"""']) {
          const string = `"${'x'.repeat(length)}${ending}"`;
          const text = Buffer.from(`${string}${more}`);
          assert.equal(skipString(text, 0), Buffer.byteLength(string), text.toString());
        }
      }
    }
  });

  it('finds that one has no end', () => {
    for (let length = 0; length < 70; length += 1) {
      for (const text of [`"${'x'.repeat(length)}`, `"${'x'.repeat(length)}\\`, `"${'x'.repeat(length)}\\"`]) {
        assert.throws(() => skipString(Buffer.from(text), 0), JsonSyntaxError, text);
      }
    }
  });
});
