import * as z from 'zod';
import type { KeySettings } from '../../governance/key-admin.ts';
import { conflict } from '../../governance/administration.ts';
import { isIpRange } from '../../governance/ip-range.ts';
import { pageOf, pageQuery, toPage } from './page.ts';
import { defineRoute } from './route.ts';
import type { RouteCall } from './route.ts';
import { id, issuedKeyShape, keyShape, moment, owner, ownText, toKey } from './shapes.ts';

const names = (what: string) =>
  z
    .array(ownText(200), { error: `must be a list of ${what}` })
    .max(2000, { error: 'must not have more than 2000 items' });

const settings = {
  labels: z
    .record(ownText(64), ownText(200), { error: 'must be a map of texts' })
    .refine((labels) => Object.keys(labels).length <= 32, { error: 'must not have more than 32 labels' })
    .optional(),
  models: names('model ids').nullable().optional().meta({ description: 'Case-sensitive; null: all.' }),
  providers: names('provider names').nullable().optional().meta({ description: 'null: all.' }),
  ip_ranges: z
    .array(z.string({ error: 'must be text' }).refine(isIpRange, { error: 'must be an address or a CIDR range' }), {
      error: 'must be a list of addresses or CIDR ranges',
    })
    .max(200, { error: 'must not have more than 200 items' })
    .optional()
    .meta({ description: 'Addresses or CIDR ranges; empty: from anywhere.' }),
  expires_at: moment.nullable().optional(),
};

const newKey = z
  .strictObject({
    kind: z
      .enum(['admin', 'general'], { error: 'must be admin or general; a plan key comes with its subscription' })
      .default('general'),
    owner,
    ...settings,
  })
  .meta({ id: 'NewKey' });

const keyChange = z.strictObject(settings).meta({ id: 'KeyChange' });

const keyPath = z.strictObject({ id });

type SettingsForm = z.output<typeof keyChange>;

function fromSettings(form: SettingsForm): KeySettings {
  return {
    ...(form.labels && { labels: form.labels }),
    ...(form.models !== undefined && { models: form.models }),
    ...(form.providers !== undefined && { providers: form.providers }),
    ...(form.ip_ranges && { ipRanges: form.ip_ranges }),
    ...(form.expires_at !== undefined && {
      expiresAt: form.expires_at === null ? null : Date.parse(form.expires_at),
    }),
  };
}

/**
 * While the gateway is open there is no key at all, and with the first one it closes: were that not an admin key, nobody
 * could administer it any more.
 */
export function refuseBeforeAdminKey({ principal }: RouteCall): void {
  if (principal.kind !== 'anonymous') return;
  throw conflict(
    'admin_key_first',
    'This gateway has no key yet. With its first one it asks everybody for a key, so that one must be an admin key.',
    'Make an admin key first (atelier keys create --admin), and use it from then on.',
  );
}

export const keyRoutes = [
  defineRoute({
    method: 'GET',
    path: '/admin/api/keys',
    name: 'listKeys',
    summary: 'Lists the keys in the order of their ids.',
    query: pageQuery.extend({ owner: owner.optional() }),
    answer: pageOf(keyShape),
    async handle({ query }, { dependencies }) {
      const { limit, after, owner: of } = query;
      const filter = { limit: limit + 1, ...(after && { after }), ...(of && { owner: of }) };
      return toPage(await dependencies.keys.list(filter), limit, { item: toKey, cursor: (key) => key.id });
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/admin/api/keys',
    name: 'createKey',
    summary: 'Makes a key. Its text is in this answer and nowhere else.',
    body: newKey,
    answer: issuedKeyShape,
    status: 201,
    async handle({ body }, call) {
      if (body.kind !== 'admin') refuseBeforeAdminKey(call);
      const { kind, owner: holder, ...form } = body;
      const created = { ...fromSettings(form), kind, owner: holder };
      const { key, text } = await call.dependencies.keys.create(created, call.actor);
      return { ...toKey(key), secret: text };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/admin/api/keys/{id}',
    name: 'getKey',
    summary: 'Shows a key.',
    params: keyPath,
    answer: keyShape,
    handle: async ({ params }, { dependencies }) => toKey(await dependencies.keys.find(params.id)),
  }),
  defineRoute({
    method: 'PATCH',
    path: '/admin/api/keys/{id}',
    name: 'updateKey',
    summary: 'Changes what a key may do; what is left out stays as it is.',
    params: keyPath,
    body: keyChange,
    answer: keyShape,
    handle: async ({ params, body }, { dependencies, actor }) =>
      toKey(await dependencies.keys.update(params.id, fromSettings(body), actor)),
  }),
  changeState('disable', 'Stops a key until it is enabled again.'),
  changeState('enable', 'Lets a disabled key work again.'),
  changeState('revoke', 'Ends a key for good, within two seconds on every node.'),
  defineRoute({
    method: 'POST',
    path: '/admin/api/keys/{id}/reset',
    name: 'resetKey',
    summary: 'Ends a key and makes another with the same settings; a subscription moves to the new one.',
    params: keyPath,
    answer: issuedKeyShape,
    status: 201,
    async handle({ params }, { dependencies, actor }) {
      const { key, text } = await dependencies.keys.reset(params.id, actor);
      return { ...toKey(key), secret: text };
    },
  }),
];

function changeState(action: 'disable' | 'enable' | 'revoke', summary: string) {
  return defineRoute({
    method: 'POST',
    path: `/admin/api/keys/{id}/${action}`,
    name: `${action}Key`,
    summary,
    params: keyPath,
    answer: keyShape,
    handle: async ({ params }, { dependencies, actor }) => toKey(await dependencies.keys[action](params.id, actor)),
  });
}
