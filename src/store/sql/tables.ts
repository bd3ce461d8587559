import { sql } from 'kysely';
import type { Kysely, Selectable } from 'kysely';
import type { ApiKey } from '../../domain/api-key.ts';
import type { AuditEntry } from '../../domain/audit.ts';
import type { Plan } from '../../domain/plan.ts';
import type {
  AuditTrail,
  KeyStore,
  MarkStore,
  PlanStore,
  ReminderStore,
  SecretStore,
  SubscriptionStore,
  Tables,
} from '../../domain/ports.ts';
import type { Reminder, Subscription } from '../../domain/subscription.ts';
import type { ApiKeyRow, AuditRow, Schema, SubscriptionRow } from './schema.ts';

type Database = Kysely<Schema>;

/** The administrative tables on a connection or in a transaction, the same on SQLite and Postgres. */
export function sqlTables(database: Database): Tables {
  return {
    keys: keyTable(database),
    plans: planTable(database),
    subscriptions: subscriptionTable(database),
    reminders: reminderTable(database),
    secrets: secretTable(database),
    marks: markTable(database),
    audit: auditTable(database),
  };
}

/** Both databases bound the parameters of a statement: SQLite to 32,766, Postgres to 65,535. */
const idsPerQuery = 1000;

function keyTable(database: Database): KeyStore {
  return {
    async find(id) {
      const row = await database.selectFrom('api_key').selectAll().where('id', '=', id).executeTakeFirst();
      return row && keyFromRow(row);
    },
    async list({ after = '', limit, owner }) {
      let query = database.selectFrom('api_key').selectAll().where('id', '>', after).orderBy('id').limit(limit);
      if (owner !== undefined) query = query.where('owner', '=', owner);
      return (await query.execute()).map(keyFromRow);
    },
    async owners(ids) {
      const owners = new Map<string, string>();
      for (let start = 0; start < ids.length; start += idsPerQuery) {
        const some = ids.slice(start, start + idsPerQuery);
        const rows = await database.selectFrom('api_key').select(['id', 'owner']).where('id', 'in', some).execute();
        for (const { id, owner } of rows) owners.set(id, owner);
      }
      return owners;
    },
    async insert(key) {
      await database.insertInto('api_key').values(keyToRow(key)).execute();
    },
    async update(key) {
      await database.updateTable('api_key').set(keyToRow(key)).where('id', '=', key.id).execute();
    },
  };
}

function keyToRow(key: ApiKey): ApiKeyRow {
  return {
    id: key.id,
    kind: key.kind,
    hash: key.hash,
    owner: key.owner,
    labels: JSON.stringify(key.labels),
    models: key.models && JSON.stringify(key.models),
    providers: key.providers && JSON.stringify(key.providers),
    ip_ranges: JSON.stringify(key.ipRanges),
    expires_at: key.expiresAt,
    state: key.state,
    subscription_id: key.subscriptionId,
    created_at: key.createdAt,
  };
}

const keyKinds: Record<string, ApiKey['kind']> = { admin: 'admin', general: 'general', plan: 'plan' };
const keyStates: Record<string, ApiKey['state']> = { active: 'active', disabled: 'disabled', revoked: 'revoked' };

/** What this version does not know counts as a revoked general key. */
function keyFromRow(row: ApiKeyRow): ApiKey {
  return {
    id: row.id,
    kind: keyKinds[row.kind] ?? 'general',
    hash: row.hash,
    owner: row.owner,
    labels: JSON.parse(row.labels),
    models: row.models === null ? null : JSON.parse(row.models),
    providers: row.providers === null ? null : JSON.parse(row.providers),
    ipRanges: JSON.parse(row.ip_ranges),
    expiresAt: row.expires_at,
    state: keyStates[row.state] ?? 'revoked',
    subscriptionId: row.subscription_id,
    createdAt: row.created_at,
  };
}

function planTable(database: Database): PlanStore {
  return {
    async find(name) {
      const row = await database.selectFrom('plan').selectAll().where('name', '=', name).executeTakeFirst();
      return row && planFromRow(row);
    },
    async list() {
      return (await database.selectFrom('plan').selectAll().orderBy('name').execute()).map(planFromRow);
    },
    async put(plan) {
      const definition = JSON.stringify(plan);
      await database
        .insertInto('plan')
        .values({ name: plan.name, definition })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ definition }))
        .execute();
    },
    async delete(name) {
      const { numDeletedRows } = await database.deleteFrom('plan').where('name', '=', name).executeTakeFirst();
      return numDeletedRows > 0n;
    },
  };
}

function planFromRow(row: { definition: string }): Plan {
  return JSON.parse(row.definition);
}

function subscriptionTable(database: Database): SubscriptionStore {
  const table = () => database.selectFrom('subscription').selectAll();
  return {
    async find(id) {
      const row = await table().where('id', '=', id).executeTakeFirst();
      return row && subscriptionFromRow(row);
    },
    async findCurrent(owner, now) {
      // The last second of a subscription is its end plus 999 ms.
      const row = await table()
        .where('owner', '=', owner)
        .where('cancelled_at', 'is', null)
        .where('ends_at', '>', now - 1000)
        .executeTakeFirst();
      return row && subscriptionFromRow(row);
    },
    async list({ after = '', limit, owner }) {
      let query = table().where('id', '>', after).orderBy('id').limit(limit);
      if (owner !== undefined) query = query.where('owner', '=', owner);
      return (await query.execute()).map(subscriptionFromRow);
    },
    async endingWithin(from, to) {
      const query = table().where('cancelled_at', 'is', null).where('ends_at', '>', from).where('ends_at', '<=', to);
      return (await query.orderBy('ends_at').execute()).map(subscriptionFromRow);
    },
    async insert(subscription) {
      await database.insertInto('subscription').values(subscriptionToRow(subscription)).execute();
    },
    async update(subscription) {
      const row = subscriptionToRow(subscription);
      await database.updateTable('subscription').set(row).where('id', '=', row.id).execute();
    },
  };
}

function subscriptionToRow(subscription: Subscription): SubscriptionRow {
  const { id, owner, plan, keyId, activatedAt, endsAt, cancelledAt } = subscription;
  return { id, owner, plan, key_id: keyId, activated_at: activatedAt, ends_at: endsAt, cancelled_at: cancelledAt };
}

function subscriptionFromRow(row: SubscriptionRow): Subscription {
  return {
    id: row.id,
    owner: row.owner,
    plan: row.plan,
    keyId: row.key_id,
    activatedAt: row.activated_at,
    endsAt: row.ends_at,
    cancelledAt: row.cancelled_at,
  };
}

function reminderTable(database: Database): ReminderStore {
  const rowOf = ({ subscriptionId, endsAt, daysBefore }: Reminder) =>
    database
      .updateTable('reminder')
      .where('subscription_id', '=', subscriptionId)
      .where('ends_at', '=', endsAt)
      .where('days_before', '=', daysBefore);
  return {
    async claim({ subscriptionId, endsAt, daysBefore }, { now, retryAfterMs }) {
      const claimed = await database
        .insertInto('reminder')
        .values({
          subscription_id: subscriptionId,
          ends_at: endsAt,
          days_before: daysBefore,
          claimed_at: now,
          confirmed_at: null,
          delivered: '',
        })
        .onConflict((conflict) =>
          conflict
            .columns(['subscription_id', 'ends_at', 'days_before'])
            .doUpdateSet({ claimed_at: now })
            .where('reminder.confirmed_at', 'is', null)
            .where('reminder.claimed_at', '<=', now - retryAfterMs),
        )
        .returning('delivered')
        .executeTakeFirst();
      return claimed?.delivered.split(' ').filter((channel) => channel !== '');
    },
    async delivered(reminder, channel) {
      await rowOf(reminder)
        .set({ delivered: sql`delivered || ${`${channel} `}` })
        .execute();
    },
    async confirm(reminder, now) {
      await rowOf(reminder).set({ confirmed_at: now }).execute();
    },
  };
}

function markTable(database: Database): MarkStore {
  return {
    async find(name) {
      const query = database.selectFrom('mark').select('value').where('name', '=', name);
      return (await query.executeTakeFirst())?.value;
    },
    async put(name, value) {
      await database
        .insertInto('mark')
        .values({ name, value })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
        .execute();
    },
  };
}

function secretTable(database: Database): SecretStore {
  return {
    async find(name) {
      const query = database.selectFrom('provider_secret').select('sealed').where('name', '=', name);
      return (await query.executeTakeFirst())?.sealed;
    },
    async names() {
      return (await database.selectFrom('provider_secret').select('name').orderBy('name').execute()).map(
        (row) => row.name,
      );
    },
    async put(name, sealed) {
      await database
        .insertInto('provider_secret')
        .values({ name, sealed })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ sealed }))
        .execute();
    },
    async delete(name) {
      const { numDeletedRows } = await database
        .deleteFrom('provider_secret')
        .where('name', '=', name)
        .executeTakeFirst();
      return numDeletedRows > 0n;
    },
  };
}

function auditTable(database: Database): AuditTrail {
  return {
    async append(change) {
      const row = { ...change, before: JSON.stringify(change.before), after: JSON.stringify(change.after) };
      await database.insertInto('audit').values(row).execute();
    },
    async after(id, limit) {
      const query = database.selectFrom('audit').selectAll().where('id', '>', id).orderBy('id').limit(limit);
      return (await query.execute()).map(auditFromRow);
    },
    async newest({ before, limit }) {
      let query = database.selectFrom('audit').selectAll().orderBy('id', 'desc').limit(limit);
      if (before !== undefined) query = query.where('id', '<', before);
      return (await query.execute()).map(auditFromRow);
    },
    async latestId() {
      const row = await database
        .selectFrom('audit')
        .select(({ fn }) => fn.max('id').as('id'))
        .executeTakeFirst();
      return row?.id ?? 0;
    },
  };
}

const subjectKinds: Record<string, AuditEntry['kind']> = {
  key: 'key',
  plan: 'plan',
  subscription: 'subscription',
  'provider-secret': 'provider-secret',
};

function auditFromRow(row: Selectable<AuditRow>): AuditEntry {
  return {
    ...row,
    kind: subjectKinds[row.kind] ?? 'setting',
    before: JSON.parse(row.before),
    after: JSON.parse(row.after),
  };
}
