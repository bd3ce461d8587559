import { GatewayError } from '../domain/gateway-error.ts';
import type { UpstreamResponse } from '../upstream/transport.ts';

type Head = Pick<UpstreamResponse, 'status' | 'headers'>;

/** What an answer shows by its head alone to be no answer of an API, so that sending again would not help either. */
export function unusableAnswer(head: Head): GatewayError | undefined {
  if (head.status >= 300 && head.status < 400) return redirected(head);
  const encoding = foreignEncoding(head);
  return encoding !== undefined && head.status < 300 ? encoded(encoding) : undefined;
}

/** The `content-encoding` of a body that cannot be read: calls say nothing about encodings, and providers then send none. */
export function foreignEncoding({ headers }: Head): string | undefined {
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? '';
  return encoding === '' || encoding === 'identity' ? undefined : encoding.slice(0, 64);
}

/** A redirect is not followed: it would carry the key to another host. */
function redirected({ status, headers }: Head): GatewayError {
  // What follows the path is the host's own affair, and may be a secret.
  const place = headers['location']?.split(/[?#]/, 1)[0]?.slice(0, 200);
  return new GatewayError({
    status: 502,
    code: 'upstream_redirect',
    message: `The provider answered with a redirect (status ${status}${place ? ` to ${place}` : ''}), which is not followed.`,
    origin: 'provider',
    fix: "Check the provider's base URL: scheme, host and path must be those of its API.",
  });
}

function encoded(encoding: string): GatewayError {
  return new GatewayError({
    status: 502,
    code: 'upstream_encoded_answer',
    message: `The provider answered in the encoding ${encoding}, which was not asked for.`,
    origin: 'provider',
    fix: "Check the provider's base URL, and switch compression off in a proxy between it and the gateway.",
  });
}
