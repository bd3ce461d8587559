import { findModel } from '../catalogue/models.ts';
import { anthropicUnsupported } from './anthropic-unsupported.ts';
import { billingLine } from './billing-line.ts';
import { contentEmpty } from './content-empty.ts';
import { contentString } from './content-string.ts';
import { contextTrim } from './context-trim.ts';
import { historyFlagged } from './history-flagged.ts';
import { jsonWord } from './json-word.ts';
import { loopBreaker } from './loop-breaker.ts';
import { maxTokensName } from './max-tokens-name.ts';
import { maxTokensRange } from './max-tokens-range.ts';
import { nRange } from './n-range.ts';
import { parallelToolsDefault } from './parallel-tools-default.ts';
import { reasoningReplay } from './reasoning-replay.ts';
import { roleDeveloper } from './role-developer.ts';
import type { FitContext, FitEffect, FitRule } from './rule.ts';
import { samplingRange } from './sampling-range.ts';
import { stopForm } from './stop-form.ts';
import { streamOnly } from './stream-only.ts';
import { streamOptions } from './stream-options.ts';
import { systemFirst } from './system-first.ts';
import { thinkingBudgetRange } from './thinking-budget-range.ts';
import { thinkingJson } from './thinking-json.ts';
import { thinkingMap } from './thinking-map.ts';
import { thinkingNeedsStream } from './thinking-needs-stream.ts';
import { thinkingRestricted } from './thinking-restricted.ts';
import { thinkingToolChoice } from './thinking-tool-choice.ts';
import { thinkingUnsupported } from './thinking-unsupported.ts';
import { toolArgsJson } from './tool-args-json.ts';
import { toolChoiceRequired } from './tool-choice-required.ts';
import { toolName } from './tool-name.ts';
import { toolPairs } from './tool-pairs.ts';

/** Every rule, in the order in which they are applied; each sees what the earlier ones made. */
export const fitRules: readonly FitRule[] = [
  // Names first: all further rules look for the names that the platform reads.
  maxTokensName,
  roleDeveloper,
  billingLine,
  anthropicUnsupported,
  // Then whether the model thinks in this call, since formats, limits and streaming depend on it. What it is asked is
  // put into its own terms before these are judged, and what forbids thinking comes last.
  thinkingMap,
  thinkingUnsupported,
  thinkingRestricted,
  thinkingBudgetRange,
  thinkingJson,
  toolChoiceRequired,
  thinkingToolChoice,
  // The history: whole rounds before single messages, messages before their contents, the order of messages last.
  reasoningReplay,
  toolName,
  toolArgsJson,
  toolPairs,
  loopBreaker,
  historyFlagged,
  contentEmpty,
  contentString,
  contextTrim,
  jsonWord,
  systemFirst,
  // Parameters on their own.
  samplingRange,
  nRange,
  stopForm,
  maxTokensRange,
  parallelToolsDefault,
  // The form of the answer at the end: `stream-options` judges what the client sent, the others ask for a stream themselves.
  streamOptions,
  thinkingNeedsStream,
  streamOnly,
];

/** What was done to a request. */
export interface Fitted extends FitEffect {
  /** Ids of the rules that changed something. */
  applied: string[];
}

/** Adds what the catalogue knows of the target's model, where the provider's models are Model Studio's. */
export function fitContext(context: Omit<FitContext, 'model'>): FitContext {
  return { ...context, model: context.provider.catalogued === true ? findModel(context.target.model) : undefined };
}

/** Applies the rules that hold for the target, in order. */
export function fitRequest(context: FitContext, rules: readonly FitRule[]): Fitted {
  const applied: string[] = [];
  let effect: FitEffect = {};
  for (const rule of rules) {
    const outcome = rule.apply(context);
    if (outcome === false) continue;
    applied.push(rule.id);
    if (outcome !== true) effect = { ...effect, ...outcome };
  }
  return { applied, ...effect };
}
