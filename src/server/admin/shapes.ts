import * as z from 'zod';
import type { PublicApiKey } from '../../domain/api-key.ts';
import type { WindowStanding } from '../../domain/ledger.ts';
import type { Subscription } from '../../domain/subscription.ts';
import { wholePlanForm } from '../../forms/plan.ts';

/*
 * The JSON of the control plane: snake_case, times as RFC 3339 in UTC. What has an `id` is one component in OpenAPI.
 * Schemas of requests refuse what they do not know.
 */

/** A moment as RFC 3339 with its offset. */
export const moment = z.iso.datetime({ offset: true, error: 'must be a time such as 2026-03-18T05:00:00Z' });

export function toMoment(instant: number): string {
  return new Date(instant).toISOString();
}

export function toMomentOrNull(instant: number | null): string | null {
  return instant === null ? null : toMoment(instant);
}

const text = z.string({ error: 'must be text' });

/** Text of people: a label, an owner. */
export const ownText = (max: number, start = text) =>
  start
    .min(1, { error: 'must not be empty' })
    .max(max, { error: `must not have more than ${max} characters` })
    .regex(/^[^\p{Cc}]*$/u, { error: 'must not contain line breaks or control characters' });

/** An account: who holds a key or a subscription. White space around it would make it another account that looks the same. */
export const owner = ownText(200, text.trim());

/** An id in a path or a filter. */
export const id = z
  .string({ error: 'must be text' })
  .regex(/^[\w.:-]{1,128}$/, { error: 'must be an id of up to 128 letters, digits and . _ : -' });

export const keyShape = z
  .strictObject({
    object: z.literal('key'),
    id: z.string().meta({ description: 'Public: it is part of the key and stands in logs.' }),
    kind: z.enum(['admin', 'general', 'plan']),
    owner: z.string(),
    labels: z.record(z.string(), z.string()),
    models: z.array(z.string()).nullable(),
    providers: z.array(z.string()).nullable(),
    ip_ranges: z.array(z.string()),
    expires_at: moment.nullable(),
    state: z.enum(['active', 'disabled', 'revoked']),
    subscription_id: z.string().nullable(),
    created_at: moment,
  })
  .meta({ id: 'Key' });

export type KeyShape = z.input<typeof keyShape>;

export function toKey(key: PublicApiKey): KeyShape {
  return {
    object: 'key',
    id: key.id,
    kind: key.kind,
    owner: key.owner,
    labels: key.labels,
    models: key.models,
    providers: key.providers,
    ip_ranges: key.ipRanges,
    expires_at: toMomentOrNull(key.expiresAt),
    state: key.state,
    subscription_id: key.subscriptionId,
    created_at: toMoment(key.createdAt),
  };
}

/** A key just made, the only time that its text is shown. */
export const issuedKeyShape = keyShape
  .extend({ secret: z.string().meta({ description: 'The key itself, shown this once.' }) })
  .meta({ id: 'IssuedKey' });

export const planShape = wholePlanForm.meta({ id: 'Plan' });

export const subscriptionShape = z
  .strictObject({
    object: z.literal('subscription'),
    id: z.string(),
    owner: z.string(),
    plan: z.string(),
    key_id: z.string(),
    state: z.enum(['active', 'ended', 'cancelled']),
    activated_at: moment,
    ends_at: moment.meta({ description: 'It holds to the end of this second.' }),
    cancelled_at: moment.nullable(),
  })
  .meta({ id: 'Subscription' });

export type SubscriptionShape = z.input<typeof subscriptionShape>;

export function toSubscription(subscription: Subscription, now: number): SubscriptionShape {
  const { cancelledAt, endsAt } = subscription;
  return {
    object: 'subscription',
    id: subscription.id,
    owner: subscription.owner,
    plan: subscription.plan,
    key_id: subscription.keyId,
    state: cancelledAt !== null ? 'cancelled' : now >= endsAt + 1000 ? 'ended' : 'active',
    activated_at: toMoment(subscription.activatedAt),
    ends_at: toMoment(endsAt),
    cancelled_at: toMomentOrNull(cancelledAt),
  };
}

export const windowShape = z
  .strictObject({
    name: z.string(),
    unit: z.enum(['calls', 'tokens', 'money']),
    limit: z.number().nullable(),
    used: z.number(),
    remaining: z.number().nullable(),
    resets_at: moment.nullable().meta({
      description: 'When more remains by itself; null while nothing is used in a window without fixed bounds.',
    }),
  })
  .meta({ id: 'Window' });

export type WindowJson = z.input<typeof windowShape>;

export function toWindow(standing: WindowStanding, unit: WindowJson['unit']): WindowJson {
  const { name, limit, used, remaining, resetsAt } = standing;
  return { name, unit, limit, used, remaining, resets_at: toMomentOrNull(resetsAt) };
}
