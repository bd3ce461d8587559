import type { Endpoint, Provider } from '../domain/provider.ts';
import type { Received } from './stages.ts';

type FromClient = Pick<Received, 'headers'>;

/** The headers of a call: the client's that mean something there, the endpoint's own, and that the body is JSON. Secret. */
export function upstreamHeaders(
  request: FromClient,
  { endpoint, provider, version }: { endpoint: Endpoint; provider: Provider; version: string },
): Record<string, string> {
  return {
    ...forwardedHeaders(request, provider, version),
    ...endpoint.headers,
    ...(provider.quirks.isAnthropic === true ? pick(request, anthropicOnly) : {}),
    'content-type': 'application/json',
  };
}

/** Headers of the client that mean something upstream. The user agent is passed on as it is: no client is disguised. */
const forwarded = ['traceparent', 'tracestate', 'idempotency-key'] as const;
/** The client's own version and betas count more than the vendor's default. */
const anthropicOnly = ['anthropic-version', 'anthropic-beta'] as const;

function forwardedHeaders(request: FromClient, provider: Provider, version: string): Record<string, string> {
  const { headers } = request;
  const result: Record<string, string> = {
    'user-agent': headers['user-agent'] ?? `atelier/${version}`,
    ...pick(request, forwarded),
    // Directives for the embedded sandbox, in place of those in the message.
    ...(provider.standIn === true && pick(request, ['x-sandbox'])),
  };
  if (provider.quirks.dashscopeHeaders !== true) return result;
  for (const name in headers) {
    const value = headers[name];
    if (name.startsWith('x-dashscope-') && typeof value === 'string') result[name] = value;
  }
  return result;
}

function pick({ headers }: FromClient, names: readonly string[]): Record<string, string> {
  const picked: Record<string, string> = {};
  for (const name of names) {
    const value = headers[name];
    if (typeof value === 'string') picked[name] = value;
  }
  return picked;
}
