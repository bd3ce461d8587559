import * as z from 'zod';
import { planForm, planFromForm, planToForm } from '../../forms/plan.ts';
import { invalid } from '../../governance/administration.ts';
import { onePage, pageOf } from './page.ts';
import { defineRoute } from './route.ts';
import { id, planShape } from './shapes.ts';

const newPlan = planForm.partial({ name: true }).meta({ id: 'NewPlan' });
const planPath = z.strictObject({ name: id });

export const planRoutes = [
  defineRoute({
    method: 'GET',
    path: '/admin/api/plans',
    name: 'listPlans',
    summary: 'Lists all plans: those made here, those of the configuration, and the built-in ones.',
    answer: pageOf(planShape),
    handle: async (_input, { dependencies }) => onePage((await dependencies.plans.list()).map(planToForm)),
  }),
  defineRoute({
    method: 'GET',
    path: '/admin/api/plans/{name}',
    name: 'getPlan',
    summary: 'Shows a plan.',
    params: planPath,
    answer: planShape,
    handle: async ({ params }, { dependencies }) => planToForm(await dependencies.plans.find(params.name)),
  }),
  defineRoute({
    method: 'PUT',
    path: '/admin/api/plans/{name}',
    name: 'putPlan',
    summary:
      'Makes a plan or replaces it; its subscriptions follow at once. It hides a configured one of the same name.',
    params: planPath,
    body: newPlan,
    answer: planShape,
    async handle({ params, body }, { dependencies, actor }) {
      const { name } = params;
      if (body.name !== undefined && body.name !== name) throw invalid('name', 'The name in the path is another one.');
      return planToForm(await dependencies.plans.put(planFromForm({ ...body, name }), actor));
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: '/admin/api/plans/{name}',
    name: 'deletePlan',
    summary: 'Deletes a plan that was made here; a configured or built-in one that it hid comes back.',
    params: planPath,
    status: 204,
    handle: ({ params }, { dependencies, actor }) =>
      dependencies.plans.delete(params.name, actor).then(() => undefined),
  }),
];
