import type { LedgerWindow, WindowStanding } from '../../domain/ledger.ts';
import type { Block } from './block.ts';
import { tidy } from './counter.ts';
import { Pace } from './pace.ts';

/** Kinds of requests of one account that are told apart, by what they reserve; others are reserved one by one. */
const lanesPerAccount = 4;

/** The requests of one account that reserve the same. */
export class Lane {
  readonly amount: number;
  readonly pace: Pace;
  /** The first serves, the next is for when it is empty. */
  readonly blocks: Block[] = [];
  /** The ledger is being asked for it. */
  reserving: Block | undefined;

  constructor(amount: number, paceMs: number) {
    this.amount = amount;
    this.pace = new Pace(paceMs);
  }
}

interface Known {
  used: number;
  resetsAt: number | null;
}

/** What is known of an account whose requests are reserved ahead: its blocks, and how its windows stand without what is unused of them. */
export class AheadAccount {
  readonly lanes: Lane[] = [];
  readonly #paceMs: number;
  readonly #windows = new Map<string, Known>();
  /** Blocks that the ledger was asked for, and not to take back. */
  readonly #outstanding = new Set<Block>();
  /** How many ended requests of a block the ledger has confirmed. */
  readonly #confirmed = new WeakMap<Block, number>();
  /** Served from blocks and not ended. */
  #open = 0;
  /** Ended, and the ledger has not confirmed it yet: what a killed process would lose. */
  #unconfirmed = 0;
  /** When the windows were last known to be far from their limits, Unix milliseconds. */
  farAt = Number.NEGATIVE_INFINITY;

  constructor(paceMs: number) {
    this.#paceMs = paceMs;
  }

  /** Undefined for one kind too many. */
  lane(windows: readonly LedgerWindow[]): Lane | undefined {
    const amount = windows[0]?.amount ?? 0;
    const known = this.lanes.find((lane) => lane.amount === amount);
    if (known !== undefined || this.lanes.length >= lanesPerAccount) return known;
    const lane = new Lane(amount, this.#paceMs);
    this.lanes.push(lane);
    return lane;
  }

  reserves(lane: Lane, block: Block): void {
    lane.reserving = block;
    this.#outstanding.add(block);
  }

  /** The ledger is being told that the block serves no more. */
  givesBack(block: Block): void {
    this.#outstanding.delete(block);
  }

  get isOutstanding(): boolean {
    return this.#outstanding.size > 0;
  }

  /**
   * The blocks that are counted in the ledger's answer to a question asked now, since it answers in the order in which it was
   * asked.
   */
  outstanding(): Block[] {
    return [...this.#outstanding];
  }

  /** The ledger has answered a question that was asked when these blocks were outstanding. */
  learn(standings: readonly WindowStanding[], outstanding: readonly Block[]): void {
    for (const standing of standings) {
      const { name, used, resetsAt } = withoutUnused(standing, outstanding);
      this.#windows.set(name, { used, resetsAt });
    }
  }

  /** What the ledger has last answered holds no longer. */
  forget(): void {
    this.#windows.clear();
  }

  get isKnown(): boolean {
    return this.#windows.size > 0;
  }

  /** Something was served from a block, given back to it, or came out otherwise than reserved. */
  count(window: string, difference: number): void {
    const known = this.#windows.get(window);
    if (known !== undefined) known.used = tidy(known.used + difference);
  }

  /**
   * What has ended and is not confirmed is what a process that is killed now loses beside what is under way: it must not become
   * more than that. (Half of it would be safer by little, and leave few requests to be served.)
   */
  get mayServe(): boolean {
    return this.isKnown && this.#unconfirmed <= this.#open;
  }

  served(): void {
    this.#open += 1;
  }

  /** `counts`: it was not given back. */
  ended(counts: boolean): void {
    this.#open -= 1;
    if (counts) this.#unconfirmed += 1;
  }

  /** The ledger has confirmed that so many requests of the block have ended. */
  confirmed(block: Block, ended: number): void {
    const before = this.#confirmed.get(block) ?? 0;
    if (ended <= before) return;
    this.#confirmed.set(block, ended);
    this.#unconfirmed -= ended - before;
  }

  /** How the windows stand. */
  standings(windows: readonly LedgerWindow[]): WindowStanding[] {
    return windows.map(({ name, limit }) => {
      const { used, resetsAt } = this.#windows.get(name) ?? { used: 0, resetsAt: null };
      return withUsed({ name, limit, resetsAt }, used);
    });
  }

  /** How many more requests would fit. */
  room(windows: readonly LedgerWindow[]): number {
    const rooms = windows.map(({ name, limit, amount }) => {
      const known = this.#windows.get(name);
      if (known === undefined) return 0;
      return limit === null ? Number.POSITIVE_INFINITY : Math.floor((limit - known.used) / amount);
    });
    return Math.min(...rooms);
  }
}

/** How the ledger says that a window stands, without what is reserved for requests that have not come. */
export function withoutUnused(standing: WindowStanding, outstanding: readonly Block[]): WindowStanding {
  const rest = outstanding.reduce((used, block) => used - block.unusedOf(standing.name), standing.used);
  return withUsed(standing, Math.max(0, tidy(rest)));
}

function withUsed({ name, limit, resetsAt }: Omit<WindowStanding, 'used' | 'remaining'>, used: number): WindowStanding {
  return { name, limit, used, remaining: limit === null ? null : Math.max(0, tidy(limit - used)), resetsAt };
}
