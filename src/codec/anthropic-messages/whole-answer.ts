import { asArray, asObject, asString } from '../../domain/json.ts';
import type { StreamTapOptions } from '../../domain/pass-through.ts';
import { JsonDocument } from '../../wire/json-document.ts';

/** A whole answer that passes, with the client's own names of tools; the same bytes when there is nothing to change. */
export function mendResponse(bytes: Buffer, { toolNames }: StreamTapOptions): Buffer {
  if (!toolNames) return bytes;
  try {
    const document = new JsonDocument(bytes);
    for (const [index, entry] of asArray(document.get('content')).entries()) {
      const block = asObject(entry);
      const name = block?.['type'] === 'tool_use' ? toolNames.get(asString(block['name']) ?? '') : undefined;
      if (name !== undefined) document.set(['content', index, 'name'], name);
    }
    return document.toBytes();
  } catch {
    return bytes;
  }
}
