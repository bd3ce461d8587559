import assert from 'node:assert/strict';
import type { StreamEvent } from '../../src/domain/stream-event.ts';

const opens = new Map([
  ['text-start', 'text'],
  ['thinking-start', 'thinking'],
  ['tool-call-start', 'tool-call'],
]);

/** Fails unless the events keep the order that `StreamEvent` promises: this is what every writer relies on. */
export function assertEventOrder(events: readonly StreamEvent[]): void {
  let open: string | undefined;
  let next = 0;
  let ended = false;
  events.forEach((event, position) => {
    assert.ok(!ended, `${event.type} follows the end`);
    assert.equal(event.type === 'start', position === 0 && event.type !== 'error', 'start comes first and once');
    if ('index' in event) assert.equal(event.index, next);
    const kind = opens.get(event.type);
    if (kind !== undefined) {
      assert.equal(open, undefined, 'blocks do not overlap');
      open = kind;
    } else if ('index' in event) {
      assert.ok(open !== undefined && event.type.startsWith(open), `${event.type} in a ${open} block`);
      if (event.type.endsWith('-end')) {
        open = undefined;
        next += 1;
      }
    }
    if (event.type === 'tool-call-start') assert.ok(event.id !== '' && event.name !== '');
    if (event.type === 'finish') assert.equal(open, undefined, 'every block is closed');
    ended = event.type === 'finish' || event.type === 'error';
  });
  assert.ok(ended, 'an answer finishes or fails');
}
