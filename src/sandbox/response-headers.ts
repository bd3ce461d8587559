import type { CallIdentity } from './identity.ts';

/** The headers that the platform's gateway has been seen to send (its web-search and RTOS pages, 2026-01 and 2026-03). */
export function responseHeaders(identity: CallIdentity, contentType: string): Record<string, string> {
  const cost = 20 + (Number.parseInt(identity.uuid.slice(0, 2), 16) % 80);
  return {
    ...(contentType === '' ? {} : { 'content-type': contentType }),
    'x-request-id': identity.uuid,
    'req-cost-time': String(cost),
    'req-arrive-time': String(identity.createdMs),
    'resp-start-time': String(identity.createdMs + cost),
    'x-envoy-upstream-service-time': String(cost - 1),
    server: 'istio-envoy',
    vary: 'Origin',
    'x-dashscope-call-gateway': 'true',
  };
}
