import assert from 'node:assert/strict';
import type { JsonObject } from '../../../src/domain/json.ts';
import type { Protocol } from '../../../src/domain/protocol.ts';
import type { Provider } from '../../../src/domain/provider.ts';
import type { FitContext, FitEffect, FitRule } from '../../../src/fit/rule.ts';
import { fitContext } from '../../../src/fit/rules.ts';
import { resolveProvider } from '../../../src/upstream/providers.ts';
import { JsonDocument } from '../../../src/wire/json-document.ts';

export interface RuleOptions {
  /** qwen-plus when absent. */
  model?: string;
  protocol?: Protocol;
  /** bailian when absent. */
  vendor?: string;
  wasRefused?: (text: string) => boolean;
  wantsOwnDefaults?: boolean;
}

export interface RuleOutcome {
  applied: boolean;
  effect: FitEffect;
  /** The request as it would be sent. */
  text: string;
  body: JsonObject;
}

/** A provider with a key, as configuration makes it. */
export function provider(vendor = 'bailian'): Provider {
  const timeouts = { connect: 1, firstByte: 1, idle: 1 };
  const baseUrl = vendor.endsWith('-compatible') || vendor === 'vllm' ? { baseUrl: 'http://127.0.0.1:9/v1' } : {};
  const settings = {
    name: vendor,
    vendor,
    models: [],
    modelsMode: 'merge',
    headers: {},
    timeouts,
    ...baseUrl,
  } as const;
  return resolveProvider({ ...settings, models: [], apiKey: 'sk-0123456789abcdef' }).provider;
}

/** What a rule sees of a request: an object, or the text as a client sent it. */
export function contextOf(request: JsonObject | string, options: RuleOptions = {}): FitContext {
  const { model = 'qwen-plus', protocol = 'openai-chat', vendor = 'bailian', wasRefused, wantsOwnDefaults } = options;
  const document = new JsonDocument(Buffer.from(typeof request === 'string' ? request : JSON.stringify(request)));
  const target = { provider: vendor, vendor, model, protocol };
  const stream = document.get('stream') === true;
  return fitContext({ document, target, provider: provider(vendor), stream, wasRefused, wantsOwnDefaults });
}

/** Applies one rule, and once more to its own result: a second time there must be nothing left to do. */
export function applyRule(rule: FitRule, request: JsonObject | string, options: RuleOptions = {}): RuleOutcome {
  const outcome = applyOnce(rule, request, options);
  const again = applyOnce(rule, outcome.text, options);
  assert.deepEqual([again.applied, again.text], [false, outcome.text], `${rule.id} is not idempotent`);
  return outcome;
}

function applyOnce(rule: FitRule, request: JsonObject | string, options: RuleOptions): RuleOutcome {
  const context = contextOf(request, options);
  const outcome = rule.apply(context);
  return {
    applied: outcome !== false,
    effect: typeof outcome === 'boolean' ? {} : outcome,
    text: context.document.toBytes().toString('utf8'),
    body: context.document.value,
  };
}

/** Asserts that the rule leaves every byte alone. */
export function leavesAlone(rule: FitRule, request: JsonObject | string, options: RuleOptions = {}): void {
  const text = typeof request === 'string' ? request : JSON.stringify(request);
  const outcome = applyOnce(rule, text, options);
  assert.deepEqual([outcome.applied, outcome.text], [false, text], `${rule.id} changed ${text}`);
}

/** Asserts that the rule turns one text into another, byte for byte. */
export function turns(rule: FitRule, from: string, to: string, options: RuleOptions = {}): void {
  const outcome = applyRule(rule, from, options);
  assert.deepEqual([outcome.applied, outcome.text], [from !== to, to]);
}

export function user(content: string): JsonObject {
  return { role: 'user', content };
}
