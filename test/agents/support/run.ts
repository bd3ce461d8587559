import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { agentPath } from './install.ts';

export interface AgentCall {
  /** The absolute path of the program. */
  command: string;
  args: readonly string[];
  env: Readonly<Record<string, string>>;
  /** Files of the agent's home, by their path below it. */
  home: Readonly<Record<string, string>>;
  /** After so many milliseconds the agent and all its children are ended. */
  limitMs: number;
}

export interface AgentEnd {
  /** The exit code; null when the agent had to be ended. */
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs an agent without a person, in a home and a folder of its own that are gone afterwards. */
export async function runAgent({ command, args, env, home, limitMs }: AgentCall): Promise<AgentEnd> {
  const folder = mkdtempSync(join(tmpdir(), 'atelier-agent-'));
  const work = join(folder, 'work');
  mkdirSync(work);
  for (const [path, text] of Object.entries(home)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  try {
    return await run(command, args, { cwd: work, env: { ...plainEnvironment(folder), ...env }, limitMs });
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Nothing of the person's own settings and keys. */
function plainEnvironment(home: string): Record<string, string> {
  return { PATH: agentPath(), HOME: home, TERM: 'dumb', LANG: 'C.UTF-8', NO_COLOR: '1' };
}

function run(
  command: string,
  args: readonly string[],
  { cwd, env, limitMs }: { cwd: string; env: Record<string, string>; limitMs: number },
): Promise<AgentEnd> {
  return new Promise((resolve, reject) => {
    // A process group of its own, so that its children can be ended with it.
    const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const timer = setTimeout(() => endGroup(child.pid), limitMs);
    const output = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
    child.once('error', reject);
    child.once('exit', (code) => {
      clearTimeout(timer);
      endGroup(child.pid);
      child.once('close', () => resolve({ code, ...output }));
    });
  });
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The group is gone already.
  }
}
