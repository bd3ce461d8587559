/** `admin` manages the gateway, `general` is a plain key (`sk-...`), `plan` belongs to a subscription (`sk-sp-...`). */
export type KeyKind = 'admin' | 'general' | 'plan';

/** `disabled` can be undone, `revoked` cannot. */
export type KeyState = 'active' | 'disabled' | 'revoked';

/** A gateway key as stored. The secret itself is never stored. Times are Unix milliseconds. */
export interface ApiKey {
  /** The public id, part of the key's text and safe to log. */
  id: string;
  kind: KeyKind;
  /** HMAC-SHA-256 of the whole key with the server secret, lower-case hex. */
  hash: string;
  owner: string;
  labels: Record<string, string>;
  /** Model ids, case-sensitive; null: all. */
  models: string[] | null;
  /** Provider names; null: all. */
  providers: string[] | null;
  /** Addresses or CIDR ranges; empty: any. */
  ipRanges: string[];
  expiresAt: number | null;
  state: KeyState;
  /** Set for plan keys. */
  subscriptionId: string | null;
  createdAt: number;
}

/** The key without what must not leave the gateway. */
export type PublicApiKey = Omit<ApiKey, 'hash'>;
