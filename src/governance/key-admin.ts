import type { ApiKey, KeyKind, PublicApiKey } from '../domain/api-key.ts';
import type { GatewayError } from '../domain/gateway-error.ts';
import type { PageRequest, Store, Tables } from '../domain/ports.ts';
import { change, conflict, invalid, notFound } from './administration.ts';
import type { Actor, Change } from './administration.ts';
import { isIpRange } from './ip-range.ts';
import { generateKey, hashKey } from './key-format.ts';
import { isoSeconds } from './refusals.ts';

/** What may be said about a key; plan keys are made with their subscription. */
export interface KeySettings {
  labels?: Record<string, string>;
  models?: string[] | null;
  providers?: string[] | null;
  ipRanges?: string[];
  expiresAt?: number | null;
}

/** A new key with its text, which is shown this once and cannot be had again. */
export interface IssuedKey {
  key: PublicApiKey;
  /** Secret. */
  text: string;
}

/** Making and changing keys. Everything is written to the audit trail; rejects with GatewayError (400, 404, 409). */
export class KeyAdmin {
  readonly #store: Store;
  readonly #serverSecret: Buffer;

  constructor(options: { store: Store; serverSecret: Buffer }) {
    this.#store = options.store;
    this.#serverSecret = options.serverSecret;
  }

  create(settings: KeySettings & { kind: 'admin' | 'general'; owner: string }, actor: Actor): Promise<IssuedKey> {
    return change(this.#store, actor, async (tables) => {
      const issued = await issueKey(tables, this.#serverSecret, { ...settings, subscriptionId: null, now: actor.now });
      return { result: issued, action: 'create', kind: 'key', subject: issued.key.id, before: null, after: issued.key };
    });
  }

  update(id: string, settings: KeySettings, actor: Actor): Promise<PublicApiKey> {
    checkSettings(settings);
    return this.#change(id, 'update', actor, (key) => {
      // What is read and written back unchanged is no decision.
      if (settings.expiresAt !== key.expiresAt) requireFuture(settings.expiresAt, actor.now);
      return { ...key, ...settings };
    });
  }

  /** For good; the key stops working at once on this node, within two seconds on the others. */
  revoke(id: string, actor: Actor): Promise<PublicApiKey> {
    return this.#change(id, 'revoke', actor, (key) => ({ ...key, state: 'revoked' }));
  }

  disable(id: string, actor: Actor): Promise<PublicApiKey> {
    return this.#change(id, 'disable', actor, (key) => ({ ...key, state: 'disabled' }));
  }

  enable(id: string, actor: Actor): Promise<PublicApiKey> {
    return this.#change(id, 'enable', actor, (key) => ({ ...key, state: 'active' }));
  }

  /** A new key with the settings of the old one, which ends at once; a plan key's subscription moves to the new one. */
  reset(id: string, actor: Actor): Promise<IssuedKey> {
    return change(this.#store, actor, (tables) => resetKey(tables, this.#serverSecret, { id, now: actor.now }));
  }

  async find(id: string): Promise<PublicApiKey> {
    const key = await this.#store.keys.find(id);
    if (key === undefined) throw notFound('key', id);
    return publicKey(key);
  }

  async list(filter: PageRequest & { owner?: string }): Promise<PublicApiKey[]> {
    return (await this.#store.keys.list(filter)).map(publicKey);
  }

  /** The owners of these keys, by key id; ids of no key are left out. */
  owners(ids: readonly string[]): Promise<Map<string, string>> {
    return this.#store.keys.owners(ids);
  }

  /** True when an admin key exists that works now: a server on a public address needs one. */
  async hasAdminKey(now: number): Promise<boolean> {
    const works = (key: ApiKey): boolean =>
      key.kind === 'admin' && key.state === 'active' && (key.expiresAt === null || key.expiresAt > now);
    for (let after = ''; ;) {
      const page = await this.#store.keys.list({ after, limit: 500 });
      if (page.some(works)) return true;
      const last = page.at(-1);
      if (last === undefined) return false;
      after = last.id;
    }
  }

  #change(id: string, action: string, actor: Actor, apply: (key: ApiKey) => ApiKey): Promise<PublicApiKey> {
    return change(this.#store, actor, async (tables) => {
      const before = await usableKey(tables, id);
      const after = apply(before);
      await tables.keys.update(after);
      const result = publicKey(after);
      return { result, action, kind: 'key', subject: id, before: publicKey(before), after: result };
    });
  }
}

/** What a key is made from. */
export interface NewKey extends KeySettings {
  kind: KeyKind;
  owner: string;
  subscriptionId: string | null;
  now: number;
}

/** Makes and stores a key, inside a transaction. */
export async function issueKey(tables: Tables, serverSecret: Buffer, options: NewKey): Promise<IssuedKey> {
  checkSettings(options);
  requireFuture(options.expiresAt, options.now);
  const { id, text } = generateKey(options.kind);
  const key: ApiKey = {
    id,
    kind: options.kind,
    hash: hashKey(text, serverSecret),
    owner: options.owner,
    labels: options.labels ?? {},
    models: options.models ?? null,
    providers: options.providers ?? null,
    ipRanges: options.ipRanges ?? [],
    expiresAt: options.expiresAt ?? null,
    state: 'active',
    subscriptionId: options.subscriptionId,
    createdAt: options.now,
  };
  await tables.keys.insert(key);
  return { key: publicKey(key), text };
}

/** Ends a key and makes its successor, inside a transaction. */
async function resetKey(
  tables: Tables,
  serverSecret: Buffer,
  { id, now }: { id: string; now: number },
): Promise<Change<IssuedKey>> {
  const old = await usableKey(tables, id);
  if (old.expiresAt !== null && old.expiresAt <= now) throw expired(id, old.expiresAt);
  await tables.keys.update({ ...old, state: 'revoked' });
  const issued = await issueKey(tables, serverSecret, { ...old, now });
  const subscription = old.subscriptionId === null ? undefined : await tables.subscriptions.find(old.subscriptionId);
  if (subscription !== undefined) await tables.subscriptions.update({ ...subscription, keyId: issued.key.id });
  return { result: issued, action: 'reset', kind: 'key', subject: id, before: publicKey(old), after: issued.key };
}

async function usableKey(tables: Tables, id: string): Promise<ApiKey> {
  const key = await tables.keys.find(id);
  if (key === undefined) throw notFound('key', id);
  if (key.state === 'revoked') throw conflict('key_revoked', `The key '${id}' is revoked.`, 'Create a new key.');
  return key;
}

function checkSettings({ ipRanges = [], expiresAt }: KeySettings): void {
  const wrong = ipRanges.find((range) => !isIpRange(range));
  if (wrong !== undefined) throw invalid('ipRanges', `'${wrong}' is neither an address nor a CIDR range.`);
  if (expiresAt !== undefined && expiresAt !== null && !Number.isSafeInteger(expiresAt)) {
    throw invalid('expiresAt', 'The expiry must be a time.');
  }
}

function requireFuture(expiresAt: number | null | undefined, now: number): void {
  if (expiresAt === undefined || expiresAt === null || expiresAt > now) return;
  throw invalid('expires_at', `The expiry ${isoSeconds(expiresAt)} is in the past: the key would not work.`);
}

/** Its successor would have the same expiry. */
function expired(id: string, at: number): GatewayError {
  const fix = 'Give it a later expiry first, or create a new key.';
  return conflict('key_expired', `The key '${id}' expired at ${isoSeconds(at)}.`, fix);
}

function publicKey({ hash: _hash, ...key }: ApiKey): PublicApiKey {
  return key;
}
