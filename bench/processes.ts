import { execFile, spawn } from 'node:child_process';
import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { request } from 'undici';

import type { Server } from './bodies.ts';
import type { Load, LoadResult } from './load/patterns.ts';
import type { Placement } from './machine.ts';

const here = import.meta.dirname;

/** The peer that is measured beside Atelier; fetched for the run, not a dependency. */
export const peerPackage = '@portkey-ai/gateway@1.15.2';

/** Its command, in the folder that it is installed into. */
const peerCommand = 'node_modules/@portkey-ai/gateway/build/start-server.js';

/** Milliseconds that a server may take to answer for the first time. */
const readyTimeout = 60_000;

/** Where the processes of one run live and what they may use. */
export interface Stage {
  place: Placement;
  /** An empty folder: nothing in it changes what is measured. */
  folder: string;
}

/** A process of the benchmark that ends with it. */
export interface Running extends AsyncDisposable {
  pid: number;
}

export interface RunningServer extends Running {
  server: Server;
  /** Milliseconds from the start of the process to its first good answer. */
  ready: number;
}

/** Sends loads from a process of its own. */
export interface LoadGenerator {
  apply(load: Load): Promise<LoadResult>;
}

/** What an Atelier is started with beside the upstream. */
export interface AtelierSetup {
  /** How the report names it. */
  name: string;
  environment: Record<string, string>;
  /** What a call has to carry. */
  headers: Record<string, string>;
}

const plainSetup: AtelierSetup = { name: 'atelier', environment: {}, headers: {} };

/** The real command, with the upstream as its only provider, logging to a file. */
export async function startAtelier(stage: Stage, upstream: Server, setup = plainSetup): Promise<RunningServer> {
  const port = await freePort();
  const command = [...stage.place.server, process.execPath, resolve(here, '../bin/atelier'), 'serve'];
  const environment = {
    ...cleanEnvironment(),
    PORT: String(port),
    ATELIER_DATA_DIR: join(stage.folder, 'data'),
    OPENAI_API_KEY: 'bench',
    OPENAI_BASE_URL: `http://127.0.0.1:${upstream.port}/v1`,
    OPENAI_MODELS: 'bench-model',
    ...setup.environment,
  };
  const log = join(stage.folder, 'atelier.log');
  const began = performance.now();
  const running = start(command, { cwd: stage.folder, env: environment, stdio: logTo(log) });
  await answers(`http://127.0.0.1:${port}/health`, running.child, log);
  return { ...running, ready: performance.now() - began, server: { name: setup.name, port, headers: setup.headers } };
}

/** The bare proxy: what the runtime itself costs. */
export async function startProxy(stage: Stage, upstream: Server): Promise<RunningServer> {
  const port = await freePort();
  const program = [process.execPath, join(here, 'proxy.ts'), String(port), String(upstream.port)];
  const running = start([...stage.place.server, ...program], { stdio: ['ignore', 'pipe', 'inherit'] });
  if (running.child.stdout === null) throw new Error('the proxy has no output');
  await once(running.child.stdout, 'data');
  return { ...running, ready: 0, server: { name: 'bare proxy', port, headers: {} } };
}

export async function startPeer(stage: Stage, upstream: Server): Promise<RunningServer> {
  const folder = join(stage.folder, 'peer');
  // With the whole environment, which knows how packages are reached here; the peer itself runs without it.
  await promisify(execFile)('npm', ['install', '--no-audit', '--no-fund', '--prefix', folder, peerPackage]);
  const port = await freePort();
  const command = [...stage.place.server, process.execPath, join(folder, peerCommand), '--headless', `--port=${port}`];
  const environment = { ...cleanEnvironment(), TRUSTED_CUSTOM_HOSTS: '127.0.0.1,localhost', NODE_ENV: 'production' };
  const log = join(stage.folder, 'peer.log');
  const began = performance.now();
  const running = start(command, { cwd: stage.folder, env: environment, stdio: logTo(log) });
  await answers(`http://127.0.0.1:${port}/`, running.child, log);
  const headers = {
    authorization: 'Bearer bench',
    'x-portkey-provider': 'openai',
    'x-portkey-custom-host': `http://127.0.0.1:${upstream.port}/v1`,
  };
  return { ...running, ready: performance.now() - began, server: { name: peerPackage, port, headers } };
}

/** Both ends of what is measured: the upstream behind it and the load in front of it. */
export interface Ends extends AsyncDisposable {
  /** The upstream itself: what the load generator and the network cost. */
  upstream: Server;
  load: LoadGenerator;
}

export async function startEnds(stage: Stage): Promise<Ends> {
  const running = start([...stage.place.others, process.execPath, join(here, 'load', 'worker.ts')], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const { child } = running;
  const [port] = await once(child, 'message');
  return {
    upstream: { name: 'direct', port: Number(port), headers: {} },
    load: {
      apply(load) {
        return new Promise((done, fail) => {
          const onExit = () => fail(new Error('the load generator has ended'));
          child.once('exit', onExit);
          child.once('message', (result: LoadResult) => {
            child.off('exit', onExit);
            done(result);
          });
          child.send(load);
        });
      },
    },
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  };
}

function start([program = '', ...args]: string[], options: SpawnOptions): Running & { child: ChildProcess } {
  // A group of its own: a server may start further processes, and all of them have to end.
  const child = spawn(program, args, { ...options, detached: true });
  const { pid } = child;
  if (pid === undefined) throw new Error(`could not start ${program}`);
  const stopAll = () => stopGroup(pid, 'SIGKILL');
  process.once('exit', stopAll);
  return {
    child,
    pid,
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) {
        const exit = once(child, 'exit');
        stopGroup(pid, 'SIGTERM');
        const impatience = setTimeout(stopAll, 5000);
        await exit;
        clearTimeout(impatience);
      }
      stopAll();
      process.off('exit', stopAll);
    },
  };
}

function stopGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // The whole group has ended.
  }
}

/** Asks until the address answers with success; a failure tells what the process wrote last. */
async function answers(url: string, child: ChildProcess, log: string): Promise<void> {
  const deadline = performance.now() + readyTimeout;
  while (performance.now() < deadline && child.exitCode === null) {
    if (await answersNow(url)) return;
    await new Promise((done) => setTimeout(done, 2));
  }
  const end = child.exitCode === null ? `did not answer within ${readyTimeout} ms` : `ended with ${child.exitCode}`;
  throw new Error(`${child.spawnargs.join(' ')} ${end}\n${readFileSync(log, 'utf8').slice(-2000)}`);
}

async function answersNow(url: string): Promise<boolean> {
  try {
    const { statusCode, body } = await request(url);
    await body.dump();
    return statusCode === 200;
  } catch {
    return false;
  }
}

/** Settings of the machine's owner must not change what is measured. */
function cleanEnvironment(): Record<string, string> {
  const kept = ['PATH', 'HOME', 'XDG_CACHE_HOME', 'LANG'];
  return Object.fromEntries(
    kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
}

function logTo(path: string): ['ignore', number, number] {
  const file = openSync(path, 'a');
  return ['ignore', file, file];
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
