import { codingPlanModels, codingPlanWindows } from '../catalogue/plans.ts';
import type { PlanWindows } from '../catalogue/plans.ts';
import type { Plan } from '../domain/plan.ts';

/** The plans that exist without being configured: Coding Plan Lite and Pro as the platform sells them, and one without limits. */
export const builtInPlans: readonly Plan[] = [
  codingPlan({ name: 'coding-plan-lite', title: 'Coding Plan Lite', windows: codingPlanWindows.lite, price: 40 }),
  codingPlan({ name: 'coding-plan-pro', title: 'Coding Plan Pro', windows: codingPlanWindows.pro, price: 200 }),
  {
    name: 'unlimited',
    title: 'Unlimited',
    windows: [],
    timeZone: 'UTC+8',
    modelWeights: {},
    models: null,
    concurrency: null,
    shortTerm: null,
    codingAgentsOnly: false,
    price: null,
    termMonths: 1,
  },
];

/** CNY per month (source: the plan's page for Pro, contributors' collections for Lite, 2026). */
function codingPlan(level: { name: string; title: string; windows: PlanWindows; price: number }): Plan {
  return {
    name: level.name,
    title: level.title,
    windows: [
      {
        name: '5h',
        period: { kind: 'rolling', hours: 5 },
        unit: 'calls',
        limit: level.windows.fiveHours,
        onStoreFailure: 'allow',
      },
      { name: 'week', period: { kind: 'week' }, unit: 'calls', limit: level.windows.week, onStoreFailure: 'allow' },
      { name: 'month', period: { kind: 'month' }, unit: 'calls', limit: level.windows.month, onStoreFailure: 'allow' },
    ],
    timeZone: 'UTC+8',
    modelWeights: {},
    models: [...codingPlanModels.cn],
    concurrency: null,
    shortTerm: null,
    codingAgentsOnly: true,
    price: { amount: level.price, currency: 'CNY' },
    termMonths: 1,
  };
}
