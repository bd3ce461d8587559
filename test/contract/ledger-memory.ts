import type { AdmitRequest, AdmitResult, LedgerWindow, Settlement, WindowStanding } from '../../src/domain/ledger.ts';
import type { Ledger } from '../../src/domain/ports.ts';
import { admitTo, newAccount, releaseIn, settleIn, standingIn } from '../../src/store/ledger/account.ts';
import type { AccountState, Slots } from '../../src/store/ledger/account.ts';

/** The ledger's arithmetic with nothing under it. */
export class MemoryLedger implements Ledger {
  readonly #accounts = new Map<string, AccountState>();
  readonly #open = new Map<string, { account: string; slots: Slots }>();

  async admit(request: AdmitRequest): Promise<AdmitResult> {
    const state = this.account(request.account);
    if (this.#open.has(request.id)) return { admitted: true, windows: standingIn(state, request.windows, request.now) };
    const { result, slots } = admitTo(state, request);
    if (slots !== undefined) this.#open.set(request.id, { account: request.account, slots });
    return result;
  }

  async settle({ id, amounts }: Settlement): Promise<boolean> {
    return this.#close(id, (state, slots) => settleIn(state, slots, amounts));
  }

  async release(id: string): Promise<boolean> {
    return this.#close(id, releaseIn);
  }

  async standing(account: string, windows: readonly LedgerWindow[], now: number): Promise<WindowStanding[]> {
    return standingIn(this.account(account), windows, now);
  }

  async heartbeat(_now: number): Promise<number> {
    return 0;
  }

  async close(): Promise<void> {}

  /** The state of an account, for looking at. */
  account(name: string): AccountState {
    const state = this.#accounts.get(name) ?? newAccount();
    this.#accounts.set(name, state);
    return state;
  }

  #close(id: string, apply: (state: AccountState, slots: Slots) => void): boolean {
    const open = this.#open.get(id);
    if (open === undefined) return false;
    this.#open.delete(id);
    apply(this.account(open.account), open.slots);
    return true;
  }
}
