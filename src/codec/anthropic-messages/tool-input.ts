import { isObject, parseJson } from '../../domain/json.ts';
import type { JsonObject } from '../../domain/json.ts';

/**
 * The arguments of a tool call as the object that Anthropic wants. Models do produce malformed arguments, and histories
 * replay them: such text is kept whole under `raw_arguments`, and `intact` is false.
 */
export function toolInput(argumentsJson: string): { input: JsonObject; intact: boolean } {
  if (argumentsJson.trim() === '') return { input: {}, intact: true };
  const value = parseJson(argumentsJson);
  return isObject(value) ? { input: value, intact: true } : { input: { raw_arguments: argumentsJson }, intact: false };
}
