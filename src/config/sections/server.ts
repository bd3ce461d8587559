import type * as z from 'zod';
import { bytes, integer, text } from '../kinds.ts';
import { section, setting } from '../setting.ts';

const hour = 3_600_000;

/** The listening side. */
export const serverSchema = section('Where the gateway listens, and its limits on what clients may send.', {
  host: setting(text().refine(isHost, { error: 'must be an IP address or a host name' }).default('127.0.0.1'), {
    description:
      'Address to listen on. On anything but a loopback address (127.0.0.1, ::1, localhost) keys are asked for. ' +
      '`0.0.0.0` or `::` listens on every network of the machine.',
    env: 'HOST',
    restart: true,
  }),
  port: setting(integer(0, 65_535).default(8080), {
    description: 'TCP port to listen on; 0 lets the system choose a free one.',
    env: 'PORT',
    restart: true,
  }),
  bodyLimitBytes: setting(bytes(1024, 2 ** 30).default(64 * 2 ** 20), {
    description: 'Largest request body; a larger one is answered with 413. Also written as `64MiB`.',
    env: 'ATELIER_BODY_LIMIT_BYTES',
    unit: 'bytes',
    restart: true,
  }),
  headersTimeoutMs: setting(integer(100, hour).default(15_000), {
    description: 'How long a client may take to send its request headers.',
    env: 'ATELIER_HEADERS_TIMEOUT_MS',
    unit: 'ms',
    restart: true,
  }),
  requestTimeoutMs: setting(integer(100, 24 * hour).default(120_000), {
    description: 'How long a client may take to send a whole request. It does not limit the answer.',
    env: 'ATELIER_REQUEST_TIMEOUT_MS',
    unit: 'ms',
    restart: true,
  }),
  keepAliveTimeoutMs: setting(integer(100, hour).default(75_000), {
    description: 'How long an idle connection of a client is kept open.',
    env: 'ATELIER_KEEP_ALIVE_TIMEOUT_MS',
    unit: 'ms',
    restart: true,
  }),
  backlog: setting(integer(1, 65_535).default(4096), {
    description: 'How many new connections may wait in the system before they are accepted.',
    env: 'ATELIER_BACKLOG',
    unit: 'connections',
    restart: true,
  }),
  sseKeepaliveSeconds: setting(integer(0, 3600).default(15), {
    description:
      'While the provider is silent before its first byte, a streaming client gets a comment line this often, ' +
      'so that nothing on the way closes the connection. 0 turns it off.',
    env: 'ATELIER_SSE_KEEPALIVE_SECONDS',
    unit: 's',
  }),
  shutdownGraceSeconds: setting(integer(0, 3600).default(30), {
    description: 'After SIGTERM or Ctrl-C, how long running requests may take to finish.',
    env: 'ATELIER_SHUTDOWN_GRACE_SECONDS',
    unit: 's',
  }),
});

export type ServerSection = z.output<typeof serverSchema>;

function isHost(host: string): boolean {
  return /^[0-9a-f:.]+(%\w+)?$/i.test(host) || /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i.test(host);
}
