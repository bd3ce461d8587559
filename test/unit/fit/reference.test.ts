import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fitRuleIds } from '../../../src/domain/fit-rule-ids.ts';
import { fitChecks } from '../../../src/fit/checks/checks.ts';
import { embeddingsBatch } from '../../../src/fit/embeddings-batch.ts';
import { fitRules } from '../../../src/fit/rules.ts';
import { fitReference, regenerateCommand } from '../../e2e/support/fit-reference.ts';

describe('the fit reference', () => {
  it('is what the rules and the table of the tests say', () => {
    const written = readFileSync(new URL('../../../docs/fit.md', import.meta.url), 'utf8');
    assert.equal(written, fitReference(), `docs/fit.md is stale: run ${regenerateCommand}`);
  });

  it('and the configuration know the same rules', () => {
    const built = [...fitRules, embeddingsBatch, ...fitChecks].map(({ id }) => id);
    assert.deepEqual([...built].sort(), [...fitRuleIds].sort());
    assert.equal(new Set(built).size, built.length);
  });
});
