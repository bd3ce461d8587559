import type { ModelEntry } from '../catalogue/models.ts';
import { asArray, asNumber, asObject } from '../domain/json.ts';
import type { JsonObject, JsonValue } from '../domain/json.ts';
import type { FitRule } from './rule.ts';

/** The rule, which no single edit of a document is: several calls stand for one. */
export const embeddingsBatch = {
  id: 'embeddings-batch',
  doc: 'On `/v1/embeddings`: more texts than the model takes at once (10 for text-embedding-v3 and v4, 25 for v1 and v2; up to 2,048 in all) are sent in several calls, four at a time, and answered as one, in order, with the usage summed. Each call counts in a plan.',
  protocols: ['openai-chat'],
  enabledByDefault: true,
} as const satisfies Omit<FitRule, 'apply'>;

/** As many as OpenAI takes: more calls than that many texts need are not made for one request. */
const mostTexts = 2_048;

/**
 * The requests that stand for one embeddings request with more texts than the model takes at once
 * (`Value error, batch size is invalid, it should not be larger than 10.: input.contents`), in the order of its texts;
 * undefined when one request is enough, when there are more than 2,048 texts, and for models whose limit the catalogue does
 * not know. A list of numbers is one text given as tokens.
 */
export function splitEmbeddings(body: JsonObject, model: ModelEntry | undefined): JsonObject[] | undefined {
  const most = model?.embedding?.maxRowsPerRequest;
  const { input } = body;
  if (most === undefined || !Array.isArray(input) || typeof input[0] === 'number') return undefined;
  if (input.length <= most || input.length > mostTexts) return undefined;
  return Array.from({ length: Math.ceil(input.length / most) }, (_, part) => ({
    ...body,
    input: input.slice(part * most, (part + 1) * most),
  }));
}

/** The answers to those requests as one: vectors numbered on in their order, usage summed, the rest as in the first. */
export function mergeEmbeddings(answers: readonly JsonObject[]): JsonObject {
  const data: JsonValue[] = [];
  for (const answer of answers) {
    const offset = data.length;
    for (const [position, entry] of asArray(answer['data']).entries()) {
      const row = asObject(entry) ?? {};
      data[offset + (asNumber(row['index']) ?? position)] = {
        ...row,
        index: offset + (asNumber(row['index']) ?? position),
      };
    }
  }
  return { ...answers[0], data, usage: summedUsage(answers) };
}

function summedUsage(answers: readonly JsonObject[]): JsonObject {
  const usage: JsonObject = {};
  for (const answer of answers) {
    for (const [name, value] of Object.entries(asObject(answer['usage']) ?? {})) {
      usage[name] = typeof value === 'number' ? (asNumber(usage[name]) ?? 0) + value : value;
    }
  }
  return usage;
}
