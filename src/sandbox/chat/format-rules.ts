import { acceptsJsonObject, acceptsJsonSchema } from '../../catalogue/models.ts';
import { isObject } from '../../domain/json.ts';
import { algorithmRefusal, type Refusal } from '../refusal.ts';
import { parameter, type ChatCall } from './body.ts';
import { mentionsWord } from './message-rules.ts';
import type { ModelRule } from './rule.ts';

/** The format of the answer. */
export const formatRules: readonly ModelRule[] = [
  { id: 'response-format-form', evidence: 'documented', check: form },
  { id: 'response-format-supported', evidence: 'inferred', check: supported },
  { id: 'json-word-missing', evidence: 'recorded', check: jsonWord },
  { id: 'json-while-thinking', evidence: 'documented', check: whileThinking },
];

function formatType({ body }: ChatCall): string | undefined {
  const format = parameter(body, 'response_format');
  return isObject(format) && typeof format.type === 'string' ? format.type : undefined;
}

function form(call: ChatCall): Refusal | undefined {
  const format = parameter(call.body, 'response_format');
  if (format === undefined) return undefined;
  const type = formatType(call);
  const schemaFits =
    type !== 'json_schema' || (isObject(format) && isObject(format.json_schema) && isObject(format.json_schema.schema));
  if (type !== undefined && ['text', 'json_object', 'json_schema'].includes(type) && schemaFits) return undefined;
  const given = type ?? (isObject(format) ? 'None' : JSON.stringify(format).slice(0, 60));
  return algorithmRefusal(
    `Unknown format of response_format, response_format should be a dict, includes 'type' and an optional key 'json_schema'. The response_format type from user is ${given}.`,
  );
}

/** The chat page lists the families that take a schema; the catalogue the models that take no JSON at all. */
function supported(call: ChatCall): Refusal | undefined {
  const type = formatType(call);
  const refused =
    (type === 'json_schema' && !acceptsJsonSchema(call.model)) ||
    (type === 'json_object' && !acceptsJsonObject(call.model));
  return refused
    ? algorithmRefusal(`The model ${call.model.id} does not support response_format of type '${type}'.`)
    : undefined;
}

function jsonWord(call: ChatCall): Refusal | undefined {
  if (formatType(call) !== 'json_object' || mentionsWord(call.messages, /json/i)) return undefined;
  return algorithmRefusal(
    "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.",
  );
}

/** Models that take a schema think by default and answer in JSON all the same; so do those that are not Qwen's. */
function whileThinking(call: ChatCall): Refusal | undefined {
  const { model, thinking } = call;
  const json = formatType(call) === 'json_object' || formatType(call) === 'json_schema';
  if (!json || !thinking || acceptsJsonSchema(model) || !model.owner.startsWith('qwen')) return undefined;
  return algorithmRefusal('Json mode response is not supported when enable_thinking is true');
}
