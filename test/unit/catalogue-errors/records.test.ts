import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createErrorCatalogue } from '../../../src/catalogue/errors/catalogue.ts';
import { placeholderNames } from '../../../src/catalogue/errors/fill.ts';
import { areas } from '../../../src/catalogue/errors/record.ts';
import type { Bilingual, ErrorRecord } from '../../../src/catalogue/errors/record.ts';
import { sourceDocuments } from '../../../src/catalogue/errors/sources.ts';

const { records, byId } = createErrorCatalogue();

/** The ids of the records that do not keep a rule. */
function offenders(keeps: (record: ErrorRecord) => boolean): string[] {
  return records.filter((record) => !keeps(record)).map(({ id }) => id);
}

function textsOf(record: ErrorRecord): Bilingual[] {
  return record.causes.flatMap(({ cause, fix, when }) => [cause, fix, ...(when === undefined ? [] : [when])]);
}

function parametersOf(record: ErrorRecord): Set<string> {
  return new Set(
    record.patterns.flatMap((pattern) => [...pattern.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '')),
  );
}

test('ids are unique, in kebab case, and start with an area', () => {
  assert.equal(new Set(records.map(({ id }) => id)).size, records.length);
  assert.deepEqual(
    offenders(({ id }) => /^[a-z0-9]+(-[a-z0-9]+)+$/.test(id)),
    [],
  );
  assert.deepEqual(
    offenders(({ id }) => areas.some((area) => id.startsWith(`${area}-`))),
    [],
  );
});

test('every record has a cause and a fix in English and Chinese', () => {
  assert.deepEqual(
    offenders(({ causes }) => causes.length > 0),
    [],
  );
  assert.deepEqual(
    offenders((record) => textsOf(record).every(({ en }) => en.trim().length > 0 && !/\p{Script=Han}/u.test(en))),
    [],
  );
  assert.deepEqual(
    offenders((record) => textsOf(record).every(({ zh }) => /\p{Script=Han}/u.test(zh))),
    [],
  );
});

test('English and Chinese name the same parameters, and a pattern gives them', () => {
  const named = ({ en, zh }: Bilingual): string[][] =>
    [en, zh].map((text) => [...new Set(placeholderNames(text))].toSorted());
  assert.deepEqual(
    offenders((record) =>
      textsOf(record)
        .flatMap(named)
        .flat()
        .every((name) => parametersOf(record).has(name)),
    ),
    [],
  );
  assert.deepEqual(
    offenders((record) => textsOf(record).every((text) => !/\{[a-zA-Z]+\}/.test(text.en.replace(/`[^`]*`/g, '')))),
    [],
  );
});

test('several causes are told apart in words', () => {
  assert.deepEqual(
    offenders(({ causes }) => causes.length === 1 || causes.every(({ when }) => when !== undefined)),
    [],
  );
});

test('what tells them apart is a sentence in both languages, since it stands alone', () => {
  const sentence = ({ when }: ErrorRecord['causes'][number]): boolean =>
    when === undefined || (/^(?:[^a-z]|[a-z]+[._]).*[.!?]$/.test(when.en) && /[。！？]$/.test(when.zh));
  assert.deepEqual(
    offenders(({ causes }) => causes.every(sentence)),
    [],
  );
});

test('signs that look at a parameter name one that a pattern gives', () => {
  const signed = (record: ErrorRecord): string[] =>
    record.causes.flatMap(({ signs }) => Object.keys(signs?.params ?? {}));
  assert.deepEqual(
    offenders((record) => signed(record).every((name) => parametersOf(record).has(name))),
    [],
  );
});

test('every record names a known document and, if it has no message, a code or a status', () => {
  assert.deepEqual(
    offenders(({ sources }) => sources.length > 0 && sources.every(({ document }) => document in sourceDocuments)),
    [],
  );
  assert.deepEqual(
    offenders(({ patterns, nativeCodes, status }) => patterns.length + nativeCodes.length + status.length > 0),
    [],
  );
});

test('related records exist', () => {
  const lost = records.flatMap(({ id, related }) =>
    (related ?? []).filter((other) => byId(other) === undefined).map((other) => `${id}: ${other}`),
  );
  assert.deepEqual(lost, []);
});

test('statuses are HTTP statuses', () => {
  assert.deepEqual(
    offenders(({ status }) => status.every((value) => Number.isInteger(value) && value >= 200 && value < 600)),
    [],
  );
});

test('a code that several records share has a record that stands for it', () => {
  const holders = new Map<string, ErrorRecord[]>();
  for (const record of records) {
    const [native] = record.nativeCodes;
    if (native !== undefined) holders.set(native, [...(holders.get(native) ?? []), record]);
  }
  const unclear = [...holders]
    .filter(([, group]) => group.length > 6 && group.filter(({ generic }) => generic !== undefined).length !== 1)
    .map(([code, group]) => `${code}: ${group.length}`);
  assert.deepEqual(unclear, []);
});

test('retrying follows the platform: limits pass, debts do not', () => {
  const kind = (id: string): string | undefined => byId(id)?.retryable.kind;
  assert.equal(kind('account-arrearage'), 'never');
  assert.equal(kind('moderation-data-inspection'), 'never');
  for (const record of records) {
    const throttled = record.status.includes(429) && record.nativeCodes.some((code) => code.startsWith('Throttling'));
    if (throttled && record.area === 'rate-limit') assert.notEqual(record.retryable.kind, 'never', record.id);
  }
});
