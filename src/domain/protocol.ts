/** The wire protocols that Atelier reads and writes. Each has one folder in `src/codec`. */
export const protocols = ['openai-chat', 'anthropic-messages'] as const;

export type Protocol = (typeof protocols)[number];

/**
 * Where a failure comes from, for the person who has to act:
 * `client` (the request must change), `gateway` (Atelier's own limits or state),
 * `provider` (the upstream answered with an error), `network` (the upstream was not reached or broke off).
 */
export type ErrorOrigin = 'client' | 'gateway' | 'provider' | 'network';
