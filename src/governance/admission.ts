import { setTimeout } from 'node:timers/promises';
import type { GatewayError } from '../domain/gateway-error.ts';
import type { WindowStanding } from '../domain/ledger.ts';
import type { Plan, QuotaUnit } from '../domain/plan.ts';
import type { Ledger } from '../domain/ports.ts';
import type { Principal } from '../domain/principal.ts';
import { StoreUnavailable } from '../domain/store-unavailable.ts';
import type { Target } from '../domain/target.ts';
import { codingAgentOf } from '../catalogue/coding-agents.ts';
import type { AgentSign, HeaderValues } from '../catalogue/coding-agents.ts';
import { QuotaHeaders } from './quota-headers.ts';
import { codingAgentsOnly, modelNotAllowed, modelNotInPlan, quotaExceeded, storeAway } from './refusals.ts';
import { PlanCalendar, shortTermWindow, unitOf } from './windows.ts';

/** What of a request governance decides on. */
export interface AdmissionRequest {
  /** Unique: the call id, never an id that a client may choose. */
  requestId: string;
  principal: Principal;
  /** As the client wrote it. */
  model: string;
  /** Who has the model, best first. */
  targets: readonly Target[];
  /** Why it cannot be sent anywhere: told when neither the key nor its plan refuses it first. */
  nowhere?: GatewayError;
  headers: HeaderValues;
  /** Upstream calls that it will take; absent: 1. */
  calls?: number;
  /** Guesses to reserve for windows of tokens or money (CNY); what is not known is 0. */
  estimate?: { tokens?: number; money?: number };
  now: number;
}

/** An admitted request; give it back to `settle` exactly once. */
export interface Admission {
  requestId: string;
  /** Those that the key may use; never empty. */
  targets: readonly Target[];
  /** For the response: the plan's windows; empty without a plan. */
  headers: Record<string, string>;
  windows: readonly WindowStanding[];
  /** Set when something was reserved. */
  reserved?: { plan: Plan; model: string; amounts: Readonly<Record<QuotaUnit, number>> };
}

/** What became of an admitted request. */
export interface Outcome {
  /**
   * `used`: an answer, or a part of one, was produced. `not-sent`: refused by the gateway or failed before it reached a
   * provider. `provider-failed`: the provider answered with an error or not at all.
   */
  result: 'used' | 'not-sent' | 'provider-failed';
  /** The target that answered. */
  target?: Target;
  /** Upstream calls that it took; absent: 1. */
  calls?: number;
  /** Input and output tokens. */
  tokens: number;
  /** CNY; null when unknown, which counts nothing. */
  money: number | null;
}

export interface AdmissionOptions {
  ledger: Ledger;
  /** Whether a call that the provider failed counts. */
  onProviderFailure?: 'give-back' | 'count';
  agents?: readonly AgentSign[];
}

/** How long an answer waits for its headers, in milliseconds: they are told when they are known, nothing depends on them. */
const headersPatienceMs = 50;

/** Admits requests before they are sent, and settles them after: the only user of the plans' ledger accounts. */
export class AdmissionDesk {
  readonly #ledger: Ledger;
  readonly #countFailures: boolean;
  readonly #agents: readonly AgentSign[] | undefined;
  /** By what the keyring holds, and forgotten with it. */
  readonly #calendars = new WeakMap<Holding, PlanCalendar>();
  readonly #quotaHeaders = new QuotaHeaders();

  constructor({ ledger, onProviderFailure = 'give-back', agents }: AdmissionOptions) {
    this.#ledger = ledger;
    this.#countFailures = onProviderFailure === 'count';
    this.#agents = agents;
  }

  /** Checks what the key may do and reserves the call. Throws GatewayError (400, 403, 405, 429, 503), and `nowhere`. */
  async admit(request: AdmissionRequest): Promise<Admission> {
    const { requestId, principal, model, now } = request;
    const targets = this.#allowed(request);
    const { holding } = principal;
    if (holding === undefined) return { requestId, targets, headers: {}, windows: [] };
    const { plan, subscription } = holding;
    const amounts = amountsOf(plan, { ...request, targets });
    const calendar = this.#calendar(holding);
    const windows = calendar.windows(now, amounts);
    if (windows.length === 0 && plan.concurrency === null) {
      return { requestId, targets, headers: await this.headers(principal, now), windows: [] };
    }
    const { concurrency } = plan;
    const ahead = calendar.countsCallsOnly;
    // A free model is in no window of calls, so what the ledger answers leaves those out: they are asked for beside it.
    const isFree = amounts.calls === 0 && plan.windows.some(({ unit }) => unit === 'calls');
    const ofFree = isFree ? this.headers(principal, now) : undefined;
    const admit = { id: requestId, account: subscription.id, windows, concurrency, ahead, now };
    const result = await this.#ledger.admit(admit).catch(unavailable);
    const headers = (await ofFree) ?? this.#quotaHeaders.write(plan, result.windows, now);
    if (!result.admitted) throw quotaExceeded({ plan, refusal: result.refusal, windows: result.windows, headers, now });
    return { requestId, targets, headers, windows: result.windows, reserved: { plan, model, amounts } };
  }

  /** Corrects the reservation by what happened, or gives it back. Exactly once per request, also when called again. */
  async settle(admission: Admission, outcome: Outcome): Promise<void> {
    const { requestId, reserved } = admission;
    if (reserved === undefined) return;
    const counts = outcome.result === 'used' || (outcome.result === 'provider-failed' && this.#countFailures);
    if (!counts) {
      await this.#ledger.release(requestId);
      return;
    }
    const { plan, model, amounts: counted } = reserved;
    const calls = weightOf(plan, model, outcome.target) * (outcome.calls ?? 1);
    const actual: Record<QuotaUnit, number> = { calls, tokens: outcome.tokens, money: outcome.money ?? 0 };
    // What is not named keeps its amount: for most calls that is all of it.
    const amounts: Record<string, number> = {};
    for (const { name } of admission.windows) {
      const unit = unitOf(plan, name) ?? 'calls';
      if (actual[unit] !== counted[unit]) amounts[name] = actual[unit];
    }
    await this.#ledger.settle({ id: requestId, amounts });
  }

  /** How a subscription's windows stand; the short-term limit is left out. */
  async standing(holding: Holding, now: number): Promise<WindowStanding[]> {
    const windows = this.#calendar(holding).windows(now, { calls: 1, tokens: 0, money: 0 });
    const standings = await this.#ledger.standing(holding.subscription.id, windows, now).catch(unavailable);
    return standings.filter((standing) => standing.name !== shortTermWindow);
  }

  /**
   * For the answer to a request that counts in no window; empty without a plan. Never rejects: a ledger that is away or slow
   * is answered without.
   */
  async headers({ holding }: Principal, now: number): Promise<Record<string, string>> {
    if (holding === undefined || holding.plan.windows.length === 0) return {};
    const known = this.standing(holding, now).catch(() => []);
    const windows = await Promise.race([known, setTimeout(headersPatienceMs, [], { ref: false })]);
    return this.#quotaHeaders.write(holding.plan, windows, now);
  }

  /** The targets that the key and its plan allow. What cannot be sent anywhere is refused as the plan refuses it, if it does. */
  #allowed({ principal, model, targets, nowhere, headers }: AdmissionRequest): readonly Target[] {
    const { key, holding } = principal;
    const inKey = targets.filter(
      (target) => allows(key?.providers, [target.provider]) && allows(key?.models, [model, target.model]),
    );
    if (inKey.length === 0 && nowhere === undefined) throw modelNotAllowed(model, key);
    const inPlan = holding === undefined ? inKey : this.#inPlan(holding.plan, { model, targets: inKey, headers });
    if (nowhere !== undefined) throw nowhere;
    return inPlan;
  }

  /** Without targets the name alone is judged. */
  #inPlan(plan: Plan, { model, targets, headers }: Pick<AdmissionRequest, 'model' | 'targets' | 'headers'>): Target[] {
    if (plan.codingAgentsOnly && codingAgentOf(headers, this.#agents) === undefined) throw codingAgentsOnly();
    const inPlan = targets.filter((target) => allows(plan.models, [model, target.model]));
    const isNameInPlan = targets.length === 0 && allows(plan.models, [model]);
    if (inPlan.length === 0 && !isNameInPlan) throw modelNotInPlan(model, plan);
    return inPlan;
  }

  #calendar(holding: Holding): PlanCalendar {
    const known = this.#calendars.get(holding);
    if (known !== undefined) return known;
    const calendar = new PlanCalendar(holding.plan, holding.subscription.activatedAt);
    this.#calendars.set(holding, calendar);
    return calendar;
  }
}

type Holding = NonNullable<Principal['holding']>;

/** Whether the key and the plan of a principal allow a model at a provider, by one of the names that it is called by. */
export function mayUse(
  { key, holding }: Principal,
  { provider, names }: { provider: string; names: readonly string[] },
): boolean {
  return allows(key?.providers, [provider]) && allows(key?.models, names) && allows(holding?.plan.models, names);
}

function allows(list: readonly string[] | null | undefined, names: readonly string[]): boolean {
  return list === null || list === undefined || names.some((name) => list.includes(name));
}

function amountsOf(plan: Plan, { model, targets, calls = 1, estimate }: AdmissionRequest): Record<QuotaUnit, number> {
  return {
    calls: weightOf(plan, model, targets[0]) * calls,
    tokens: estimate?.tokens ?? 0,
    money: estimate?.money ?? 0,
  };
}

/** By the name asked for, else by the target's. */
function weightOf(plan: Plan, model: string, target: Target | undefined): number {
  return plan.modelWeights[model] ?? (target && plan.modelWeights[target.model]) ?? 1;
}

function unavailable(error: unknown): never {
  throw error instanceof StoreUnavailable ? storeAway(error) : error;
}
