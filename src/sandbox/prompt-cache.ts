import { createHash } from 'node:crypto';
import { tokensPerRequest } from '../catalogue/estimate.ts';
import type { Segment } from './usage.ts';

/** Tokens that a request takes from the cache and puts into it. */
export interface CacheUse {
  read: number;
  write: number;
  explicit: boolean;
}

const lifeMs = 5 * 60_000;
const leastTokens = 1_024;
const maxMarks = 4;
const lookBack = 20;
/** The implicit cache works in blocks. */
const block = 256;
const maxEntries = 4_096;

interface Boundary {
  key: string;
  tokens: number;
}

/**
 * The context cache of one sandbox: prefixes of at least 1,024 tokens, for 5 minutes from their last use, at most
 * 4,096 of them. With marks (`cache_control`) the explicit mode applies: the last 4 marks, each looking back 20 blocks;
 * without them the implicit one, in blocks of 256 tokens. The two exclude each other per request.
 */
export class PromptCache {
  /** Prefix to the time it dies; the order is that of use. */
  readonly #entries = new Map<string, number>();

  /** Looks a request up and remembers it. `scope` keeps models and keys apart. */
  use(scope: string, segments: readonly Segment[], nowMs: number): CacheUse {
    const explicit = segments.some(({ marked }) => marked);
    return explicit ? this.#useExplicit(scope, segments, nowMs) : this.#useImplicit(scope, segments, nowMs);
  }

  #useExplicit(scope: string, segments: readonly Segment[], nowMs: number): CacheUse {
    const marks = segments.flatMap(({ marked }, index) => (marked ? [index] : [])).slice(-maxMarks);
    const last = marks.at(-1) ?? 0;
    const first = Math.max(0, (marks[0] ?? 0) - lookBack);
    const boundaries = boundariesOf(`explicit ${scope}`, segments.slice(0, last + 1), first);
    const end = boundaries.at(-1);
    if (end === undefined || end.tokens < leastTokens) return { read: 0, write: 0, explicit: true };
    const hit = boundaries.findLast(({ key, tokens }) => tokens >= leastTokens && this.#isAlive(key, nowMs));
    if (hit !== undefined) this.#remember(hit.key, nowMs);
    const kept = marks.map((mark) => boundaries[mark - first]).filter((boundary) => boundary !== undefined);
    for (const { key, tokens } of kept) if (tokens >= leastTokens) this.#remember(key, nowMs);
    const read = hit?.tokens ?? 0;
    return { read, write: end.tokens - read, explicit: true };
  }

  #useImplicit(scope: string, segments: readonly Segment[], nowMs: number): CacheUse {
    const boundaries = boundariesOf(`implicit ${scope}`, segments, Math.max(0, segments.length - 64));
    const hit = boundaries.findLast(({ key, tokens }) => tokens >= leastTokens && this.#isAlive(key, nowMs));
    for (const { key, tokens } of boundaries.slice(-lookBack)) if (tokens >= leastTokens) this.#remember(key, nowMs);
    // The last token is always computed: an identical request is not read from the cache as a whole.
    const total = (boundaries.at(-1)?.tokens ?? 0) + tokensPerRequest;
    const read = Math.floor(Math.min(hit?.tokens ?? 0, total - 1) / block) * block;
    return { read: read >= leastTokens ? read : 0, write: 0, explicit: false };
  }

  #isAlive(key: string, nowMs: number): boolean {
    return (this.#entries.get(key) ?? -Infinity) > nowMs;
  }

  #remember(key: string, nowMs: number): void {
    this.#entries.delete(key);
    this.#entries.set(key, nowMs + lifeMs);
    const oldest = this.#entries.size > maxEntries ? this.#entries.keys().next().value : undefined;
    if (oldest !== undefined) this.#entries.delete(oldest);
  }
}

/** The prefixes that end with the segments from `from` on, as keys with their lengths in tokens. */
function boundariesOf(scope: string, segments: readonly Segment[], from: number): Boundary[] {
  const hash = createHash('sha256').update(scope);
  const boundaries: Boundary[] = [];
  let tokens = 0;
  for (const [index, each] of segments.entries()) {
    hash.update(each.key).update('\u0001');
    tokens += each.tokens;
    if (index >= from) boundaries.push({ key: hash.copy().digest('base64'), tokens });
  }
  return boundaries;
}
