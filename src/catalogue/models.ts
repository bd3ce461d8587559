import { readFileSync } from 'node:fs';
import type { Protocol } from '../domain/protocol.ts';

/**
 * What is known about the models of Model Studio. The data and the source of every figure are in `models.json`
 * (`provenance` per model, `sources` at its head). Everywhere `null` means unknown, neither zero nor false.
 */
export interface ModelEntry {
  id: string;
  name: string;
  family: string;
  owner: string;
  openWeights: boolean | null;
  versionTag: string;
  /** Tokens. */
  contextWindow: number | null;
  maxInputTokens: number | null;
  maxOutputTokens: number | null;
  maxThinkingBudget: number | null;
  thinking: { mode: 'hybrid' | 'only' | 'none' | null; default: 'on' | 'off' | null };
  /** Where the Anthropic path's page has the model as not thinking, while it thinks elsewhere. */
  anthropicThinking?: 'none';
  reasoningEffort: { values: string[]; default: string | null; note?: string } | null;
  inputModalities: string[];
  outputModalities: string[] | null;
  vision: boolean;
  tools: boolean | null;
  jsonObject: boolean | null;
  jsonSchema: boolean | null;
  webSearch: boolean | null;
  prefixCompletion: boolean | null;
  contextCache: boolean | null;
  batch: boolean | null;
  /** Listed for `/apps/anthropic`. */
  anthropicEndpoint: boolean | null;
  prices: ModelPrices;
  rateLimits: ModelRateLimits;
  plans: ModelPlans;
  embedding?: ModelEmbedding;
  aliases?: string[];
  notes?: string[];
  /** Field name to source id. */
  provenance: Record<string, string>;
  /** Set when the id asked for has no row of its own: the row (main version) that stands for it. */
  resolvedFrom?: string;
}

/** Money per one million tokens. `cnyByScope` is keyed by deployment scope: cn, intl, global, us, eu. */
export interface ModelPrices {
  unit: string;
  cnyCatalogue: Record<string, number> | null;
  cnyByScope: Record<string, PriceTier[]> | null;
  usdInternational: Record<string, number | object[]> | null;
  cnyCatalogueTwoRates?: Record<string, number[] | string>;
}

/** One tier, chosen by the input tokens of the single request; `inputTokens` is the condition as printed, or `flat`. */
export interface PriceTier {
  inputTokens: string;
  mode: string | null;
  input?: number;
  output?: number;
  outputNonThinking?: number;
  outputThinking?: number;
  raw?: unknown;
}

/** Requests and tokens per minute, per main account and model. */
export interface ModelRateLimits {
  beijing: RateLimit | null;
  singapore: RateLimit | null;
  dynamicTpmBySpendTier: Record<string, number[]> | null;
}

interface RateLimit {
  rpm: number | null;
  tpm: number | null;
}

export interface ModelPlans {
  codingPlanCn: boolean | null;
  codingPlanIntl: boolean | null;
  tokenPlanPersonalCn: boolean | null;
  tokenPlanListedByModelsDev: boolean | null;
}

export interface ModelEmbedding {
  dimensions: number[];
  defaultDimension: number;
  maxRowsPerRequest: number;
  maxTokensPerRow: number;
}

/** How a model thinks; `unknown` when no source says. */
export type ThinkingClass = 'only' | 'hybrid-on' | 'hybrid-off' | 'none' | 'unknown';

interface Catalogue {
  models: ModelEntry[];
  byId: Map<string, ModelEntry>;
  /** Ids of the models for images, video, speech and music, with what they do (`IG`, `TTS`, ...). */
  others: Map<string, string[]>;
}

interface CatalogueFile {
  models: ModelEntry[];
  otherModelIds: { id: string; capabilities: string[] }[];
}

/** Computes once, at the first call: parsing the data takes about 4 ms, which a start without a model question need not pay. */
function once<T>(compute: () => T): () => T {
  let value: T | undefined;
  return () => (value ??= compute());
}

const catalogue = once((): Catalogue => {
  const file: CatalogueFile = JSON.parse(readFileSync(new URL('./models.json', import.meta.url), 'utf8'));
  const byId = new Map(file.models.map((model) => [model.id, model]));
  const models = file.models.map((model) => completeLatest(model, byId));
  for (const model of models) {
    byId.set(model.id, model);
    for (const alias of model.aliases ?? []) byId.set(alias, { ...model, id: alias, resolvedFrom: model.id });
  }
  return { models, byId, others: new Map(file.otherModelIds.map((other) => [other.id, other.capabilities])) };
});

/** A `-latest` row is the newest snapshot of its main version: what the row leaves open is taken from there. */
function completeLatest(model: ModelEntry, byId: ReadonlyMap<string, ModelEntry>): ModelEntry {
  const main = model.versionTag === 'LATEST' ? byId.get(model.id.replace(/-latest$/, '')) : undefined;
  if (main === undefined || main === model) return model;
  return {
    ...model,
    thinking: model.thinking.mode === null ? main.thinking : model.thinking,
    maxThinkingBudget: model.maxThinkingBudget ?? main.maxThinkingBudget,
    reasoningEffort: model.reasoningEffort ?? main.reasoningEffort,
    tools: model.tools ?? main.tools,
    jsonObject: model.jsonObject ?? main.jsonObject,
    jsonSchema: model.jsonSchema ?? main.jsonSchema,
    contextCache: model.contextCache ?? main.contextCache,
    anthropicEndpoint: model.anthropicEndpoint ?? main.anthropicEndpoint,
    provenance: { ...main.provenance, ...model.provenance },
  };
}

/**
 * The model with this id, which is case-sensitive as on the platform. A dated snapshot (`qwen-plus-2025-07-28`), a
 * `-latest` name and a US id (`qwen-plus-us`) without a row of their own are answered with the main version's row,
 * `id` as asked and `resolvedFrom` naming the row. Anything else is undefined: no guess is made.
 */
export function findModel(id: string): ModelEntry | undefined {
  const { byId } = catalogue();
  const exact = byId.get(id);
  if (exact !== undefined) return exact;
  const main = mainVersionOf(id);
  const entry = main === undefined ? undefined : byId.get(main);
  return entry === undefined ? undefined : { ...entry, id, resolvedFrom: entry.id };
}

/** Every described model, main versions and snapshots, in the order of the data. */
export function listModels(): readonly ModelEntry[] {
  return catalogue().models;
}

/** What a model for images, video, speech or music does; undefined for chat, embedding and rerank models and unknown ids. */
export function otherModelCapabilities(id: string): readonly string[] | undefined {
  return catalogue().others.get(id);
}

const usSuffix = /-us$/;
const latestSuffix = /-latest$/;
const dateSuffix = /-(20\d\d)-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

/** The id without its snapshot date, `-latest` and `-us`; undefined when it has none of them. */
function mainVersionOf(id: string): string | undefined {
  const main = id.replace(usSuffix, '').replace(latestSuffix, '').replace(dateSuffix, '');
  return main === id ? undefined : main;
}

/**
 * How the model thinks on the path of a protocol; without one, on the chat path. Ids ending in `-thinking` think always,
 * which the platform's naming states.
 */
export function thinkingClass(model: ModelEntry, protocol?: Protocol): ThinkingClass {
  if (protocol === 'anthropic-messages' && model.anthropicThinking !== undefined) return model.anthropicThinking;
  const { mode, default: byDefault } = model.thinking;
  if (mode === 'hybrid') return byDefault === 'off' ? 'hybrid-off' : 'hybrid-on';
  if (mode !== null) return mode;
  if (/-thinking(-\d+)?$/.test(model.id)) return 'only';
  return model.maxThinkingBudget === null ? 'unknown' : 'hybrid-off';
}

/** True when the model thinks in a request that says nothing about it. */
export function thinksByDefault(model: ModelEntry): boolean {
  const kind = thinkingClass(model);
  return kind === 'only' || kind === 'hybrid-on';
}

/**
 * Open-weight Qwen3 hybrids think only in streams: a call without `stream` must switch thinking off
 * (source: the error-code page, `parameter.enable_thinking must be set to false for non-streaming calls`).
 */
export function thinksOnlyInStreams(model: ModelEntry): boolean {
  return model.openWeights === true && model.thinking.mode === 'hybrid' && model.id.startsWith('qwen3-');
}

/** Image input. */
export function acceptsImages(model: ModelEntry): boolean {
  return model.vision || model.inputModalities.includes('image');
}

export function acceptsVideo(model: ModelEntry): boolean {
  return model.inputModalities.includes('video');
}

export function acceptsAudio(model: ModelEntry): boolean {
  return model.inputModalities.includes('audio');
}

/** False only for models known to refuse `tools`. */
export function acceptsTools(model: ModelEntry): boolean {
  return model.tools !== false;
}

/** False only for models known to refuse `response_format: json_object`. */
export function acceptsJsonObject(model: ModelEntry): boolean {
  return model.jsonObject !== false;
}

/** `response_format: json_schema` exists on few families, which the chat page lists: unknown counts as no. */
export function acceptsJsonSchema(model: ModelEntry): boolean {
  return model.jsonSchema === true;
}

/** Listed for the Anthropic-compatible endpoint, whose page lists its models completely. */
export function hasAnthropicEndpoint(model: ModelEntry): boolean {
  return model.anthropicEndpoint === true;
}

/** True for models that answer chat: not embeddings, not rerankers, not realtime-only models. */
export function isChatModel(model: ModelEntry): boolean {
  return (model.outputModalities?.includes('text') ?? false) && !/rerank|embedding|-realtime/.test(model.id);
}
