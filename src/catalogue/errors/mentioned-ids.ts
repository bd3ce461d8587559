/** `"atelier":{"id":"..."` of an error answer, also as Python prints it; `errorId` of a log line. */
const mention = /(?:\batelier["'] ?: ?\{ ?["']id["'] ?: ?["']|\berrorId["']? ?[:=] ?["']?)([a-z0-9]+(?:-[a-z0-9]+)+)/g;
/** Ids read from one text at most. */
const limit = 10;

/** The record ids that a normalised text names in the gateway's own form, in order, each once. */
export function mentionedIds(text: string): string[] {
  const ids = new Set<string>();
  for (const [, id] of text.matchAll(mention)) {
    if (id !== undefined) ids.add(id);
    if (ids.size === limit) break;
  }
  return [...ids];
}
