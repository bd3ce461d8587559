import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { GatewayError } from '../domain/gateway-error.ts';
import type { Principal } from '../domain/principal.ts';
import type { PipelineDependencies } from './dependencies.ts';
import type { Identified, Received } from './stages.ts';

type Auth = Pick<PipelineDependencies, 'masterKeyDigest'>;

/** Key to Principal. Throws 401 for a wrong key, 403 for a web page that must not use an open gateway. */
export function identify(received: Received, auth: Auth): Identified {
  return { ...received, principal: authenticate(received.headers, auth) };
}

/** The principal behind the headers; `Authorization: Bearer` and `x-api-key` count alike on every surface. */
export function authenticate(headers: IncomingHttpHeaders, { masterKeyDigest }: Auth): Principal {
  if (!masterKeyDigest) {
    refuseForeignPages(headers);
    return { kind: 'anonymous', id: 'anonymous' };
  }
  const keys = presentedKeys(headers);
  if (keys.some((key) => timingSafeEqual(digestKey(key), masterKeyDigest))) return { kind: 'admin', id: 'master' };
  throw new GatewayError({
    status: 401,
    code: 'invalid_api_key',
    type: 'invalid_request_error',
    message: keys.length === 0 ? 'No API-key provided.' : 'Incorrect API key provided.',
    origin: 'client',
    fix: 'Send the key of this gateway as "Authorization: Bearer KEY" or "x-api-key: KEY".',
  });
}

export function digestKey(key: string): Buffer {
  return createHash('sha256').update(key).digest();
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
  if (!foreign && isLoopbackHost(hostOf(`http://${headers.host ?? 'localhost'}`))) return;
  throw new GatewayError({
    status: 403,
    code: 'open_gateway_loopback_only',
    message:
      'This gateway has no key yet and answers only to this machine, not to web pages of other sites or other host names.',
    origin: 'gateway',
    fix: 'Set ATELIER_MASTER_KEY and send it with the request.',
  });
}

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
