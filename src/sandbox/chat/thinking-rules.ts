import { thinkingClass, thinksOnlyInStreams } from '../../catalogue/models.ts';
import { algorithmRefusal, parameterRefusal, type Refusal } from '../refusal.ts';
import { parameter, type ChatCall } from './body.ts';
import type { ModelRule } from './rule.ts';

/** Thinking: who can, who must, in which form, and for how long. */
export const thinkingRules: readonly ModelRule[] = [
  { id: 'enable-thinking-supported', evidence: 'documented', check: thinkingSupported },
  { id: 'enable-thinking-restricted', evidence: 'documented', check: restrictedToTrue },
  { id: 'thinking-needs-stream', evidence: 'recorded', check: needsStream },
  { id: 'model-needs-stream', evidence: 'documented', check: streamOnlyModel },
  { id: 'audio-output-needs-stream', evidence: 'documented', check: audioOutput },
  { id: 'thinking-budget-range', evidence: 'documented', check: budgetRange },
  { id: 'thinking-budget-with-effort', evidence: 'recorded', check: budgetWithEffort },
  { id: 'reasoning-effort-value', evidence: 'inferred', check: effortValue },
];

/** Only switching it on is refused: what has been seen to send `false` everywhere was answered. */
function thinkingSupported({ body, model }: ChatCall): Refusal | undefined {
  if (body.enable_thinking !== true || thinkingClass(model) !== 'none') return undefined;
  const message = `The model ${model.id} does not support enable_thinking.`;
  const code = 'InvalidParameter.NotSupportEnableThinking';
  return { ...parameterRefusal(message), code, nativeCode: code };
}

function restrictedToTrue({ body, model }: ChatCall): Refusal | undefined {
  if (body.enable_thinking !== false || thinkingClass(model) !== 'only') return undefined;
  return algorithmRefusal('The value of the enable_thinking parameter is restricted to True.');
}

function needsStream({ model, stream, thinking }: ChatCall): Refusal | undefined {
  if (stream || !thinking || !thinksOnlyInStreams(model)) return undefined;
  return parameterRefusal('parameter.enable_thinking must be set to false for non-streaming calls');
}

/** QwQ, QVQ and the omni models answer in streams only. */
function streamOnlyModel({ model, stream }: ChatCall): Refusal | undefined {
  if (stream || !/^(qwq-|qvq-)|-omni-/.test(model.id)) return undefined;
  return algorithmRefusal(
    'This model only support stream mode, please enable the stream parameter to access the model.',
  );
}

function audioOutput({ body, stream }: ChatCall): Refusal | undefined {
  const { modalities } = body;
  if (stream || !Array.isArray(modalities) || !modalities.includes('audio')) return undefined;
  return algorithmRefusal("'audio' output only support with stream=true");
}

function budgetRange({ body, model }: ChatCall): Refusal | undefined {
  const budget = parameter(body, 'thinking_budget');
  const most = model.maxThinkingBudget;
  if (typeof budget !== 'number' || (budget >= 1 && budget <= (most ?? Infinity))) return undefined;
  // With no known maximum the window is the only bound there is to name.
  const bound = most ?? model.maxOutputTokens ?? model.contextWindow ?? 'xxx';
  return algorithmRefusal(`The thinking_budget parameter must be a positive integer and not greater than ${bound}`);
}

function budgetWithEffort({ body }: ChatCall): Refusal | undefined {
  const both = parameter(body, 'thinking_budget') !== undefined && parameter(body, 'reasoning_effort') !== undefined;
  return both ? parameterRefusal("'reasoning_effort' and 'thinking_budget' cannot be set simultaneously") : undefined;
}

/** Names that are mapped to a level: max and high to xhigh, minimal to low, none to off. */
const mapped = new Set(['none', 'minimal', 'high', 'max']);

function effortValue({ body, model }: ChatCall): Refusal | undefined {
  const effort = parameter(body, 'reasoning_effort');
  const values = model.reasoningEffort?.values;
  if (typeof effort !== 'string' || values === undefined || values.includes(effort)) return undefined;
  if (model.reasoningEffort?.note?.includes('map') === true && mapped.has(effort)) return undefined;
  return algorithmRefusal(`The reasoning_effort parameter should be one of [${values.join(', ')}]`);
}

/** Tokens that an effort stands for on the models that say so. */
export const effortTokens: Readonly<Record<string, number>> = {
  none: 0,
  minimal: 4_096,
  low: 4_096,
  medium: 16_384,
  high: 262_144,
  xhigh: 262_144,
  max: 262_144,
};
