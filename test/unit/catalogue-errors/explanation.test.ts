import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createErrorCatalogue } from '../../../src/catalogue/errors/catalogue.ts';
import { causesOf, explain } from '../../../src/catalogue/errors/explanation.ts';
import { errorCatalogueHolder } from '../../../src/catalogue/errors/load.ts';
import { mentionedIds } from '../../../src/catalogue/errors/mentioned-ids.ts';
import { areas } from '../../../src/catalogue/errors/record.ts';
import { filterRecords } from '../../../src/catalogue/errors/search.ts';
import { matchView } from '../../../src/catalogue/errors/view.ts';
import { areaText, originText, retryText } from '../../../src/catalogue/errors/words.ts';

const catalogue = createErrorCatalogue();

test('a cause that the evidence singles out stands alone; several are numbered with how to tell them apart', () => {
  const record = catalogue.byId('server-request-timeout');
  assert.ok(record);
  const all = explain({ record, params: {} }, 'en');
  assert.match(
    all.cause,
    /^\(1\) A chat or text request: The model did not finish.+ \(2\) A speech recognition task: /,
  );
  assert.match(all.fix, /^\(1\) Set `stream: true`.+ \(2\) /);
  const one = explain({ record, params: {}, causeIndex: 1 }, 'en');
  assert.doesNotMatch(one.cause, /\(1\)/);
  assert.deepEqual(causesOf({ record, params: {}, causeIndex: 1 }, 'en'), [one]);
});

test('parameters are filled in, in both languages', () => {
  const [match] = catalogue.matchError({ message: 'Range of max_tokens should be [1, 4096]' });
  assert.ok(match);
  for (const language of ['en', 'zh'] as const) assert.match(explain(match, language).fix, /4096/);
});

test('a place that stays open leaves no blank among Chinese characters, a filled one keeps its own', () => {
  const record = catalogue.byId('chat-max-tokens-range');
  assert.ok(record);
  assert.match(explain({ record, params: {}, causeIndex: 0 }, 'zh').cause, /不在 1 到该模型最大输出长度之间/);
  assert.match(explain({ record, params: { max: '4096' }, causeIndex: 0 }, 'zh').cause, /不在 1 到 4096 之间/);
});

test('every area, origin and way to retry has words in both languages', () => {
  for (const area of areas) for (const language of ['en', 'zh'] as const) assert.ok(areaText(area, language));
  for (const { origin, retryable } of catalogue.records) {
    assert.ok(originText(origin, 'en') && originText(origin, 'zh'));
    assert.match(retryText(retryable, 'zh'), /\p{Script=Han}/u);
    assert.doesNotMatch(retryText(retryable, 'en'), /\p{Script=Han}/u);
  }
});

test("ids are read from the gateway's own answers and log lines, and from nothing else", () => {
  assert.deepEqual(mentionedIds('{"error":{"message":"x","atelier":{"id":"chat-n-range","origin":"client"}}}'), [
    'chat-n-range',
  ]);
  assert.deepEqual(mentionedIds("{'atelier': {'id': 'chat-n-range', 'origin': 'client'}}"), ['chat-n-range']);
  assert.deepEqual(mentionedIds('"errorId":"plan-window-5h" errorId=chat-n-range'), ['plan-window-5h', 'chat-n-range']);
  assert.deepEqual(mentionedIds('{"id":"chat-n-range"} atelier chat-n-range'), []);
  assert.equal(
    mentionedIds('"errorId":"a-0"'.repeat(5) + Array.from({ length: 50 }, (_, i) => `"errorId":"a-${i}"`).join())
      .length,
    10,
  );
  assert.deepEqual(
    catalogue.matchText('"atelier":{"id":"no-such-record"').filter(({ by }) => by === 'id'),
    [],
  );
});

test('records are found by all words of a search, in any language', () => {
  const ids = (search: string): string[] => filterRecords(catalogue.records, { search }).map(({ id }) => id);
  assert.deepEqual(ids('week quota coding'), ids('QUOTA  week Coding'));
  assert.ok(ids('week allocated').includes('plan-window-week'));
  assert.ok(ids('欠费').includes('account-arrearage'));
  assert.deepEqual(ids('qqqzzz'), []);
  const plan = filterRecords(catalogue.records, { area: 'plan' });
  assert.ok(plan.length > 0 && plan.every(({ area }) => area === 'plan'));
});

test('a match as JSON names what to wait for', () => {
  const wednesday = Date.UTC(2026, 2, 18, 4);
  const [match] = catalogue.matchError({ message: 'week allocated quota exceeded', headers: {} });
  assert.ok(match);
  const options = { language: 'en', docOf: (id: string) => `/errors/${id}`, now: wednesday } as const;
  assert.equal(matchView(match, options)['retry_after'], (4 * 24 + 12) * 3600);
  assert.equal(matchView({ ...match, retryAfterSeconds: 7 }, options)['retry_after'], 7);
  assert.equal(matchView(match, options)['doc'], '/errors/plan-window-week');
});

test('the catalogue is there once it has been read, and only one', async () => {
  const holder = errorCatalogueHolder();
  assert.equal(holder.loaded(), undefined);
  const [first, second] = await Promise.all([holder.load(), holder.load()]);
  assert.equal(first, second);
  assert.equal(holder.loaded(), first);
});
