import { estimateTokens, tokensPerImage, tokensPerMessage } from '../catalogue/estimate.ts';
import { isObject } from '../domain/json.ts';
import type { JsonValue } from '../domain/json.ts';
import type { JsonDocument } from '../wire/json-document.ts';

/** Kinds of parts and blocks whose size in tokens is not that of their text. */
const media = new Set(['image_url', 'image', 'video_url', 'video', 'input_audio', 'file']);

/** The input of a request in either protocol, in estimated tokens. Media count as an ordinary image each. */
export function estimateInput(document: JsonDocument): number {
  const messages = document.get('messages');
  const count = Array.isArray(messages) ? messages.length : 0;
  return (
    estimateValue(document.get('system') ?? null) +
    estimateValue(messages ?? null) +
    estimateValue(document.get('tools') ?? null) +
    count * tokensPerMessage
  );
}

/** Tokens per byte of the whole text, from samples; too high for a request with inline images. */
function sampledDensity(document: JsonDocument): number {
  const samples = document.samples(64, 256);
  const bytes = samples.reduce((sum, sample) => sum + Buffer.byteLength(sample), 0);
  return samples.reduce((sum, sample) => sum + estimateTokens(sample), 0) / Math.max(1, bytes);
}

/**
 * The estimated input when it may be longer than `most` tokens; undefined for a request that is clearly shorter, which is
 * told without reading it: by its length in bytes, since no text has more tokens than bytes, and by samples.
 */
export function estimateIfNear(document: JsonDocument, most: number): number | undefined {
  if (document.length <= most || sampledDensity(document) * document.length < most * 0.7) return undefined;
  return estimateInput(document);
}

/** All texts below a value; names of members are part of the protocol and cost nothing worth counting. */
export function estimateValue(value: JsonValue): number {
  if (typeof value === 'string') return estimateTokens(value);
  if (Array.isArray(value)) return value.reduce((sum: number, element) => sum + estimateValue(element), 0);
  if (!isObject(value)) return 0;
  if (typeof value['type'] === 'string' && media.has(value['type'])) return tokensPerImage;
  return Object.values(value).reduce((sum: number, member) => sum + estimateValue(member ?? null), 0);
}
