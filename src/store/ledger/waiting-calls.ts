import type { AdmitRequest, LedgerWindow, Progress, Settlement } from '../../domain/ledger.ts';
import type { Ledger } from '../../domain/ports.ts';
import type { LeftNotes, WaitingNotes } from '../../domain/waiting-notes.ts';

/** How a call ended: a settlement, or given back. */
export type CallEnd = Settlement | 'release';

/**
 * What is noted of a call that waits for the store. That it was given back is not: to a call without a settlement nothing
 * is counted. `counted` are calls whose admission the store has confirmed to the process `by`.
 */
export type CallNote = { admit: AdmitRequest } | { settle: Settlement } | { counted: string[]; by: string };

/** A call of which the store does not know everything. */
interface WaitingCall {
  /** The store may not know that it was admitted. */
  admit?: AdmitRequest;
  /** Of several calls reserved together. */
  progress?: Progress;
  end?: CallEnd;
}

/** Calls brought to the store at the same time. */
const portionSize = 200;

/**
 * The calls that wait for a store that is away. Each is brought to it once, although any step may have to be repeated: an admission
 * is repeatable as long as the call is not settled, a settlement always is. So the settlements of a portion begin
 * after its admissions are confirmed, and after that is noted for whoever goes on when this process is killed.
 */
export class WaitingCalls {
  readonly #store: Ledger;
  readonly #notes: WaitingNotes<CallNote> | undefined;
  readonly #calls = new Map<string, WaitingCall>();
  #bringing: Promise<void> | undefined;
  /** The latest time heard of, Unix milliseconds. */
  #now = 0;

  constructor(store: Ledger, notes?: WaitingNotes<CallNote>) {
    this.#store = store;
    this.#notes = notes;
  }

  get size(): number {
    return this.#calls.size;
  }

  /** Why calls are not noted; undefined while all is well. */
  get problem(): string | undefined {
    return this.#notes?.problem;
  }

  has(id: string): boolean {
    return this.#calls.has(id);
  }

  /** The request of a call that was admitted without the store and has not ended. */
  admission(id: string): AdmitRequest | undefined {
    const call = this.#calls.get(id);
    return call?.end === undefined ? call?.admit : undefined;
  }

  /** Says what time it is. */
  noteTime(now: number): void {
    this.#now = Math.max(this.#now, now);
  }

  /** A call was admitted without the store. */
  admitted(request: AdmitRequest): void {
    const admit = { ...request, force: true };
    this.#calls.set(request.id, { admit });
    this.#notes?.note({ admit });
  }

  /** A call is over and the store does not know it. False when it was over already. */
  ended(id: string, end: CallEnd): boolean {
    const call = this.#calls.get(id) ?? {};
    if (call.end !== undefined) return false;
    call.end = end;
    this.#calls.set(id, call);
    if (end !== 'release') this.#notes?.note({ settle: end });
    return true;
  }

  /**
   * A reservation of several calls has come so far and the store does not know it. Noted as its settlement: if the process
   * dies now, that is what it came to. False when it was over already.
   */
  progressed(id: string, progress: Progress): boolean {
    const call = this.#calls.get(id) ?? {};
    if (call.end !== undefined) return false;
    call.progress = progress;
    this.#calls.set(id, call);
    this.#notes?.note({ settle: { id, amounts: progress.used } });
    return true;
  }

  /** Brings what waits to the store, once at a time; what fails stays for the next time. */
  bring(): Promise<void> {
    this.#bringing ??= this.#bringAll().finally(() => {
      this.#bringing = undefined;
    });
    return this.#bringing;
  }

  /** Brings what processes that have ended had left; resolves to how many calls that was, rejects when the store does not take it. */
  async bringLeft(): Promise<number> {
    return (await this.#notes?.bringLeft((left) => this.#bringNotes(left))) ?? 0;
  }

  async close(): Promise<void> {
    await this.#notes?.close();
  }

  async #bringAll(): Promise<void> {
    for (const portion of portionsOf([...this.#calls])) {
      if (!(await this.#bringPortion(portion))) return;
    }
    if (this.#calls.size === 0) this.#notes?.clear();
  }

  /** False when the store did not take all of it. */
  async #bringPortion(portion: readonly (readonly [string, WaitingCall])[]): Promise<boolean> {
    const counted: string[] = [];
    const admissions = portion.map(async ([id, call]) => {
      if (call.admit === undefined) return;
      await this.#admit(call.admit);
      delete call.admit;
      counted.push(id);
    });
    const admitted = await Promise.allSettled(admissions);
    if (counted.length > 0 && this.#notes !== undefined) {
      this.#notes.note({ counted, by: this.#notes.process });
      await this.#notes.written();
    }
    const ended = await Promise.allSettled(portion.map(([id, call]) => this.#end(id, call)));
    return [...admitted, ...ended].every(({ status }) => status === 'fulfilled');
  }

  async #end(id: string, call: WaitingCall): Promise<void> {
    const { admit, progress, end } = call;
    if (admit !== undefined) return;
    if (end === 'release') await this.#store.release(id);
    else if (end !== undefined) await this.#store.settle(end);
    else if (progress !== undefined) await this.#store.progress(id, () => progress);
    // What came while the store was being asked is the next time's; without an end it will go to the store directly.
    if (call.end === end && call.progress === progress) this.#calls.delete(id);
  }

  async #admit(request: AdmitRequest): Promise<void> {
    await this.#store.admit(lateRequest(request, this.#now));
  }

  /** What was admitted and not settled is not counted: its process ended in the middle of it. */
  async #bringNotes({ process, notes, add }: LeftNotes<CallNote>): Promise<number> {
    const { settlements, admits, counted, by } = sortNotes(notes);
    // An admission may still be on its way to the database, and must be there before the settlement.
    for (const earlier of new Set([process, ...by])) await this.#store.finish?.(earlier);
    for (const portion of portionsOf([...settlements.values()])) {
      const open = portion.flatMap(({ id }) => (counted.has(id) ? [] : (admits.get(id) ?? [])));
      await allOf(open.map((request) => this.#admit(request)));
      if (open.length > 0) await add({ counted: open.map(({ id }) => id), by: this.#notes?.process ?? '' });
      await allOf(portion.map((settlement) => this.#store.settle(settlement)));
    }
    return settlements.size;
  }
}

/** The notes by the id of their call. */
function sortNotes(notes: readonly CallNote[]) {
  const admits = new Map<string, AdmitRequest>();
  const settlements = new Map<string, Settlement>();
  const counted = new Set<string>();
  const by = new Set<string>();
  for (const note of notes) {
    if ('admit' in note) admits.set(note.admit.id, note.admit);
    else if ('settle' in note) settlements.set(note.settle.id, note.settle);
    else {
      by.add(note.by);
      for (const id of note.counted) counted.add(id);
    }
  }
  return { admits, settlements, counted, by };
}

/**
 * The request as it is counted now: in the windows that are not over, at the time of now. With its own time the store would take
 * it for a clock that was set back, and a calendar period that has begun since would start over.
 */
function lateRequest(request: AdmitRequest, now: number): AdmitRequest {
  if (request.now >= now) return request;
  const isOpen = ({ shape }: LedgerWindow): boolean =>
    shape.kind === 'period' ? shape.endMs > now : request.now + shape.spanMs > now;
  return { ...request, windows: request.windows.filter(isOpen), now };
}

/** Rejects only when nothing is under way any more: what is still asked for must not come after what another does next. */
async function allOf(work: readonly Promise<unknown>[]): Promise<void> {
  const failed = (await Promise.allSettled(work)).find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

function* portionsOf<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  for (let place = 0; place < items.length; place += portionSize) yield items.slice(place, place + portionSize);
}
