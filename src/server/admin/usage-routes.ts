import * as z from 'zod';
import type { UsageDimension } from '../../domain/ports.ts';
import type { UsageRecord } from '../../domain/usage-record.ts';
import { invalid, notFound } from '../../governance/administration.ts';
import { pageOf, pageQuery, toPage } from './page.ts';
import { defineRoute } from './route.ts';
import { id, moment, owner, ownText, toMoment } from './shapes.ts';
import { recordShape, sumTotals, toRecord, toTotals, totalsShape } from './usage-shapes.ts';

const dayMs = 24 * 3_600_000;
/** A report's span when the question names no start. */
const defaultSpanMs = 30 * dayMs;

const dimensions = ['day', 'hour', 'model', 'key', 'provider', 'agent'] as const satisfies readonly UsageDimension[];

/** A moment, or a day, which begins at 00:00 UTC+8. */
const when = z
  .union([moment, z.iso.date()], { error: 'must be a time such as 2026-03-18T05:00:00Z, or a day such as 2026-03-18' })
  .meta({ description: 'A time, or a day (from 00:00 UTC+8).' });

function instantOf(text: string): number {
  return Date.parse(text.includes('T') ? text : `${text}T00:00:00+08:00`);
}

const reportQuery = z.strictObject({
  by: z.enum(dimensions, { error: `must be one of ${dimensions.join(', ')}` }).default('day'),
  since: when.optional(),
  until: when.optional(),
  key: id.optional(),
  owner: owner.optional(),
  model: ownText(200).optional(),
  provider: ownText(200).optional(),
});

const reportShape = z
  .strictObject({
    object: z.literal('usage_report'),
    by: z.enum(dimensions),
    since: moment,
    until: moment,
    data: z.array(
      totalsShape
        .extend({
          group: z.string().meta({ description: "A name ('' for none), or the start of the hour or day." }),
          owner: z
            .string()
            .nullable()
            .optional()
            .meta({ description: 'By key only: who holds it; null for what is no key of this gateway.' }),
        })
        .meta({ id: 'UsageGroup' }),
    ),
    total: totalsShape,
  })
  .meta({ id: 'UsageReport' });

export const usageRoutes = [
  defineRoute({
    method: 'GET',
    path: '/admin/api/usage',
    name: 'getUsage',
    summary: 'Sums up what was used. Spans are widened to whole hours, or beyond three days to whole days.',
    query: reportQuery,
    answer: reportShape,
    async handle({ query }, { dependencies, actor }): Promise<z.input<typeof reportShape>> {
      const { by, key, owner: of, model, provider } = query;
      const until = query.until === undefined ? actor.now : instantOf(query.until);
      const since = query.since === undefined ? until - defaultSpanMs : instantOf(query.since);
      if (since >= until) throw invalid('since', 'The span ends before it begins.');
      const filter = {
        ...(key && { keyId: key }),
        ...(of && { owner: of }),
        ...(model && { model }),
        ...(provider && { provider }),
      };
      // What happens in this very millisecond belongs to a report up to now.
      const end = query.until === undefined ? until + 1 : until;
      const rows = await dependencies.usage.report(by, { since, until: end, ...filter });
      const isTime = by === 'day' || by === 'hour';
      // Asked of the keys, so that the sums need not be grouped by one more column.
      const owners = by === 'key' ? await dependencies.keys.owners(rows.map(({ group }) => group)) : undefined;
      const data = rows.map(({ group, ...totals }) => ({
        group: isTime ? toMoment(Number(group)) : group,
        ...(owners && { owner: owners.get(group) ?? null }),
        ...toTotals(totals),
      }));
      const total = sumTotals(data);
      return { object: 'usage_report', by, since: toMoment(since), until: toMoment(until), data, total };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/admin/api/usage/records',
    name: 'listUsageRecords',
    summary: 'Lists the records of single requests, the newest first.',
    query: pageQuery.extend({ key: id.optional() }),
    answer: pageOf(recordShape),
    async handle({ query: { limit, after, key } }, { dependencies }) {
      const before = after === undefined ? undefined : positionOf(after);
      const filter = { limit: limit + 1, ...(key && { keyId: key }), ...(before && { before }) };
      return toPage(await dependencies.usage.recent(filter), limit, { item: toRecord, cursor: cursorOf });
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/admin/api/usage/records/{id}',
    name: 'getUsageRecord',
    summary: 'Shows the record of one request.',
    params: z.strictObject({ id }),
    answer: recordShape,
    async handle({ params }, { dependencies }) {
      const record = await dependencies.usage.find(params.id);
      if (record === undefined) throw notFound('usage record', params.id);
      return toRecord(record);
    },
  }),
];

/** Records are in order of time, then id: the cursor holds both. */
function cursorOf({ at, id: requestId }: UsageRecord): string {
  return `${at}:${requestId}`;
}

function positionOf(cursor: string): Pick<UsageRecord, 'at' | 'id'> {
  const [, at, requestId] = /^(\d{1,15}):(.+)$/.exec(cursor) ?? [];
  if (at === undefined || requestId === undefined)
    throw invalid('after', "'after' must be the 'next' of a page before.");
  return { at: Number(at), id: requestId };
}
