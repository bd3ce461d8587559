import { randomUUID } from 'node:crypto';
import type { AgentSign } from '../catalogue/coding-agents.ts';
import type { Database } from '../domain/database.ts';
import type { Plan } from '../domain/plan.ts';
import type { Provider } from '../domain/provider.ts';
import type { RequestRecord } from '../domain/request-record.ts';
import type { AtelierConfig } from '../domain/settings.ts';
import { AdmissionDesk } from '../governance/admission.ts';
import { ChangeFollower } from '../governance/change-follower.ts';
import type { ChangeListener } from '../governance/change-follower.ts';
import { KeyAdmin } from '../governance/key-admin.ts';
import { Keyring } from '../governance/keyring.ts';
import { meteredProvider } from '../governance/metered-plans.ts';
import { PlanAdmin } from '../governance/plan-admin.ts';
import { planBook } from '../governance/plan-book.ts';
import type { PlanBook } from '../governance/plan-book.ts';
import { sendReminders } from '../governance/reminders.ts';
import type { ReminderChannel } from '../governance/reminders.ts';
import { pruneUsage } from '../governance/retention.ts';
import { SecretAdmin } from '../governance/secret-admin.ts';
import { SubscriptionAdmin } from '../governance/subscription-admin.ts';
import { UpstreamMeter } from '../governance/upstream-meter.ts';
import { UsageBacklog } from '../governance/usage-backlog.ts';
import { usageRecordOf } from '../governance/usage-record.ts';
import type { Governance } from '../pipeline/dependencies.ts';
import { isLoopbackHost } from '../pipeline/identify.ts';
import type { AccountContext } from '../pipeline/settle.ts';
import { foreignSecret, requireSecretOfKeys, serverSecret } from '../store/files/server-secret.ts';
import { AheadLedger } from '../store/ledger/ahead-ledger.ts';
import type { FailoverLedger } from '../store/ledger/failover-ledger.ts';
import { describeDatabase, openDatabase } from '../store/open.ts';
import type { OpenDatabase } from '../store/open.ts';
import { isSecretOf } from '../store/secret-mark.ts';
import type { Logger } from '../telemetry/log.ts';
import { RegularWork } from './regular-work.ts';

/** The store with what lives as long as the process: it outlasts every reload. */
export interface Books {
  database: OpenDatabase;
  /** Where it is, without a password. */
  title: string;
  /** The database's ledger, which goes on when the database is away. */
  ledger: FailoverLedger;
  /** The same for those who admit calls: it reserves for busy accounts ahead. */
  ahead: AheadLedger;
  /** Where usage is written: it keeps what the database does not take while it is away. */
  usage: UsageBacklog;
  serverSecret: Buffer;
  /** There is at least one key, so that nobody comes in without. */
  hasKeys(): boolean;
  /** For `/health/ready`; undefined while all is well. */
  degraded(): string | undefined;
  /** What the running configuration wants to hear of changes made here or on other nodes. */
  onChange(listener: ChangeListener): void;
  /** Learns now of what was changed, here or elsewhere; otherwise that happens every second. */
  catchUp(): Promise<void>;
  /** Begins the regular work: following changes, the lease, old records, reminders. */
  start(channels: readonly ReminderChannel[]): void;
  close(): Promise<void>;
}

/** The offices of one configuration over the books. */
export interface GovernanceOffice extends Governance {
  books: Books;
  keyring: Keyring;
  desk: AdmissionDesk;
  meter: UpstreamMeter;
  plans: PlanBook;
  keyAdmin: KeyAdmin;
  planAdmin: PlanAdmin;
  subscriptionAdmin: SubscriptionAdmin;
  secretAdmin: SecretAdmin;
}

const followMs = 1_000;
/** Longer than a store that is well takes for a little work. */
const answerMs = 2_000;
const heartbeatMs = 15_000;
const quarterHourMs = 900_000;
const hourMs = 3_600_000;

/** Opens the store in the data folder (created when missing) and reads what must be known before the first request. */
export async function openBooks(config: AtelierConfig, log: Logger): Promise<Books> {
  const location = { ...config.store, dataDir: config.dataDir };
  const database = await openDatabase(location, { processId: randomUUID(), now: Date.now() });
  const { ledger } = database;
  const ahead = new AheadLedger(ledger, { isAway: () => ledger.isAway });
  const usage = new UsageBacklog(database.usage, database.usageNotes && { notes: database.usageNotes });
  let keys = false;
  let listener: ChangeListener | undefined;
  const work = new RegularWork(log);
  const follower = new ChangeFollower(database.store.audit, {
    changed(entry) {
      if (entry.kind === 'key') keys = true;
      listener?.changed(entry);
    },
    confirmed: (now) => listener?.confirmed(now),
  });
  // The place in the trail first, then the state: what changes in between is heard of again, never missed.
  await follower.poll(Date.now());
  keys ||= (await database.store.keys.list({ limit: 1 })).length > 0;
  const secret = await secretOf(config.dataDir, { keys, database });
  return {
    database,
    title: describeDatabase(location),
    ledger,
    ahead,
    usage,
    serverSecret: secret,
    hasKeys: () => keys,
    degraded() {
      const all = [ledger.degraded, database.journalNotes?.problem, work.problem, usage.degraded];
      const reasons = all.filter((reason) => reason !== undefined);
      return reasons.length > 0 ? reasons.join('; ') : undefined;
    },
    onChange: (next) => (listener = next),
    catchUp: () => follower.poll(Date.now()),
    start(channels) {
      work.repeat('changes', { everyMs: followMs, answerMs }, () => follower.poll(Date.now()));
      work.repeat('usage', { everyMs: followMs, answerMs }, () => usage.flush());
      work.repeat('lease', { everyMs: heartbeatMs, answerMs, asks: 'the ledger store' }, () =>
        ledger.heartbeat(Date.now()),
      );
      const { counters } = database;
      if (counters) work.repeat('live counters', { everyMs: followMs, answerMs, asks: 'Redis' }, () => counters.ping());
      const bringLeft = () => bringWhatWasLeft({ ledger, usage }, log);
      // At once too: until then there is more left in a plan than there should be.
      void bringLeft().catch((error: unknown) =>
        log.error(
          { event: 'waiting', err: error },
          'what an earlier process had left could not be brought to the store',
        ),
      );
      work.repeat('waiting', { everyMs: heartbeatMs }, bringLeft);
      const remind = () => sendReminders(database.store, channels, Date.now());
      // At once too: what became due while nothing ran is late already.
      void remind().catch((error: unknown) =>
        log.error({ event: 'reminder', err: error }, 'reminders could not be sent'),
      );
      work.repeat('reminders', { everyMs: quarterHourMs }, remind);
      work.repeat('retention', { everyMs: hourMs }, () =>
        prune(database, config.usage.retentionDays, () => work.isGoingOn),
      );
    },
    async close() {
      work.end();
      await ahead.giveBack();
      await usage
        .flush()
        .catch((error: unknown) => sayWhatWaits(log, { records: usage.size, err: error }, usage.isLosing));
      await usage.close();
      await database.close();
      if (ledger.waiting > 0) sayWhatWaits(log, { calls: ledger.waiting }, ledger.notesProblem !== undefined);
    },
  };
}

/** What processes that ended while the store was away had noted. */
async function bringWhatWasLeft({ ledger, usage }: Pick<Books, 'ledger' | 'usage'>, log: Logger): Promise<void> {
  const calls = await ledger.bringLeft(Date.now());
  const records = await usage.bringLeft();
  if (calls + records === 0) return;
  log.info({ event: 'waiting', calls, records }, 'what an earlier process had left is in the store');
}

function sayWhatWaits(log: Logger, what: { calls?: number; records?: number; err?: unknown }, isLost: boolean): void {
  if (isLost) log.error({ event: 'store', ...what }, 'the store is away, and what waited for it is lost');
  else
    log.warn({ event: 'store', ...what }, 'the store is away: what waits for it is brought there after the next start');
}

/** Between portions the event loop serves requests; a stop ends it. */
function prune({ usage }: Database, days: number, isOpen: () => boolean): Promise<number> {
  const pause = (): Promise<boolean> => new Promise((resolve) => setTimeout(() => resolve(isOpen()), 20));
  return pruneUsage(usage, { days, now: Date.now(), pause });
}

/**
 * On an address that other machines reach there must be a key: without a master key the first start makes an admin key,
 * which is shown once. Undefined when nothing had to be made.
 */
export async function firstAdminKey(config: AtelierConfig, office: GovernanceOffice): Promise<string | undefined> {
  const { books, keyAdmin } = office;
  if (config.masterKey !== undefined || isLoopbackHost(config.server.host) || books.hasKeys()) return undefined;
  const issued = await keyAdmin.create({ kind: 'admin', owner: 'admin' }, { actor: 'system', now: Date.now() });
  return issued.text;
}

export interface OfficeParts {
  books: Books;
  log: Logger;
  /** A provider by name. */
  provider(name: string): Provider | undefined;
  /** The clients that count as coding agents. */
  agents: readonly AgentSign[];
}

/** The server secret of the data folder; closes the database and rejects when the keys need another one. */
async function secretOf(dataDir: string, { keys, database }: { keys: boolean; database: Database }): Promise<Buffer> {
  try {
    if (keys) requireSecretOfKeys(dataDir);
    const secret = serverSecret(dataDir);
    if (!(await isSecretOf(database.store, secret))) throw foreignSecret(dataDir);
    return secret;
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** Puts a configuration's keys, plans and accounts to work. */
export function openOffice(config: AtelierConfig, { books, log, provider, agents }: OfficeParts): GovernanceOffice {
  const { database, ledger, ahead, serverSecret: secret } = books;
  const { store } = database;
  const configuredPlans: readonly Plan[] = config.plans;
  const plans = planBook(store.plans, configuredPlans);
  const keyring = new Keyring({
    keys: store.keys,
    subscriptions: store.subscriptions,
    plans,
    serverSecret: secret,
    ...(config.masterKey !== undefined && { masterKey: config.masterKey }),
  });
  const desk = new AdmissionDesk({ ledger: ahead, onProviderFailure: config.governance.onProviderFailure, agents });
  const meter = new UpstreamMeter(ledger, database.usage);
  const mayBeOpen = config.masterKey === undefined && isLoopbackHost(config.server.host);
  return {
    books,
    keyring,
    desk,
    meter,
    plans,
    keyAdmin: new KeyAdmin({ store, serverSecret: secret }),
    planAdmin: new PlanAdmin({ store, configuredPlans }),
    subscriptionAdmin: new SubscriptionAdmin({ store, serverSecret: secret, configuredPlans }),
    secretAdmin: new SecretAdmin({ store, serverSecret: secret }),
    isOpen: () => mayBeOpen && !books.hasKeys(),
    account(record, context) {
      const { requestId } = record;
      const failed = (error: unknown): void =>
        log.error({ event: 'account', requestId, err: error }, 'the account of a request was not kept');
      try {
        for (const written of accounts(record, context)) written.catch(failed);
      } catch (error) {
        failed(error);
      }
    },
  };

  /**
   * What is written for one request: the plan's windows corrected, the usage record, the meter of the provider's plan.
   * Nobody waits for it: a request that did would be kept in memory until the commit.
   */
  function* accounts(record: RequestRecord, context: AccountContext): Generator<Promise<unknown>> {
    const target = context.target && provider(context.target.provider);
    const usage = usageRecordOf(record, {
      headers: context.headers,
      agents,
      listPrices: target?.catalogued === true && target.standIn !== true,
      scope: target?.priceScope ?? 'cn',
      thinking: (record.usage?.reasoningTokens ?? 0) > 0,
      estimated: context.estimated,
      ...(context.principal && { principal: context.principal }),
    });
    // What began in a week that is over counts in the one that runs: to the ledger an earlier time is a clock that was set back.
    const endedAt = record.receivedAt + Math.round(record.timings.totalMs);
    const tokens = (record.usage?.inputTokens ?? 0) + (record.usage?.outputTokens ?? 0);
    if (context.admission?.reserved) {
      const outcome = {
        result: context.result,
        tokens,
        money: usage.cost.cny,
        ...(context.target && { target: context.target }),
        ...(context.calls !== undefined && { calls: context.calls }),
      };
      yield desk.settle(context.admission, outcome);
    }
    yield books.usage.record(usage);
    // A provider that was asked before another one answered was called too.
    for (const [name, calls] of context.reached) {
      const reached = provider(name);
      const metered = reached && meteredProvider(reached);
      const spent = name === target?.name ? tokens : 0;
      if (metered) yield meter.count(metered, { id: record.callId, calls, tokens: spent, now: endedAt });
    }
  }
}
