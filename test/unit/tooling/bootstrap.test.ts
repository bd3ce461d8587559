import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';

import { dependencyState, stampDependencies } from '../../../scripts/bootstrap/dependencies.mjs';
import { withLock } from '../../../scripts/bootstrap/lock.mjs';
import { makeFolder } from '../../../scripts/bootstrap/make-folder.mjs';
import { npmEnvironment } from '../../../scripts/bootstrap/npm.mjs';
import {
  executableIn,
  isSupported,
  minimumMajor,
  pathWith,
  pinnedVersion,
  runtimeFolders,
} from '../../../scripts/bootstrap/runtime.mjs';
import { findProgram } from '../../../scripts/bootstrap/start.mjs';

const root = resolve(import.meta.dirname, '../../..');

/** A process id that belongs to nobody: that of a process that has ended. */
function goneProcess(): string {
  return execFileSync(process.execPath, ['-p', 'process.pid'], { encoding: 'utf8', timeout: 60_000 }).trim();
}

describe('bootstrap', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'atelier-bootstrap-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  describe('the runtime', () => {
    test('Node 24 and newer run Atelier as they are, older ones do not', () => {
      const versions = ['18.0.0', '20.20.2', '23.11.1', '24.0.0', '26.10.0', '100.0.0'];
      assert.deepEqual(versions.map(isSupported), [false, false, false, true, true, true]);
    });

    test('the pinned version and the one that package.json asks for agree', () => {
      const { engines }: { engines: { node: string } } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
      assert.equal(engines.node, `>=${minimumMajor}`);
      assert.ok(isSupported(pinnedVersion));
    });

    test('lives in the cache folder of the user, else in the project', () => {
      const place = { home: '/home/ada', root: '/srv/atelier' };
      const name = `node-${pinnedVersion}`;
      assert.deepEqual(runtimeFolders({ environment: {}, ...place }), [
        join('/home/ada/.cache/atelier/runtime', name),
        join('/srv/atelier/.runtime', name),
      ]);
      const [first] = runtimeFolders({ environment: { XDG_CACHE_HOME: '/var/cache/ada' }, ...place });
      assert.equal(first, join('/var/cache/ada/atelier/runtime', name));
    });

    test('its folder comes first on the path, so that npm runs on it', () => {
      const executable = executableIn('/runtime', 'linux');
      assert.equal(executable, join('/runtime/node_modules/node/bin/node'));
      assert.equal(executableIn('/runtime', 'win32'), join('/runtime/node_modules/node/bin/node.exe'));
      assert.equal(pathWith(executable, '/usr/bin'), [dirname(executable), '/usr/bin'].join(delimiter));
    });
  });

  describe('a folder', () => {
    test('is made with those above it, and may be there already', () => {
      makeFolder(join(folder, 'a', 'b'));
      makeFolder(join(folder, 'a', 'b'));
      assert.ok(existsSync(join(folder, 'a', 'b')));
    });

    // Symptom: with XDG_CACHE_HOME in /proc a start on an old Node never ended. Cause: Node's recursive mkdir tries again for
    // ever where a folder cannot be made although its parent is there. Fix: one by one.
    const skip = existsSync('/proc/self') ? false : 'there is no /proc';
    test('that cannot be made is an error', { skip }, () => {
      const module = new URL('../../../scripts/bootstrap/make-folder.mjs', import.meta.url);
      const script = `import { makeFolder } from '${module.href}'; makeFolder('/proc/nope/cache')`;
      const args = ['--input-type=module', '--eval', script];
      const { status, stderr } = spawnSync(process.execPath, args, { timeout: 20_000, encoding: 'utf8' });
      assert.equal(status, 1, stderr);
      assert.match(stderr, /ENOENT.*mkdir '\/proc\/nope'/);
    });
  });

  describe('the dependencies', () => {
    beforeEach(() => writeFileSync(join(folder, 'package-lock.json'), '{"one":1}'));

    test('are missing without node_modules', () => {
      assert.equal(dependencyState(folder), 'missing');
    });

    test('count as changed until a whole install was stamped', () => {
      mkdirSync(join(folder, 'node_modules'));
      assert.equal(dependencyState(folder), 'changed');
      stampDependencies(folder);
      assert.equal(dependencyState(folder), 'current');
    });

    test('are changed when the lock file is', () => {
      mkdirSync(join(folder, 'node_modules'));
      stampDependencies(folder);
      writeFileSync(join(folder, 'package-lock.json'), '{"one":2}');
      assert.equal(dependencyState(folder), 'changed');
    });
  });

  describe('the lock', () => {
    test('lets one action run at a time', async () => {
      const path = join(folder, 'deep', 'lock');
      const order: string[] = [];
      const first = withLock(path, async () => {
        order.push('first starts');
        await Promise.resolve();
        order.push('first ends');
      });
      const second = withLock(path, async () => {
        order.push('second starts');
      });
      await Promise.all([first, second]);
      assert.deepEqual(order, ['first starts', 'first ends', 'second starts']);
      assert.equal(existsSync(path), false);
    });

    test('of a process that is gone is taken over', async () => {
      const path = join(folder, 'lock');
      writeFileSync(path, goneProcess());
      assert.equal(await withLock(path, async () => readFileSync(path, 'utf8')), String(process.pid));
    });

    /*
     * Symptom: a start that waited for ever. Cause: a lock whose process was killed before it had written its id, or whose id
     * belongs to another process by now, counted as held. Fix: neither does when it is older than it can be.
     */
    for (const [what, owner, age] of [
      ['that was never signed', '', 60],
      ['whose process id is of another process by now', String(process.ppid), 7_200],
    ] as const) {
      test(`${what} is taken over`, async () => {
        const path = join(folder, 'lock');
        writeFileSync(path, owner);
        const then = Date.now() / 1000 - age;
        utimesSync(path, then, then);
        assert.equal(await withLock(path, async () => readFileSync(path, 'utf8')), String(process.pid));
      });
    }

    test('is given back when the action fails', async () => {
      const path = join(folder, 'lock');
      await assert.rejects(
        withLock(path, async () => {
          throw new Error('no network');
        }),
        /no network/,
      );
      assert.equal(existsSync(path), false);
    });
  });

  describe('the inner npm', () => {
    test('keeps registry, proxy and certificates of the outer one, and none of its bookkeeping', () => {
      const environment = {
        PATH: '/bin',
        HTTPS_PROXY: 'http://proxy',
        npm_config_registry: 'https://mirror',
        npm_config_cafile: '/ca.pem',
        npm_config_prefix: '/outer',
        npm_config_local_prefix: '/outer',
        npm_config_dry_run: 'true',
        npm_package_name: 'outer',
        npm_lifecycle_event: 'start',
        npm_command: 'run-script',
      };
      assert.deepEqual(Object.keys(npmEnvironment(environment)), [
        'PATH',
        'HTTPS_PROXY',
        'npm_config_registry',
        'npm_config_cafile',
      ]);
    });
  });

  describe('the command', () => {
    test('runs the sources in a checkout, and what was built in a package', () => {
      assert.deepEqual(findProgram(folder), { kind: 'package', program: join(folder, 'dist', 'main.js') });
      mkdirSync(join(folder, 'src'));
      writeFileSync(join(folder, 'src', 'main.ts'), '');
      assert.deepEqual(findProgram(folder), { kind: 'checkout', program: join(folder, 'src', 'main.ts') });
    });

    test('tells its version without installing or loading anything', () => {
      const { version }: { version: string } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
      const options = { encoding: 'utf8', timeout: 60_000 } as const;
      const output = execFileSync(process.execPath, [join(root, 'bin', 'atelier'), '--version'], options);
      assert.equal(output, `${version}\n`);
    });
  });
});
