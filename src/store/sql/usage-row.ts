import { asNumber } from '../../domain/json.ts';
import { protocols } from '../../domain/protocol.ts';
import type { UsageRecord } from '../../domain/usage-record.ts';
import type { Usage } from '../../domain/usage.ts';
import type { UsageRecordRow, UsageRollupRow } from './schema.ts';

/** The columns of `usage_record` in the order in which records are inserted. */
export const usageColumns = [
  'id', 'at', 'key_id', 'owner', 'subscription_id', 'agent', 'route', 'protocol', 'provider', 'model', 'target_model',
  'status', 'error_id', 'stream', 'aborted', 'input_tokens', 'output_tokens', 'cached_read_tokens', 'cached_write_tokens',
  'reasoning_tokens', 'audio_tokens', 'image_tokens', 'estimated', 'cost_cny', 'cost_usd', 'overhead_ms', 'first_byte_ms',
  'total_ms', 'request_bytes', 'response_bytes', 'adjusted',
] as const satisfies readonly (keyof UsageRecordRow)[]; // prettier-ignore

/** The types of the columns of records and sums, as Postgres names them. */
export const columnTypes = {
  id: 'text', at: 'bigint', key_id: 'text', owner: 'text', subscription_id: 'text', agent: 'text', route: 'text',
  protocol: 'text', provider: 'text', model: 'text', target_model: 'text', status: 'integer', error_id: 'text',
  stream: 'integer', aborted: 'integer', input_tokens: 'bigint', output_tokens: 'bigint', cached_read_tokens: 'bigint',
  cached_write_tokens: 'bigint', reasoning_tokens: 'bigint', audio_tokens: 'bigint', image_tokens: 'bigint',
  estimated: 'integer', cost_cny: 'double precision', cost_usd: 'double precision', overhead_ms: 'double precision',
  first_byte_ms: 'double precision', total_ms: 'double precision', request_bytes: 'bigint', response_bytes: 'bigint',
  adjusted: 'text', level: 'text', start: 'bigint', requests: 'bigint', errors: 'bigint', unknown_cny: 'bigint',
  unknown_usd: 'bigint',
} as const satisfies Record<keyof UsageRecordRow | keyof UsageRollupRow, string>; // prettier-ignore

/** What a client may write into a record; Postgres takes no NUL. */
const longestText = 200;

function text(value: string): string {
  const clean = value.includes('\u0000') ? value.replaceAll('\u0000', '') : value;
  return clean.length > longestText ? clean.slice(0, longestText) : clean;
}

function textOrNull(value: string | null): string | null {
  return value === null ? null : text(value);
}

/** Providers send counts, but nothing keeps them from sending anything else. */
function count(value: number | undefined): number | null {
  return value !== undefined && value >= 0 && value < 1e15 ? Math.round(value) : null;
}

/** Texts that come from a client are cut to 200 characters. */
export function usageToRow(record: UsageRecord): UsageRecordRow {
  const { tokens, cost } = record;
  return {
    id: record.id,
    at: record.at,
    key_id: record.keyId,
    owner: record.owner,
    subscription_id: record.subscriptionId,
    agent: text(record.agent),
    route: text(record.route),
    protocol: record.protocol,
    provider: record.provider,
    model: text(record.model),
    target_model: textOrNull(record.targetModel),
    status: record.status,
    error_id: textOrNull(record.errorId),
    stream: Number(record.stream),
    aborted: Number(record.aborted),
    input_tokens: count(tokens.inputTokens),
    output_tokens: count(tokens.outputTokens),
    cached_read_tokens: count(tokens.cachedReadTokens),
    cached_write_tokens: count(tokens.cachedWriteTokens),
    reasoning_tokens: count(tokens.reasoningTokens),
    audio_tokens: count(tokens.audioTokens),
    image_tokens: count(tokens.imageTokens),
    estimated: Number(record.estimated),
    cost_cny: cost.cny,
    cost_usd: cost.usd,
    overhead_ms: record.overheadMs,
    first_byte_ms: record.firstByteMs,
    total_ms: record.totalMs,
    request_bytes: record.requestBytes,
    response_bytes: record.responseBytes,
    adjusted: record.adjusted.length === 0 ? '[]' : JSON.stringify(record.adjusted),
  };
}

export function usageFromRow(row: UsageRecordRow): UsageRecord {
  return {
    id: row.id,
    at: row.at,
    keyId: row.key_id,
    owner: row.owner,
    subscriptionId: row.subscription_id,
    agent: row.agent,
    route: row.route,
    protocol: protocols.find((protocol) => protocol === row.protocol) ?? 'openai-chat',
    provider: row.provider,
    model: row.model,
    targetModel: row.target_model,
    status: row.status,
    errorId: row.error_id,
    stream: row.stream === 1,
    aborted: row.aborted === 1,
    tokens: tokensFromRow(row),
    estimated: row.estimated === 1,
    cost: { cny: row.cost_cny, usd: row.cost_usd },
    overheadMs: row.overhead_ms,
    firstByteMs: row.first_byte_ms,
    totalMs: row.total_ms,
    requestBytes: row.request_bytes,
    responseBytes: row.response_bytes,
    adjusted: JSON.parse(row.adjusted),
  };
}

const tokenColumns: readonly (readonly [keyof Usage, keyof UsageRecordRow])[] = [
  ['inputTokens', 'input_tokens'],
  ['outputTokens', 'output_tokens'],
  ['cachedReadTokens', 'cached_read_tokens'],
  ['cachedWriteTokens', 'cached_write_tokens'],
  ['reasoningTokens', 'reasoning_tokens'],
  ['audioTokens', 'audio_tokens'],
  ['imageTokens', 'image_tokens'],
];

function tokensFromRow(row: UsageRecordRow): Usage {
  const tokens: Usage = {};
  for (const [field, column] of tokenColumns) {
    const count = asNumber(row[column]);
    if (count !== undefined) tokens[field] = count;
  }
  return tokens;
}
