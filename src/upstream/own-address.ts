import type { Provider } from '../domain/provider.ts';
import { envName, ProviderConfigError } from './provider-config-error.ts';

const everywhere = new Set(['0.0.0.0', '[::]', '::']);
const loopback = new Set(['127.0.0.1', 'localhost', '[::1]', '::1']);

/**
 * Refuses a provider that is this gateway itself: a shell that was set up for an agent often has `OPENAI_BASE_URL` or
 * `ANTHROPIC_BASE_URL` pointing here, and every request would go round in a circle. Throws ProviderConfigError.
 */
export function refuseOwnAddress(providers: Iterable<Provider>, own: { host: string; port: number }): void {
  for (const provider of providers) {
    for (const { origin } of Object.values(provider.endpoints)) {
      if (!isOwn(origin, own)) continue;
      throw new ProviderConfigError({
        provider: provider.name,
        message: `The base URL of the provider (${origin}) is this gateway itself, so requests would go round in a circle.`,
        fix: `Unset ${envName(provider.name, 'BASE_URL')} for this process (agents need it, the gateway does not), or give the provider's real address.`,
        settings: ['base_url'],
      });
    }
  }
}

function isOwn(origin: string, { host, port }: { host: string; port: number }): boolean {
  const url = URL.parse(origin);
  if (!url || url.protocol !== 'http:' || Number(url.port || 80) !== port) return false;
  return url.hostname === host || (loopback.has(url.hostname) && (loopback.has(host) || everywhere.has(host)));
}
