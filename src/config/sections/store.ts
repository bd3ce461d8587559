import { text } from '../kinds.ts';
import { section, setting } from '../setting.ts';

// These messages do not repeat the value: it may hold a password.
const databaseError = 'has to be sqlite:, sqlite:FILE or postgres://USER:PASSWORD@HOST/DATABASE';
const redisError = 'has to be redis://HOST:PORT, or rediss:// for TLS';

/** Where things are kept. */
export const storeSchema = section('Where keys, plans, quotas and usage are kept.', {
  databaseUrl: setting(text().refine(isDatabaseUrl, { error: databaseError }).default('sqlite:'), {
    description:
      '`sqlite:` is `atelier.db` in the data folder; `sqlite:FILE` another file, a relative path being below that folder. ' +
      'Several nodes share a `postgres://` URL.',
    env: 'ATELIER_DATABASE_URL',
    restart: true,
  }),
  redisUrl: setting(text().refine(isRedisUrl, { error: redisError }).exactOptional(), {
    description: 'A Redis that several nodes count quotas in: faster than the database alone.',
    env: 'ATELIER_REDIS_URL',
    restart: true,
  }),
});

function isDatabaseUrl(url: string): boolean {
  return /^sqlite:(?!\/\/)/.test(url) || (/^postgres(?:ql)?:\/\//.test(url) && hasHost(url));
}

function isRedisUrl(url: string): boolean {
  return /^rediss?:\/\//.test(url) && hasHost(url);
}

function hasHost(url: string): boolean {
  return URL.canParse(url) && new URL(url).hostname !== '';
}
