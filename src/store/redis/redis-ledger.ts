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
import { StoreUnavailable } from '../../domain/store-unavailable.ts';
import type { WaitingNotes } from '../../domain/waiting-notes.ts';
import { newAccount, standingIn } from '../ledger/account.ts';
import type { AccountState } from '../ledger/account.ts';
import type { LedgerJob, LedgerTruth, NumberedJob } from '../ledger/job.ts';
import { Backlog } from '../backlog.ts';
import { admitResultOf, isClosed, isUnseeded } from './job-reply.ts';
import { JobSender } from './job-sender.ts';
import {
  deadScript,
  heartbeatScript,
  leaveScript,
  readJournalScript,
  seedScript,
  trimJournalScript,
} from './ledger-scripts.ts';
import type { ScriptClient } from './script-client.ts';

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
  /** Where changes that wait for the database outlive this process and the data of Redis. */
  notes?: WaitingNotes<JournalEntry>;
}

/** A change that was made on the live counters, on its way to the database. */
export interface JournalEntry extends NumberedJob {
  /** The life of the live counters in which it was made; '' when that is not known. */
  epoch: string;
}

/** Redis keeps the entries until they are in the database: the longer they gather, the fewer transactions it takes. */
const journalGatherMs = 100;

/** Changes that wait for the database; beyond it nothing is admitted that could be lost. */
const journalLimit = 100_000;

/** Reservations given back by one script: bounds how long the server is held. */
const orphansPerScript = 500;

const entriesPerReading = 500;

/** An account as Redis has it. */
type LiveState = AccountState & { seed: number };

/**
 * The ledger with its counters in Redis, exact over any number of nodes: the jobs of a turn are one atomic script. What was
 * decided goes to Postgres in the background, in order; an account that Redis does not have is read from there.
 */
export class RedisLedger implements Ledger {
  readonly #client: ScriptClient;
  readonly #truth: LedgerTruth;
  readonly #processId: string;
  readonly #leaseMs: number;
  readonly #prefix: string;
  readonly #sender: JobSender;
  readonly #journal: Backlog<JournalEntry>;
  readonly #notes: WaitingNotes<JournalEntry> | undefined;
  readonly #seeding = new Map<string, Promise<void>>();
  /** Of the journal; grows also for what is not admitted. */
  #lastNumber = 0;

  constructor({ client, truth, processId, leaseMs, prefix = 'atelier:', notes }: RedisLedgerOptions) {
    this.#client = client;
    this.#truth = truth;
    this.#processId = processId;
    this.#leaseMs = leaseMs;
    this.#prefix = prefix;
    this.#sender = new JobSender({ client, prefix, processId });
    this.#notes = notes;
    this.#journal = new Backlog({
      ...(notes && { notes }),
      gatherMs: journalGatherMs,
      whileAway: 'keep',
      isRefusal: (error) => truth.isRefusal(error),
      write: async (entries) => {
        const versions = await truth.applyJournal(entries);
        // Redis may be away: what must be repaired or trimmed there comes with its next seed or with the next entries.
        await this.#applied(entries, versions).catch(() => undefined);
      },
    });
  }

  async admit(request: AdmitRequest): Promise<AdmitResult> {
    if (this.#journal.length >= journalLimit) throw new StoreUnavailable('the database is away for too long');
    const job: LedgerJob = { kind: 'admit', request };
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const number = this.#nextNumber();
      const { reply, epoch } = await this.#sender.send(() => ({ number, job }));
      if (isUnseeded(reply)) {
        await this.#seedOnce(request.account, request.now);
        continue;
      }
      const result = admitResultOf(reply, request);
      if (result.admitted) this.#journal.add(forced({ number, job, epoch }));
      return result;
    }
    throw new StoreUnavailable('Redis loses what is written to it');
  }

  settle(settlement: Settlement): Promise<Settled> {
    return this.#close(() => ({ kind: 'settle', settlement }));
  }

  release(id: string): Promise<Settled> {
    return this.#close(() => ({ kind: 'release', id }));
  }

  progress(id: string, read: () => Progress): Promise<Settled> {
    return this.#close(() => ({ kind: 'progress', id, progress: read() }));
  }

  async standing(account: string, windows: readonly LedgerWindow[], now: number): Promise<WindowStanding[]> {
    const state = (await this.#live(account)) ?? (await this.#truth.find(account))?.state ?? newAccount();
    return standingIn(state, windows, now);
  }

  async heartbeat(now: number): Promise<number> {
    const lease = now + this.#leaseMs;
    this.#sender.leaseUntil = lease;
    await this.#finishJournals(now);
    let total = 0;
    for (let released = orphansPerScript; released >= orphansPerScript; total += released) {
      released = Number(
        await this.#run(heartbeatScript, [this.#processId, String(lease), String(now), String(orphansPerScript)]),
      );
    }
    await this.#finishNotes();
    await this.#truth.heartbeat(now);
    return total;
  }

  /** Before its lease is over: for whoever knows that it has ended. */
  async finish(process: string): Promise<void> {
    if (process !== this.#processId) await this.#finishJournal(process);
    await this.#finishNotes();
  }

  async close(): Promise<void> {
    await this.#journal.close();
    await this.#notes?.close();
    if (this.#journal.length === 0) await this.#run(leaveScript, [this.#processId]).catch(() => undefined);
    this.#client.close();
  }

  /** Resolves when everything decided so far is in the database. */
  drain(): Promise<void> {
    return this.#journal.drain();
  }

  /** Sends what ends a reservation, or says how far it has come. */
  async #close(read: () => LedgerJob): Promise<boolean> {
    const number = this.#nextNumber();
    const { job, reply, epoch } = await this.#sender.send(() => ({ number, job: read() }));
    const closed = isClosed(reply);
    // What was not open may be waiting for repair: then its end must be repaired too, whatever life this is.
    this.#journal.add({ number, job, epoch: closed ? epoch : '' });
    return closed;
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
    const reservations = (stored?.reservations ?? []).flatMap(({ id, process, slots, concurrent, lapsed }) => [
      id,
      process,
      JSON.stringify({ account, process, slots, concurrent, lapsed }),
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
      if (job.kind !== 'admit' || (await this.#isMissing(job.request.account, versions)))
        await this.#sender.send(() => ({ job }));
    }
  }

  async #isMissing(account: string, versions: ReadonlyMap<string, number>): Promise<boolean> {
    const live = await this.#live(account);
    return live !== undefined && live.seed < (versions.get(account) ?? 0);
  }

  async #live(account: string): Promise<LiveState | undefined> {
    const text = await this.#client.get(`${this.#prefix}account:${account}`);
    return text === undefined ? undefined : JSON.parse(text);
  }

  /** Brings to the database what processes whose lease is over had left in their journals. */
  async #finishJournals(now: number): Promise<void> {
    for (const process of strings(await this.#run(deadScript, [String(now)]))) {
      if (process !== this.#processId) await this.#finishJournal(process);
    }
  }

  async #finishJournal(process: string): Promise<void> {
    for (;;) {
      const texts = strings(await this.#run(readJournalScript, [process, String(entriesPerReading)]));
      const entries = texts.map((text): NumberedJob => forced(JSON.parse(text)));
      const last = entries.at(-1);
      if (last === undefined) return;
      await this.#truth.applyJournal(entries, process);
      await this.#run(trimJournalScript, [process, String(last.number)]);
    }
  }

  /** The same for what they had noted, in case that Redis has lost their journals. */
  async #finishNotes(): Promise<void> {
    await this.#notes?.bringLeft(async ({ process, notes }) => {
      const unique = [...new Map(notes.map((entry) => [entry.number, entry])).values()];
      const entries = unique.toSorted((a, b) => a.number - b.number);
      for (let place = 0; place < entries.length; place += entriesPerReading) {
        const portion = entries.slice(place, place + entriesPerReading);
        await this.#repair(portion, await this.#truth.applyJournal(portion, process));
      }
      return entries.length;
    });
  }

  #run(script: string, parameters: readonly string[]): Promise<unknown> {
    return this.#client.run(script, this.#prefix, parameters);
  }
}

/** What was admitted is counted in the database whatever the limits there say. */
function forced<Entry extends NumberedJob>(entry: Entry): Entry {
  const { job } = entry;
  return job.kind === 'admit' ? { ...entry, job: { kind: 'admit', request: { ...job.request, force: true } } } : entry;
}

function strings(reply: unknown): string[] {
  return Array.isArray(reply) ? reply.map(String) : [];
}
