import assert from 'node:assert/strict';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { LogSink } from '../../../src/telemetry/log-sink.ts';

interface OpenSink extends Disposable {
  sink: LogSink;
  written(): string;
}

function openSink(): OpenSink {
  const folder = mkdtempSync(join(tmpdir(), 'atelier-log-'));
  const path = join(folder, 'log');
  const descriptor = openSync(path, 'w');
  const sink = new LogSink(descriptor);
  return {
    sink,
    written: () => readFileSync(path, 'utf8'),
    [Symbol.dispose]() {
      sink.close();
      closeSync(descriptor);
      rmSync(folder, { recursive: true });
    },
  };
}

describe('log sink', () => {
  it('gathers lines and writes them in order when it is flushed', async () => {
    using open = openSink();
    const lines = Array.from({ length: 1_000 }, (_, place) => `{"line":${place},"text":"日本語"}\n`);
    for (const line of lines) open.sink.write(line);
    assert.equal(open.written(), '');
    await open.sink.flush();
    assert.equal(open.written(), lines.join(''));
  });

  it('writes by itself what has gathered in number', async () => {
    using open = openSink();
    const line = `${'x'.repeat(1_023)}\n`;
    for (let count = 0; count < 700; count += 1) open.sink.write(line);
    await open.sink.flush();
    assert.equal(open.written(), line.repeat(700));
  });

  it('makes the lines of requests together, and keeps them in their place among the others', async () => {
    using open = openSink();
    const made: number[] = [];
    const writeNumber = (number: number): void =>
      open.sink.writeLater(() => {
        made.push(number);
        return `${number}\n`;
      });
    for (let number = 0; number < 100; number += 1) {
      if (number % 10 === 5) open.sink.write(`${number}\n`);
      else writeNumber(number);
    }
    assert.ok(made.length > 0 && made.length < 90, `${made.length} lines were made before the flush`);
    await open.sink.flush();
    assert.equal(open.written(), Array.from({ length: 100 }, (_, number) => `${number}\n`).join(''));
  });

  it('makes and writes the lines that are due when the process ends', () => {
    using open = openSink();
    open.sink.writeLater(() => 'due\n');
    open.sink.close();
    assert.equal(open.written(), 'due\n');
  });

  it('writes lines that come after a flush that had nothing to write', async () => {
    using open = openSink();
    await open.sink.flush();
    open.sink.write('after a quiet second\n');
    await open.sink.flush();
    assert.equal(open.written(), 'after a quiet second\n');
  });

  it('writes what is left when the process ends, each line once', async () => {
    using open = openSink();
    open.sink.write('first\n');
    await open.sink.flush();
    open.sink.write('last\n');
    open.sink.close();
    assert.equal(open.written(), 'first\nlast\n');
  });

  const skip = existsSync('/dev/full') ? false : 'there is no /dev/full';
  it('loses lines, not the process, on a full disk', { skip }, async () => {
    const full = openSync('/dev/full', 'w');
    const sink = new LogSink(full);
    sink.write('lost\n');
    await sink.flush();
    sink.write('lost too\n');
    sink.close();
    closeSync(full);
  });
});
