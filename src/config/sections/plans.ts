import * as z from 'zod';
import type { Plan } from '../../domain/plan.ts';
import { planForm, planFromForm, planToForm } from '../../forms/plan.ts';
import type { PlanForm } from '../../forms/plan.ts';
import { structure } from '../kinds.ts';
import { setting } from '../setting.ts';

const plans = z
  .array(planForm, { error: 'must be a list of plans' })
  .max(200, { error: 'must not have more than 200 items' })
  .superRefine(refuseSameNames)
  .transform((forms): Plan[] => forms.map(planFromForm));

/** The plans of the configuration: a setting at the top of the file whose value is a list. */
export const planSettings = {
  plans: setting(structure(plans).default([]), {
    description:
      'Plans for the keys of this gateway; docs/plans.md shows how they are written. One with the name of a built-in plan ' +
      '(`coding-plan-lite`, `coding-plan-pro`, `unlimited`) takes its place.',
    env: 'ATELIER_PLANS',
    written: (value) => plansAsWritten(value),
  }),
};

function plansAsWritten(value: unknown): unknown {
  // What is printed has been through the schema above.
  return Array.isArray(value) ? value.map((plan: Plan) => planToForm(plan)) : value;
}

function refuseSameNames(forms: readonly PlanForm[], context: z.core.$RefinementCtx): void {
  const names = forms.map(({ name }) => name);
  for (const [place, name] of names.entries()) {
    if (names.indexOf(name) === place) continue;
    const message = `repeats the name of plan ${names.indexOf(name) + 1}`;
    context.addIssue({ code: 'custom', message, path: [place, 'name'], input: name });
  }
}
