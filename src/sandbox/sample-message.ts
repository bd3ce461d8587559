import { normalizeText } from '../catalogue/errors/normal-text.ts';
import { compilePattern, findPattern } from '../catalogue/errors/pattern.ts';
import type { ErrorRecord } from '../catalogue/errors/record.ts';
import { findModel } from '../catalogue/models.ts';
import type { ModelEntry } from '../catalogue/models.ts';
import { lookUp } from '../wire/dispatch.ts';

/** The message of a record as the platform would send it to a call with this model: every open place has a sensible value. */
export function fillMessage(record: ErrorRecord, modelId = 'qwen-plus'): string {
  // The record of a bare code has no words of its own.
  const pattern = record.patterns[0] ?? 'Invalid parameter.';
  const printed = printedValues(record, pattern);
  const limits = limitsOf(record, findModel(modelId));
  return pattern.replace(
    /\{(\w+)\}/g,
    (_whole, name: string) =>
      limits[name] ?? (name === 'model' ? modelId.slice(0, 100) : undefined) ?? printed[name] ?? sampleOf(name),
  );
}

/** The limits of the model itself, where the message speaks of one. */
const modelLimits: Readonly<Record<string, (model: ModelEntry) => number | null | undefined>> = {
  'chat-input-length': ({ maxInputTokens }) => maxInputTokens,
  'chat-max-tokens-range': ({ maxOutputTokens }) => maxOutputTokens,
  'thinking-budget-range': ({ maxThinkingBudget }) => maxThinkingBudget,
  'embeddings-batch-size': ({ embedding }) => embedding?.maxRowsPerRequest,
};

function limitsOf({ id }: ErrorRecord, model: ModelEntry | undefined): Partial<Record<string, string>> {
  const limit = model && lookUp(modelLimits, id)?.(model);
  return typeof limit === 'number' ? { max: String(limit) } : {};
}

/** The values that the documents print, except where they only hold a place open (`xxx`, `%s`). */
function printedValues(record: ErrorRecord, pattern: string): Partial<Record<string, string>> {
  const compiled = compilePattern(record, pattern);
  for (const { message } of record.sources) {
    const hit = message === undefined ? undefined : findPattern(compiled, normalizeText(message, 2_000));
    if (hit === undefined) continue;
    return Object.fromEntries(
      Object.entries(hit.params).filter(([, value]) => !/^(?:x+|y+|%s|\{.*\}|\W*)$/i.test(value)),
    );
  }
  return {};
}

const samples: Readonly<Record<string, string>> = {
  min: '1',
  max: '8192',
  lowest: '1',
  highest: '100',
  seconds: '23',
  megabytes: '10',
  bytes: '10485760',
  count: '1',
  line: '1',
  column: '10',
  char: '9',
  value: '-1',
  url: 'https://example.com/picture.png',
  host: 'dashscope.aliyuncs.com',
  id: 'request-1',
  kind: 'image',
  ratio: '2',
  quota: '1000',
  detail: 'timeout',
  name: 'temperature',
  field: 'input.messages',
  format: 'mp3',
  type: 'json',
  place: 'messages[1].tool_calls',
};

/** A value for a part of a message of which the documents print none. */
function sampleOf(name: string): string {
  return lookUp(samples, name) ?? 'sample';
}
