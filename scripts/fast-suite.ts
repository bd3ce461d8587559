// All unit and golden tests in one process: they hold no state, so a process of its own for each file only costs time.
import { globSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

const root = resolve(import.meta.dirname, '..');
const files = globSync('test/{unit,golden}/**/*.test.ts', { cwd: root }).sort();
if (files.length === 0) throw new Error('no unit or golden tests found');
for (const file of files) {
  try {
    await import(pathToFileURL(join(root, file)).href);
  } catch (error) {
    // A file that cannot be loaded fails by its own name, and the others still run.
    void test(file, () => {
      throw error;
    });
  }
}
