import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dispatch, lookUp } from '../../../src/wire/dispatch.ts';
import type { Handlers } from '../../../src/wire/dispatch.ts';

type Shape = { type: 'circle'; radius: number } | { type: 'square'; side: number };

const area: Handlers<Shape, number, number> = {
  circle: ({ radius }, scale) => scale * 3 * radius ** 2,
  square: ({ side }, scale) => scale * side ** 2,
};

test('the handler of the type is called with the event and the state', () => {
  assert.equal(dispatch(area, { type: 'circle', radius: 2 }, 10), 120);
  assert.equal(dispatch(area, { type: 'square', side: 2 }, 10), 40);
});

test('only own names are found', () => {
  const table = { known: 1 };
  assert.equal(lookUp(table, 'known'), 1);
  for (const name of ['unknown', 'constructor', '__proto__', 'toString', undefined])
    assert.equal(lookUp(table, name), undefined);
});
