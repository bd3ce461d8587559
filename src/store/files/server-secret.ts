import { randomBytes } from 'node:crypto';
import { chmodSync, linkSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../make-folder.ts';

const bytes = 32;

/**
 * The secret that key hashes and sealed provider secrets depend on. It lives outside the database, in `server.secret` of
 * the data folder (mode 0600), and is created when missing. Nodes that share a database need the same file.
 */
export function serverSecret(dataDir: string): Buffer {
  const path = pathIn(dataDir);
  makeFolder(dataDir);
  return readSecret(path) ?? createSecret(path);
}

/**
 * Throws when the folder has no server secret although the database has keys: a new one would fit none of them, and every
 * client of this node would be told that its key is wrong.
 */
export function requireSecretOfKeys(dataDir: string): void {
  const path = pathIn(dataDir);
  if (statSync(path, { throwIfNoEntry: false }) !== undefined) return;
  throw new Error(
    `the database has keys, and ${path}, to which they belong, is missing.\n` +
      `${copyIt} If it is lost, no key works any more:\n` +
      '    run "atelier db adopt-secret", which makes a new one, then reset every key with "atelier keys reset ID"',
  );
}

/** What to say where the file is another one than the database's keys belong to. */
export function foreignSecret(dataDir: string): Error {
  return new Error(
    `${pathIn(dataDir)} is not the one that the database's keys belong to: each of them would be refused here.\n` +
      `${copyIt} If that one is lost, no key works any more:\n` +
      '    run "atelier db adopt-secret", which keeps this one, then reset every key with "atelier keys reset ID"',
  );
}

const copyIt = '    Copy server.secret from the data folder of another node, or from where the backup is.';

function pathIn(dataDir: string): string {
  return join(dataDir, 'server.secret');
}

function readSecret(path: string): Buffer | undefined {
  const stored = statSync(path, { throwIfNoEntry: false });
  if (stored === undefined) return undefined;
  if (!stored.isFile()) throw new Error(`${path} is not a file`);
  if ((stored.mode & 0o077) !== 0) chmodSync(path, 0o600);
  const secret = Buffer.from(readFileSync(path, 'utf8').trim(), 'hex');
  if (secret.length !== bytes) throw new Error(`${path} does not hold a server secret of ${bytes} bytes in hex`);
  return secret;
}

/** Written whole under another name first, then linked: of several processes that start at once one wins, and all read the same. */
function createSecret(path: string): Buffer {
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  writeFileSync(draft, `${randomBytes(bytes).toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
  try {
    linkSync(draft, path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    rmSync(draft);
  }
  const secret = readSecret(path);
  if (secret === undefined) throw new Error(`${path} could not be created`);
  return secret;
}
