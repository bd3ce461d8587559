import { createHash } from 'node:crypto';

/** Everything about one call that looks random or timed on the platform; here it follows from the request. */
export interface CallIdentity {
  uuid: string;
  /** Unix milliseconds. */
  createdMs: number;
  /** 24 hex digits, different for each number. */
  hex(index: number): string;
}

/** Where derived creation times start: 2025-10-09. */
const firstCreatedMs = 1_760_000_000_000;
const createdSpanSeconds = 30_000_000;

/** The identity of a request: the same method, path, directives and body always have the same one. */
export function identify(parts: readonly (string | Buffer)[], nowMs: number | undefined): CallIdentity {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  const digest = hash.digest('hex');
  const derived = firstCreatedMs + (Number.parseInt(digest.slice(32, 40), 16) % createdSpanSeconds) * 1_000;
  return {
    uuid: uuidOf(digest),
    createdMs: nowMs ?? derived,
    hex: (index) => createHash('sha256').update(`${digest}:${index}`).digest('hex').slice(0, 24),
  };
}

/** In the layout the platform's ids have: version 9, variant 8 to b. */
function uuidOf(digest: string): string {
  const variant = ((Number.parseInt(digest.charAt(16), 16) & 3) | 8).toString(16);
  return [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `9${digest.slice(13, 16)}`,
    variant + digest.slice(17, 20),
    digest.slice(20, 32),
  ].join('-');
}
