import { hash, timingSafeEqual } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { ApiKey, PublicApiKey } from '../domain/api-key.ts';
import type { AuditEntry } from '../domain/audit.ts';
import type { Plan } from '../domain/plan.ts';
import type { KeyStore, SubscriptionStore } from '../domain/ports.ts';
import type { Principal } from '../domain/principal.ts';
import type { Protocol } from '../domain/protocol.ts';
import type { Subscription } from '../domain/subscription.ts';
import { FailedAttempts } from './failed-attempts.ts';
import { ipFilter } from './ip-range.ts';
import { isPlanKeyForm, matchesHash, parseKey } from './key-format.ts';
import type { PlanBook } from './plan-book.ts';
import { addressNotAllowed, storeAway, tooManyFailedAttempts, wrongKey } from './refusals.ts';
import { isActive } from './subscription.ts';

export interface KeyringOptions {
  keys: KeyStore;
  subscriptions: SubscriptionStore;
  plans: PlanBook;
  serverSecret: Buffer;
  /** An admin key that is not stored. */
  masterKey?: string;
  /** How long a key stays known after the store was last heard of. */
  graceMs?: number;
  /** Keys kept in memory. */
  capacity?: number;
}

/** Where a key is presented. */
export interface Presentation {
  /** The peer's address. */
  address: string;
  protocol: Protocol;
  now: number;
}

/** What was presented, with its SHA-256: it is compared with the master key and with the key that it names. */
interface DigestedKey {
  text: string;
  digest: Buffer;
}

/** A stored key with everything that belongs to it. */
interface Holder {
  key: ApiKey;
  publicKey: PublicApiKey;
  allowsAddress(address: string): boolean;
  /** SHA-256 of the key's text once it has been verified: checks it again at a fraction of the cost. Never stored. */
  verified: Buffer | undefined;
  holding: { subscription: Subscription; plan: Plan } | undefined;
  loadedAt: number;
  /** A plan has changed since: read again before it is used, and used as it is when the store is away. */
  outdated: boolean;
}

/** So long is the newest form of a plan waited for; then its last known one counts. */
const freshPlanMs = 200;

/**
 * Says who presents a key. Keys in use are kept in memory: they are checked without the store, go on working for a while
 * when it is away, and are dropped when the audit trail names them (`forget`).
 */
export class Keyring {
  readonly #options: Required<Omit<KeyringOptions, 'masterKey'>>;
  readonly #masterDigest: Buffer | undefined;
  readonly #holders = new Map<string, Holder>();
  readonly #loading = new Map<string, Promise<Holder | undefined>>();
  readonly #failures = new FailedAttempts();
  /** Where the master key was last used from. */
  #masterAddress: string | undefined;
  /** The store was heard of: nothing in memory was outdated then. */
  #confirmedAt = 0;
  /** Grows with every `forget`: what was being loaded meanwhile may be outdated already. */
  #generation = 0;

  constructor({ masterKey, graceMs = 600_000, capacity = 10_000, ...rest }: KeyringOptions) {
    this.#options = { ...rest, graceMs, capacity };
    this.#masterDigest = masterKey === undefined ? undefined : digest(masterKey);
  }

  /** The principal of the first of the presented keys that is valid. Throws GatewayError (401, 403, 429, 503). */
  async identify(presented: readonly string[], context: Presentation): Promise<Principal> {
    const keys = presented.map((text) => ({ text, digest: digest(text) }));
    if (keys.some((key) => this.#isMaster(key, context))) return { kind: 'admin', id: 'master' };
    for (const key of keys) {
      const id = parseKey(key.text)?.id;
      if (id === undefined) continue;
      const known = this.#remembered(id, context.now);
      const holder = known?.outdated === false ? known : await this.#fetch(id, context);
      if (holder !== undefined && this.#isValid(holder, key, context.now)) return principalOf(holder, context.address);
    }
    this.#refuseIfBlocked(context);
    this.#failures.add(context.address, context.now);
    const planForm = presented.some(isPlanKeyForm);
    throw wrongKey({ planForm, presented: presented.length > 0, protocol: context.protocol });
  }

  /** The store was read up to its latest change at this moment. */
  confirm(now: number): void {
    this.#confirmedAt = now;
  }

  /** Drops what a change may have made wrong. */
  forget(change: Pick<AuditEntry, 'kind' | 'subject' | 'action'>): void {
    // What is known of a new key or subscription was read after it was made.
    if (change.action === 'create' && change.kind !== 'plan') return;
    this.#generation += 1;
    if (change.kind === 'key') this.#holders.delete(change.subject);
    else if (change.kind === 'plan') for (const holder of this.#holders.values()) holder.outdated = true;
    else if (change.kind === 'subscription') {
      for (const [id, { key }] of this.#holders) if (key.subscriptionId === change.subject) this.#holders.delete(id);
    }
  }

  /** While an address is blocked even the right key is not tried, or guessing would go on; unless it was the last to know it. */
  #isMaster(presented: DigestedKey, { address, now }: Presentation): boolean {
    if (this.#masterDigest === undefined) return false;
    if (address !== this.#masterAddress && this.#failures.blockedFor(address, now) > 0) return false;
    if (!timingSafeEqual(presented.digest, this.#masterDigest)) return false;
    this.#masterAddress = address;
    return true;
  }

  #refuseIfBlocked({ address, now }: Presentation): void {
    const blockedMs = this.#failures.blockedFor(address, now);
    if (blockedMs > 0) throw tooManyFailedAttempts(Math.ceil(blockedMs / 1000));
  }

  #isValid(holder: Holder, presented: DigestedKey, now: number): boolean {
    const { key, holding } = holder;
    if (!this.#matches(holder, presented)) return false;
    if (key.state !== 'active' || (key.expiresAt !== null && now >= key.expiresAt)) return false;
    return key.kind !== 'plan' || (holding !== undefined && isActive(holding.subscription, now));
  }

  #matches(holder: Holder, { text, digest: presented }: DigestedKey): boolean {
    if (holder.verified !== undefined) return timingSafeEqual(presented, holder.verified);
    if (!matchesHash(text, holder.key.hash, this.#options.serverSecret)) return false;
    holder.verified = presented;
    return true;
  }

  /** From memory, while that can be trusted. */
  #remembered(id: string, now: number): Holder | undefined {
    const known = this.#holders.get(id);
    if (known === undefined || now - Math.max(known.loadedAt, this.#confirmedAt) > this.#options.graceMs)
      return undefined;
    this.#holders.delete(id);
    this.#holders.set(id, known);
    return known;
  }

  /** From the store; an address with many failures is not let through to it. */
  async #fetch(id: string, context: Presentation): Promise<Holder | undefined> {
    const { now } = context;
    this.#refuseIfBlocked(context);
    const loading = this.#loading.get(id) ?? this.#load(id, now).finally(() => this.#loading.delete(id));
    this.#loading.set(id, loading);
    if (this.#remembered(id, now) === undefined) return loading;
    const enough = setTimeout(freshPlanMs, undefined, { ref: false });
    return Promise.race([loading, enough.then(() => this.#remembered(id, now) ?? loading)]);
  }

  async #load(id: string, now: number): Promise<Holder | undefined> {
    const generation = this.#generation;
    const holder = await this.#read(id, now).catch((error: unknown) => {
      // The plan as it was is better than none; what ends a key or a subscription has removed it from memory.
      const known = this.#remembered(id, now);
      if (known === undefined) throw storeAway(error);
      return known;
    });
    if (holder?.outdated === false && generation === this.#generation) this.#keep(id, holder);
    return holder;
  }

  async #read(id: string, now: number): Promise<Holder | undefined> {
    const { keys, subscriptions, plans } = this.#options;
    const key = await keys.find(id);
    if (key === undefined) return undefined;
    const subscription = key.subscriptionId === null ? undefined : await subscriptions.find(key.subscriptionId);
    // The key that was reset belongs to the subscription no longer, whatever its own state says.
    const own = subscription?.keyId === key.id ? subscription : undefined;
    const plan = own && (await plans.find(own.plan));
    const { hash: _secret, ...publicKey } = key;
    const holding = own && plan && { subscription: own, plan };
    return {
      key,
      publicKey,
      allowsAddress: ipFilter(key.ipRanges),
      verified: undefined,
      holding,
      loadedAt: now,
      outdated: false,
    };
  }

  #keep(id: string, holder: Holder): void {
    const [oldest] = this.#holders.keys();
    if (this.#holders.size >= this.#options.capacity && oldest !== undefined) this.#holders.delete(oldest);
    this.#holders.set(id, holder);
  }
}

function principalOf({ key, publicKey, allowsAddress, holding }: Holder, address: string): Principal {
  if (!allowsAddress(address)) throw addressNotAllowed();
  return { kind: key.kind, id: key.id, key: publicKey, ...(holding && { holding }) };
}

function digest(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}
