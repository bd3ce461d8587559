import { join } from 'node:path';
import { request } from 'undici';

import { installedServices, startPostgres, startRedis } from '../scripts/services.ts';
import type { Server } from './bodies.ts';
import { fillStore } from './fill.ts';
import { moveTo } from './machine.ts';
import { Meter, say } from './measure.ts';
import type { Bench } from './measure.ts';
import { startAtelier } from './processes.ts';
import type { AtelierSetup } from './processes.ts';
import type { ServerReport } from './report.ts';

const masterKey = 'master-key-of-the-bench';

/** Windows as the plans on sale have them, too large to be used up. */
const plan = {
  windows: ['rolling 5h', 'week', 'month'].map((period) => ({ period, limit: 1e12 })),
  coding_agents_only: true,
};

/** Where accounts are kept. */
interface StoreSetup {
  /** How the report names it. */
  name: string;
  dataDir: string;
  databaseUrl: string;
  redisUrl?: string;
}

/** What was measured with a plan key, and why something was not. */
export interface Accounts {
  servers: ServerReport[];
  notes: string[];
}

/** The small request under a plan key on every store that this machine has, then again among `keys` others. */
export async function measureAccounts(bench: Bench, keys: number): Promise<Accounts> {
  const dataDir = join(bench.stage.folder, 'data-sqlite');
  const servers = await measureStore(bench, { name: 'plan key, SQLite', dataDir, databaseUrl: 'sqlite:' }, keys);
  const missing = Object.entries(installedServices()).flatMap(([name, installed]) => (installed ? [] : [name]));
  if (missing.length > 0) {
    const note = `Not measured with Postgres and Redis: no ${missing.join(', no ')} here (node scripts/services.ts install).`;
    return { servers, notes: [note] };
  }
  try {
    servers.push(...(await measureServices(bench, keys)));
    return { servers, notes: [] };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { servers, notes: [`Not measured with Postgres and Redis: ${reason.slice(0, 500)}`] };
  }
}

async function measureServices(bench: Bench, keys: number): Promise<ServerReport[]> {
  await using postgres = await startPostgres();
  await using redis = await startRedis();
  for (const { pid } of [postgres, redis]) moveTo(bench.stage.place.others, pid);
  const dataDir = join(bench.stage.folder, 'data-postgres');
  const name = 'plan key, Postgres and Redis';
  return await measureStore(bench, { name, dataDir, databaseUrl: postgres.url, redisUrl: redis.url }, keys);
}

async function measureStore(bench: Bench, store: StoreSetup, keys: number): Promise<ServerReport[]> {
  say(store.name);
  const setup = await withPlanKey(bench, store);
  const servers = [await measureSetup(bench, setup)];
  if (keys > 0) {
    say(`${store.name}: filling in ${keys} keys`);
    await fillStore(store, keys);
    servers.push(await measureSetup(bench, { ...setup, name: `${store.name}, ${keys} keys` }));
  }
  return servers;
}

/** Has a gateway make the store, a plan and a key under it; the setup of those that are to be measured. */
async function withPlanKey({ stage, upstream }: Bench, store: StoreSetup): Promise<AtelierSetup> {
  const setup = {
    name: store.name,
    environment: {
      ATELIER_MASTER_KEY: masterKey,
      ATELIER_DATA_DIR: store.dataDir,
      ATELIER_DATABASE_URL: store.databaseUrl,
      ...(store.redisUrl !== undefined && { ATELIER_REDIS_URL: store.redisUrl }),
    },
  };
  await using running = await startAtelier(stage, upstream, { ...setup, headers: {} });
  await administer(running.server, { method: 'PUT', path: 'plans/bench', body: plan });
  const subscription = { owner: 'bench', plan: 'bench' };
  const { key } = await administer(running.server, { method: 'POST', path: 'subscriptions', body: subscription });
  return {
    ...setup,
    headers: { authorization: `Bearer ${key?.secret}`, 'user-agent': 'claude-cli/2.0.0 (external, cli)' },
  };
}

interface Change {
  method: 'PUT' | 'POST';
  /** Below `/admin/api`. */
  path: string;
  body: object;
}

async function administer({ port }: Server, { method, path, body }: Change): Promise<{ key?: { secret: string } }> {
  const answer = await request(`http://127.0.0.1:${port}/admin/api/${path}`, {
    method,
    headers: { authorization: `Bearer ${masterKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await answer.body.text();
  if (answer.statusCode >= 300) throw new Error(`${method} ${path} was answered with ${answer.statusCode}: ${text}`);
  return JSON.parse(text);
}

async function measureSetup(bench: Bench, setup: AtelierSetup): Promise<ServerReport> {
  const { stage, upstream, proxy, load, effort } = bench;
  const ready: number[] = [];
  for (let count = 0; count < effort.starts; count += 1) {
    await using server = await startAtelier(stage, upstream, setup);
    ready.push(Math.round(server.ready));
  }
  await using server = await startAtelier(stage, upstream, setup);
  const meter = new Meter(server, load, effort);
  const idleMegabytes = meter.resident();
  await meter.warmUp();
  const throughput = [await meter.againstProxy(new Meter(proxy, load, effort))];
  const fixedRate = await meter.fixedRate();
  return { name: setup.name, throughput, fixedRate, openStreams: [], idleMegabytes, ready };
}
