import { randomUUID } from 'node:crypto';
import type { PageRequest, Store, Tables } from '../domain/ports.ts';
import type { Subscription } from '../domain/subscription.ts';
import { change, conflict, notFound } from './administration.ts';
import type { Actor } from './administration.ts';
import { issueKey } from './key-admin.ts';
import type { IssuedKey } from './key-admin.ts';
import { planBook, requirePlan } from './plan-book.ts';
import type { PlanBook } from './plan-book.ts';
import { activate, cancel, renew, upgrade } from './subscription.ts';
import type { Plan } from '../domain/plan.ts';

/** A new subscription with its one key. */
export interface IssuedSubscription extends IssuedKey {
  subscription: Subscription;
}

export interface SubscriptionAdminOptions {
  store: Store;
  serverSecret: Buffer;
  /** Plans of the configuration. */
  configuredPlans: readonly Plan[];
}

/** The purchases of accounts. Everything is written to the audit trail; rejects with GatewayError (404, 409). */
export class SubscriptionAdmin {
  readonly #options: SubscriptionAdminOptions;

  constructor(options: SubscriptionAdminOptions) {
    this.#options = options;
  }

  /** Activates now. An account has one subscription at a time; after an expired one it gets a new key. */
  create({ owner, plan: name }: { owner: string; plan: string }, actor: Actor): Promise<IssuedSubscription> {
    return change(this.#options.store, actor, async (tables) => {
      const current = await tables.subscriptions.findCurrent(owner, actor.now);
      if (current !== undefined) {
        throw conflict(
          'subscription_exists',
          `The account '${owner}' has the subscription '${current.id}' already.`,
          'Renew or upgrade it, or cancel it first.',
        );
      }
      const plan = await requirePlan(this.#plans(tables), name);
      const id = randomUUID();
      const now = actor.now;
      const issued = await issueKey(tables, this.#options.serverSecret, {
        kind: 'plan',
        owner,
        subscriptionId: id,
        now,
      });
      const subscription = activate(plan, { id, owner, keyId: issued.key.id }, now);
      await tables.subscriptions.insert(subscription);
      return {
        ...subjectOf(id),
        result: { subscription, ...issued },
        action: 'create',
        before: null,
        after: subscription,
      };
    });
  }

  /** One more term from the old end; not after the end. */
  renew(id: string, actor: Actor): Promise<Subscription> {
    return this.#change(id, 'renew', actor, async (subscription, plans) =>
      renew(subscription, await requirePlan(plans, subscription.plan), actor.now),
    );
  }

  /** To a larger plan at once, with the same key; what was used stays used. */
  upgrade(id: string, plan: string, actor: Actor): Promise<Subscription> {
    return this.#change(id, 'upgrade', actor, async (subscription, plans) => {
      const [from, to] = [await requirePlan(plans, subscription.plan), await requirePlan(plans, plan)];
      return upgrade(subscription, { from, to }, actor.now);
    });
  }

  /** Ends it, and with it its key, at once. */
  cancel(id: string, actor: Actor): Promise<Subscription> {
    return this.#change(id, 'cancel', actor, async (subscription) => cancel(subscription, actor.now));
  }

  async find(id: string): Promise<Subscription> {
    return findSubscription(this.#options.store, id);
  }

  list(filter: PageRequest & { owner?: string }): Promise<Subscription[]> {
    return this.#options.store.subscriptions.list(filter);
  }

  #plans(tables: Tables): PlanBook {
    return planBook(tables.plans, this.#options.configuredPlans);
  }

  #change(
    id: string,
    action: string,
    actor: Actor,
    apply: (subscription: Subscription, plans: PlanBook) => Promise<Subscription>,
  ): Promise<Subscription> {
    return change(this.#options.store, actor, async (tables) => {
      const before = await findSubscription(tables, id);
      const after = await apply(before, this.#plans(tables));
      await tables.subscriptions.update(after);
      return { ...subjectOf(id), result: after, action, before, after };
    });
  }
}

function subjectOf(id: string): { kind: 'subscription'; subject: string } {
  return { kind: 'subscription', subject: id };
}

async function findSubscription({ subscriptions }: Pick<Tables, 'subscriptions'>, id: string): Promise<Subscription> {
  const subscription = await subscriptions.find(id);
  if (subscription === undefined) throw notFound('subscription', id);
  return subscription;
}
