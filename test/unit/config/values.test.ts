import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { displayValue, hideUrlSecrets, looksSecret, maskSecret } from '../../../src/config/display.ts';
import { interpolate } from '../../../src/config/interpolate.ts';
import { baseUrl, bytes, flag, integer, textList } from '../../../src/config/kinds.ts';
import { isLoopbackHost, leadsTo } from '../../../src/config/loopback.ts';
import { editDistance, nearest } from '../../../src/config/nearest.ts';
import { load, problemsOf } from './sample.ts';

describe('references to the environment', () => {
  const variables: Record<string, string> = { NAME: 'value', EMPTY: '', NESTED: '${NAME}', _a1: 'x' };
  const resolve = (text: string) => interpolate(text, (name) => variables[name]);

  const cases: [string, string][] = [
    ['plain', 'plain'],
    ['${NAME}', 'value'],
    ['a${NAME}b${_a1}c', 'avaluebxc'],
    ['${EMPTY}', ''],
    ['${EMPTY:-d}', 'd'],
    ['${MISSING:-d}', 'd'],
    ['${MISSING:-}', ''],
    ['${MISSING:-https://x:1/?a=b}', 'https://x:1/?a=b'],
    ['${NAME:-d}', 'value'],
    ['$${NAME}', '${NAME}'],
    ['$$${NAME}', '$${NAME}'],
    ['$NAME costs $5', '$NAME costs $5'],
    ['${NESTED}', '${NAME}'],
  ];
  for (const [text, result] of cases) {
    it(`reads ${text} as ${result}`, () =>
      assert.deepEqual([resolve(text).text, resolve(text).problems], [result, []]));
  }

  for (const text of ['${', '${}', '${NAME', '${1A}', '${A-b}', '${A B}', '${MISSING:-${NAME}}']) {
    it(`does not accept ${text}`, () => assert.equal(resolve(text).problems.length, 1));
  }

  it('points at the reference itself, in quotes and in several lines as well', () => {
    const yaml = 'data_dir: "a/${ONE}"\nmodels_mode: >-\n  merge\n  ${TWO}\nserver: {host: "${THREE}"}\n';
    const places = problemsOf({ yaml }).flatMap(
      (problem) => /^config\.yaml:(\S+): .*variable (\w+)/.exec(problem)?.slice(1) ?? [],
    );
    assert.deepEqual(places, ['1:14', 'ONE', '4:3', 'TWO', '5:17', 'THREE']);
  });

  it('takes a replaced text as the kind of value the setting has', () => {
    const yaml =
      'server: {port: "${P}"}\nadjust: {strip_billing_line: "${B}"}\nproviders: {bailian: {api_key: k, models: "${M}"}}\n';
    const { config } = load({ yaml, env: { P: '9', B: 'off', M: 'a, b' } });
    assert.deepEqual(
      [config.server.port, config.adjust.stripBillingLine, config.providers[0]?.models],
      [9, false, ['a', 'b']],
    );
  });

  it('reads the .env file too', () => {
    assert.equal(load({ yaml: 'server: {port: "${P}"}', dotEnv: 'export P="77"\n' }).config.server.port, 77);
  });
});

describe('kinds of values', () => {
  it('takes whole numbers, also as text', () => {
    const port = integer(0, 65_535);
    assert.deepEqual([port.parse(80), port.parse('80'), port.parse(' 80 ')], [80, 80, 80]);
    for (const wrong of ['', '8 0', '0x50', '8.5', 8.5, -1, '65536', Number.NaN, true, null, [80]]) {
      assert.equal(port.safeParse(wrong).success, false, String(wrong));
    }
  });

  it('takes sizes in bytes and in units', () => {
    const size = bytes(1, 2 ** 40);
    const cases: [unknown, number][] = [
      [5, 5],
      ['5', 5],
      ['5 KB', 5000],
      ['64MiB', 67_108_864],
      ['1gib', 2 ** 30],
      ['7b', 7],
    ];
    for (const [given, expected] of cases) assert.equal(size.parse(given), expected);
    for (const wrong of ['64 Mio', '-1KB', '1.5MB', 'MiB', 0])
      assert.equal(size.safeParse(wrong).success, false, String(wrong));
  });

  it('takes the usual words for yes and no', () => {
    for (const yes of [true, 'true', 'YES', 'on', '1']) assert.equal(flag().parse(yes), true);
    for (const no of [false, 'false', 'No', 'off', '0']) assert.equal(flag().parse(no), false);
    for (const wrong of ['maybe', 1, null, 'constructor']) assert.equal(flag().safeParse(wrong).success, false);
  });

  it('takes lists as such and as text with commas, up to a limit', () => {
    assert.deepEqual(textList(9).parse('a, b,,'), ['a', 'b']);
    assert.deepEqual(textList(9).parse(['a']), ['a']);
    assert.equal(textList(1).safeParse('a,b').success, false);
    assert.equal(textList(9).safeParse(['']).success, false);
  });

  it('takes web addresses without credentials', () => {
    for (const good of ['https://a.test', 'http://127.0.0.1:9/v1/', 'https://a.test/v1?api-version=2']) {
      assert.equal(baseUrl().parse(good), good);
    }
    for (const wrong of ['a.test', 'file:///x', 'https://u@a.test', 'https://a.test#x', 'https://']) {
      assert.equal(baseUrl().safeParse(wrong).success, false, wrong);
    }
  });

  it('switches the sandbox with YAML words and with booleans', () => {
    const enabled = (word: string) => load({ yaml: `sandbox: {enabled: ${word}}` }).config.sandbox.enabled;
    assert.deepEqual(['auto', 'on', 'off', 'true', 'false'].map(enabled), ['auto', 'on', 'off', 'on', 'off']);
  });
});

describe('showing values', () => {
  it('shows three and four characters of a long secret, nothing of a short one', () => {
    assert.equal(maskSecret('sk-0123456789abcdefghij-wxyz'), 'sk-...wxyz');
    assert.equal(maskSecret('sk-0123456789abcdefghi'), '****');
    assert.equal(maskSecret(''), '****');
    assert.equal(maskSecret('smtp://atelier:hunt@er2@mail.test:587'), 'smtp://****@mail.test:587');
    assert.equal(maskSecret('smtp://a:b@m'), 'smtp://****@m');
  });

  it('knows a key where it should not be', () => {
    for (const key of ['sk-abc', 'sk-sp-1', 'gsk_123', 'ms-00', 'Bearer x', 'A1b2C3d4E5f6G7h8I9j0K1'])
      assert.ok(looksSecret(key), key);
    for (const text of ['bailian', 'cn-beijing', 'https://example.com/v1', 'skate', './data/atelier', '127.0.0.1']) {
      assert.ok(!looksSecret(text), text);
    }
  });

  it('shows any value on one line and not too long', () => {
    assert.equal(displayValue('a\nb', false), '"a\\nb"');
    assert.equal(displayValue('a '.repeat(50), false), `"${'a '.repeat(30)}..."`);
    assert.deepEqual(
      [null, undefined, 7, true, ['x'], { a: 1 }].map((value) => displayValue(value, false)),
      ['nothing', 'nothing', '7', 'true', 'a list', 'a map'],
    );
    assert.deepEqual([displayValue('x', true), displayValue(7, true)], ['****', '****']);
  });

  it('takes credentials and query values out of addresses', () => {
    assert.equal(hideUrlSecrets('https://me:pw@x.test/v1?key=abc&v=2'), 'https://****@x.test/v1?key=****&v=****');
    assert.equal(hideUrlSecrets('https://x.test/v1'), 'https://x.test/v1');
  });
});

describe('the nearest right word', () => {
  it('counts insertions, deletions, replacements and swaps', () => {
    const cases: [string, string, number][] = [
      ['', 'ab', 2],
      ['ab', '', 2],
      ['port', 'prot', 1],
      ['kitten', 'sitting', 3],
      ['same', 'same', 0],
    ];
    for (const [from, to, distance] of cases) assert.equal(editDistance(from, to), distance, `${from} ${to}`);
  });

  it('finds a near word and no far one', () => {
    const words = ['api_key', 'base_url', 'models'];
    assert.deepEqual(
      ['apikey', 'API-KEY', 'baseurl', 'model', 'x', 'timeouts', 'z'.repeat(200)].map((word) => nearest(word, words)),
      ['api_key', 'api_key', 'base_url', 'models', undefined, undefined, undefined],
    );
  });
});

describe('addresses of this machine', () => {
  it('knows loopback by all its names', () => {
    for (const host of ['127.0.0.1', '127.1.2.3', '::1', '[::1]', 'localhost', 'localhost.', '::ffff:127.0.0.1']) {
      assert.ok(isLoopbackHost(host), host);
    }
    for (const host of [
      '0.0.0.0',
      '::',
      '10.0.0.1',
      '127.0.0.1.example.com',
      'localhost.example.com',
      '1270.0.0.1',
      '',
    ]) {
      assert.ok(!isLoopbackHost(host), host);
    }
  });

  it('compares host and port, with the usual ports', () => {
    assert.ok(leadsTo({ host: '0.0.0.0', port: 80 }, 'http://localhost/v1'));
    assert.ok(leadsTo({ host: '10.1.1.1', port: 8080 }, 'http://10.1.1.1:8080'));
    assert.ok(!leadsTo({ host: '10.1.1.1', port: 8080 }, 'http://127.0.0.1:8080'));
    assert.ok(!leadsTo({ host: '127.0.0.1', port: 0 }, 'http://127.0.0.1:8080'));
  });
});
