import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { installedServices, startPostgres, startRedis } from '../../scripts/services.ts';

/** Why the tests of a server cannot run here; false when they can. */
export const withoutPostgres = reason('ATELIER_TEST_POSTGRES_URL', installedServices().postgres);
export const withoutRedis = reason('ATELIER_TEST_REDIS_URL', installedServices().redis);

function reason(variable: string, installed: boolean): string | false {
  return process.env[variable] !== undefined || installed ? false : 'not installed: node scripts/services.ts install';
}

/** Started once for all test files of a process, ended with it; or the servers that the environment names. */
const servers = {
  postgres: once(async () => process.env['ATELIER_TEST_POSTGRES_URL'] ?? (await startPostgres()).url),
  redis: once(async () => process.env['ATELIER_TEST_REDIS_URL'] ?? (await startRedis()).url),
};

function once<T>(start: () => Promise<T>): () => Promise<T> {
  let started: Promise<T> | undefined;
  return () => (started ??= start());
}

/** A database of a test. */
export interface TemporaryPostgres extends AsyncDisposable {
  url: string;
  /** Ends all connections to it and takes no new ones, or takes them again. */
  setAway(away: boolean): Promise<void>;
}

/** A new empty database, dropped with the scope. */
export async function temporaryPostgres(): Promise<TemporaryPostgres> {
  const server = await servers.postgres();
  const name = `test_${randomBytes(6).toString('hex')}`;
  await query(server, `create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    setAway: async (away) => {
      await query(server, `alter database ${name} with allow_connections ${!away}`);
      if (away) await query(server, `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`);
    },
    [Symbol.asyncDispose]: () => query(server, `drop database ${name} with (force)`),
  };
}

async function query(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(text);
  await client.end();
}

/** The server, and a prefix for keys that nobody else uses. */
export async function temporaryRedis(): Promise<{ url: string; prefix: string }> {
  return { url: await servers.redis(), prefix: `test-${randomBytes(6).toString('hex')}:` };
}
