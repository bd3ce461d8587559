import { findModel } from '../catalogue/models.ts';
import type { Principal } from '../domain/principal.ts';
import type { RequestRecord } from '../domain/request-record.ts';
import type { UsageRecord } from '../domain/usage-record.ts';
import { codingAgentOf } from '../catalogue/coding-agents.ts';
import type { AgentSign, HeaderValues } from '../catalogue/coding-agents.ts';
import { costOf } from './cost.ts';
import type { PricedCall } from './cost.ts';

/** What a usage record needs beyond what the request's log line has. */
export interface UsageContext {
  principal?: Principal;
  headers: HeaderValues;
  agents?: readonly AgentSign[];
  /** Whether the provider charges Model Studio's list prices; otherwise the cost is unknown. */
  listPrices: boolean;
  scope: PricedCall['scope'];
  /** Thinking was asked for, or shows in the usage. */
  thinking: boolean;
  explicitCache?: boolean;
  /** The usage is the gateway's own estimate. */
  estimated: boolean;
}

/** 499: the client left before the answer was complete. */
const clientLeft = 499;

/** The account of one request, from its record. */
export function usageRecordOf(record: RequestRecord, context: UsageContext): UsageRecord {
  const { principal } = context;
  const tokens = record.usage ?? {};
  return {
    id: record.callId,
    at: record.receivedAt,
    keyId: principal === undefined || principal.kind === 'anonymous' ? null : principal.id,
    owner: principal?.key?.owner ?? null,
    subscriptionId: principal?.holding?.subscription.id ?? null,
    agent: codingAgentOf(context.headers, context.agents) ?? 'other',
    route: record.route,
    protocol: record.protocol,
    provider: record.provider ?? null,
    model: record.model ?? '',
    targetModel: record.targetModel ?? null,
    status: record.status,
    errorId: record.error?.code ?? null,
    stream: record.stream,
    aborted: record.status === clientLeft,
    tokens,
    estimated: context.estimated,
    cost: costOfRecord(record, context),
    overheadMs: record.timings.overheadMs,
    firstByteMs: record.timings.firstByteMs ?? null,
    totalMs: record.timings.totalMs,
    requestBytes: record.bytesIn,
    responseBytes: record.bytesOut,
    adjusted: [...record.adjusted],
  };
}

function costOfRecord(record: RequestRecord, context: UsageContext): UsageRecord['cost'] {
  // What was never sent costs nothing, and what a provider refused is not charged: that is known.
  const refused = record.error !== undefined && record.status !== clientLeft && record.usage === undefined;
  if (record.attempts === 0 || refused) return { cny: 0, usd: 0 };
  const model = context.listPrices && record.targetModel !== undefined ? findModel(record.targetModel) : undefined;
  const { scope, explicitCache } = context;
  const tokens = record.usage ?? {};
  const thinking = context.thinking || (tokens.reasoningTokens ?? 0) > 0;
  return costOf(model, { tokens, scope, thinking, ...(explicitCache === undefined ? {} : { explicitCache }) });
}
