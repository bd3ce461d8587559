import * as z from 'zod';
import { standingOf } from './standing.ts';
import { refuseBeforeAdminKey } from './key-routes.ts';
import { pageOf, pageQuery, toPage } from './page.ts';
import { defineRoute } from './route.ts';
import { id, issuedKeyShape, owner, subscriptionShape, toKey, toSubscription, windowShape } from './shapes.ts';

const subscriptionPath = z.strictObject({ id });

const issuedSubscriptionShape = subscriptionShape.extend({ key: issuedKeyShape }).meta({ id: 'IssuedSubscription' });

const shownSubscriptionShape = subscriptionShape
  .extend({ windows: z.array(windowShape) })
  .meta({ id: 'SubscriptionWithWindows' });

export const subscriptionRoutes = [
  defineRoute({
    method: 'GET',
    path: '/admin/api/subscriptions',
    name: 'listSubscriptions',
    summary: 'Lists the subscriptions in the order of their ids.',
    query: pageQuery.extend({ owner: owner.optional() }),
    answer: pageOf(subscriptionShape),
    async handle({ query }, { dependencies, actor }) {
      const { limit, after, owner: of } = query;
      const filter = { limit: limit + 1, ...(after && { after }), ...(of && { owner: of }) };
      return toPage(await dependencies.subscriptions.list(filter), limit, {
        item: (subscription) => toSubscription(subscription, actor.now),
        cursor: (subscription) => subscription.id,
      });
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/admin/api/subscriptions',
    name: 'createSubscription',
    summary: 'Activates a plan for an account now and makes its key, whose text is in this answer and nowhere else.',
    body: z.strictObject({ owner, plan: id }).meta({ id: 'NewSubscription' }),
    answer: issuedSubscriptionShape,
    status: 201,
    async handle({ body }, call) {
      refuseBeforeAdminKey(call);
      const { subscription, key, text } = await call.dependencies.subscriptions.create(body, call.actor);
      return { ...toSubscription(subscription, call.actor.now), key: { ...toKey(key), secret: text } };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/admin/api/subscriptions/{id}',
    name: 'getSubscription',
    summary: 'Shows a subscription and how the windows of its plan stand.',
    params: subscriptionPath,
    answer: shownSubscriptionShape,
    async handle({ params }, { dependencies, actor }) {
      const subscription = await dependencies.subscriptions.find(params.id);
      const plan = await dependencies.plans.find(subscription.plan);
      const windows = await standingOf(dependencies.desk, { subscription, plan }, actor.now);
      return { ...toSubscription(subscription, actor.now), windows };
    },
  }),
  changeSubscription('renew', 'Adds one term to the end. Not possible after the end.'),
  defineRoute({
    method: 'POST',
    path: '/admin/api/subscriptions/{id}/upgrade',
    name: 'upgradeSubscription',
    summary: 'Changes to a larger plan at once; key, end and what was used stay.',
    params: subscriptionPath,
    body: z.strictObject({ plan: id }).meta({ id: 'Upgrade' }),
    answer: subscriptionShape,
    handle: async ({ params, body }, { dependencies, actor }) =>
      toSubscription(await dependencies.subscriptions.upgrade(params.id, body.plan, actor), actor.now),
  }),
  changeSubscription('cancel', 'Ends a subscription, and with it its key, at once.'),
];

function changeSubscription(action: 'renew' | 'cancel', summary: string) {
  return defineRoute({
    method: 'POST',
    path: `/admin/api/subscriptions/{id}/${action}`,
    name: `${action}Subscription`,
    summary,
    params: subscriptionPath,
    answer: subscriptionShape,
    handle: async ({ params }, { dependencies, actor }) =>
      toSubscription(await dependencies.subscriptions[action](params.id, actor), actor.now),
  });
}
