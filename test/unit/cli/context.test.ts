import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { describe, it } from 'node:test';

import { withoutHangUps } from '../../../src/cli/context.ts';

describe('withoutHangUps', () => {
  function setUp() {
    const source = new EventEmitter();
    const seen: string[] = [];
    const terminal = { gone: false };
    const signals = withoutHangUps(source, { terminalIsGone: () => terminal.gone, stop: () => seen.push('stop') });
    const listener = () => seen.push('reload');
    return { source, seen, terminal, signals, listener };
  }

  it('takes SIGHUP for a reload while there is a terminal, and for a stop once it was closed', () => {
    const { source, seen, terminal, signals, listener } = setUp();
    signals.on('SIGHUP', listener);
    source.emit('SIGHUP');
    terminal.gone = true;
    source.emit('SIGHUP');
    assert.deepEqual(seen, ['reload', 'stop']);
  });

  it('leaves the other signals as they are', () => {
    const { source, seen, terminal, signals, listener } = setUp();
    terminal.gone = true;
    signals.on('SIGTERM', listener);
    source.emit('SIGTERM');
    assert.deepEqual(seen, ['reload']);
  });

  it('takes listeners off again', () => {
    const { source, signals, listener } = setUp();
    for (const signal of ['SIGHUP', 'SIGINT'] as const) {
      signals.on(signal, listener);
      signals.off(signal, listener);
    }
    assert.deepEqual(source.eventNames(), []);
  });
});
