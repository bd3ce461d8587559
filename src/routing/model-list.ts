import { findModel, thinkingClass } from '../catalogue/models.ts';
import type { ModelEntry as CatalogueModel } from '../catalogue/models.ts';
import { GatewayError } from '../domain/gateway-error.ts';
import type { JsonObject } from '../domain/json.ts';
import type { ModelDirectorySnapshot } from '../domain/model-directory.ts';
import { bareNameProviders } from './visible-models.ts';

/** One model that a client can name. */
export interface ListedModel {
  /** The name to call it by: bare, or `provider/model` where an earlier provider has the bare name. */
  id: string;
  provider: string;
  /** Its name there. */
  model: string;
  /** What the catalogue knows of it, when the provider's models are Model Studio's. */
  facts?: CatalogueModel;
}

/** Every model that can be called by a listed name, providers in order, each name once. */
export function listedModels(directory: ModelDirectorySnapshot): ListedModel[] {
  const listed = new Map<string, ListedModel>();
  for (const { provider, models } of bareNameProviders(directory)) {
    for (const model of models) {
      const id = listed.has(model) ? `${provider.name}/${model}` : model;
      listed.set(id, toListed(id, provider, model));
    }
  }
  return [...listed.values()];
}

/** One model by a listed name or by `provider/model`; undefined when no list has it. */
export function findListedModel(directory: ModelDirectorySnapshot, id: string): ListedModel | undefined {
  const slash = id.indexOf('/');
  const named = slash > 0 ? directory.providers.get(id.slice(0, slash)) : undefined;
  const model = id.slice(slash + 1);
  if (named) return named.models.has(model) ? toListed(id, named.provider, model) : undefined;
  const entry = bareNameProviders(directory).find(({ models }) => models.has(id));
  return entry && toListed(id, entry.provider, id);
}

function toListed(id: string, provider: { name: string; catalogued?: boolean }, model: string): ListedModel {
  const facts = provider.catalogued ? findModel(model) : undefined;
  return { id, provider: provider.name, model, ...(facts && { facts }) };
}

/** OpenAI's `GET /v1/models`. */
export function openaiModelList(models: readonly ListedModel[]): JsonObject {
  return { object: 'list', data: models.map(openaiModel) };
}

/**
 * OpenAI's model object with what the catalogue knows as further members; null is unknown. `created` is 0, since no
 * vendor's list agrees on one. Token counts in tokens, prices with their currency in the name.
 */
export function openaiModel({ id, provider, facts }: ListedModel): JsonObject {
  return {
    id,
    object: 'model',
    created: 0,
    owned_by: facts?.owner ?? provider,
    provider,
    name: facts?.name ?? null,
    context_window: facts?.contextWindow ?? null,
    max_input_tokens: facts?.maxInputTokens ?? null,
    max_output_tokens: facts?.maxOutputTokens ?? null,
    thinking: facts ? thinkingOf(facts) : null,
    input_modalities: facts?.inputModalities ?? null,
    output_modalities: facts?.outputModalities ?? null,
    supports_tools: facts?.tools ?? null,
    prices: facts ? pricesOf(facts) : null,
  };
}

function thinkingOf(facts: CatalogueModel): JsonObject | null {
  const kind = thinkingClass(facts);
  if (kind === 'unknown') return null;
  return {
    supported: kind !== 'none',
    default: kind === 'only' || kind === 'hybrid-on' ? 'on' : 'off',
    required: kind === 'only',
    max_budget_tokens: facts.maxThinkingBudget,
    efforts: facts.reasoningEffort?.values ?? null,
  };
}

/** The figures as the price pages print them; tiers are chosen by the input tokens of the single request. */
function pricesOf({ prices }: CatalogueModel): JsonObject | null {
  const { cnyCatalogue, cnyByScope, usdInternational } = prices;
  if (!cnyCatalogue && !cnyByScope && !usdInternational) return null;
  const scopes = Object.entries(cnyByScope ?? {}).map(([scope, tiers]) => [
    scope,
    tiers.map((tier) => ({
      input_tokens: tier.inputTokens,
      mode: tier.mode,
      input: tier.input ?? null,
      output: tier.output ?? tier.outputNonThinking ?? null,
      output_thinking: tier.outputThinking ?? null,
    })),
  ]);
  return {
    unit: 'per 1M tokens',
    cny_beijing: cnyCatalogue ? { ...cnyCatalogue } : null,
    cny_by_scope: cnyByScope ? Object.fromEntries(scopes) : null,
    usd_international: usdInternational ? plainFigures(usdInternational) : null,
  };
}

function plainFigures(figures: Record<string, unknown>): JsonObject {
  const plain: JsonObject = {};
  for (const [name, figure] of Object.entries(figures)) {
    if (typeof figure === 'number') plain[name] = figure;
  }
  return plain;
}

/** Anthropic's paging parameters, as they stand in the query. */
export interface ModelPage {
  limit?: string | undefined;
  after_id?: string | undefined;
  before_id?: string | undefined;
}

/**
 * Anthropic's `GET /v1/models`: pages of `limit` (1 to 1000, default 20) after or before an id.
 * Throws GatewayError 400 for a limit outside that range and for an id that is not in the list.
 */
export function anthropicModelList(models: readonly ListedModel[], page: ModelPage = {}): JsonObject {
  const limit = readLimit(page.limit);
  const backwards = page.before_id !== undefined && page.after_id === undefined;
  const from = page.after_id === undefined ? 0 : indexOf(models, page.after_id, 'after_id') + 1;
  const to = page.before_id === undefined ? models.length : indexOf(models, page.before_id, 'before_id');
  const range = models.slice(from, to);
  const rows = backwards ? range.slice(-limit) : range.slice(0, limit);
  return {
    data: rows.map(anthropicModel),
    first_id: rows[0]?.id ?? null,
    last_id: rows.at(-1)?.id ?? null,
    has_more: range.length > rows.length,
  };
}

/** Anthropic's model object; an unknown release date is the epoch, as its reference says. */
export function anthropicModel({ id, facts }: ListedModel): JsonObject {
  return {
    type: 'model',
    id,
    display_name: facts?.name ?? id,
    created_at: '1970-01-01T00:00:00Z',
    max_input_tokens: facts?.maxInputTokens ?? facts?.contextWindow ?? null,
    max_tokens: facts?.maxOutputTokens ?? null,
  };
}

function readLimit(text: string | undefined): number {
  if (text === undefined || text === '') return 20;
  const limit = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= 1000) return limit;
  throw invalidPage('limit', 'limit: must be a whole number from 1 to 1000.');
}

function indexOf(models: readonly ListedModel[], id: string, param: string): number {
  const index = models.findIndex((model) => model.id === id);
  if (index >= 0) return index;
  throw invalidPage(param, `${param}: no model of the list has this id.`);
}

function invalidPage(param: string, message: string): GatewayError {
  return new GatewayError({
    status: 400,
    code: 'invalid_request_error',
    type: 'invalid_request_error',
    param,
    message,
    origin: 'client',
  });
}
