import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { createErrorCatalogue } from '../../../src/catalogue/errors/catalogue.ts';
import type { ErrorRecord } from '../../../src/catalogue/errors/record.ts';
import { parseErrorPage, sameLine, sampleTexts } from './error-page.ts';
import type { PageMessage } from './error-page.ts';

const folder = new URL('../../../../shared/seeds/', import.meta.url);
const document = 'error-codes';
const skip = existsSync(folder) ? false : 'the source documents are not beside the project';
const catalogue = createErrorCatalogue();

function readPage(): ReturnType<typeof parseErrorPage> {
  const name = readdirSync(folder).find((file) => file.startsWith('001'));
  assert.ok(name, 'the error page is missing');
  return parseErrorPage(readFileSync(new URL(name, folder), 'utf8'));
}

function recordsOf({ section, message }: PageMessage): ErrorRecord[] {
  return catalogue.records.filter(({ sources }) =>
    sources.some(
      (source) =>
        source.document === document &&
        source.section === section &&
        (message === undefined || sameLine(source.message ?? '', message)),
    ),
  );
}

test('every headed section of the error page has a record', { skip }, () => {
  const { sections } = readPage();
  assert.ok(sections.length >= 114, `only ${sections.length} sections were read`);
  const codes = new Set(catalogue.records.flatMap(({ nativeCodes }) => nativeCodes));
  const missing = sections.filter((section) => recordsOf({ section, line: 0 }).length === 0 && !codes.has(section));
  assert.deepEqual(missing, []);
});

test('every message of the error page with a cause has one record', { skip }, () => {
  const { messages } = readPage();
  assert.ok(messages.length >= 308, `only ${messages.length} messages were read`);
  const missing = messages
    .filter((message) => recordsOf(message).length !== 1)
    .map(
      (message) =>
        `${message.line + 1}: ${message.section}: ${message.message ?? ''} (${recordsOf(message).length} records)`,
    );
  assert.deepEqual(missing, []);
});

test('every message of the error page leads back to its record', { skip }, () => {
  const wrong: string[] = [];
  for (const entry of readPage().messages) {
    const ids = recordsOf(entry).map(({ id }) => id);
    for (const text of sampleTexts(entry.message ?? '')) {
      const [best] = catalogue.matchError({ message: text });
      const recognised = best !== undefined && ids.includes(best.record.id) && best.by === 'message';
      if (!recognised)
        wrong.push(`${text}: wanted ${ids.join(', ')}, got ${best?.record.id ?? 'nothing'} (${best?.by ?? ''})`);
    }
  }
  assert.deepEqual(wrong, []);
});

test('every source message of the error page in the catalogue stands on the page', { skip }, () => {
  const { messages, sections } = readPage();
  const invented = catalogue.records.flatMap((record) =>
    record.sources
      .filter((source) => source.document === document)
      .filter(({ section, message }) =>
        message === undefined || message === section
          ? !sections.includes(section)
          : !messages.some((entry) => entry.section === section && sameLine(entry.message ?? '', message)),
      )
      .map(({ section, message }) => `${record.id}: ${section}: ${message ?? ''}`),
  );
  assert.deepEqual(invented, []);
});
