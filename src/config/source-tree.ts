/** A place in the file, both counted from 1. */
export interface Position {
  line: number;
  column: number;
}

export interface SourceEntry {
  key: string;
  keyAt: Position;
  value: SourceNode;
}

/** What a configuration file says, with positions and without the file format. References are already replaced. */
export type SourceNode =
  | { kind: 'map'; at: Position; entries: SourceEntry[] }
  | { kind: 'list'; at: Position; items: SourceNode[] }
  | { kind: 'value'; at: Position; value: string | number | boolean | null };

/** The plain value of a node, for a schema to judge. */
export function plainValue(node: SourceNode): unknown {
  switch (node.kind) {
    case 'map':
      return Object.fromEntries(node.entries.map((entry) => [entry.key, plainValue(entry.value)]));
    case 'list':
      return node.items.map(plainValue);
    case 'value':
      return node.value;
  }
}

/** Whether a node says nothing: `key:` with nothing behind it, or an empty text. */
export function isEmpty(node: SourceNode): boolean {
  return node.kind === 'value' && (node.value === null || node.value === '');
}

/** The node that a path inside a plain value leads to, or the nearest one above it. */
export function nodeAt(node: SourceNode, path: readonly PropertyKey[]): SourceNode {
  const [step, ...rest] = path;
  if (step === undefined) return node;
  const child = node.kind === 'list' ? node.items[Number(step)] : childOf(node, String(step));
  return child === undefined ? node : nodeAt(child, rest);
}

function childOf(node: SourceNode, key: string): SourceNode | undefined {
  return node.kind === 'map' ? node.entries.find((entry) => entry.key === key)?.value : undefined;
}
