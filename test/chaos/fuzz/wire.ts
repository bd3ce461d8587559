import type { Random } from './random.ts';

/** Headers that a client may send, with values that do not fit. */
export function oddHeaders(random: Random): Record<string, string> {
  const [name, values] = random.pick(headers);
  return { [name]: random.pick(values) };
}

const headers: readonly (readonly [string, readonly string[]])[] = [
  [
    'content-type',
    [
      '',
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data',
      'application/json; charset=utf-16',
      ';;;',
    ],
  ],
  ['content-encoding', ['gzip', 'br', 'zstd', 'deflate', 'compress', 'gzip, gzip', 'identity', '\u00ff']],
  ['accept', ['text/html', 'text/event-stream', '*/*;q=0', 'x'.repeat(4_000)]],
  ['accept-encoding', ['gzip, br', 'identity;q=0']],
  ['authorization', ['', 'Bearer', 'Bearer ', 'Basic eDp5', `Bearer ${'k'.repeat(8_000)}`, 'Bearer a b', '\u00e9']],
  ['x-api-key', ['', ' ', 'k'.repeat(8_000), '\u00e9']],
  ['anthropic-version', ['', '2023-06-01', '1', 'x'.repeat(3_000), '../..']],
  ['anthropic-beta', ['', 'a,b,,c', 'x'.repeat(10_000)]],
  ['x-request-id', ['', 'ok-1', 'a b', 'x'.repeat(500), '<script>']],
  ['traceparent', ['', '00-0-0-0', 'x'.repeat(600)]],
  ['origin', ['', 'null', 'https://example.com', 'http://localhost']],
  ['host', ['example.com', '[::1]', 'localhost:99999', 'a b', '127.0.0.1']],
  ['x-atelier-fit', ['off', 'on', '\u00e9']],
  ['x-sandbox', ['error=', 'error=no-such', 'length=-1', '[[', 'say="', 'length=9999999999999']],
  ['x-dashscope-sse', ['enable', '\u00e9']],
  ['x-dashscope-useragent', ['\u00e9'.repeat(100)]],
  ['idempotency-key', ['', 'x'.repeat(2_000), '\u00e9']],
  ['user-agent', ['', 'x'.repeat(5_000), 'curl/8', '\u00e9']],
  ['range', ['bytes=0-1']],
  ['if-none-match', ['*']],
];

export const oddMethods: readonly string[] = ['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND'];

/** Paths beside, around and beyond the right one. */
export const oddPaths: readonly ((path: string) => string)[] = [
  (path) => `${path}/`,
  (path) => `/${path}`,
  (path) => `/v1${path}`,
  (path) => `${path}?beta=true&model=${'x'.repeat(200)}`,
  (path) => `${path}?%ff=%`,
  (path) => `${path}#fragment`,
  (path) => path.replace('v1', 'v2'),
  (path) => path.toUpperCase(),
  (path) => `${path}%00`,
  (path) => `/${path.slice(1).replaceAll('/', '%2f')}`,
  (path) => `/../..${path}`,
  (path) => `/.${path}/.`,
  (path) => `${path};a=b`,
  (path) => `/v1/models/${path}`,
  () => '/v1/models/%E0%A4%A',
  () => `/v1/models/${'x'.repeat(3_000)}`,
  () => '/v1/models/__proto__',
  () => '/v1/models/constructor?limit=__proto__',
  () => '/v1/models?limit=-1&after_id=%00',
  () => `/${'a/'.repeat(2_000)}`,
  () => '/',
  () => '/health',
  () => '/health/ready',
  () => '/version',
  () => '/*',
];
