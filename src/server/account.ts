import * as z from 'zod';
import type { Principal } from '../domain/principal.ts';
import { planToForm } from '../forms/plan.ts';
import { accountLine } from './account-line.ts';
import { defineRoute, TextAnswer } from './admin/route.ts';
import {
  keyShape,
  moment,
  planShape,
  subscriptionShape,
  toKey,
  toMoment,
  toSubscription,
  windowShape,
} from './admin/shapes.ts';
import { standingOf } from './admin/standing.ts';
import { sumTotals, toTotals, totalsShape } from './admin/usage-shapes.ts';
import type { TotalsJson } from './admin/usage-shapes.ts';

const dayMs = 24 * 3_600_000;
const daysError = 'must be a whole number from 1 to 366';

const accountShape = z
  .strictObject({
    object: z.literal('account'),
    kind: z.enum(['anonymous', 'admin', 'general', 'plan']).meta({ description: '`anonymous`: the gateway is open.' }),
    key: keyShape.nullable().meta({ description: 'null for the master key and without a key.' }),
    plan: planShape.nullable(),
    subscription: subscriptionShape.nullable(),
    windows: z.array(windowShape),
    usage: z.strictObject({
      since: moment,
      total: totalsShape,
      by_model: z.array(totalsShape.extend({ model: z.string() }).meta({ id: 'UsageOfModel' })),
      by_day: z.array(totalsShape.extend({ day: moment }).meta({ id: 'UsageOfDay' })),
    }),
  })
  .meta({ id: 'Account' });

export type Account = z.input<typeof accountShape>;

const accountQuery = z.strictObject({
  format: z.enum(['json', 'line'], { error: 'must be json or line' }).default('json').meta({
    description: '`line`: one line of text for the status line of an agent.',
  }),
  days: z.coerce
    .number({ error: daysError })
    .int({ error: daysError })
    .min(1, { error: daysError })
    .max(366, { error: daysError })
    .default(30)
    .meta({ description: 'How far back use is summed up.' }),
});

/** What a key holder may know of the own key: no other key's use, nothing of the gateway. */
export const accountRoute = defineRoute({
  method: 'GET',
  path: '/account',
  role: 'holder',
  name: 'getAccount',
  summary: 'Shows the plan of the key that is sent, what is left in its windows, and what was used with it.',
  query: accountQuery,
  answer: accountShape,
  async handle({ query }, { dependencies, principal, actor: { now } }) {
    const { holding } = principal;
    const filter = { keyId: recordedKey(principal), since: now - query.days * dayMs, until: now + 1 };
    const [windows, models, days] = await Promise.all([
      holding === undefined ? [] : standingOf(dependencies.desk, holding, now),
      dependencies.usage.report('model', filter),
      dependencies.usage.report('day', filter),
    ]);
    const byDay = days.map(({ group, ...totals }) => ({ day: toMoment(Number(group)), ...toTotals(totals) }));
    const account: Account = {
      object: 'account',
      kind: principal.kind,
      key: principal.key === undefined ? null : toKey(principal.key),
      plan: holding === undefined ? null : planToForm(holding.plan),
      subscription: holding === undefined ? null : toSubscription(holding.subscription, now),
      windows,
      usage: {
        since: toMoment(filter.since),
        total: sumTotals(byDay),
        by_model: models
          .map(({ group, ...totals }): TotalsJson & { model: string } => ({ model: group, ...toTotals(totals) }))
          .toSorted((a, b) => b.requests - a.requests),
        by_day: byDay,
      },
    };
    return query.format === 'line' ? new TextAnswer(`${accountLine(account, now)}\n`) : account;
  },
});

/** Under which id use was written down: '' for requests without a key. */
function recordedKey({ kind, id }: Principal): string {
  return kind === 'anonymous' ? '' : id;
}
