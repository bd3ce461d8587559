import type { Plan } from '../domain/plan.ts';
import type { Store } from '../domain/ports.ts';
import { change, conflict, invalid, notFound } from './administration.ts';
import type { Actor } from './administration.ts';
import { timeZone } from './calendar.ts';
import { planBook, requirePlan } from './plan-book.ts';
import type { PlanBook } from './plan-book.ts';
import { shortTermWindow } from './windows.ts';

/** Making and changing plans. Subscriptions follow a changed plan at once. Rejects with GatewayError (400, 404, 409). */
export class PlanAdmin {
  readonly #store: Store;
  readonly #configured: readonly Plan[];

  constructor({ store, configuredPlans }: { store: Store; configuredPlans: readonly Plan[] }) {
    this.#store = store;
    this.#configured = configuredPlans;
  }

  async put(plan: Plan, actor: Actor): Promise<Plan> {
    checkPlan(plan);
    return change(this.#store, actor, async ({ plans }) => {
      const before = await plans.find(plan.name);
      await plans.put(plan);
      const action = before === undefined ? 'create' : 'update';
      return { result: plan, action, kind: 'plan', subject: plan.name, before, after: plan };
    });
  }

  /** Only a plan made here; one of the configuration or built in that it hid comes back. */
  async delete(name: string, actor: Actor): Promise<void> {
    await change(this.#store, actor, async ({ plans }) => {
      const before = await plans.find(name);
      if (before === undefined) {
        if (await planBook(plans, this.#configured).find(name))
          throw conflict('plan_not_stored', `The plan '${name}' is configured or built in.`);
        throw notFound('plan', name);
      }
      await plans.delete(name);
      return { result: undefined, action: 'delete', kind: 'plan', subject: name, before, after: null };
    });
  }

  find(name: string): Promise<Plan> {
    return requirePlan(this.#book(), name);
  }

  list(): Promise<Plan[]> {
    return this.#book().list();
  }

  #book(): PlanBook {
    return planBook(this.#store.plans, this.#configured);
  }
}

/** Throws GatewayError (400) for a plan that makes no sense; the form of the JSON is checked before. */
export function checkPlan(plan: Plan): void {
  const names = plan.windows.map(({ name }) => name);
  if (!/^[a-z0-9][a-z0-9._-]{0,63}$/.test(plan.name))
    throw invalid('name', 'A plan name has lower-case letters, digits, ".", "_" and "-".');
  if (new Set(names).size !== names.length) throw invalid('windows', 'Two windows have the same name.');
  for (const { name, limit, period } of plan.windows) {
    if (!/^[a-z0-9-]{1,32}$/.test(name) || name === shortTermWindow)
      throw invalid('windows', `'${name}' cannot name a window.`);
    if (!(limit >= 0 && limit <= 1e15))
      throw invalid('windows', `The limit of the window '${name}' cannot be ${limit}.`);
    const hours = 'hours' in period ? period.hours : 1;
    if (!(hours >= 0.01 && hours <= 10_000)) throw invalid('windows', `A window of ${hours} hours cannot be.`);
  }
  try {
    timeZone(plan.timeZone);
  } catch {
    throw invalid('timeZone', `'${plan.timeZone}' is no time zone.`);
  }
}
