import assert from 'node:assert/strict';
import { test } from 'node:test';
import { editDistance, nearestNames } from '../../../src/routing/nearest.ts';

const distances: [one: string, other: string, limit: number, distance: number | undefined][] = [
  ['', '', 2, 0],
  ['abc', 'abc', 2, 0],
  ['abc', 'abd', 2, 1],
  ['abc', 'ab', 2, 1],
  ['abc', 'xabc', 2, 1],
  ['kitten', 'sitting', 3, 3],
  ['kitten', 'sitting', 2, undefined],
  ['abc', 'abcdefgh', 3, undefined],
  ['qwen-plus', 'plus-qwen', 3, undefined],
];

for (const [one, other, limit, distance] of distances) {
  test(`${one || '(empty)'} to ${other || '(empty)'} within ${limit} edits: ${distance ?? 'no'}`, () => {
    assert.equal(editDistance(one, other, limit), distance);
    assert.equal(editDistance(other, one, limit), distance);
  });
}

test('the band gives the same distance as the whole table', () => {
  const whole = (one: string, other: string): number => {
    const table = [...Array(one.length + 1).keys()].map((row) => [row]);
    for (let column = 0; column <= other.length; column += 1) (table[0] ?? [])[column] = column;
    for (let row = 1; row <= one.length; row += 1) {
      for (let column = 1; column <= other.length; column += 1) {
        const cell = (up: number, left: number) => table[row - up]?.[column - left] ?? 0;
        const change = one[row - 1] === other[column - 1] ? 0 : 1;
        (table[row] ?? [])[column] = Math.min(cell(1, 1) + change, cell(1, 0) + 1, cell(0, 1) + 1);
      }
    }
    return table[one.length]?.[other.length] ?? 0;
  };
  let seed = 7;
  const letter = () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return 'abc'[seed % 3] ?? 'a';
  };
  for (let round = 0; round < 300; round += 1) {
    const one = Array.from({ length: round % 9 }, letter).join('');
    const other = Array.from({ length: (round * 7) % 10 }, letter).join('');
    const distance = whole(one, other);
    assert.equal(editDistance(one, other, 4), distance <= 4 ? distance : undefined, `${one} ${other}`);
  }
});

test('the best three come first: same letters, fewest edits, then continuations', () => {
  const names = ['qwen3-max-2026-01-23', 'qwen3-max', 'QWEN3-MAX', 'qwen-max', 'glm-5'];
  assert.deepEqual(nearestNames('qwen3-max', names), ['qwen3-max', 'QWEN3-MAX', 'qwen-max']);
  assert.deepEqual(nearestNames('qwen3-', ['qwen3-coder-plus', 'zzz']), ['qwen3-coder-plus']);
});

test('names too long to be a slip are not compared', () => {
  let read = 0;
  function* counted(): Generator<string> {
    for (let index = 0; index < 10_000; index += 1) {
      read += 1;
      yield `model-${index}`;
    }
  }
  assert.deepEqual(nearestNames('x'.repeat(1_000_000), counted()), []);
  assert.equal(read, 0);
  nearestNames('y'.repeat(80), counted());
  assert.ok(read <= 3_001);
});
