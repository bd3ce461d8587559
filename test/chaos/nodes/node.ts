import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Pool } from 'undici';
import { isObject } from '../../../src/domain/json.ts';
import type { JsonObject } from '../../../src/domain/json.ts';

const main = fileURLToPath(new URL('../../../src/main.ts', import.meta.url));

/** Of every node of the tests. */
export const masterKey = 'master-key-of-the-test';

/** Connections to one node: as many requests are under way at once. */
const connections = 400;

export interface Answer {
  status: number;
  headers: Readonly<Record<string, string>>;
  text: string;
  /** The text when it is a JSON object, else empty. */
  body: JsonObject;
}

export interface Call {
  key?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

/** A gateway that runs as a process of its own. */
export interface GatewayNode extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`. */
  url: string;
  /** `GET /path`, with the master key unless another is named. */
  ask(call: string, options?: Call): Promise<Answer>;
  /** Ends it as a crash would: at once and without a word. */
  kill(): Promise<void>;
  /** Ends it with SIGTERM, as an operator does. */
  stop(): Promise<void>;
}

/** Starts `atelier serve` on a free port, configured by these variables and nothing else; resolves when it listens. */
export async function startNode(env: Record<string, string>): Promise<GatewayNode> {
  const cwd = await mkdtemp(join(tmpdir(), 'atelier-node-'));
  const { PATH = '', TMPDIR = '' } = process.env;
  const own = { PATH, TMPDIR, ATELIER_MASTER_KEY: masterKey, ATELIER_OLLAMA_AUTO_DETECT: 'false' };
  const child = spawn(process.execPath, [main, 'serve', '--port', '0'], {
    cwd,
    env: { ...own, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    await exited;
  };
  let said = '';
  const url = await new Promise<string>((resolve, reject) => {
    const note = (chunk: Buffer): void => {
      said = (said + chunk.toString()).slice(-10_000);
      const match = /^Atelier \S+ on (http:\/\/127\.0\.0\.1:\d+)$/m.exec(said);
      if (match?.[1] !== undefined) resolve(match[1]);
    };
    child.stdout.on('data', note);
    child.stderr.on('data', note);
    child.once('exit', () => reject(new Error(`a node did not start: ${said}`)));
  });
  const pool = new Pool(url, { connections, headersTimeout: 30_000, bodyTimeout: 30_000 });
  return {
    url,
    ask: (call, options) =>
      ask(pool, call, options).catch((cause: unknown) => {
        throw new Error(`${call} was not answered by a node that last said: ${said.slice(-2_000)}`, { cause });
      }),
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
    async [Symbol.asyncDispose]() {
      await pool.destroy();
      await end('SIGKILL');
      rmSync(cwd, { recursive: true, force: true });
    },
  };
}

async function ask(pool: Pool, call: string, { key = masterKey, body, headers = {} }: Call = {}): Promise<Answer> {
  const [method = 'GET', path = ''] = call.split(' ');
  const answer = await pool.request({
    method,
    path,
    headers: {
      authorization: `Bearer ${key}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    body: body === undefined ? null : JSON.stringify(body),
  });
  const text = await answer.body.text();
  const parsed: unknown = text.startsWith('{') ? JSON.parse(text) : undefined;
  const entries = Object.entries(answer.headers).map(([name, value]) => [name, String(value)] as const);
  return {
    status: answer.statusCode,
    headers: Object.fromEntries(entries),
    text,
    body: isObject(parsed) ? parsed : {},
  };
}
