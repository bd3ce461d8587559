import { hasAnthropicEndpoint, isChatModel, thinkingClass, type ModelEntry } from '../../catalogue/models.ts';
import { isObject } from '../../domain/json.ts';
import type { Plan } from '../../domain/provider.ts';
import type { Evidence } from '../chat/rule.ts';
import { isRefusal, resolveModel } from '../chat/rules.ts';
import { forcedWhileThinking } from '../chat/tool-rules.ts';
import { algorithmRefusal, modelRefusal, parameterRefusal, type Refusal } from '../refusal.ts';
import { blockRules } from './block-rules.ts';
import type { MessagesCall } from './body.ts';

/** A rule on a call to a known model. */
export interface MessagesRule {
  id: string;
  evidence: Evidence;
  check: (call: MessagesCall) => Refusal | undefined;
}

const parameterRules: readonly MessagesRule[] = [
  { id: 'anthropic-max-tokens-range', evidence: 'recorded', check: maxTokensRange },
  range(
    'anthropic-temperature-range',
    'temperature',
    (value) => value >= 0 && value < 2,
    'Temperature should be in [0.0, 2.0)',
  ),
  range('anthropic-top-p-range', 'top_p', (value) => value > 0 && value <= 1, 'Range of top_p should be (0.0, 1.0]'),
  range('anthropic-top-k-range', 'top_k', (value) => value >= 0, 'Parameter top_k be greater than or equal to 0'),
  { id: 'anthropic-thinking-supported', evidence: 'inferred', check: thinkingSupported },
  { id: 'anthropic-thinking-restricted', evidence: 'inferred', check: thinkingRestricted },
  { id: 'anthropic-budget-range', evidence: 'documented', check: budgetRange },
  { id: 'anthropic-tool-named-search', evidence: 'inferred', check: namedSearch },
  { id: 'anthropic-tool-choice-while-thinking', evidence: 'inferred', check: choiceWhileThinking },
];

/** Every rule on a call to a known model, in the order in which they answer. */
export const messagesRules: readonly MessagesRule[] = [...parameterRules, ...blockRules];

function range(id: string, name: string, isInside: (value: number) => boolean, message: string): MessagesRule {
  const check = ({ body }: MessagesCall): Refusal | undefined => {
    const value = body[name];
    return typeof value === 'number' && !isInside(value) ? algorithmRefusal(message) : undefined;
  };
  return { id, evidence: 'inferred', check };
}

function maxTokensRange({ body, model }: MessagesCall): Refusal | undefined {
  const value = body.max_tokens;
  const most = model.maxOutputTokens;
  if (typeof value !== 'number' || (value >= 1 && value <= (most ?? Infinity))) return undefined;
  return algorithmRefusal(`Range of max_tokens should be [1, ${most ?? 8_192}]`);
}

function thinkingType({ body }: MessagesCall): unknown {
  return isObject(body.thinking) ? body.thinking.type : undefined;
}

function thinkingSupported(call: MessagesCall): Refusal | undefined {
  if (thinkingType(call) !== 'enabled' || thinkingClass(call.model, 'anthropic-messages') !== 'none') return undefined;
  const code = 'InvalidParameter.NotSupportEnableThinking';
  return {
    ...parameterRefusal(`The model ${call.model.id} does not support enable_thinking.`),
    code,
    nativeCode: code,
  };
}

function thinkingRestricted(call: MessagesCall): Refusal | undefined {
  if (thinkingType(call) !== 'disabled' || thinkingClass(call.model, 'anthropic-messages') !== 'only') return undefined;
  return algorithmRefusal('The value of the enable_thinking parameter is restricted to True.');
}

function budgetRange({ body, model }: MessagesCall): Refusal | undefined {
  const budget = isObject(body.thinking) && body.thinking.type === 'enabled' ? body.thinking.budget_tokens : undefined;
  const most = model.maxThinkingBudget;
  if (typeof budget !== 'number' || (budget >= 1 && budget <= (most ?? Infinity))) return undefined;
  const bound = most ?? model.maxOutputTokens ?? 'xxx';
  return algorithmRefusal(`The thinking_budget parameter must be a positive integer and not greater than ${bound}`);
}

function namedSearch({ tools }: MessagesCall): Refusal | undefined {
  return tools.some(({ name }) => name === 'search')
    ? algorithmRefusal('Tool names are not allowed to be [search]')
    : undefined;
}

/**
 * Recorded on the chat path only (cloudwego/eino#994). This path's page has `any` and `tool` as supported, without a
 * word on thinking; the service behind both is the same.
 */
function choiceWhileThinking({ body, thinking }: MessagesCall): Refusal | undefined {
  const type = isObject(body.tool_choice) ? body.tool_choice.type : undefined;
  if (!thinking || (type !== 'any' && type !== 'tool')) return undefined;
  return algorithmRefusal(forcedWhileThinking);
}

/** The model of a call: it must be one of those that the endpoint's page lists. */
export function resolveMessagesModel(id: string, plan: Plan | undefined): ModelEntry | Refusal {
  const model = resolveModel(id, plan);
  const served = !isRefusal(model) && isChatModel(model) && hasAnthropicEndpoint(model);
  if (served) return model;
  if (isRefusal(model) && model.status === 400) return model;
  return {
    ...modelRefusal(404, 'model_not_found', `model '${id.slice(0, 100)}' not found or not supported`),
    nativeCode: 'error',
  };
}
