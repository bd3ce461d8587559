import { createHash } from 'node:crypto';
import { estimateTokens } from '../catalogue/estimate.ts';
import { findModel, type ModelEmbedding } from '../catalogue/models.ts';
import type { JsonObject, JsonValue } from '../domain/json.ts';
import type { CallIdentity } from './identity.ts';
import { edgeRefusal, modelRefusal, type Refusal } from './refusal.ts';

/** `POST /embeddings`: unit vectors that depend on the text's words, so that similar texts are near each other. */
export function answerEmbeddings(body: JsonObject, identity: CallIdentity): { body: JsonObject } | Refusal {
  const { model: id } = body;
  if (typeof id !== 'string' || id === '') {
    return edgeRefusal('you must provide a model parameter.', { code: 'missing_required_parameter', param: 'model' });
  }
  const model = findModel(id);
  if (model === undefined) {
    return modelRefusal(
      404,
      'model_not_found',
      `The model \`${id.slice(0, 100)}\` does not exist or you do not have access to it.`,
    );
  }
  if (model.embedding === undefined) {
    return modelRefusal(
      404,
      'model_not_supported',
      `Unsupported model \`${id.slice(0, 100)}\` for OpenAI compatibility mode.`,
    );
  }
  const rows = readRows(body.input);
  const refused =
    rows === undefined
      ? embeddingRefusal('Value error, contents is neither str nor list of str.: input.contents')
      : checkRows(rows, body, model.embedding);
  if (refused !== undefined) return refused;
  return { body: writeEmbeddings(rows ?? [], body, { id, identity, embedding: model.embedding }) };
}

/** The envelope of embeddings: type and code are the native code, and both ids are bare. */
function embeddingRefusal(message: string): Refusal {
  return {
    status: 400,
    envelope: 'embeddings',
    message: `<400> InternalError.Algo.InvalidParameter: ${message}`,
    type: 'InvalidParameter',
    code: 'InvalidParameter',
    param: null,
    nativeCode: 'InvalidParameter',
  };
}

function readRows(input: JsonValue | undefined): string[] | undefined {
  if (typeof input === 'string') return [input];
  if (!Array.isArray(input) || input.length === 0) return undefined;
  const texts = input.filter((row) => typeof row === 'string');
  return texts.length === input.length ? texts : undefined;
}

function checkRows(rows: readonly string[], body: JsonObject, embedding: ModelEmbedding): Refusal | undefined {
  const { maxRowsPerRequest, maxTokensPerRow, dimensions } = embedding;
  if (rows.length > maxRowsPerRequest) {
    return embeddingRefusal(
      `Value error, batch size is invalid, it should not be larger than ${maxRowsPerRequest}.: input.contents`,
    );
  }
  if (rows.some((row) => row === '' || estimateTokens(row) > maxTokensPerRow)) {
    return embeddingRefusal(`Range of input length should be [1, ${maxTokensPerRow}]`);
  }
  const wanted = body.dimensions ?? undefined;
  if (wanted !== undefined && !dimensions.some((dimension) => dimension === wanted)) {
    return embeddingRefusal(`Value error, dimension should be one of [${dimensions.join(', ')}]: parameters.dimension`);
  }
  return undefined;
}

function writeEmbeddings(
  rows: readonly string[],
  body: JsonObject,
  { id, identity, embedding }: { id: string; identity: CallIdentity; embedding: ModelEmbedding },
): JsonObject {
  const size = typeof body.dimensions === 'number' ? body.dimensions : embedding.defaultDimension;
  const tokens = rows.reduce((sum, row) => sum + estimateTokens(row), 0);
  return {
    data: rows.map((row, index) => ({
      embedding: encode(vectorOf(row, size), body.encoding_format),
      index,
      object: 'embedding',
    })),
    model: id,
    object: 'list',
    usage: { prompt_tokens: tokens, total_tokens: tokens },
    id: identity.uuid,
  };
}

function encode(vector: Float32Array, format: JsonValue | undefined): JsonValue {
  return format === 'base64' ? Buffer.from(vector.buffer).toString('base64') : Array.from(vector);
}

/** Each word adds its own direction: texts that share words point the same way. */
function vectorOf(text: string, size: number): Float32Array {
  const vector = new Float32Array(size);
  const words =
    text
      .slice(0, 50_000)
      .toLowerCase()
      .match(/[\p{Script=Han}]|[\p{L}\p{N}]+/gu) ?? [];
  for (const word of words.length === 0 ? [text] : words) addDirection(vector, word);
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => value / length);
}

const directionsPerWord = 32;

function addDirection(vector: Float32Array, word: string): void {
  const digest = createHash('sha512').update(word).digest();
  for (let index = 0; index < directionsPerWord; index += 1) {
    const place = digest.readUInt16BE(index * 2);
    const at = place % vector.length;
    vector[at] = (vector[at] ?? 0) + ((place & 0x8000) === 0 ? 1 : -1);
  }
}
