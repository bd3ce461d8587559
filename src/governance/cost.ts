import type { ModelEntry, ModelPrices, PriceTier } from '../catalogue/models.ts';
import type { Cost } from '../domain/usage-record.ts';
import type { Usage } from '../domain/usage.ts';

/** One call, as far as its price depends on it. */
export interface PricedCall {
  tokens: Usage;
  /** The deployment scope of the price lists. */
  scope: 'cn' | 'intl' | 'us' | 'eu' | 'global';
  /** Thinking was on: for some models all output then has another price. */
  thinking: boolean;
  /** Sent as a batch: half the price, and no discount for cached input. */
  batch?: boolean;
  /** The client marked what to cache (`cache_control`); absent: yes if something was written to the cache. */
  explicitCache?: boolean;
}

/** Money per one million tokens. */
interface Rates {
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite: number;
}

/** Shares of the input price where a price list names none (source: the context-cache page, 2026). */
const cacheShares = { explicitRead: 0.1, implicitRead: 0.2, write: 1.25 };

/**
 * What a call costs by the list prices of `models.json`; null where the model, the price or the tokens are unknown. The
 * tier is chosen by the input tokens of the single request and holds for all of it. Dollars are known for the
 * international scope only.
 */
export function costOf(model: ModelEntry | undefined, call: PricedCall): Cost {
  const { inputTokens, audioTokens = 0 } = call.tokens;
  // Audio has prices of its own, which the lists give per modality and usage does not tell apart.
  if (model === undefined || inputTokens === undefined || audioTokens > 0) return { cny: null, usd: null };
  const output = call.tokens.outputTokens ?? (model.embedding === undefined ? undefined : 0);
  if (output === undefined) return { cny: null, usd: null };
  const counted = { ...call, tokens: { ...call.tokens, inputTokens, outputTokens: output } };
  return {
    cny: price(cnyRates(model.prices, counted, inputTokens), counted),
    usd: call.scope === 'intl' ? price(usdRates(model.prices, counted, inputTokens), counted) : null,
  };
}

function price(rates: Rates | undefined, { tokens, batch = false }: PricedCall): number | null {
  if (rates === undefined) return null;
  const { inputTokens = 0, outputTokens = 0, cachedReadTokens = 0, cachedWriteTokens = 0 } = tokens;
  if (batch) return perMillion((inputTokens * rates.input + outputTokens * rates.output) / 2);
  const plain = Math.max(0, inputTokens - cachedReadTokens - cachedWriteTokens);
  const input = plain * rates.input + cachedReadTokens * rates.cacheRead + cachedWriteTokens * rates.cacheWrite;
  return perMillion(input + outputTokens * rates.output);
}

function perMillion(amount: number): number {
  return roundMoney(amount / 1e6);
}

/**
 * Nine decimals: finer than the price of one token, and coarser than what sums of binary fractions carry with them. The ledger
 * keeps as many.
 */
export function roundMoney(amount: number): number {
  return Math.round(amount * 1e9) / 1e9;
}

function cnyRates(prices: ModelPrices, call: PricedCall, inputTokens: number): Rates | undefined {
  const tier = tierOf(prices.cnyByScope?.[call.scope] ?? [], call.thinking, inputTokens);
  const catalogue = call.scope === 'cn' ? (prices.cnyCatalogue ?? {}) : {};
  const input = tier?.input ?? catalogue['input_token'] ?? catalogue['embedding_token'];
  const output = outputOf(tier, call.thinking) ?? catalogue['output_token'] ?? (catalogue['embedding_token'] && 0);
  if (input === undefined || output === undefined) return undefined;
  // The catalogue's cache prices belong to its own flat input price, not to a tier's.
  const listed = tier === undefined || tier.input === catalogue['input_token'] ? catalogue : {};
  return {
    input,
    output,
    cacheRead: readRate(call, input, {
      explicit: listed['input_token_cache_read'],
      implicit: listed['input_token_cache'],
    }),
    cacheWrite: listed['input_token_cache_creation_5m'] ?? input * cacheShares.write,
  };
}

function outputOf(tier: PriceTier | undefined, thinking: boolean): number | undefined {
  return tier?.output ?? (thinking ? tier?.outputThinking : tier?.outputNonThinking);
}

const thinkingOnly = '仅思考模式';
const bothModes = '非思考和思考模式';

/** The tier of the request's size, among those for its mode; what thinks always is listed for thinking only. */
function tierOf(tiers: readonly PriceTier[], thinking: boolean, inputTokens: number): PriceTier | undefined {
  const thinks = thinking || tiers.every(({ mode }) => mode === thinkingOnly);
  const fitting = tiers.filter(({ mode }) => mode === null || mode === bothModes || (mode === thinkingOnly) === thinks);
  return fitting.find((tier) => inputTokens <= upperBound(tier)) ?? fitting.at(-1);
}

const units = { K: 1024, M: 1_000_000 };

/** Of `32K<Token≤128K` 131,072, of `flat` infinity. K is 1,024: bounds such as 166K are the input limits of models. */
function upperBound({ inputTokens }: PriceTier): number {
  const [, count, unit] = /≤(\d+)([KM])$/.exec(inputTokens) ?? [];
  return count === undefined ? Number.POSITIVE_INFINITY : Number(count) * units[unit === 'M' ? 'M' : 'K'];
}

function usdRates(prices: ModelPrices, call: PricedCall, inputTokens: number): Rates | undefined {
  const list = prices.usdInternational;
  if (list === null) return undefined;
  const larger = usdTiers(list).findLast(({ above }) => inputTokens > above)?.rates;
  const rate = (name: string): number | undefined => larger?.[name] ?? numberIn(list, name);
  const input = rate('input');
  const output = (call.thinking ? rate('reasoning') : undefined) ?? rate('output');
  if (input === undefined || output === undefined) return undefined;
  const read = rate('cache_read');
  return {
    input,
    output,
    cacheRead: readRate(call, input, { explicit: read, implicit: undefined }),
    cacheWrite: rate('cache_write') ?? input * cacheShares.write,
  };
}

interface UsdTier {
  above: number;
  rates: Record<string, number>;
}

/** `tiers: [{ tier: { size }, input, output, ... }]`: the rates above `size` input tokens. */
function usdTiers(list: NonNullable<ModelPrices['usdInternational']>): UsdTier[] {
  const { tiers } = list;
  if (!Array.isArray(tiers)) return [];
  return tiers.map((entry) => {
    const size =
      'tier' in entry && typeof entry.tier === 'object' && entry.tier !== null && 'size' in entry.tier
        ? entry.tier.size
        : undefined;
    const rates = Object.entries(entry).filter((pair): pair is [string, number] => typeof pair[1] === 'number');
    return { above: typeof size === 'number' ? size : Number.POSITIVE_INFINITY, rates: Object.fromEntries(rates) };
  });
}

function numberIn(list: NonNullable<ModelPrices['usdInternational']>, name: string): number | undefined {
  const value = list[name];
  return typeof value === 'number' ? value : undefined;
}

function readRate(
  call: PricedCall,
  input: number,
  listed: { explicit: number | undefined; implicit: number | undefined },
): number {
  const explicit = call.explicitCache ?? (call.tokens.cachedWriteTokens ?? 0) > 0;
  if (explicit) return listed.explicit ?? input * cacheShares.explicitRead;
  return listed.implicit ?? input * cacheShares.implicitRead;
}
