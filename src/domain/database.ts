import type { Ledger, Store, UsageStore } from './ports.ts';

/** An open database with everything that is kept in it. */
export interface Database {
  store: Store;
  ledger: Ledger;
  usage: UsageStore;
  /** Waits for what is under way, ends the lease, closes the connections. */
  close(): Promise<void>;
}
