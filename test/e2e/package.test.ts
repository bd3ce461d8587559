import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { request } from 'undici';

import { build } from '../../scripts/build.ts';

const root = resolve(import.meta.dirname, '../..');

describe('the published package', () => {
  let folder = '';
  let installed = '';

  /** As npm lays it out: below a node_modules folder, where Node runs no TypeScript. */
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'atelier-package-'));
    assert.equal(await build(), 0);
    const pack = ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder];
    execFileSync('npm', pack, { cwd: root, stdio: 'pipe' });
    const { version }: { version: string } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    mkdirSync(join(folder, 'node_modules'));
    execFileSync('tar', ['-xzf', join(folder, `atelier-${version}.tgz`), '-C', join(folder, 'node_modules')]);
    installed = join(folder, 'node_modules', 'package');
    symlinkSync(join(root, 'node_modules'), join(installed, 'node_modules'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  test('holds what was built, the licence, and none of the sources or tests', () => {
    const wanted = ['bin/atelier', 'bin/package.json', 'dist/main.js', 'dist/catalogue/models.json', 'LICENSE'];
    assert.deepEqual(
      wanted.filter((path) => !existsSync(join(installed, path))),
      [],
    );
    const unwanted = ['src', 'test', 'bench', 'docs', 'package-lock.json', 'scripts/tasks.ts'];
    assert.deepEqual(
      unwanted.filter((path) => existsSync(join(installed, path))),
      [],
    );
  });

  test('starts, answers, and stops when told to', async (context) => {
    const { PATH = '', TMPDIR = '' } = process.env;
    const args = [join(installed, 'bin', 'atelier'), 'serve', '--port', '0', '--data-dir', join(folder, 'data')];
    const server = spawn(process.execPath, args, {
      cwd: folder,
      env: { PATH, TMPDIR },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    context.after(() => server.kill('SIGKILL'));
    const exit = once(server, 'exit');
    const [first] = await once(createInterface({ input: server.stdout }), 'line');
    const address = /http:\/\/\S+/.exec(String(first))?.[0];
    assert.ok(address !== undefined, `the first line names the address: ${first}`);
    const { statusCode, body } = await request(`${address}/health`);
    await body.dump();
    assert.equal(statusCode, 200);
    server.kill('SIGTERM');
    assert.deepEqual(await exit, [0, null]);
  });
});
