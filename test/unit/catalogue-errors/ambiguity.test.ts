import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorRecords } from '../../../src/catalogue/errors/data/index.ts';
import { normalizeText } from '../../../src/catalogue/errors/normal-text.ts';
import type { NormalText } from '../../../src/catalogue/errors/normal-text.ts';
import { compilePattern, findPattern } from '../../../src/catalogue/errors/pattern.ts';
import type { CompiledPattern } from '../../../src/catalogue/errors/pattern.ts';
import type { ErrorRecord } from '../../../src/catalogue/errors/record.ts';

const values = ['8', 'sample'];

function everyPattern(records: readonly ErrorRecord[]): { source: string; pattern: CompiledPattern }[] {
  return records.flatMap((record) =>
    record.patterns.map((source) => ({ source, pattern: compilePattern(record, source) })),
  );
}

/** Whether the pattern explains the whole text, and not only a part of it. */
function matchesWhole(pattern: CompiledPattern, text: NormalText): boolean {
  const hit = findPattern(pattern, text);
  return hit !== undefined && /^\W*$/.test(text.folded.slice(0, hit.start)) && /^\W*$/.test(text.folded.slice(hit.end));
}

/** The message with its open places filled. */
function instance(source: string, value: string): NormalText {
  return normalizeText(source.replace(/\{\w+\}/g, value), 4_000);
}

function clashes(records: readonly ErrorRecord[]): string[] {
  const patterns = everyPattern(records);
  return patterns.flatMap(({ source, pattern }) => {
    const texts = values.map((value) => instance(source, value));
    return patterns
      .filter(({ pattern: other }) => other.record !== pattern.record)
      .filter(({ pattern: other }) => (other.record.priority ?? 0) === (pattern.record.priority ?? 0))
      .filter(({ pattern: other }) => texts.some((text) => matchesWhole(other, text)))
      .map(({ pattern: other }) => `${pattern.record.id} and ${other.record.id}: ${source}`);
  });
}

test('no two patterns match the same text without a declared order', () => {
  assert.deepEqual(clashes(errorRecords), []);
});

test('the check sees a clash, and accepts it once the order is declared', () => {
  const [first] = errorRecords;
  assert.ok(first);
  const general: ErrorRecord = { ...first, id: 'request-general', patterns: ['Field absent: {field}'], priority: 0 };
  const special: ErrorRecord = { ...first, id: 'request-special', patterns: ['Field absent: sample'], priority: 0 };
  assert.equal(clashes([general, special]).length, 2);
  assert.deepEqual(clashes([general, { ...special, priority: 1 }]), []);
});

test('every pattern has a word of its own to be found by, and matches its own text', () => {
  for (const { source, pattern } of everyPattern(errorRecords)) {
    assert.ok(pattern.words.length > 0, source);
    assert.ok(matchesWhole(pattern, instance(source, 'sample')), source);
  }
});
