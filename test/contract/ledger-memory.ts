import type {
  AdmitRequest,
  AdmitResult,
  LedgerWindow,
  Progress,
  Settlement,
  WindowStanding,
} from '../../src/domain/ledger.ts';
import type { Ledger } from '../../src/domain/ports.ts';
import { WorkingSet } from '../../src/store/ledger/working-set.ts';

/** The ledger's arithmetic with nothing under it. */
export class MemoryLedger implements Ledger {
  readonly #work = new WorkingSet({ account: () => undefined, reservation: () => undefined });

  async admit(request: AdmitRequest): Promise<AdmitResult> {
    return this.#work.admit(request, 'memory');
  }

  async settle(settlement: Settlement): Promise<boolean> {
    return this.#work.settle(settlement);
  }

  async release(id: string): Promise<boolean> {
    return this.#work.release(id);
  }

  async progress(id: string, read: () => Progress): Promise<boolean> {
    return this.#work.progress(id, read());
  }

  async standing(account: string, windows: readonly LedgerWindow[], now: number): Promise<WindowStanding[]> {
    return this.#work.standing(account, windows, now);
  }

  async heartbeat(_now: number): Promise<number> {
    return 0;
  }

  async close(): Promise<void> {}
}
