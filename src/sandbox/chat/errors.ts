import type { JsonObject } from '../../domain/json.ts';
import type { Envelope, Refusal } from '../refusal.ts';

/** The body of a refusal on the OpenAI path; members in the order of recorded ones. */
export function writeChatError(refusal: Refusal, uuid: string): JsonObject {
  return envelopes[refusal.envelope](refusal, uuid);
}

/** The frame that ends a stream with an error. */
export function chatErrorFrame(refusal: Refusal, uuid: string): string {
  return `data: ${JSON.stringify({ error: errorOf(refusal), id: `chatcmpl-${uuid}` })}\n\n`;
}

const envelopes: Record<Envelope, (refusal: Refusal, uuid: string) => JsonObject> = {
  common: (refusal, uuid) => ({ error: errorOf(refusal), id: `chatcmpl-${uuid}`, request_id: uuid }),
  edge: (refusal, uuid) => ({ error: errorOf(refusal), request_id: `chatcmpl-${uuid}` }),
  plain: (refusal, uuid) => ({ error: errorOf(refusal), request_id: uuid }),
  embeddings: (refusal, uuid) => ({ error: errorOf(refusal), id: uuid, request_id: uuid }),
  text: ({ message }) => ({ error: message }),
};

function errorOf({ message, type, param, code }: Refusal): JsonObject {
  return { message, type, param, code };
}
