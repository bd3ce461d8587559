import { randomUUID } from 'node:crypto';
import type {
  AdmitRequest,
  AdmitResult,
  LedgerWindow,
  Settled,
  Settlement,
  WindowStanding,
} from '../../domain/ledger.ts';
import type { Ledger } from '../../domain/ports.ts';
import { StoreUnavailable } from '../../domain/store-unavailable.ts';
import { admitTo, newAccount, standingIn } from '../ledger/account.ts';
import type { AccountState } from '../ledger/account.ts';
import type { LedgerJob, NumberedJob, PostgresLedger } from '../sql/postgres-ledger.ts';
import { Journal } from './journal.ts';
import type { JournalEntry } from './journal.ts';
import {
  admitScript,
  closeScript,
  deadScript,
  heartbeatScript,
  leaveScript,
  readJournalScript,
  seedScript,
  trimJournalScript,
} from './ledger-scripts.ts';
import type { ScriptClient } from './script-client.ts';

/** The ledger of the database, as far as the live counters need it. */
export type LedgerTruth = Pick<PostgresLedger, 'find' | 'applyJournal' | 'heartbeat'>;

export interface RedisLedgerOptions {
  client: ScriptClient;
  /** Where the ledger is kept for good, and the live counters are read from when Redis has lost them. */
  truth: LedgerTruth;
  /** Unique for every start of a process. */
  processId: string;
  /** How long after its last heartbeat a process counts as gone. */
  leaseMs: number;
  /** Of all keys. */
  prefix?: string;
}

/** Changes that wait for the database; beyond it nothing is admitted that could be lost. */
const journalLimit = 100_000;

/** Reservations given back by one script: bounds how long the server is held. */
const orphansPerScript = 500;

const entriesPerReading = 500;

/** An account as Redis has it. */
type LiveState = AccountState & { seed: number };

/**
 * The ledger with its counters in Redis, exact over any number of nodes: each decision is one atomic script. What was
 * decided goes to Postgres in the background, in order; an account that Redis does not have is read from there.
 */
export class RedisLedger implements Ledger {
  readonly #client: ScriptClient;
  readonly #truth: LedgerTruth;
  readonly #processId: string;
  readonly #leaseMs: number;
  readonly #prefix: string;
  readonly #journal: Journal;
  readonly #seeding = new Map<string, Promise<void>>();
  #epoch = '';
  /** Of the journal; grows also for what is not admitted. */
  #lastNumber = 0;

  constructor({ client, truth, processId, leaseMs, prefix = 'atelier:' }: RedisLedgerOptions) {
    this.#client = client;
    this.#truth = truth;
    this.#processId = processId;
    this.#leaseMs = leaseMs;
    this.#prefix = prefix;
    this.#journal = new Journal({
      apply: (entries) => truth.applyJournal(entries),
      applied: (entries, versions) => this.#applied(entries, versions),
    });
  }

  async admit(request: AdmitRequest): Promise<AdmitResult> {
    if (this.#journal.length >= journalLimit) throw new StoreUnavailable('the database is away for too long');
    const { decision, state, number } = await this.#admit(request);
    if (decision === 'refused') return refusalOf(state, request);
    this.#note(number, { kind: 'admit', request: { ...request, force: true } });
    return { admitted: true, windows: standingIn(state, request.windows, request.now) };
  }

  settle(settlement: Settlement): Promise<Settled> {
    return this.#close({ kind: 'settle', settlement });
  }

  release(id: string): Promise<Settled> {
    return this.#close({ kind: 'release', id });
  }

  async standing(account: string, windows: readonly LedgerWindow[], now: number): Promise<WindowStanding[]> {
    const text = await this.#client.get(`${this.#prefix}account:${account}`);
    const state: AccountState =
      text === undefined ? ((await this.#truth.find(account))?.state ?? newAccount()) : JSON.parse(text);
    return standingIn(state, windows, now);
  }

  async heartbeat(now: number): Promise<number> {
    await this.#finishJournals(now);
    const lease = String(now + this.#leaseMs);
    let total = 0;
    for (let released = orphansPerScript; released >= orphansPerScript; total += released) {
      released = Number(
        await this.#run(heartbeatScript, [this.#processId, lease, String(now), String(orphansPerScript)]),
      );
    }
    await this.#truth.heartbeat(now);
    return total;
  }

  async close(): Promise<void> {
    await this.#journal.close();
    await this.#run(leaveScript, [this.#processId]).catch(() => undefined);
    this.#client.close();
  }

  /** Resolves when everything decided so far is in the database. */
  drain(): Promise<void> {
    return this.#journal.drain();
  }

  #note(number: number, job: LedgerJob): void {
    this.#journal.add({ number, job, epoch: this.#epoch });
  }

  /** Decides on the live counters, after bringing them there when they are missing. */
  async #admit(request: AdmitRequest): Promise<{ decision: string; state: AccountState; number: number }> {
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const number = this.#nextNumber();
      const [decision, epoch, text] = strings(await this.#run(admitScript, this.#admitParameters(request, number)));
      this.#epoch = epoch ?? '';
      if (decision !== undefined && decision !== 'unseeded') return { decision, state: JSON.parse(text ?? ''), number };
      await this.#seedOnce(request.account, request.now);
    }
    throw new StoreUnavailable('Redis loses what is written to it');
  }

  /** Without a number it is in the database already. */
  #admitParameters(request: AdmitRequest, number: number | undefined): string[] {
    return [
      JSON.stringify(request),
      this.#processId,
      String(request.now + this.#leaseMs),
      randomUUID(),
      String(number ?? ''),
    ];
  }

  async #close(job: Exclude<LedgerJob, { kind: 'admit' }>): Promise<boolean> {
    const number = this.#nextNumber();
    const closed = await this.#closeLive(job, number);
    this.#note(number, job);
    return closed;
  }

  async #closeLive(job: Exclude<LedgerJob, { kind: 'admit' }>, number: number | undefined): Promise<boolean> {
    const id = job.kind === 'settle' ? job.settlement.id : job.id;
    const settlement = job.kind === 'settle' ? [JSON.stringify(job.settlement)] : [];
    return (await this.#run(closeScript, [id, this.#processId, String(number ?? ''), ...settlement])) === 1;
  }

  #nextNumber(): number {
    this.#lastNumber += 1;
    return this.#lastNumber;
  }

  /** Requests that find the same account missing wait for one reading. */
  #seedOnce(account: string, now: number): Promise<void> {
    const seeding = this.#seeding.get(account) ?? this.#seed(account, now).finally(() => this.#seeding.delete(account));
    this.#seeding.set(account, seeding);
    return seeding;
  }

  async #seed(account: string, now: number): Promise<void> {
    const stored = await this.#truth.find(account).catch((error: unknown) => {
      throw new StoreUnavailable('the database is away and Redis does not have the account', { cause: error });
    });
    const state: LiveState = { ...(stored?.state ?? newAccount()), seed: stored?.version ?? 0 };
    const reservations = (stored?.reservations ?? []).flatMap(({ id, process, slots, lapsed }) => [
      id,
      process,
      JSON.stringify({ account, process, slots, lapsed }),
    ]);
    await this.#run(seedScript, [account, JSON.stringify(state), String(now + this.#leaseMs), ...reservations]);
  }

  async #applied(entries: readonly JournalEntry[], versions: ReadonlyMap<string, number>): Promise<void> {
    await this.#repair(entries, versions);
    const last = entries.at(-1)?.number ?? 0;
    await this.#run(trimJournalScript, [this.#processId, String(last)]);
  }

  /**
   * After Redis has lost its data, accounts are seeded from the database, where entries of this journal may have been
   * missing at that moment. Entries from before the loss that the seed did not have are made again.
   */
  async #repair(entries: readonly JournalEntry[], versions: ReadonlyMap<string, number>): Promise<void> {
    const epoch = await this.#client.get(`${this.#prefix}epoch`);
    for (const { job } of entries.filter((entry) => entry.epoch !== epoch)) {
      if (job.kind !== 'admit') await this.#closeLive(job, undefined);
      else if (await this.#isMissing(job.request.account, versions)) {
        await this.#run(admitScript, this.#admitParameters(job.request, undefined));
      }
    }
  }

  /** Brings to the database what processes whose lease is over had left in their journals. */
  async #finishJournals(now: number): Promise<void> {
    for (const process of strings(await this.#run(deadScript, [String(now)]))) {
      if (process === this.#processId) continue;
      for (;;) {
        const entries = journalEntries(
          strings(await this.#run(readJournalScript, [process, String(entriesPerReading)])),
        );
        const last = entries.at(-1);
        if (last === undefined) break;
        await this.#truth.applyJournal(entries, process);
        await this.#run(trimJournalScript, [process, String(last.number)]);
      }
    }
  }

  async #isMissing(account: string, versions: ReadonlyMap<string, number>): Promise<boolean> {
    const text = await this.#client.get(`${this.#prefix}account:${account}`);
    if (text === undefined) return false;
    const { seed }: LiveState = JSON.parse(text);
    return seed < (versions.get(account) ?? 0);
  }

  #run(script: string, parameters: readonly string[]): Promise<unknown> {
    return this.#client.run(script, this.#prefix, parameters);
  }
}

/** Why the script refused: the same arithmetic on the state it refused with. */
function refusalOf(state: AccountState, request: AdmitRequest): AdmitResult {
  const { result } = admitTo(state, request);
  if (result.admitted) throw new StoreUnavailable('Redis refused what fits');
  return result;
}

/** Id, kind and data of each entry, in one list; an admitted request counts beyond its limits. */
function journalEntries(list: readonly string[]): NumberedJob[] {
  return Array.from({ length: list.length / 3 }, (_, place) => {
    const [id = '', kind, data = ''] = list.slice(place * 3, place * 3 + 3);
    return { number: Number.parseInt(id, 10), job: jobOf(kind, data) };
  });
}

function jobOf(kind: string | undefined, data: string): LedgerJob {
  if (kind === 'release') return { kind, id: data };
  return kind === 'settle'
    ? { kind, settlement: JSON.parse(data) }
    : { kind: 'admit', request: { ...JSON.parse(data), force: true } };
}

function strings(reply: unknown): string[] {
  return Array.isArray(reply) ? reply.map(String) : [];
}
