import * as z from 'zod';
import type { UsageTotals } from '../../domain/ports.ts';
import type { ProviderMeter } from './dependencies.ts';
import { onePage, pageOf } from './page.ts';
import { defineRoute } from './route.ts';
import { moment, toMoment, toMomentOrNull, toWindow, windowShape } from './shapes.ts';
import { totalsShape, toTotals } from './usage-shapes.ts';

/** Without costs: the plan is paid, whatever a call would have cost. */
const countsShape = totalsShape.omit({
  cost_cny: true,
  cost_usd: true,
  unknown_cost_cny: true,
  unknown_cost_usd: true,
});

const meterUseShape = z
  .strictObject({
    since: moment.meta({
      description: 'The start of the window; of a rolling one that of the hour in which it began.',
    }),
    until: moment,
    by_model: z.array(
      countsShape
        .extend({ model: z.string().meta({ description: 'As it was asked for.' }) })
        .meta({ id: 'MeterModel' }),
    ),
    by_agent: z.array(countsShape.extend({ agent: z.string() }).meta({ id: 'MeterAgent' })),
  })
  .meta({
    id: 'MeterUse',
    description:
      'Requests that this provider answered, or was the last to be asked. One that was sent several times is one here, and that many calls in the window.',
  });

const meterShape = z
  .strictObject({
    object: z.literal('provider_meter'),
    provider: z.string(),
    plan: z.string(),
    windows: z.array(
      windowShape
        .extend({
          runs_out_at: moment.nullable().meta({
            description: 'At the pace so far; null: not before it starts over, or there is no known limit.',
          }),
          use: meterUseShape,
        })
        .meta({ id: 'MeterWindow' }),
    ),
    note: z.string().nullable().meta({ description: 'Why the windows have no limit; null where they have.' }),
  })
  .meta({ id: 'ProviderMeter' });

export const meterRoutes = [
  defineRoute({
    method: 'GET',
    path: '/admin/api/meters',
    name: 'listMeters',
    summary:
      "Shows how the Coding and Token Plans of the providers' own keys stand, as far as they were used through this gateway, and by which models and agents.",
    answer: pageOf(meterShape),
    handle: async (_input, { dependencies, actor }) => onePage((await dependencies.meters(actor.now)).map(toMeter)),
  }),
];

function toMeter({ provider, plan, note, windows }: ProviderMeter): z.input<typeof meterShape> {
  const shown = windows.map(({ runsOutAt, unit, use, ...standing }) => ({
    ...toWindow(standing, unit),
    runs_out_at: toMomentOrNull(runsOutAt),
    use: {
      since: toMoment(use.since),
      until: toMoment(use.until),
      by_model: use.models.map(({ group, ...totals }) => ({ model: group, ...toCounts(totals) })),
      by_agent: use.agents.map(({ group, ...totals }) => ({ agent: group, ...toCounts(totals) })),
    },
  }));
  return { object: 'provider_meter', provider, plan, windows: shown, note };
}

function toCounts(totals: UsageTotals): z.input<typeof countsShape> {
  const {
    cost_cny: _cny,
    cost_usd: _usd,
    unknown_cost_cny: _noCny,
    unknown_cost_usd: _noUsd,
    ...counts
  } = toTotals(totals);
  return counts;
}
