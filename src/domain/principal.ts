import type { PublicApiKey } from './api-key.ts';
import type { Plan } from './plan.ts';
import type { Subscription } from './subscription.ts';

/** Who makes a request. `anonymous` exists only while the gateway is open on loopback. */
export interface Principal {
  kind: 'anonymous' | 'admin' | 'general' | 'plan';
  /** A public id for logs and headers; never the secret. */
  id: string;
  /** The stored key; absent for the master key and without a key. */
  key?: PublicApiKey;
  /** What the key may use; set for `plan`. */
  holding?: { subscription: Subscription; plan: Plan };
}
