import * as z from 'zod';
import type { UsageTotals } from '../../domain/ports.ts';
import type { UsageRecord } from '../../domain/usage-record.ts';
import { roundMoney } from '../../governance/cost.ts';
import { moment, toMoment } from './shapes.ts';

const count = z.number();
const costDescription = 'What is known of it: requests of unknown cost are counted beside it.';

export const totalsShape = z
  .strictObject({
    requests: count,
    errors: count,
    input_tokens: count.meta({ description: 'With the cached ones.' }),
    output_tokens: count.meta({ description: 'With those spent on thinking.' }),
    cached_read_tokens: count,
    cached_write_tokens: count,
    reasoning_tokens: count,
    cost_cny: count.meta({ description: costDescription }),
    cost_usd: count.meta({ description: costDescription }),
    unknown_cost_cny: count.meta({ description: 'Requests whose cost in CNY is unknown.' }),
    unknown_cost_usd: count.meta({ description: 'Requests whose cost in USD is unknown.' }),
  })
  .meta({ id: 'UsageTotals' });

export type TotalsJson = z.input<typeof totalsShape>;

export function toTotals(totals: UsageTotals): TotalsJson {
  return {
    requests: totals.requests,
    errors: totals.errors,
    input_tokens: totals.inputTokens,
    output_tokens: totals.outputTokens,
    cached_read_tokens: totals.cachedReadTokens,
    cached_write_tokens: totals.cachedWriteTokens,
    reasoning_tokens: totals.reasoningTokens,
    cost_cny: roundMoney(totals.costCny),
    cost_usd: roundMoney(totals.costUsd),
    unknown_cost_cny: totals.unknownCny,
    unknown_cost_usd: totals.unknownUsd,
  };
}

/** The sum of several sums. */
export function sumTotals(rows: readonly TotalsJson[]): TotalsJson {
  const sum = (name: keyof TotalsJson): number => rows.reduce((total, row) => total + row[name], 0);
  return {
    requests: sum('requests'),
    errors: sum('errors'),
    input_tokens: sum('input_tokens'),
    output_tokens: sum('output_tokens'),
    cached_read_tokens: sum('cached_read_tokens'),
    cached_write_tokens: sum('cached_write_tokens'),
    reasoning_tokens: sum('reasoning_tokens'),
    cost_cny: roundMoney(sum('cost_cny')),
    cost_usd: roundMoney(sum('cost_usd')),
    unknown_cost_cny: sum('unknown_cost_cny'),
    unknown_cost_usd: sum('unknown_cost_usd'),
  };
}

const known = z.number().nullable();

export const recordShape = z
  .strictObject({
    object: z.literal('usage_record'),
    id: z.string().meta({ description: 'The request id.' }),
    at: moment,
    key_id: z.string().nullable(),
    owner: z.string().nullable(),
    subscription_id: z.string().nullable(),
    agent: z.string(),
    route: z.string(),
    protocol: z.string(),
    provider: z.string().nullable(),
    model: z.string(),
    target_model: z.string().nullable(),
    status: z.number(),
    error_id: z.string().nullable(),
    stream: z.boolean(),
    aborted: z.boolean(),
    tokens: z.strictObject({
      input: known,
      output: known,
      cached_read: known,
      cached_write: known,
      reasoning: known,
      audio: known,
      image: known,
    }),
    estimated: z.boolean(),
    cost: z.strictObject({ cny: known, usd: known }).meta({ description: 'null: unknown, which is not 0.' }),
    overhead_ms: z.number(),
    first_byte_ms: known,
    total_ms: z.number(),
    request_bytes: z.number(),
    response_bytes: z.number(),
    adjusted: z.array(z.string()),
  })
  .meta({ id: 'UsageRecord' });

export function toRecord(record: UsageRecord): z.input<typeof recordShape> {
  const { tokens } = record;
  return {
    object: 'usage_record',
    id: record.id,
    at: toMoment(record.at),
    key_id: record.keyId,
    owner: record.owner,
    subscription_id: record.subscriptionId,
    agent: record.agent,
    route: record.route,
    protocol: record.protocol,
    provider: record.provider,
    model: record.model,
    target_model: record.targetModel,
    status: record.status,
    error_id: record.errorId,
    stream: record.stream,
    aborted: record.aborted,
    tokens: {
      input: tokens.inputTokens ?? null,
      output: tokens.outputTokens ?? null,
      cached_read: tokens.cachedReadTokens ?? null,
      cached_write: tokens.cachedWriteTokens ?? null,
      reasoning: tokens.reasoningTokens ?? null,
      audio: tokens.audioTokens ?? null,
      image: tokens.imageTokens ?? null,
    },
    estimated: record.estimated,
    cost: record.cost,
    overhead_ms: record.overheadMs,
    first_byte_ms: record.firstByteMs,
    total_ms: record.totalMs,
    request_bytes: record.requestBytes,
    response_bytes: record.responseBytes,
    adjusted: record.adjusted,
  };
}
