import assert from 'node:assert/strict';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { WaitingFile } from '../../../src/store/files/waiting-file.ts';
import type { WaitingFileOptions } from '../../../src/store/files/waiting-file.ts';
import { temporaryFolder } from '../../contract/store-temp-folder.ts';

interface Note {
  id: string;
}

const note = (id: string): Note => ({ id });

/** The file of a process in a folder that does not exist yet. */
function setUp() {
  const { path, [Symbol.dispose]: remove } = temporaryFolder();
  const folder = join(path, 'waiting');
  const fileOf = (process: string, more: Partial<WaitingFileOptions> = {}) =>
    new WaitingFile<Note>({ folder, process, kind: 'calls', ...more });
  const pathOf = (process: string) => join(folder, `${process}.calls.jsonl`);
  /** Leaves notes as a process does that is killed. */
  const leave = async (process: string, ids: readonly string[]): Promise<void> => {
    const file = fileOf(process);
    for (const id of ids) file.note(note(id));
    await file.close();
  };
  const names = () => (existsSync(folder) ? readdirSync(folder).toSorted() : []);
  return { folder, fileOf, pathOf, leave, names, [Symbol.dispose]: remove };
}

/** What is left by others, by process; what is brought is gone afterwards. */
async function takeAll(file: WaitingFile<Note>): Promise<Record<string, string[]>> {
  const taken: Record<string, string[]> = {};
  const total = await file.bringLeft(async ({ process, notes }) => {
    taken[process] = notes.map(({ id }) => id);
    return notes.length;
  });
  assert.equal(total, Object.values(taken).flat().length);
  return taken;
}

suite('waiting file', () => {
  test('nothing is created before the first note, and nothing stays when nothing waits', async () => {
    using set = setUp();
    const file = set.fileOf('p');
    file.clear();
    assert.deepEqual(await takeAll(file), {});
    await file.close();
    assert.deepEqual(set.names(), []);
    file.note(note('a'));
    file.note(note('b'));
    await file.written();
    assert.equal(readFileSync(set.pathOf('p'), 'utf8'), '{"id":"a"}\n{"id":"b"}\n');
    assert.equal(statSync(set.pathOf('p')).mode & 0o777, 0o600);
    assert.equal(statSync(set.folder).mode & 0o777, 0o700);
    file.clear();
    await file.written();
    assert.equal(existsSync(set.pathOf('p')), false);
    file.note(note('c'));
    await file.written();
    assert.equal(readFileSync(set.pathOf('p'), 'utf8'), '{"id":"c"}\n');
    file.clear();
    await file.close();
    assert.deepEqual(set.names(), []);
  });

  test('what is cleared before it was written is never written', async () => {
    using set = setUp();
    const file = set.fileOf('p');
    file.note(note('a'));
    file.clear();
    file.note(note('b'));
    await file.written();
    assert.equal(readFileSync(set.pathOf('p'), 'utf8'), '{"id":"b"}\n');
    await file.close();
  });

  test('what several processes left is brought and removed, each once', async () => {
    using set = setUp();
    await set.leave('p', ['a', 'b']);
    await set.leave('q', ['c']);
    const file = set.fileOf('r');
    assert.deepEqual(await takeAll(file), { p: ['a', 'b'], q: ['c'] });
    assert.deepEqual(await takeAll(file), {});
    assert.deepEqual(set.names(), []);
  });

  test('files of living processes, of this one and of another kind are left alone', async () => {
    using set = setUp();
    const living = set.fileOf('living');
    living.note(note('a'));
    await living.written();
    const other = set.fileOf('dead', { kind: 'usage' });
    other.note(note('b'));
    await other.close();
    const own = set.fileOf('own');
    own.note(note('c'));
    await own.written();
    assert.deepEqual(await takeAll(own), {});
    await living.close();
    assert.deepEqual(await takeAll(own), { living: ['a'] });
    await own.close();
    assert.deepEqual(set.names(), ['dead.usage.jsonl', 'dead.usage.lock', 'own.calls.jsonl', 'own.calls.lock']);
  });

  test('a file from which one is bringing is left alone by the others', async () => {
    using set = setUp();
    await set.leave('p', ['a']);
    const brought = await set.fileOf('q').bringLeft(async () => {
      assert.deepEqual(await takeAll(set.fileOf('r')), {});
      return 1;
    });
    assert.equal(brought, 1);
  });

  test('a last line that was cut off is left out, and what is added goes on a line of its own', async () => {
    using set = setUp();
    await set.leave('p', ['a']);
    appendFileSync(set.pathOf('p'), '{"id":"b');
    const file = set.fileOf('q');
    const failing = file.bringLeft(async ({ notes, add }) => {
      assert.deepEqual(notes, [note('a')]);
      await add(note('c'));
      throw new Error('away');
    });
    await assert.rejects(failing, /away/);
    assert.deepEqual(await takeAll(file), { p: ['a', 'c'] });
  });

  test('a file that cannot be written is named, and is written as soon as it can be', async () => {
    using set = setUp();
    writeFileSync(set.folder, 'in the way');
    const file = set.fileOf('p', { retryMs: 10 });
    assert.equal(file.problem, undefined);
    file.note(note('a'));
    await file.written();
    assert.match(
      file.problem ?? '',
      /p\.calls\.jsonl cannot be written: the folder .* is a file where a folder is needed/,
    );
    rmSync(set.folder);
    mkdirSync(set.folder);
    while (file.problem !== undefined) await new Promise((resolve) => setTimeout(resolve, 10));
    assert.equal(readFileSync(set.pathOf('p'), 'utf8').trim(), '{"id":"a"}');
    await file.close();
  });

  test('beyond its limit nothing is noted until it is cleared', async () => {
    using set = setUp();
    const file = set.fileOf('p', { limitBytes: 25 });
    for (const id of ['a', 'b', 'c']) file.note(note(id));
    await file.written();
    assert.match(file.problem ?? '', /limit of 25 bytes/);
    assert.equal(readFileSync(set.pathOf('p'), 'utf8'), '{"id":"a"}\n{"id":"b"}\n');
    file.clear();
    file.note(note('d'));
    await file.written();
    assert.equal(file.problem, undefined);
    assert.equal(readFileSync(set.pathOf('p'), 'utf8'), '{"id":"d"}\n');
    await file.close();
  });
});
