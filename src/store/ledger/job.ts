import type { AdmitRequest, Progress, Settlement } from '../../domain/ledger.ts';
import type { AccountState } from './account.ts';
import type { Reservation } from './working-set.ts';

/** One change of the ledger. */
export type LedgerJob =
  | { kind: 'admit'; request: AdmitRequest }
  | { kind: 'settle'; settlement: Settlement }
  | { kind: 'release'; id: string }
  | { kind: 'progress'; id: string; progress: Progress };

/** A change with its place in the journal of a process. */
export interface NumberedJob {
  number: number;
  job: LedgerJob;
}

/** An account as the database has it. */
export interface StoredAccount {
  state: AccountState;
  /** Grows with every change. */
  version: number;
  reservations: Reservation[];
}

/** The ledger of the database, as far as live counters elsewhere rest on it. */
export interface LedgerTruth {
  /** The account with its open reservations, of one moment; undefined when nothing was ever counted. */
  find(account: string): Promise<StoredAccount | undefined>;
  /** Does the entries of a process's journal that are not done already; resolves to the versions of the accounts after it. */
  applyJournal(entries: readonly NumberedJob[], process?: string): Promise<Map<string, number>>;
  heartbeat(now: number): Promise<number>;
  /** True for an error that the same entries would meet again; anything else is a database that is away. */
  isRefusal(error: unknown): boolean;
}
