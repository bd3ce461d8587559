import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { errorRecords } from '../../../src/catalogue/errors/data/index.ts';
import { run } from '../../../src/cli/program.ts';
import { clip, widthOf, wrap } from '../../../src/cli/terminal-text.ts';
import { FakeProcess } from './fake.ts';

/** Runs `atelier` with these arguments and this standard input. */
async function atelier(args: string[], { piped, env = {} }: { piped?: string[]; env?: Record<string, string> } = {}) {
  const context = new FakeProcess();
  context.piped = piped;
  context.env = env;
  const code = await run(args, context);
  return { code, output: context.output, errors: context.errors };
}

const rangeError =
  'openai.BadRequestError: Error code: 400 - {"error": {"message": "<400> InternalError.Algo.InvalidParameter: Range of max_tokens should be [1, 8192]", "code": "invalid_parameter_error"}}';

describe('atelier explain', () => {
  it('explains a pasted text with its numbers filled in, within the terminal', async () => {
    const { code, output } = await atelier(['explain', rangeError]);
    assert.equal(code, 0);
    assert.match(output, /^chat-max-tokens-range  HTTP 400 · Chat\nRange of max_tokens should be \[1, 8192\]\n/);
    assert.match(output, /^Fix +Set `max_tokens` to at most 8192/m);
    assert.match(output, /^Retry +never$/m);
    assert.match(output, /^Source +Alibaba Cloud Model Studio: Error codes, 400-InvalidParameter/m);
    for (const line of output.split('\n')) assert.ok(widthOf(line) <= 80, line);
  });

  it('takes the text from standard input, whole or in pieces, with and without -', async () => {
    for (const args of [['explain'], ['explain', '-']]) {
      const { code, output } = await atelier(args, { piped: [rangeError.slice(0, 90), rangeError.slice(90)] });
      assert.equal(code, 0);
      assert.match(output, /^chat-max-tokens-range /);
    }
  });

  it('speaks Chinese when asked, or when the terminal does', async () => {
    for (const [args, env] of [
      [['explain', '--code', 'Arrearage', '--lang', 'zh'], {}],
      [['explain', '--code', 'Arrearage'], { LANG: 'zh_CN.UTF-8' }],
    ] as const) {
      const { output } = await atelier([...args], { env });
      assert.match(output, /^原因 +\S/m);
    }
    const week = await atelier(['explain', '--lang', 'zh', 'week allocated quota exceeded']);
    assert.match(
      week.output,
      /^重试 +每周额度重置后重试（周一 00:00，UTC\+8），约 (?:\d+ (?:天|小时|分钟|秒) ?){1,2}后$/m,
    );
    const { output } = await atelier(['explain', '--code', 'Arrearage', '--lang', 'en'], { env: { LANG: 'zh_CN' } });
    assert.match(output, /^Cause +\S/m);
  });

  it('knows codes, statuses and its own ids, and says how sure it is', async () => {
    const byCode = await atelier(['explain', '--code', 'Throttling.BurstRate']);
    assert.match(byCode.output, /^rate-limit-burst .*\n[^]*Known by its code only/);
    const byStatus = await atelier(['explain', '--status', '429']);
    assert.match(byStatus.output, /^rate-limit-throttled .*\n[^]*Known by its status only/);
    const byId = await atelier(['explain', 'plan-window-week']);
    assert.match(byId.output, /^plan-window-week /);
    assert.match(byId.output, /^Retry +after the weekly window has reset.*\n? *\(?\d+ (?:d|h|min|s)/m);
  });

  it('reads the id that the gateway put into its answer', async () => {
    const printed =
      '400 {"type":"error","error":{"type":"invalid_request_error","message":"x","atelier":{"id":"tools-name-search","origin":"client","cause":"Range of max_tokens should be [1, 8192]"}}}';
    const { output } = await atelier(['explain', printed]);
    assert.match(output, /^tools-name-search /);
    assert.doesNotMatch(output, /chat-max-tokens-range/);
  });

  it('prints JSON with confidence and parameters', async () => {
    const { code, output } = await atelier(['explain', '--json', rangeError]);
    const [match] = JSON.parse(output).matches;
    assert.equal(code, 0);
    assert.deepEqual(
      [match.id, match.by, match.params, match.retryable],
      ['chat-max-tokens-range', 'message', { max: '8192' }, 'never'],
    );
    assert.ok(match.confidence >= 0.75);
    assert.match(match.doc, /chat-max-tokens-range/);
  });

  it('summarises the errors of a log by count, with samples and line numbers', async () => {
    const entries = [
      '2026-03-18T10:00:00Z INFO request served model=qwen-plus status=200',
      `2026-03-18T10:00:01Z ERROR upstream said: ${rangeError}`,
      '2026-03-18T10:00:02Z WARN code=limit_burst_rate Request rate increased too quickly. To ensure system stability, please adjust your client logic',
      `2026-03-18T10:00:03Z ERROR upstream said: ${rangeError.replace('8192', '4096')}`,
      '{"event":"request","status":429,"errorCode":"insufficient_quota","errorMessage":"week allocated quota exceeded","errorId":"plan-window-week"}',
      ...Array.from({ length: 4 }, (_, index) => `2026-03-18T10:01:0${index}Z ERROR upstream said: ${rangeError}`),
    ];
    const text = `${entries.join('\n')}\n`;
    const { code, output } = await atelier(['explain'], { piped: [text.slice(0, 200), text.slice(200)] });
    assert.equal(code, 0);
    assert.match(output, /^8 errors of 3 kinds in 9 lines\n\n6 × chat-max-tokens-range /);
    assert.match(output, /\n1 × rate-limit-burst /);
    assert.match(output, /\n1 × plan-window-week /);
    assert.match(
      output,
      /\n {2}line 2 {2}2026-03-18T10:00:01Z ERROR.*…\n {2}line 4 .*\n {2}line 6 .*\n {2}\+ 3 more\n/,
    );
    const json = JSON.parse((await atelier(['explain', '--json'], { piped: [text] })).output);
    assert.deepEqual(json.errors.map(({ id, count }: { id: string; count: number }) => [id, count]).slice(0, 1), [
      ['chat-max-tokens-range', 6],
    ]);
    assert.equal(json.lines, 9);
  });

  it('counts messages that the log cut off', async () => {
    const entries = [
      '2026-03-18 10:00:00 INFO started',
      '2026-03-18 10:00:01 ERROR RateLimitError: Error code: 429 - Request rate increased too quickly. To ensure sys...',
      '2026-03-18 10:00:02 ERROR 429 Request rate increased too quickly.',
    ];
    const { output } = await atelier(['explain', '-'], { piped: [entries.join('\n')] });
    assert.match(output, /^2 errors of 1 kind in 3 lines\n\n2 × rate-limit-burst /);
  });

  it('reads a log that is larger than a pasted text', async () => {
    const filler = `2026-03-18T10:00:00Z INFO all is well ${'x'.repeat(100)}\n`;
    const { output } = await atelier(['explain'], {
      piped: [filler.repeat(1000), '2026-03-18 ERROR week allocated quota exceeded\n', filler.repeat(10)],
    });
    assert.match(output, /^1 error of 1 kind in 1011 lines\n\n1 × plan-window-week /);
  });

  it('shows no control characters of a log', async () => {
    const line = '2026-03-18 ERROR \u001b[2J\u0007week allocated quota exceeded\n';
    const { output } = await atelier(['explain'], { piped: [line.repeat(3)] });
    assert.doesNotMatch(output, /(?!\n)\p{Cc}/u);
  });

  it('says what to do when nothing is found, and exits with 1', async () => {
    const { code, output, errors } = await atelier(['explain', 'the cat sat on the mat']);
    assert.deepEqual([code, output], [1, '']);
    assert.match(errors, /Nothing in the catalogue fits[^]*atelier errors --search/);
    const json = await atelier(['explain', '--json', 'the cat sat on the mat']);
    assert.deepEqual([json.code, JSON.parse(json.output)], [1, { matches: [] }]);
  });

  it('shows examples when there is nothing to explain, and refuses what is no status', async () => {
    for (const piped of [undefined, [], ['\n', ' \n']]) {
      const nothing = await atelier(['explain'], piped === undefined ? {} : { piped });
      assert.equal(nothing.code, 2);
      assert.match(nothing.errors, /Nothing to explain[^]*atelier explain < app\.log/);
    }
    const status = await atelier(['explain', '--status', 'many']);
    assert.equal(status.code, 2);
    assert.match(status.errors, /--status is an HTTP status/);
  });

  it('uses colours only where the screen has them', async () => {
    const context = new FakeProcess();
    context.screen = { columns: 80, colours: true };
    await run(['explain', 'plan-window-week'], context);
    assert.ok(context.output.startsWith('\u001b[1mplan-window-week\u001b[22m'));
  });
});

describe('atelier errors', () => {
  it('lists every record by area, each on one line of the terminal', async () => {
    const { code, output } = await atelier(['errors']);
    assert.equal(code, 0);
    for (const { id } of errorRecords) assert.ok(output.includes(` ${id}`), id);
    assert.match(output, new RegExp(`\n${errorRecords.length} errors\\.`));
  });

  it('filters by area and by words', async () => {
    const { output } = await atelier(['errors', '--area', 'plan', '--search', 'week quota']);
    assert.match(output, /^Plan\n {2}429 {3}plan-window-week/);
    assert.match(output, /\n1 error\. /);
    const json = JSON.parse((await atelier(['errors', '--area', 'plan', '--json'])).output);
    assert.ok(json.errors.every(({ area }: { area: string }) => area === 'plan'));
  });

  it('names the areas when there is no such one, and exits with 1 when nothing passes', async () => {
    const unknown = await atelier(['errors', '--area', 'plans']);
    assert.equal(unknown.code, 2);
    assert.match(unknown.errors, /There is no area "plans"; there are: request, chat/);
    assert.equal((await atelier(['errors', '--search', 'qqqzzz'])).code, 1);
  });
});

describe('text on a terminal', () => {
  it('is wrapped by columns; Chinese characters take two and may be parted', () => {
    assert.deepEqual(wrap('one two three', 7), ['one two', 'three']);
    assert.deepEqual(wrap('请检查模型名称。', 8), ['请检查模', '型名称。']);
    assert.deepEqual(wrap('设置 `max_tokens` 即可', 14), ['设置', '`max_tokens`', '即可']);
    assert.equal(widthOf('a中b'), 4);
  });
  it('is cut to one line', () => {
    assert.equal(clip('a\tb\nc', 80), 'a b c');
    assert.equal(clip('abcdef', 4), 'abc…');
  });
});
