import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { planForm } from '../../../src/forms/plan.ts';
import { builtInPlans } from '../../../src/governance/built-in-plans.ts';
import { controlRoutes } from '../../../src/server/admin/routes.ts';
import { load } from '../config/sample.ts';

function read(name: string): string {
  return readFileSync(new URL(`../../../docs/${name}`, import.meta.url), 'utf8');
}

describe('docs/admin-api.md', () => {
  it('has a line for every route, and for no other', () => {
    const lines = [...read('admin-api.md').matchAll(/^\| ([A-Z]+) \| `([^`]+)` \|/gm)].map(
      ([, method, path]) => `${method} ${path}`,
    );
    assert.deepEqual(
      lines,
      controlRoutes.map(({ method, path }) => `${method} ${path}`),
    );
  });
});

describe('docs/plans.md', () => {
  it('shows a plan that can be configured as it stands', () => {
    const [, yaml = ''] = /```yaml\n([^]*?)```/.exec(read('plans.md')) ?? [];
    const [plan] = load({ yaml }).config.plans;
    assert.deepEqual(
      plan?.windows.map(({ name }) => name),
      ['5h', 'week', 'budget'],
    );
  });

  it('names every member of a plan', () => {
    const text = read('plans.md');
    for (const name of Object.keys(planForm.shape)) assert.ok(text.includes(`\`${name}\``), name);
  });

  it('has the built-in plans with their limits', () => {
    const text = read('plans.md');
    for (const { name, windows } of builtInPlans) {
      const limits = windows.map(({ limit }) => ` ${limit.toLocaleString('en-US')} `);
      assert.ok(text.includes(`| \`${name}\` |${limits.length > 0 ? limits.join('|') : ' | | '}|`), name);
    }
  });
});
