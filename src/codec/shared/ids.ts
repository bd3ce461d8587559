/** FNV-1a, 32 bit: a short stable fingerprint, not a secure hash. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash ^= text.charCodeAt(index);
    hash = Math.imul(hash, 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}

/**
 * The id of a tool call that its upstream left without one. `scope` (the answer's id) keeps the ids of two turns apart,
 * `position` those of one turn; the same stream always gives the same ids.
 */
export function toolCallId(scope: string, position: number, name: string): string {
  return `call_${fingerprint(`${scope}/${name}`)}${fingerprint(name)}${position}`;
}
