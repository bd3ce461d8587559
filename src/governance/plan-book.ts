import type { Plan } from '../domain/plan.ts';
import type { PlanStore } from '../domain/ports.ts';
import { notFound } from './administration.ts';
import { builtInPlans } from './built-in-plans.ts';

/** All plans: those made through the admin API come before those of the configuration, and these before the built-in ones. */
export interface PlanBook {
  find(name: string): Promise<Plan | undefined>;
  list(): Promise<Plan[]>;
}

export function planBook(store: PlanStore, configured: readonly Plan[]): PlanBook {
  const fixed = new Map([...builtInPlans, ...configured].map((plan) => [plan.name, plan]));
  return {
    find: async (name) => (await store.find(name)) ?? fixed.get(name),
    list: async () => {
      const all = new Map([...fixed, ...(await store.list()).map((plan) => [plan.name, plan] as const)]);
      return [...all.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
    },
  };
}

/** As many names as a person reads. */
const namesShown = 20;

/** The plan; for another name throws GatewayError (404) with the names that there are. */
export async function requirePlan(book: PlanBook, name: string): Promise<Plan> {
  const plan = await book.find(name);
  if (plan !== undefined) return plan;
  const names = (await book.list()).map((other) => other.name);
  const more = names.length > namesShown ? ' and more' : '';
  throw notFound('plan', name, `There are: ${names.slice(0, namesShown).join(', ')}${more}.`);
}
