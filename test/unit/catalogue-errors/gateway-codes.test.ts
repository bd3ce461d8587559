import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { createErrorCatalogue } from '../../../src/catalogue/errors/catalogue.ts';

/*
 * Every code that the gateway itself answers with has a record, so that no error of ours is left without cause and fix.
 */

const catalogue = createErrorCatalogue();
const root = new URL('../../../', import.meta.url);

/** Sources whose `code:` members are not errors of the gateway: the platform's own, and those of the configuration. */
const elsewhere = /^src\/(?:sandbox|catalogue|config)\//;

/** The codes of `GatewayError`s and upstream failures in a source file. */
function codesIn(source: string): string[] {
  const patterns = [
    /\bcode: '([\w.]+)'/g,
    /\bunnamedCode = '([\w.]+)'/g,
    /\b(?:brokenStream|conflict)\(\s*'([\w.]+)'/g,
    /\bcode(?: =|\?\?|\s\?\?) '([a-z]\w+)'/g,
  ];
  return patterns.flatMap((pattern) => [...source.matchAll(pattern)].map(([, code]) => code ?? ''));
}

const files = globSync('src/**/*.ts', { cwd: root })
  .filter((file) => !elsewhere.test(file))
  .map((file) => ({ file, source: readFileSync(new URL(file, root), 'utf8') }))
  .filter(({ source }) => /GatewayError|UpstreamFailure|NetworkFailure|brokenStream/.test(source));

const used = new Map(files.flatMap(({ file, source }) => codesIn(source).map((code) => [code, file] as const)));

test('the codes of the gateway are found in its sources', () => {
  for (const code of [
    'upstream_unreachable',
    'no_provider',
    'key_revoked',
    'upstream_invalid_frame',
    'upstream_error',
  ]) {
    assert.ok(used.has(code), code);
  }
  assert.ok(used.size > 25, String(used.size));
});

test('every code of the gateway has a record, its own or the one of the platform', () => {
  const unknown = [...used].filter(([code]) => {
    const own = catalogue.byId(`gateway-${code.replaceAll('_', '-')}`);
    return own === undefined && catalogue.matchError({ code }).length === 0;
  });
  assert.deepEqual(unknown, []);
});

test('every record of the gateway stands for a code that is used', () => {
  const codes = new Set([...used.keys()].map((code) => `gateway-${code.replaceAll('_', '-')}`));
  const stale = catalogue.records.filter(({ area, id }) => area === 'gateway' && !codes.has(id)).map(({ id }) => id);
  assert.deepEqual(stale, []);
});

test('a text of the gateway, message and advice, leads to its own record before the one of the platform', () => {
  for (const [text, id] of [
    [
      'Incorrect API key provided. Send a key of this gateway as "Authorization: Bearer KEY" or "x-api-key: KEY".',
      'gateway-invalid-api-key',
    ],
    [
      "week allocated quota exceeded. Window 'week' of the plan 'lite': 9 of 9 calls used; it opens again at 2026-03-23T16:00:00Z.",
      'gateway-insufficient-quota',
    ],
    [
      'The model `gpt-9` does not exist or you do not have access to it. GET /v1/models lists the models that can be used',
      'gateway-model-not-found',
    ],
    ['The provider bailian could not be reached (ECONNREFUSED). Check the base URL', 'gateway-upstream-unreachable'],
  ] as const) {
    assert.equal(catalogue.matchText(text)[0]?.record.id, id, text);
  }
});
