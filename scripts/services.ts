import { execFileSync, spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Postgres and Redis for tests, on free ports of this machine and in folders of their own, as Debian packages them.
 * `node scripts/services.ts install` installs what is missing (as root, by apt-get); `node scripts/services.ts run
 * COMMAND ...` runs a command with both in `ATELIER_TEST_POSTGRES_URL` and `ATELIER_TEST_REDIS_URL`.
 */

/** A running server. */
export interface Service {
  url: string;
  /** The server's own process, for tests that stop it for a while. */
  pid: number;
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** The folder of a server's programs; undefined when it is not installed. */
function postgresPrograms(): string | undefined {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).toSorted((a, b) => Number(b) - Number(a)) : [];
  return versions.map((version) => join(root, version, 'bin')).find((folder) => existsSync(join(folder, 'initdb')));
}

function isInstalled(program: string): boolean {
  return spawnSync('which', [program], { stdio: 'ignore' }).status === 0;
}

/** Which of the two can be started here. */
export function installedServices(): { postgres: boolean; redis: boolean } {
  return { postgres: postgresPrograms() !== undefined, redis: isInstalled('redis-server') };
}

/** Installs what is missing. Throws when that cannot be done here. */
export function installServices(): void {
  const { postgres, redis } = installedServices();
  const missing = [...(postgres ? [] : ['postgresql']), ...(redis ? [] : ['redis-server'])];
  if (missing.length === 0) return;
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const aptGet = (...parameters: string[]) =>
    execFileSync('apt-get', ['-qq', ...parameters], { env: environment, stdio: ['ignore', 'ignore', 'inherit'] });
  aptGet('update');
  aptGet('install', '--yes', '--no-install-recommends', ...missing);
}

/** Postgres refuses to run as root: it gets the user that its package made. */
function postgresUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/** Starts an empty Postgres. What it stores is not safe against a crash of the machine, which makes it fast. */
export async function startPostgres(): Promise<Service> {
  const programs = postgresPrograms();
  if (programs === undefined) throw new Error('Postgres is not installed: node scripts/services.ts install');
  const user = postgresUser();
  const folder = mkdtempSync(join(tmpdir(), 'atelier-postgres-'));
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  execFileSync(
    join(programs, 'initdb'),
    ['-D', data, '-U', 'atelier', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'],
    { ...user, cwd: folder, stdio: 'ignore' },
  );
  const port = await freePort();
  const settings = [
    'listen_addresses=127.0.0.1',
    `unix_socket_directories=${folder}`,
    'fsync=off',
    'max_connections=200',
  ];
  const child = spawn(
    join(programs, 'postgres'),
    ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
    { ...user, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  await saying(child, child.stderr, 'ready to accept connections');
  const url = `postgres://atelier@127.0.0.1:${port}/postgres`;
  return service(child, { url, folder, signal: 'SIGINT' });
}

/** Starts an empty Redis that writes nothing to disk. */
export async function startRedis(port?: number): Promise<Service> {
  const folder = mkdtempSync(join(tmpdir(), 'atelier-redis-'));
  const chosen = port ?? (await freePort());
  const child = spawn(
    'redis-server',
    ['--port', String(chosen), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder],
    { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] },
  );
  await saying(child, child.stdout, 'Ready to accept connections');
  return service(child, { url: `redis://127.0.0.1:${chosen}`, folder, signal: 'SIGTERM' });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Resolves when the process writes the words; rejects with what it wrote when it ends before. */
function saying(child: ChildProcess, stream: NodeJS.ReadableStream, words: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    stream.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-10_000);
      if (said.includes(words)) resolve();
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`a server ended with ${code}: ${said}`)));
  });
}

function service(child: ChildProcess, options: { url: string; folder: string; signal: NodeJS.Signals }): Service {
  const remove = (): void => rmSync(options.folder, { recursive: true, force: true });
  const kill = (): void => {
    child.kill('SIGKILL');
    remove();
  };
  // Whoever started it must not wait for it, and not leave it behind.
  child.unref();
  for (const stream of [child.stdout, child.stderr]) {
    if (stream !== null && 'unref' in stream && typeof stream.unref === 'function') stream.unref();
  }
  process.once('exit', kill);
  const stop = async (): Promise<void> => {
    process.off('exit', kill);
    child.ref();
    const ended = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
    // A test may have left it stopped, and a stopped process hears no other signal.
    child.kill('SIGCONT');
    child.kill(options.signal);
    await ended;
    remove();
  };
  return { url: options.url, pid: child.pid ?? 0, stop, [Symbol.asyncDispose]: stop };
}

/** Says in one line what failed: what apt-get had to say stands above it. */
function install(): number {
  try {
    installServices();
    return 0;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return 1;
  }
}

async function runWithServices([command, ...parameters]: readonly string[]): Promise<number> {
  if (command === undefined) throw new Error('usage: node scripts/services.ts run COMMAND ...');
  const services = await Promise.all([startPostgres(), startRedis()]);
  try {
    const [postgres, redis] = services;
    const child = spawn(command, parameters, {
      stdio: 'inherit',
      env: { ...process.env, ATELIER_TEST_POSTGRES_URL: postgres.url, ATELIER_TEST_REDIS_URL: redis.url },
    });
    const [code] = await once(child, 'exit');
    return typeof code === 'number' ? code : 1;
  } finally {
    await Promise.all(services.map((running) => running.stop()));
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [task, ...parameters] = process.argv.slice(2);
  if (task === 'install') process.exitCode = install();
  else if (task === 'run') process.exitCode = await runWithServices(parameters);
  else throw new Error('usage: node scripts/services.ts install | run COMMAND ...');
}
