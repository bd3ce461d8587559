import assert from 'node:assert/strict';

/** Waits for a condition that another part of this process makes true. */
export async function eventually(condition: () => boolean): Promise<void> {
  for (let turn = 0; turn < 1_000 && !condition(); turn++) await new Promise((resolve) => setTimeout(resolve, 2));
  assert.ok(condition());
}
