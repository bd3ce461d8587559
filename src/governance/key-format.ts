import { createHmac, randomInt, timingSafeEqual } from 'node:crypto';
import type { KeyKind } from '../domain/api-key.ts';

/** A key as presented: well formed, not yet verified. */
export interface PresentedKey {
  kind: KeyKind;
  /** The public id, safe to log. */
  id: string;
  /** The whole key. Secret. */
  text: string;
}

const prefixes: Record<KeyKind, string> = { admin: 'sk-admin-', general: 'sk-at-', plan: 'sk-sp-' };
const kinds: Record<string, KeyKind> = { admin: 'admin', at: 'general', sp: 'plan' };

const idLength = 12;
const secretLength = 48;
const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const pattern = new RegExp(`^sk-(admin|at|sp)-([0-9A-Za-z]{${idLength}})-[0-9A-Za-z]{${secretLength}}$`);
const longest = prefixes.admin.length + idLength + 1 + secretLength;

/** A new random key: about 285 bits of secret. */
export function generateKey(kind: KeyKind): PresentedKey {
  const id = randomText(idLength);
  return { kind, id, text: `${prefixes[kind]}${id}-${randomText(secretLength)}` };
}

/** Undefined for anything that cannot be a key of this gateway, by length and alphabet alone. */
export function parseKey(text: string): PresentedKey | undefined {
  if (text.length > longest) return undefined;
  const [, kind, id] = pattern.exec(text) ?? [];
  return kind === undefined || id === undefined ? undefined : { kind: kinds[kind] ?? 'general', id, text };
}

/** True for a text that looks like a plan key of the platform or of a gateway. */
export function isPlanKeyForm(text: string): boolean {
  return text.startsWith(prefixes.plan);
}

/** HMAC-SHA-256 of the whole key, lower-case hex; useless without the server secret. */
export function hashKey(text: string, serverSecret: Buffer): string {
  return createHmac('sha256', serverSecret).update(text).digest('hex');
}

/** Constant time in the content of both. */
export function matchesHash(text: string, hash: string, serverSecret: Buffer): boolean {
  const stored = Buffer.from(hash, 'hex');
  const computed = createHmac('sha256', serverSecret).update(text).digest();
  return stored.length === computed.length && timingSafeEqual(stored, computed);
}

function randomText(length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
}
