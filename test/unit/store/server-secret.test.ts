import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { serverSecret } from '../../../src/store/files/server-secret.ts';

it('a server secret that is no file is named', () => {
  const folder = mkdtempSync(join(tmpdir(), 'atelier-secret-'));
  try {
    mkdirSync(join(folder, 'server.secret'));
    assert.throws(() => serverSecret(folder), { message: `${join(folder, 'server.secret')} is not a file` });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
