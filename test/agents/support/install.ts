import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { withLock } from '../../../scripts/bootstrap/lock.mjs';
import { runNpm } from '../../../scripts/bootstrap/npm.mjs';
import { pathWith } from '../../../scripts/bootstrap/runtime.mjs';
import { clientsFolder } from '../../e2e/support/clients-folder.ts';

/** An npm package at exactly one version, with the command it brings. */
export interface ClientPackage {
  package: string;
  version: string;
  command: string;
}

/** The path of the client's command; installs it first when this version is not there yet. Throws when npm cannot. */
export async function installed({ package: name, version, command }: ClientPackage): Promise<string> {
  const folder = join(clientsFolder, `${name.replace(/^@/, '').replaceAll('/', '-')}-${version}`);
  const stamp = join(folder, 'installed');
  const isThere = (): boolean => existsSync(stamp) && readFileSync(stamp, 'utf8') === version;
  if (!isThere()) {
    mkdirSync(folder, { recursive: true });
    await withLock(`${folder}.lock`, async () => {
      if (isThere()) return;
      await runNpm(['install', '--prefix', folder, '--save-exact', `${name}@${version}`], {
        cwd: folder,
        goal: `install ${name} ${version}`,
        path: pathWith(process.execPath, process.env['PATH'] ?? ''),
      });
      writeFileSync(stamp, version);
    });
  }
  return join(folder, 'node_modules', '.bin', command);
}

/** `PATH` of an agent: this Node first, since agents are scripts of their own. */
export function agentPath(): string {
  return [dirname(process.execPath), process.env['PATH'] ?? ''].join(':');
}
