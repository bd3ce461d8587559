import type { Plan } from '../domain/plan.ts';
import type { PlanStore } from '../domain/ports.ts';
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
