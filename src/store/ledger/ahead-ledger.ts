import { randomUUID } from 'node:crypto';
import type {
  AdmitRequest,
  AdmitResult,
  LedgerWindow,
  Progress,
  Settled,
  Settlement,
  WindowStanding,
} from '../../domain/ledger.ts';
import type { Ledger } from '../../domain/ports.ts';
import { AheadAccount, withoutUnused } from './ahead-account.ts';
import type { Lane } from './ahead-account.ts';
import { Block, partOfRoom, windowsEnd, windowsOfBlock } from './block.ts';

/** How long a block serves requests: for so long others see as used what nobody may have asked for. */
const blockMs = 2_000;

/** For fewer the block itself costs as much as it spares. */
const smallestBlock = 8;

export const largestBlock = 256;

/** Accounts whose pace is known; the one known longest is forgotten first. */
const capacity = 10_000;

export interface AheadOptions {
  /** The least that is worth a block. */
  smallest?: number;
  /** The ledger below goes by the last known remainder, which is not to be tied up in blocks. */
  isAway?: () => boolean;
}

/** An admitted request. */
interface Admitted {
  account: AheadAccount;
  windows: readonly LedgerWindow[];
  /** Absent when it has a reservation of its own. */
  block?: Block;
}

/**
 * Reserves for a busy account what it will ask for next, and serves requests out of that without asking the ledger below:
 * as much as the account has asked for within two seconds, while its windows are far from their limits. What requests come to is
 * written for all of them together. Nobody waits for a block: what finds none asks the ledger for itself.
 */
export class AheadLedger implements Ledger {
  readonly #ledger: Ledger;
  readonly #smallest: number;
  readonly #isAway: () => boolean;
  readonly #accounts = new Map<string, AheadAccount>();
  /** By the id of the request. */
  readonly #admitted = new Map<string, Admitted>();
  /** Progress that the ledger below has been asked to note, and has not read yet. */
  readonly #unread = new WeakMap<Block, Promise<Settled>>();
  readonly #underway = new Set<Promise<unknown>>();

  constructor(ledger: Ledger, { smallest = smallestBlock, isAway = () => false }: AheadOptions = {}) {
    this.#ledger = ledger;
    this.#smallest = smallest;
    this.#isAway = isAway;
  }

  admit(request: AdmitRequest): Promise<AdmitResult> {
    if (!mayBeServed(request)) {
      const account = this.#accounts.get(request.account);
      return account?.isOutstanding === true ? this.#admitAlone(account, request) : this.#ledger.admit(request);
    }
    const account = this.#account(request.account);
    const lane = account.lane(request.windows);
    lane?.pace.count(request.now);
    const isBusy = lane !== undefined && lane.pace.perPeriod >= this.#smallest;
    if (!isBusy && !account.isOutstanding) return this.#admitQuietly(account, request);
    const served = lane && this.#serve(account, lane, request);
    const result = served === undefined ? this.#admitAlone(account, request) : Promise.resolve(served);
    if (lane !== undefined) this.#refill(account, lane, request);
    return result;
  }

  settle(settlement: Settlement): Promise<Settled> {
    const { id, amounts } = settlement;
    const admitted = this.#take(id);
    if (admitted !== undefined) correct(admitted, amounts);
    if (admitted?.block === undefined) return this.#ledger.settle(settlement);
    const { account, block } = admitted;
    block.end(amounts);
    account.ended(true);
    return this.#write(account, block);
  }

  async release(id: string): Promise<Settled> {
    const admitted = this.#take(id);
    if (admitted !== undefined) correct(admitted, nothing(admitted.windows));
    if (admitted?.block === undefined) return this.#ledger.release(id);
    const { account, block } = admitted;
    block.giveBack();
    account.ended(false);
    return block.isRetired ? this.#write(account, block) : true;
  }

  progress(id: string, read: () => Progress): Promise<Settled> {
    return this.#ledger.progress(id, read);
  }

  async standing(name: string, windows: readonly LedgerWindow[], now: number): Promise<WindowStanding[]> {
    const account = this.#accounts.get(name);
    if (account !== undefined) this.#retireOver(account, now);
    const outstanding = account?.outstanding() ?? [];
    const standings = await this.#ledger.standing(name, windows, now);
    return standings.map((standing) => withoutUnused(standing, outstanding));
  }

  heartbeat(now: number): Promise<number> {
    return this.#ledger.heartbeat(now);
  }

  /** Gives back what nobody has asked for; resolves when that, and all that has ended, is in the ledger below. */
  async giveBack(): Promise<void> {
    do {
      for (const account of this.#accounts.values()) this.#retireAll(account);
      await Promise.allSettled(this.#underway);
    } while (this.#underway.size > 0);
  }

  async close(): Promise<void> {
    await this.giveBack();
    await this.#ledger.close();
  }

  /** Undefined when there is no block for it. */
  #serve(account: AheadAccount, lane: Lane, request: AdmitRequest): AdmitResult | undefined {
    if (!account.mayServe) return undefined;
    for (let block = lane.blocks[0]; block !== undefined; block = lane.blocks[0]) {
      if (block.fits(request)) {
        block.serve();
        account.served();
        const { windows } = request;
        this.#admitted.set(request.id, { account, block, windows });
        for (const { name, amount } of windows) account.count(name, amount);
        return { admitted: true, windows: account.standings(windows) };
      }
      this.#retire(account, lane, 1);
    }
    return undefined;
  }

  #take(id: string): Admitted | undefined {
    const admitted = this.#admitted.get(id);
    if (admitted !== undefined) this.#admitted.delete(id);
    return admitted;
  }

  /** For an account that is not busy: what the ledger answers is all there is to know. */
  async #admitQuietly(account: AheadAccount, request: AdmitRequest): Promise<AdmitResult> {
    const result = await this.#ledger.admit(request);
    if (result.admitted) this.#admitted.set(request.id, { account, windows: request.windows });
    return result;
  }

  async #admitAlone(account: AheadAccount, request: AdmitRequest): Promise<AdmitResult> {
    const first = await this.#ask(account, request);
    // Its own blocks may hold what it needs: they are given back before anyone is refused.
    const again = !first.result.admitted && first.outstanding.some((block) => block.isUnused);
    if (again) this.#retireAll(account);
    const { result } = again ? await this.#ask(account, request) : first;
    if (!result.admitted) return soon(result, { now: request.now, until: account.farAt + blockMs });
    this.#admitted.set(request.id, { account, windows: request.windows });
    return result;
  }

  /** The ledger's answer, with the windows as they stand without what is unused of the blocks; and the blocks that it counted. */
  async #ask(account: AheadAccount, request: AdmitRequest): Promise<{ result: AdmitResult; outstanding: Block[] }> {
    this.#retireOver(account, request.now);
    const outstanding = account.outstanding();
    const result = await this.#ledger.admit(request);
    this.#learn(account, request, { standings: result.windows, outstanding });
    if (result.admitted)
      return { result: { admitted: true, windows: account.standings(request.windows) }, outstanding };
    return { result, outstanding };
  }

  #learn(
    account: AheadAccount,
    { windows, now }: AdmitRequest,
    { standings, outstanding }: { standings: readonly WindowStanding[]; outstanding: readonly Block[] },
  ): void {
    account.learn(standings, outstanding);
    if (account.room(windows) >= this.#smallest * partOfRoom) account.farAt = Math.max(account.farAt, now);
  }

  /** Reserves the next block before the last one is used up. */
  #refill(account: AheadAccount, lane: Lane, request: AdmitRequest): void {
    const { blocks, pace, reserving } = lane;
    const [block, next] = blocks;
    if (
      this.#isAway() ||
      reserving !== undefined ||
      next !== undefined ||
      (block !== undefined && block.left * 4 > block.size)
    )
      return;
    const room = Math.floor(account.room(request.windows) / partOfRoom);
    const size = Math.min(pace.perPeriod, largestBlock, room);
    if (size >= this.#smallest) void this.#watch(this.#reserve(account, lane, { request, size }));
  }

  async #reserve(account: AheadAccount, lane: Lane, { request, size }: { request: AdmitRequest; size: number }) {
    const block = new Block(randomUUID(), request, size);
    account.reserves(lane, block);
    const outstanding = account.outstanding();
    try {
      const windows = windowsOfBlock(request.windows, size);
      const result = await this.#ledger.admit({ ...request, id: block.id, windows });
      if (!result.admitted) block.discard();
      this.#learn(account, request, { standings: result.windows, outstanding });
      if (result.admitted)
        this.#open(account, lane, {
          block,
          until: Math.min(request.now + blockMs, windowsEnd(request, result.windows)),
        });
    } catch {
      // The requests themselves meet the same, and answer with it.
      block.discard();
    } finally {
      lane.reserving = undefined;
      if (block.isRetired) account.givesBack(block);
    }
  }

  #open(account: AheadAccount, lane: Lane, { block, until }: { block: Block; until: number }): void {
    block.open(until);
    lane.blocks.push(block);
    setTimeout(() => {
      const place = lane.blocks.indexOf(block);
      if (place >= 0) this.#retire(account, lane, place + 1);
    }, blockMs).unref();
  }

  /** Blocks whose time is over may be counted in parts of the windows that are over too. */
  #retireOver(account: AheadAccount, now: number): void {
    for (const lane of account.lanes) while (lane.blocks[0]?.servesAt(now) === false) this.#retire(account, lane, 1);
  }

  #retireAll(account: AheadAccount): void {
    for (const lane of account.lanes) this.#retire(account, lane, lane.blocks.length);
  }

  /** The first `count` blocks of a lane serve no more. */
  #retire(account: AheadAccount, lane: Lane, count: number): void {
    for (const block of lane.blocks.splice(0, count)) {
      account.givesBack(block);
      if (block.retire() > 0) void this.#write(account, block);
    }
  }

  #account(name: string): AheadAccount {
    const known = this.#accounts.get(name);
    if (known !== undefined) return known;
    const [oldest] = this.#accounts;
    if (oldest !== undefined && this.#accounts.size >= capacity) {
      this.#retireAll(oldest[1]);
      this.#accounts.delete(oldest[0]);
    }
    const account = new AheadAccount(blockMs);
    this.#accounts.set(name, account);
    return account;
  }

  /** Resolves when what has ended so far is in the ledger. All that ends before the ledger reads it shares one question. */
  #write(account: AheadAccount, block: Block): Promise<Settled> {
    const unread = this.#unread.get(block);
    if (block.isOver) return this.#watch(this.#settle(account, block, unread));
    if (unread !== undefined) return unread;
    let read: number | undefined;
    const ask = this.#ledger.progress(block.id, () => {
      read = block.ended;
      this.#unread.delete(block);
      return block.progress;
    });
    const written = ask
      .then((isNoted) => {
        account.confirmed(block, read ?? 0);
        return isNoted;
      })
      .finally(() => {
        if (this.#unread.get(block) === written) this.#unread.delete(block);
      });
    // It may have been read at once: then what ends from now on is not in it.
    if (read === undefined) this.#unread.set(block, written);
    return this.#watch(written);
  }

  async #settle(account: AheadAccount, block: Block, unread: Promise<Settled> | undefined): Promise<Settled> {
    // Those who wait for the progress that is not read yet are to hear that it was noted.
    if (unread !== undefined) await unread.catch(() => undefined);
    const isSettled = await this.#ledger.settle(block.settlement);
    account.confirmed(block, block.ended);
    return isSettled;
  }

  #watch<T>(work: Promise<T>): Promise<T> {
    this.#underway.add(work);
    void work.catch(() => undefined).finally(() => this.#underway.delete(work));
    return work;
  }
}

/**
 * Another process may hold as blocks what this request needs, if the windows were far from their limits a moment ago: then it
 * is free again at `until` at the latest.
 */
function soon(
  refused: Extract<AdmitResult, { admitted: false }>,
  { now, until }: { now: number; until: number },
): AdmitResult {
  const { refusal } = refused;
  if (refusal.reason !== 'window' || until <= now) return refused;
  return { ...refused, refusal: { ...refusal, opensAt: Math.min(refusal.opensAt, until) } };
}

function nothing(windows: readonly LedgerWindow[]): Record<string, number> {
  return Object.fromEntries(windows.map(({ name }) => [name, 0]));
}

/**
 * A request came out otherwise than reserved. Which part of a window that was counted in is known only of those whose block
 * still serves; after the others the ledger is asked.
 */
function correct({ account, block, windows }: Admitted, amounts: Readonly<Record<string, number>>): void {
  const changed = windows.filter(({ name, amount }) => (amounts[name] ?? amount) !== amount);
  if (changed.length === 0) return;
  if (block === undefined || block.isRetired) account.forget();
  else for (const { name, amount } of changed) account.count(name, (amounts[name] ?? amount) - amount);
}

/** Whether requests like this one can be served from a block. */
function mayBeServed({ ahead, force, concurrency, windows }: AdmitRequest): boolean {
  if (ahead !== true || force === true || concurrency !== null || windows.length === 0) return false;
  return windows.every(({ amount }) => amount > 0);
}
