import type { JsonValue } from './json.ts';

/** What an audit entry is about. */
export type AuditSubjectKind = 'key' | 'plan' | 'subscription' | 'provider-secret' | 'setting';

/** One administrative change. Holds no secret and no key hash. */
export interface AuditChange {
  /** Unix milliseconds. */
  at: number;
  /** Public key id, or `cli`, `system`. */
  actor: string;
  /** A verb: `create`, `revoke`, `reset`, `renew`, `upgrade` ... */
  action: string;
  kind: AuditSubjectKind;
  /** The id of what was changed. */
  subject: string;
  before: JsonValue;
  after: JsonValue;
}

/** As stored; ids grow, and every node follows them to learn of changes. */
export interface AuditEntry extends AuditChange {
  id: number;
}
