import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { messagesEdgeRules } from '../../../src/sandbox/anthropic/edge-rules.ts';
import { messagesRules } from '../../../src/sandbox/anthropic/rules.ts';
import { edgeRules } from '../../../src/sandbox/chat/edge-rules.ts';
import { directiveNames } from '../../../src/sandbox/directives.ts';
import { modelRules } from '../../../src/sandbox/chat/rules.ts';

const page = readFileSync(new URL('../../../docs/sandbox.md', import.meta.url), 'utf8');

test('every rule is in the documentation with its evidence, and no other', () => {
  const rules = [...edgeRules, ...modelRules, ...messagesEdgeRules, ...messagesRules];
  const rows = page.split('\n').filter((line) => /^\| `[a-z-]+`.* \| (documented|recorded|inferred) \|/.test(line));
  const documented = rows.flatMap((row) => {
    const [, ids = '', evidence = ''] = row.split('|').map((cell) => cell.trim());
    return [...ids.matchAll(/`([a-z-]+)`/g)].map(([, id]) => `${id} ${evidence}`);
  });
  assert.deepEqual(documented.toSorted(), rules.map(({ id, evidence }) => `${id} ${evidence}`).toSorted());
});

test('every directive is in the documentation', () => {
  for (const name of directiveNames) assert.match(page, new RegExp(`^\\|[^|]*\`${name}=`, 'm'), name);
});
