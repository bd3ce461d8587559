import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { errorRecords } from '../../../src/catalogue/errors/data/index.ts';
import { errorReference, retryWords } from '../../../src/catalogue/errors/reference.ts';
import type { ErrorRecord } from '../../../src/catalogue/errors/record.ts';

const record: ErrorRecord = {
  id: 'chat-sample',
  status: [400],
  nativeCodes: ['Sample'],
  compatibleCodes: ['sample'],
  patterns: ['At most {max}'],
  protocols: ['openai', 'dashscope'],
  area: 'chat',
  origin: 'client',
  retryable: { kind: 'never' },
  causes: [
    {
      cause: { en: 'More than {max|the limit}.', zh: '超过{max|上限}。' },
      fix: { en: 'Send less.', zh: '减少数量。' },
      when: { en: 'Always.', zh: '任何情况。' },
    },
  ],
  related: ['chat-other'],
  sources: [{ document: 'error-codes', section: '400-Sample', message: 'At most xxx' }],
};

test('docs/errors.md is what the records say; `node scripts/generate-errors-doc.ts` writes it', () => {
  const page = readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8');
  assert.ok(page === errorReference(errorRecords), 'docs/errors.md is stale');
});

test('the page has one heading per record, which is its anchor', () => {
  const headings = [...errorReference(errorRecords).matchAll(/^### (.+)$/gm)].map(([, id]) => id);
  assert.equal(headings.length, errorRecords.length);
  assert.deepEqual(new Set(headings), new Set(errorRecords.map(({ id }) => id)));
});

test('an entry shows message, facts, cause and fix in both languages, and where they come from', () => {
  const page = errorReference([record]);
  for (const part of [
    '- [Chat](#chat) (1)',
    '### chat-sample',
    '- `At most {max}`',
    'HTTP 400 · `Sample`, `sample` · openai, dashscope · origin: client · retry: never',
    '*Always.* **Cause:** More than the limit. **Fix:** Send less.',
    '*任何情况。* **原因：** 超过上限。 **解决：** 减少数量。',
    'See also [chat-other](#chat-other).',
    '`400-Sample`',
  ]) {
    assert.ok(page.includes(part), part);
  }
});

test('whether to retry is said in words', () => {
  assert.equal(retryWords({ kind: 'backoff' }), 'with growing pauses');
  assert.equal(retryWords({ kind: 'after', seconds: 60 }), 'after 60 seconds');
  assert.equal(retryWords({ kind: 'after', until: 'paid' }), 'after the bill is paid');
  assert.equal(retryWords({ kind: 'after' }), 'after a while');
});
