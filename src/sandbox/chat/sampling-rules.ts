import { asArray, isObject, type JsonValue } from '../../domain/json.ts';
import { algorithmRefusal, type Refusal } from '../refusal.ts';
import { parameter, wholeNumber, type ChatCall } from './body.ts';
import type { ModelRule } from './rule.ts';

/** Ranges of the sampling parameters and the limits on length, with the messages of the error-code page. */
export const samplingRules: readonly ModelRule[] = [
  range('temperature-range', 'temperature', (value) => value >= 0 && value < 2, 'Temperature should be in [0.0, 2.0)'),
  range('top-p-range', 'top_p', (value) => value > 0 && value <= 1, 'Range of top_p should be (0.0, 1.0]'),
  range('top-k-range', 'top_k', (value) => value >= 0, 'Parameter top_k be greater than or equal to 0'),
  range(
    'repetition-penalty-range',
    'repetition_penalty',
    (value) => value > 0,
    'Repetition_penalty should be greater than 0.0',
  ),
  range(
    'presence-penalty-range',
    'presence_penalty',
    (value) => value >= -2 && value <= 2,
    'Presence_penalty should be in [-2.0, 2.0]',
  ),
  range('n-range', 'n', (value) => value >= 1 && value <= 4, 'Range of n should be [1, 4]'),
  { id: 'n-with-tools', evidence: 'inferred', check: severalWithTools },
  { id: 'n-supported', evidence: 'inferred', check: severalSupported },
  { id: 'stop-form', evidence: 'documented', check: stopForm },
  { id: 'max-tokens-range', evidence: 'documented', check: maxTokens },
  { id: 'max-completion-tokens-range', evidence: 'inferred', check: maxCompletionTokens },
  range(
    'top-logprobs-range',
    'top_logprobs',
    (value) => value >= 0 && value <= 5,
    'Range of top_logprobs should be [0, 5]',
    'inferred',
  ),
  { id: 'stream-options-without-stream', evidence: 'inferred', check: streamOptions },
];

function range(
  id: string,
  name: string,
  isInside: (value: number) => boolean,
  message: string,
  evidence: ModelRule['evidence'] = 'documented',
): ModelRule {
  const check = ({ body }: ChatCall): Refusal | undefined => {
    const value = parameter(body, name);
    return typeof value === 'number' && !isInside(value) ? algorithmRefusal(message) : undefined;
  };
  return { id, evidence, check };
}

function answersWanted({ body }: ChatCall): number {
  return wholeNumber(parameter(body, 'n')) ?? 1;
}

/** The chat page: `n` must be 1 when tools are set. The message is our own application of the range message. */
function severalWithTools(call: ChatCall): Refusal | undefined {
  return call.tools.length > 0 && answersWanted(call) > 1
    ? algorithmRefusal('Range of n should be [1, 1] when tools are set')
    : undefined;
}

/** The chat page: several answers exist on Qwen models that do not think. */
function severalSupported(call: ChatCall): Refusal | undefined {
  const supported = call.model.owner.startsWith('qwen') && !call.thinking;
  return !supported && answersWanted(call) > 1 ? algorithmRefusal('Range of n should be [1, 1]') : undefined;
}

function stopForm({ body }: ChatCall): Refusal | undefined {
  const stop = parameter(body, 'stop');
  if (stop === undefined || typeof stop === 'string') return undefined;
  if (Array.isArray(stop) && isUniform(stop)) return undefined;
  return algorithmRefusal(
    'The "stop" parameter must be of type "str", "list[str]", "list[int]", or "list[list[int]]", and all elements within the list must be of the same type.',
  );
}

function isUniform(stop: readonly JsonValue[]): boolean {
  const isTokenId = (value: JsonValue): boolean => Number.isInteger(value);
  const forms = [
    (value: JsonValue) => typeof value === 'string',
    isTokenId,
    (value: JsonValue) => Array.isArray(value) && value.every(isTokenId),
  ];
  return forms.some((isForm) => stop.every(isForm));
}

function maxTokens({ body, model }: ChatCall): Refusal | undefined {
  return tokenRange(parameter(body, 'max_tokens'), 'max_tokens', model.maxOutputTokens);
}

/** Counts the thinking too, so its range is the answer's and the thinking's together. */
function maxCompletionTokens({ body, model, thinking }: ChatCall): Refusal | undefined {
  const thoughts = thinking ? (model.maxThinkingBudget ?? 0) : 0;
  const most = model.maxOutputTokens === null ? null : model.maxOutputTokens + thoughts;
  return tokenRange(parameter(body, 'max_completion_tokens'), 'max_completion_tokens', most);
}

/** Named where the catalogue knows no maximum. */
const usualMaxTokens = 8_192;

function tokenRange(value: JsonValue | undefined, name: string, most: number | null): Refusal | undefined {
  if (typeof value !== 'number' || (value >= 1 && value <= (most ?? Infinity))) return undefined;
  return algorithmRefusal(`Range of ${name} should be [1, ${most ?? usualMaxTokens}]`);
}

function streamOptions({ body, stream }: ChatCall): Refusal | undefined {
  const options = parameter(body, 'stream_options');
  if (stream || !isObject(options)) return undefined;
  return algorithmRefusal("The 'stream_options' parameter is only allowed when 'stream' is enabled.");
}

/** The stop texts of a call; token ids name no text that could be found. */
export function stopTexts({ body }: ChatCall): string[] {
  const stop = parameter(body, 'stop');
  return (typeof stop === 'string' ? [stop] : asArray(stop))
    .filter((each) => typeof each === 'string' && each !== '')
    .map(String);
}
