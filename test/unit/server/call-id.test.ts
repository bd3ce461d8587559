import assert from 'node:assert/strict';
import { it } from 'node:test';
import { newCallId } from '../../../src/server/call-id.ts';

it('call ids are UUIDs of version 7, unique, and sort by time', () => {
  const form = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  const times = [0, 1, 4_096, 1_795_176_728_630, 1_795_176_728_631];
  const ids = times.map(newCallId);
  for (const id of ids) assert.match(id, form);
  assert.deepEqual(ids.toSorted(), ids);
  assert.equal(new Set(Array.from({ length: 1_000 }, () => newCallId(5))).size, 1_000);
});
