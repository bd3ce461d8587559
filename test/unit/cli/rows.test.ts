import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bar } from '../../../src/cli/bar.ts';
import { CommandError } from '../../../src/cli/control-client.ts';
import { printObject, printRows } from '../../../src/cli/output.ts';
import { momentOf } from '../../../src/cli/when.ts';
import { FakeProcess } from './fake.ts';

const columns = [{ name: 'owner' }, { name: 'input_tokens', right: true as const }];

function table(rows: Parameters<typeof printRows>[1], options: { json?: true; csv?: true } = {}): FakeProcess {
  const fake = new FakeProcess();
  printRows(fake, rows, { columns, options, empty: 'Nothing.' });
  return fake;
}

describe('rows', () => {
  it('stand in columns, numbers to the right, wide characters counted as two', () => {
    const { output } = table([
      { owner: '张三', input_tokens: 5 },
      { owner: 'kim', input_tokens: 1234 },
    ]);
    assert.equal(output, 'owner  input tokens\n张三              5\nkim            1234\n');
  });

  it('cannot steer the terminal', () => {
    assert.ok(!table([{ owner: 'a\u001b[2Jb\n', input_tokens: 1 }]).output.includes('\u001b'));
  });

  it('show a dash for nothing, and times to the minute', () => {
    const { output } = table([{ owner: null, input_tokens: '2026-03-18T05:00:59.000Z' }]);
    assert.match(output, /^- +2026-03-18 05:00Z$/m);
  });

  it('are whole as JSON and as CSV, also when there are none', () => {
    assert.equal(table([], { json: true }).output, '[]\n');
    assert.equal(table([], { csv: true }).output, 'owner,input_tokens\r\n');
    assert.deepEqual([table([]).output, table([]).errors], ['', 'Nothing.\n']);
    const rows = [{ owner: ['a', 'b'], input_tokens: { x: 1 }, more: true }];
    assert.equal(table(rows, { csv: true }).output, 'owner,input_tokens\r\na b,x=1\r\n');
    assert.deepEqual(JSON.parse(table(rows, { json: true }).output), rows);
  });

  it('that are one object stand line by line', () => {
    const fake = new FakeProcess();
    printObject(fake, { owner: 'kim', input_tokens: 5 }, { columns, options: {} });
    assert.equal(fake.output, 'owner         kim\ninput tokens  5\n');
  });
});

describe('bars', () => {
  it('are as long as their share, never quite gone', () => {
    const cases = [
      [0, ''],
      [0.0001, '▏'],
      [0.5, '██'],
      [0.53125, '██▏'],
      [1, '████'],
      [7, '████'],
    ] as const;
    for (const [share, drawn] of cases) assert.equal(bar(share, 4), drawn, String(share));
  });
});

describe('moments', () => {
  it('are spans, days of UTC+8 and times', () => {
    const at = (text: string, direction: 'ago' | 'ahead' = 'ago'): number =>
      Date.parse(momentOf(text, { option: '--since', direction }));
    assert.equal(at('2026-03-18'), Date.parse('2026-03-17T16:00:00Z'));
    assert.equal(at('2026-03-18T05:00:00+02:00'), Date.parse('2026-03-18T03:00:00Z'));
    const spans = { '30m': 1_800_000, '5h': 18_000_000, '7d': 604_800_000, '2w': 1_209_600_000 };
    for (const [text, span] of Object.entries(spans)) {
      const [before, after] = [Date.now() - at(text), at(text, 'ahead') - Date.now()];
      assert.ok(Math.abs(before - span) < 5_000 && Math.abs(after - span) < 5_000, text);
    }
  });

  it('are refused by the name of the option', () => {
    for (const text of ['soon', '7', '2026-13-40', '2026-03-18T05:00:00', '']) {
      assert.throws(
        () => momentOf(text, { option: '--until', direction: 'ago' }),
        (error) => {
          return error instanceof CommandError && error.message.startsWith('--until must be a span');
        },
      );
    }
  });
});
