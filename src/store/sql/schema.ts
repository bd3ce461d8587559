import type { Generated } from 'kysely';

/*
 * The tables, the same on SQLite and Postgres: text, numbers and JSON as text only. Booleans are 0 or 1, times are
 * Unix milliseconds. `migrations.ts` creates them.
 */

export interface ApiKeyRow {
  id: string;
  kind: string;
  hash: string;
  owner: string;
  labels: string;
  models: string | null;
  providers: string | null;
  ip_ranges: string;
  expires_at: number | null;
  state: string;
  subscription_id: string | null;
  created_at: number;
}

export interface PlanRow {
  name: string;
  definition: string;
}

export interface SubscriptionRow {
  id: string;
  owner: string;
  plan: string;
  key_id: string;
  activated_at: number;
  ends_at: number;
  cancelled_at: number | null;
}

export interface ReminderRow {
  subscription_id: string;
  ends_at: number;
  days_before: number;
  claimed_at: number;
  confirmed_at: number | null;
  /** The channels by which it went out, with a space behind each. */
  delivered: string;
}

export interface ProviderSecretRow {
  name: string;
  sealed: string;
}

/** Single facts about the database itself. */
export interface MarkRow {
  name: string;
  value: string;
}

export interface AuditRow {
  id: Generated<number>;
  at: number;
  actor: string;
  action: string;
  kind: string;
  subject: string;
  before: string;
  after: string;
}

export interface LedgerAccountRow {
  account: string;
  state: string;
  /** Postgres: grows with every change of the row. */
  version: number;
}

export interface LedgerReservationRow {
  id: string;
  account: string;
  process: string;
  slots: string;
  concurrent: number;
  created_at: number;
  /** 1: given back because its process was gone; a settlement that comes after all is still counted. */
  lapsed: number;
}

export interface LedgerProcessRow {
  id: string;
  lease_until: number;
  /** Postgres with Redis: the last entry of the process's journal that is in the tables. */
  applied: number;
}

export interface UsageRecordRow {
  id: string;
  at: number;
  key_id: string | null;
  owner: string | null;
  subscription_id: string | null;
  agent: string;
  route: string;
  protocol: string;
  provider: string | null;
  model: string;
  target_model: string | null;
  status: number;
  error_id: string | null;
  stream: number;
  aborted: number;
  input_tokens: number | null;
  output_tokens: number | null;
  cached_read_tokens: number | null;
  cached_write_tokens: number | null;
  reasoning_tokens: number | null;
  audio_tokens: number | null;
  image_tokens: number | null;
  estimated: number;
  cost_cny: number | null;
  cost_usd: number | null;
  overhead_ms: number;
  first_byte_ms: number | null;
  total_ms: number;
  request_bytes: number;
  response_bytes: number;
  adjusted: string;
}

/**
 * Sums of records over an hour, a day or a week (UTC+8, from Monday); '' stands for no key, owner or provider. Each record is
 * in four sums of its hour and of its day: `detail` by everything, `total` over all keys, `model` over all keys and agents,
 * `key` over all models, providers and agents of a key; and in two of its week: `key`, and `key-model` over all agents. What
 * a sum is over is '' in it.
 */
export interface UsageRollupRow {
  level: string;
  start: number;
  key_id: string;
  owner: string;
  model: string;
  provider: string;
  agent: string;
  requests: number;
  errors: number;
  input_tokens: number;
  output_tokens: number;
  cached_read_tokens: number;
  cached_write_tokens: number;
  reasoning_tokens: number;
  cost_cny: number;
  cost_usd: number;
  unknown_cny: number;
  unknown_usd: number;
}

export interface Schema {
  api_key: ApiKeyRow;
  plan: PlanRow;
  subscription: SubscriptionRow;
  reminder: ReminderRow;
  provider_secret: ProviderSecretRow;
  mark: MarkRow;
  audit: AuditRow;
  ledger_account: LedgerAccountRow;
  ledger_reservation: LedgerReservationRow;
  ledger_process: LedgerProcessRow;
  usage_record: UsageRecordRow;
  usage_hour: UsageRollupRow;
  usage_day: UsageRollupRow;
  usage_week: UsageRollupRow;
}
