import { isObject } from '../domain/json.ts';
import type { JsonObject, JsonValue } from '../domain/json.ts';

/** Names of members and indexes of elements, from the top of a document down. */
export type JsonPath = readonly (string | number)[];

/** What happens to the value at one place, and to places below it. Keys are those of the original text. */
export interface EditNode {
  action?: { kind: 'set'; value: JsonValue } | { kind: 'remove' };
  renamedTo?: string;
  children: Map<string | number, EditNode>;
}

/** The edits of the member below `node` that has this name now, made when there are none. */
export function childOf(node: EditNode, key: string | number): EditNode {
  const renamed = findRenamed(node, key);
  if (renamed) return renamed;
  let child = node.children.get(key);
  if (!child) {
    child = { children: new Map() };
    node.children.set(key, child);
  }
  return child;
}

/** The edits of the member below `node` that has this name now. */
export function nodeNamed(node: EditNode, key: string): EditNode | undefined {
  const renamed = findRenamed(node, key);
  if (renamed) return renamed;
  const child = node.children.get(key);
  return child?.renamedTo === undefined ? child : undefined;
}

/** The name in the text of the member that has this name now; '' for one that was renamed away. */
export function originalName(node: EditNode, key: string): string {
  for (const [original, child] of node.children) {
    if (child.renamedTo === key) return String(original);
    if (original === key && child.renamedTo !== undefined) return '';
  }
  return key;
}

function findRenamed(node: EditNode, key: string | number): EditNode | undefined {
  for (const child of node.children.values()) {
    if (child.renamedTo !== undefined && child.renamedTo === key) return child;
  }
  return undefined;
}

/** The value with one change at a place in it; what is changed is copied, the rest shared. */
export function changedBelow(value: JsonValue, path: JsonPath, change: (node: EditNode) => void): JsonValue {
  const root: EditNode = { children: new Map() };
  let node = root;
  for (const key of path) node = childOf(node, key);
  change(node);
  return withEdits(value, root);
}

/** The value with the edits below `node`; what is edited is copied, the rest shared. */
export function withEdits(value: JsonValue, node: EditNode): JsonValue {
  if (node.action?.kind === 'set') return node.action.value;
  if (node.children.size === 0) return value;
  if (Array.isArray(value)) return withElementEdits(value, node);
  return isObject(value) ? withMemberEdits(value, node) : value;
}

function withElementEdits(array: readonly JsonValue[], node: EditNode): JsonValue[] {
  const copy = [...array];
  for (const [key, child] of node.children) {
    const element = typeof key === 'number' ? copy[key] : undefined;
    if (typeof key !== 'number') continue;
    if (child.action?.kind === 'set') copy[key] = child.action.value;
    else if (element !== undefined) copy[key] = withEdits(element, child);
  }
  return copy;
}

function withMemberEdits(object: JsonObject, node: EditNode): JsonObject {
  const copy = { ...object };
  for (const [name, child] of node.children) {
    const key = String(name);
    const before = Object.hasOwn(copy, key) ? copy[key] : undefined;
    const value = child.action?.kind === 'set' || before === undefined ? undefined : withEdits(before, child);
    delete copy[key];
    if (child.action?.kind === 'remove') continue;
    const after = child.action?.kind === 'set' ? child.action.value : value;
    if (after !== undefined) defineMember(copy, child.renamedTo ?? key, after);
  }
  return copy;
}

/** Not assigned: a member may be called `__proto__`. */
export function defineMember(object: JsonObject, name: string, value: JsonValue): void {
  Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
}
