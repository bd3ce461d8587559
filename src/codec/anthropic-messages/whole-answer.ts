import { asArray, asObject, asString } from '../../domain/json.ts';
import type { StreamTapOptions, WholeAnswer } from '../../domain/pass-through.ts';
import { editedBytes } from '../../wire/json-document.ts';

/** A whole answer that passes, with the client's own names of tools; the same bytes when there is nothing to change. */
export function mendResponse({ bytes, answer }: WholeAnswer, { toolNames }: StreamTapOptions): Buffer {
  if (!toolNames) return bytes;
  const edits = asArray(answer['content']).flatMap((entry, index) => {
    const block = asObject(entry);
    const name = block?.['type'] === 'tool_use' ? toolNames.get(asString(block['name']) ?? '') : undefined;
    return name === undefined ? [] : [{ path: ['content', index, 'name'], value: name }];
  });
  return editedBytes(bytes, edits);
}
