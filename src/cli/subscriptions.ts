import { asObject, asString } from '../domain/json.ts';
import { withControl } from './control-client.ts';
import type { ControlOptions, ControlParts } from './control-client.ts';
import { listAll, rowsIn, segment } from './control-list.ts';
import type { CliContext } from './context.ts';
import { printObject, printRows, timeText } from './output.ts';
import type { Column } from './output.ts';
import { windowColumns } from './window-columns.ts';

const columns: readonly Column[] = [
  { name: 'id' },
  { name: 'owner' },
  { name: 'plan' },
  { name: 'state' },
  { name: 'activated_at', title: 'activated' },
  { name: 'ends_at', title: 'ends' },
  { name: 'key_id', title: 'key id' },
  { name: 'cancelled_at', title: 'cancelled' },
];

export interface SubscriptionCreateOptions extends ControlOptions {
  owner: string;
  plan: string;
}

/** `atelier subscriptions create`: shows the plan key this once. */
export function subscriptionsCreate(
  context: CliContext,
  options: SubscriptionCreateOptions,
  parts: ControlParts,
): Promise<number> {
  return withControl(context, { options, parts, creates: true }, async (client) => {
    const body = { owner: options.owner, plan: options.plan };
    const made = await client.ask({ method: 'POST', path: '/admin/api/subscriptions', body });
    const { key, ...subscription } = made;
    const secret = asObject(key)?.['secret'];
    const shown = options.json ? made : { key: secret, ...subscription };
    printObject(context, shown, { columns: [{ name: 'key' }, ...columns], options });
    context.writeError('The key is shown only now. Keep it in a safe place.\n');
  });
}

export interface SubscriptionListOptions extends ControlOptions {
  owner?: string;
  limit: string;
}

export function subscriptionsList(
  context: CliContext,
  options: SubscriptionListOptions,
  parts: ControlParts,
): Promise<number> {
  return withControl(context, { options, parts }, async (client) => {
    const call = { path: '/admin/api/subscriptions', query: { owner: options.owner } };
    const rows = await listAll({ client, context }, call, options.limit);
    printRows(context, rows, { columns, options, empty: 'There are no subscriptions.' });
  });
}

export interface SubscriptionOptions extends ControlOptions {
  id: string;
}

/** `atelier subscriptions show`: with how its windows stand. */
export function subscriptionsShow(
  context: CliContext,
  options: SubscriptionOptions,
  parts: ControlParts,
): Promise<number> {
  return withControl(context, { options, parts }, async (client) => {
    const path = `/admin/api/subscriptions/${segment(options.id)}`;
    const subscription = await client.ask({ method: 'GET', path });
    printObject(context, subscription, { columns, options });
    if (options.json || options.csv) return;
    const windows = rowsIn(subscription['windows']);
    context.write('\n');
    printRows(context, windows, { columns: windowColumns, options, empty: 'Its plan has no limits.' });
  });
}

export interface SubscriptionChangeOptions extends SubscriptionOptions {
  action: 'renew' | 'upgrade' | 'cancel';
  /** For `upgrade`. */
  plan?: string;
}

/** `atelier subscriptions renew|upgrade|cancel`. */
export function subscriptionsChange(
  context: CliContext,
  { action, ...options }: SubscriptionChangeOptions,
  parts: ControlParts,
): Promise<number> {
  return withControl(context, { options, parts }, async (client) => {
    const path = `/admin/api/subscriptions/${segment(options.id)}/${action}`;
    const body = options.plan === undefined ? {} : { body: { plan: options.plan } };
    const subscription = await client.ask({ method: 'POST', path, ...body });
    if (options.json || options.csv) return printObject(context, subscription, { columns, options });
    const ends = timeText(asString(subscription['ends_at']) ?? '');
    const { owner, plan, state } = subscription;
    const rest = state === 'cancelled' ? 'is cancelled, and its key with it' : `ends ${ends}`;
    context.write(`The subscription of ${asString(owner)} to ${asString(plan)} ${rest}.\n`);
    return undefined;
  });
}
