import type { IncomingHttpHeaders } from 'node:http';
import { GatewayError } from '../domain/gateway-error.ts';
import type { Principal } from '../domain/principal.ts';
import { parseKey } from '../governance/key-format.ts';
import type { Presentation } from '../governance/keyring.ts';
import type { Governance } from './dependencies.ts';
import { extend } from './stages.ts';
import type { Identified, Received } from './stages.ts';

type Access = Pick<Governance, 'keyring' | 'isOpen'>;

/** Key to Principal. Throws 401 for a wrong key, 403 for a web page that must not use an open gateway. */
export async function identify(received: Received, access: Access): Promise<Identified> {
  const { headers, remoteAddress: address, protocol, receivedAt: now } = received;
  return extend(received, { principal: await authenticate(headers, { address, protocol, now }, access) });
}

/** The principal behind the headers; `Authorization: Bearer` and `x-api-key` count alike on every surface. */
export async function authenticate(
  headers: IncomingHttpHeaders,
  presentation: Presentation,
  { keyring, isOpen }: Access,
): Promise<Principal> {
  const keys = presentedKeys(headers);
  // SDKs insist on some key: while the gateway is open, any text that is no key of ours is as good as none.
  if (!isOpen() || keys.some((key) => parseKey(key) !== undefined)) return keyring.identify(keys, presentation);
  refuseForeignPages(headers);
  return { kind: 'anonymous', id: 'anonymous' };
}

function presentedKeys(headers: IncomingHttpHeaders): string[] {
  const keys: string[] = [];
  const bearer = /^bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1];
  if (bearer) keys.push(bearer);
  const apiKey = headers['x-api-key'];
  if (typeof apiKey === 'string' && apiKey !== '') keys.push(apiKey);
  return keys;
}

/**
 * An open gateway trusts the machine, not every web page that the machine's browser shows: a page of another site can post
 * to loopback, and a DNS name that changes to 127.0.0.1 gets round the browser's origin check.
 */
function refuseForeignPages(headers: IncomingHttpHeaders): void {
  const origin = headers.origin;
  const foreign = origin !== undefined && origin !== 'null' ? !isLoopbackHost(hostOf(origin)) : origin === 'null';
  const host = headers.host ?? 'localhost';
  if (!foreign && (plainLoopback.test(host) || isLoopbackHost(hostOf(`http://${host}`)))) return;
  throw new GatewayError({
    status: 403,
    code: 'open_gateway_loopback_only',
    message:
      'This gateway has no key yet and answers only to this machine, not to web pages of other sites or other host names.',
    origin: 'gateway',
    fix: 'Set ATELIER_MASTER_KEY, or make a key with "atelier keys create", and send it with the request.',
  });
}

/** What nearly every client of an open gateway calls it. */
const plainLoopback = /^(?:localhost|127\.0\.0\.1)(?::\d{1,5})?$/;

function hostOf(url: string): string {
  return URL.parse(url)?.hostname ?? '';
}

/** True for the names under which a machine reaches itself. */
export function isLoopbackHost(host: string): boolean {
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host === '[::1]' ||
    host === '::1' ||
    /^127(?:\.\d{1,3}){3}$/.test(host)
  );
}
