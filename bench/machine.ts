import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';

/** Clock ticks per second of the figures in /proc; fixed at 100 by the Linux interface to programs. */
const ticksPerSecond = 100;

/** Which core a process of the benchmark may use. */
export interface Placement {
  /** Words to put before a command. */
  server: string[];
  others: string[];
  pinned: boolean;
}

/** The server has core 0 to itself; the upstream and the load generator share core 1. */
export function placement(): Placement {
  const canPin = availableParallelism() > 1 && spawnSync('taskset', ['-c', '0', 'true']).status === 0;
  if (!canPin) return { server: [], others: [], pinned: false };
  return { server: ['taskset', '-c', '0'], others: ['taskset', '-c', '1'], pinned: true };
}

/** Has a running process, and what it starts from now on, use a core of the placement. */
export function moveTo([, ...cores]: readonly string[], pid: number): void {
  if (cores.length > 0) spawnSync('taskset', ['--all-tasks', '--pid', ...cores, String(pid)], { stdio: 'ignore' });
}

export function describeMachine(): { cpu: string; cores: number; node: string; platform: string } {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
  };
}

/** Processor time that a process and its descendants have used, in microseconds; of living ones only. */
export function cpuMicroseconds(pid: number): number {
  return processTree(pid).reduce((sum, each) => sum + ownCpu(each), 0);
}

/** Resident memory of a process and its descendants, in bytes. */
export function residentBytes(pid: number): number {
  return processTree(pid).reduce((sum, each) => sum + ownResident(each), 0);
}

function ownCpu(pid: number): number {
  // The name stands in parentheses and may hold spaces: the fields are counted from behind it.
  const fields = read(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ') ?? [];
  const [user = '0', system = '0'] = fields.slice(11, 13);
  return ((Number(user) + Number(system)) / ticksPerSecond) * 1e6;
}

function ownResident(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(read(`/proc/${pid}/status`))?.[1] ?? 0) * 1024;
}

function processTree(pid: number): number[] {
  return [pid, ...childrenOf(pid).flatMap(processTree)];
}

function childrenOf(pid: number): number[] {
  return tasksOf(pid).flatMap((task) => {
    const list = read(`/proc/${pid}/task/${task}/children`).trim();
    return list === '' ? [] : list.split(' ').map(Number);
  });
}

function tasksOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

/** Empty for a process that has just ended. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
