import { asString } from '../domain/json.ts';
import type { JsonObject } from '../domain/json.ts';
import { CommandError, withControl } from './control-client.ts';
import type { ControlOptions, ControlParts } from './control-client.ts';
import { listAll, segment } from './control-list.ts';
import type { CliContext } from './context.ts';
import { plainText, printObject, printRows } from './output.ts';
import type { Column } from './output.ts';
import { momentOf } from './when.ts';

export interface KeyCreateOptions extends ControlOptions {
  owner: string;
  admin?: true;
  label?: string[];
  models?: string[];
  providers?: string[];
  ip?: string[];
  expires?: string;
}

const columns: readonly Column[] = [
  { name: 'id' },
  { name: 'kind' },
  { name: 'owner' },
  { name: 'state' },
  { name: 'expires_at', title: 'expires', none: 'never' },
  { name: 'subscription_id', title: 'subscription' },
  { name: 'models', show: (key) => (key['models'] === null ? 'all' : plainText(key['models'])) },
  { name: 'providers', show: (key) => (key['providers'] === null ? 'all' : plainText(key['providers'])) },
  { name: 'labels' },
  { name: 'created_at', title: 'created' },
];

const wholeKey: readonly Column[] = [...columns, { name: 'ip_ranges', title: 'from', none: 'any address' }];

/** `atelier keys create`: shows the key this once. */
export function keysCreate(context: CliContext, options: KeyCreateOptions, parts: ControlParts): Promise<number> {
  return withControl(context, { options, parts, creates: true }, async (client) => {
    const body: JsonObject = { owner: options.owner, kind: options.admin ? 'admin' : 'general' };
    if (options.label) body['labels'] = labelsOf(options.label);
    if (options.models) body['models'] = options.models;
    if (options.providers) body['providers'] = options.providers;
    if (options.ip) body['ip_ranges'] = options.ip;
    if (options.expires) body['expires_at'] = momentOf(options.expires, { option: '--expires', direction: 'ahead' });
    printIssued(context, await client.ask({ method: 'POST', path: '/admin/api/keys', body }), options);
  });
}

/** A key just made: the only time that anybody sees its text. */
export function printIssued(context: CliContext, key: JsonObject, options: ControlOptions): void {
  printObject(context, key, { columns: [{ name: 'secret', title: 'key' }, ...wholeKey], options });
  context.writeError('The key is shown only now. Keep it in a safe place.\n');
}

export interface KeyListOptions extends ControlOptions {
  owner?: string;
  limit: string;
}

export function keysList(context: CliContext, options: KeyListOptions, parts: ControlParts): Promise<number> {
  return withControl(context, { options, parts }, async (client) => {
    const call = { path: '/admin/api/keys', query: { owner: options.owner } };
    const rows = await listAll({ client, context }, call, options.limit);
    printRows(context, rows, { columns, options, empty: 'There are no keys.' });
  });
}

export interface KeyOptions extends ControlOptions {
  id: string;
}

export function keysShow(context: CliContext, options: KeyOptions, parts: ControlParts): Promise<number> {
  return withControl(context, { options, parts }, async (client) => {
    const key = await client.ask({ method: 'GET', path: `/admin/api/keys/${segment(options.id)}` });
    printObject(context, key, { columns: wholeKey, options });
  });
}

/** `atelier keys revoke|disable|enable`. */
export function keysChange(
  context: CliContext,
  { action, ...options }: KeyOptions & { action: 'revoke' | 'disable' | 'enable' },
  parts: ControlParts,
): Promise<number> {
  return withControl(context, { options, parts }, async (client) => {
    const key = await client.ask({ method: 'POST', path: `/admin/api/keys/${segment(options.id)}/${action}` });
    if (options.json || options.csv) printObject(context, key, { columns: wholeKey, options });
    else context.write(`Key ${asString(key['id'])} of ${asString(key['owner'])} is ${asString(key['state'])}.\n`);
  });
}

/** `atelier keys reset`: the old key ends at once. */
export function keysReset(context: CliContext, options: KeyOptions, parts: ControlParts): Promise<number> {
  return withControl(context, { options, parts }, async (client) => {
    const key = await client.ask({ method: 'POST', path: `/admin/api/keys/${segment(options.id)}/reset` });
    printIssued(context, key, options);
  });
}

function labelsOf(pairs: readonly string[]): JsonObject {
  const entries = pairs.map((pair) => {
    const at = pair.indexOf('=');
    if (at < 1) throw new CommandError(`--label must be NAME=VALUE, not "${pair}"`);
    return [pair.slice(0, at), pair.slice(at + 1)] as const;
  });
  return Object.fromEntries(entries);
}
