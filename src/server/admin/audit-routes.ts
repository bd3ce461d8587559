import * as z from 'zod';
import type { AuditEntry } from '../../domain/audit.ts';
import { pageOf, pageQuery, toPage } from './page.ts';
import { defineRoute } from './route.ts';
import { moment, toMoment } from './shapes.ts';

const entryShape = z
  .strictObject({
    object: z.literal('audit_entry'),
    id: z.number(),
    at: moment,
    actor: z.string().meta({ description: 'Public key id, `master`, `cli`, `anonymous` or `system`.' }),
    action: z.string(),
    kind: z.enum(['key', 'plan', 'subscription', 'provider-secret', 'setting']),
    subject: z.string(),
    before: z.unknown().meta({ description: 'null: there was nothing.' }),
    after: z.unknown().meta({ description: 'null: there is nothing any more. Secrets are never held.' }),
  })
  .meta({ id: 'AuditEntry' });

export const auditRoutes = [
  defineRoute({
    method: 'GET',
    path: '/admin/api/audit',
    name: 'listAudit',
    summary: 'Lists every administrative change, the newest first. Nothing can change this list.',
    query: pageQuery.extend({
      after: z
        .string()
        .regex(/^\d{1,15}$/, { error: 'must be the `next` of a page before' })
        .optional(),
    }),
    answer: pageOf(entryShape),
    async handle({ query: { limit, after } }, { dependencies }) {
      const options = { limit: limit + 1, ...(after !== undefined && { before: Number(after) }) };
      return toPage(await dependencies.audit.newest(options), limit, {
        item: toEntry,
        cursor: (last) => String(last.id),
      });
    },
  }),
];

function toEntry(entry: AuditEntry): z.input<typeof entryShape> {
  return { object: 'audit_entry', ...entry, at: toMoment(entry.at) };
}
