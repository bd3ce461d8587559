import type { AuditChange, AuditSubjectKind } from '../domain/audit.ts';
import { GatewayError } from '../domain/gateway-error.ts';
import type { JsonValue } from '../domain/json.ts';
import type { Store, Tables } from '../domain/ports.ts';

/** Who makes an administrative change, and when. */
export interface Actor {
  /** Public key id, or `cli`, `system`. */
  actor: string;
  now: number;
}

/** What a change did, for the audit trail. */
export interface Change<T> {
  result: T;
  action: string;
  kind: AuditSubjectKind;
  subject: string;
  /** Must hold no secret and no key hash. */
  before: unknown;
  after: unknown;
}

/** Makes a change and writes it down, both or neither. */
export function change<T>(
  store: Store,
  { actor, now }: Actor,
  work: (tables: Tables) => Promise<Change<T>>,
): Promise<T> {
  return store.transaction(async (tables) => {
    const { result, action, kind, subject, before, after } = await work(tables);
    const entry: AuditChange = { at: now, actor, action, kind, subject, before: toJson(before), after: toJson(after) };
    await tables.audit.append(entry);
    return result;
  });
}

function toJson(value: unknown): JsonValue {
  return value === undefined ? null : JSON.parse(JSON.stringify(value));
}

/** 404 for an administrator who names what does not exist; `fix` says what does. */
export function notFound(what: string, id: string, fix?: string): GatewayError {
  return new GatewayError({
    status: 404,
    code: 'not_found',
    message: `There is no ${what} '${id}'.`,
    origin: 'client',
    ...(fix === undefined ? {} : { fix }),
  });
}

/** 409 for a change that the present state does not allow. */
export function conflict(code: string, message: string, fix?: string): GatewayError {
  return new GatewayError({ status: 409, code, message, origin: 'client', ...(fix === undefined ? {} : { fix }) });
}

/** 400 for a value that cannot be. */
export function invalid(param: string, message: string): GatewayError {
  return new GatewayError({ status: 400, code: 'invalid_parameter', message, param, origin: 'client' });
}
