import { findModel, isChatModel, otherModelCapabilities, type ModelEntry } from '../../catalogue/models.ts';
import { codingPlanModels, tokenPlanModels, tokenPlanRedirects } from '../../catalogue/plans.ts';
import type { Plan } from '../../domain/provider.ts';
import { lookUp } from '../../wire/dispatch.ts';
import { algorithmRefusal, modelRefusal, parameterRefusal, type Refusal } from '../refusal.ts';
import { contentRules } from './content-rules.ts';
import { formatRules } from './format-rules.ts';
import { messageRules } from './message-rules.ts';
import type { ModelRule } from './rule.ts';
import { samplingRules } from './sampling-rules.ts';
import { thinkingRules } from './thinking-rules.ts';
import { toolRules } from './tool-rules.ts';

/** Every rule on a call to a known model, in the order in which they answer. */
export const modelRules: readonly ModelRule[] = [
  ...messageRules,
  ...contentRules,
  ...samplingRules,
  ...toolRules,
  ...thinkingRules,
  ...formatRules,
];

/** The model of a call, or the refusal: unknown, not served on this path, not part of the plan. */
export function resolveModel(id: string, plan: Plan | undefined): ModelEntry | Refusal {
  if (plan === 'coding' && !codingPlanModels.intl.includes(id))
    return parameterRefusal(`model '${id.slice(0, 100)}' is not supported`);
  const model = findModel((plan === 'token' ? lookUp(tokenPlanRedirects, id) : undefined) ?? id);
  if (plan === 'token' && model !== undefined && !tokenPlanModels.includes(model.id)) return notFound(id);
  if (model === undefined) return otherModelCapabilities(id) === undefined ? notFound(id) : notOnThisPath(id);
  return isChatModel(model) ? model : notOnThisPath(id);
}

function notFound(id: string): Refusal {
  return modelRefusal(
    404,
    'model_not_found',
    `The model \`${id.slice(0, 100)}\` does not exist or you do not have access to it.`,
  );
}

function notOnThisPath(id: string): Refusal {
  return modelRefusal(
    404,
    'model_not_supported',
    `Unsupported model \`${id.slice(0, 100)}\` for OpenAI compatibility mode.`,
  );
}

/** The estimated input against the model's window. */
export function inputTooLong(inputTokens: number, model: ModelEntry): Refusal | undefined {
  const most = model.maxInputTokens;
  return most !== null && inputTokens > most
    ? algorithmRefusal(`Range of input length should be [1, ${most}]`)
    : undefined;
}

/** Tells the two results of `resolveModel` apart. */
export function isRefusal(value: ModelEntry | Refusal): value is Refusal {
  return 'envelope' in value;
}
