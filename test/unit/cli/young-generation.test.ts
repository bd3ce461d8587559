import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';

const run = promisify(execFile);
const module = new URL('../../../src/cli/young-generation.ts', import.meta.url).href;

/** Keeps so many objects alive that V8 makes the space larger; prints the most megabytes that it had. */
function program(bound: boolean): string {
  return `
    import { getHeapSpaceStatistics } from 'node:v8';
    import { boundYoungGeneration } from ${JSON.stringify(module)};
    if (${bound}) boundYoungGeneration();
    let most = 0;
    let kept = [];
    for (let turn = 0; turn < 1500; turn += 1) {
      for (let count = 0; count < 3000; count += 1) kept.push({ count, list: [count] });
      if (kept.length > 300_000) kept = [];
      await new Promise((resolve) => setImmediate(resolve));
      const space = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
      most = Math.max(most, space.space_used_size + space.space_available_size);
    }
    console.log(Math.round(most / 2 ** 20));
  `;
}

async function largest(bound: boolean): Promise<number> {
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', program(bound)]);
  return Number(stdout);
}

describe('young generation', () => {
  it('grows to 16 MB and no further', async () => {
    const [unbound, bound] = await Promise.all([largest(false), largest(true)]);
    assert.ok(unbound > 16, `without the bound it stays at ${unbound} MB, so that this proves nothing`);
    // The space doubles, so that the next size is 32; a page in use beside it may make a megabyte more.
    assert.ok(bound === 16 || bound === 17, `with the bound it grows to ${bound} MB`);
  });
});
