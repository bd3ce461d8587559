import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { FolderError, makeFolder } from '../../../src/store/make-folder.ts';

describe('makeFolder', () => {
  let root: string;
  before(() => {
    root = mkdtempSync(join(tmpdir(), 'atelier-folder-'));
  });
  after(() => rmSync(root, { recursive: true, force: true }));

  it('makes what is missing, each with its mode, and leaves what is there', () => {
    const mode = (path: string) => statSync(path).mode & 0o777;
    mkdirSync(join(root, 'there'), { mode: 0o755 });
    const folder = join(root, 'there', 'ein Ordner', '数据');
    makeFolder(folder, 0o700);
    makeFolder(folder, 0o711);
    assert.deepEqual([folder, join(folder, '..'), join(root, 'there')].map(mode), [0o700, 0o700, 0o755]);
  });

  it('follows a link to a folder', () => {
    mkdirSync(join(root, 'target'));
    symlinkSync('target', join(root, 'link'));
    makeFolder(join(root, 'link', 'new'));
    assert.ok(statSync(join(root, 'target', 'new')).isDirectory());
  });

  const long = 'x'.repeat(300);
  const refused: { what: string; prepare?: (root: string) => void; path: string; code: string; says: string }[] = [
    {
      what: 'is a file',
      prepare: (folder) => writeFileSync(join(folder, 'file'), ''),
      path: 'file',
      code: 'ENOTDIR',
      says: 'the folder ROOT/file cannot be made: it is a file where a folder is needed',
    },
    {
      what: 'is below a file',
      prepare: (folder) => writeFileSync(join(folder, 'above'), ''),
      path: 'above/b/c',
      code: 'ENOTDIR',
      says: 'the folder ROOT/above/b/c cannot be made: ROOT/above is a file where a folder is needed',
    },
    {
      what: 'is a link in a circle',
      prepare: (folder) => symlinkSync('loop', join(folder, 'loop')),
      path: 'loop',
      code: 'ELOOP',
      says: 'the folder ROOT/loop cannot be made: it is a link that leads in a circle',
    },
    {
      what: 'is below a link to nothing',
      prepare: (folder) => symlinkSync('nowhere', join(folder, 'dangling')),
      path: 'dangling/b',
      code: 'EEXIST',
      says: 'the folder ROOT/dangling/b cannot be made: ROOT/dangling is a link to a folder that is not there',
    },
    {
      what: 'has a name that is too long',
      path: long,
      code: 'ENAMETOOLONG',
      says: `the folder ${'ROOT'}/${long} cannot be made: it is a longer name than the system allows`,
    },
  ];
  for (const { what, prepare, path, code, says } of refused) {
    it(`refuses what ${what}`, () => {
      prepare?.(root);
      const expected = says.replaceAll('ROOT', root).replace(join(root, long), `${join(root, long).slice(0, 200)}...`);
      assert.throws(
        () => makeFolder(join(root, path)),
        (error) => {
          assert.ok(error instanceof FolderError);
          assert.deepEqual([error.message, error.code, error.folder], [expected, code, join(root, path)]);
          // Commands show the innermost cause of an error.
          assert.equal(error.cause, undefined);
          return true;
        },
      );
    });
  }

  const skip = process.getuid?.() === 0 ? 'the superuser may write everywhere' : false;
  it('names the folder above that may not be written', { skip }, () => {
    const closed = join(root, 'closed');
    mkdirSync(closed);
    chmodSync(closed, 0o500);
    const message = `the folder ${closed}/new cannot be made: ${closed} may not be written by this user`;
    assert.throws(() => makeFolder(join(closed, 'new')), { message, code: 'EACCES' });
  });
});
