import { checkValue } from './check-value.ts';
import { displayValue, looksSecret, maskSecret } from './display.ts';
import { nearest } from './nearest.ts';
import type { Layer, Origin } from './origin.ts';
import type { Problem } from './problem.ts';
import { providersKey, settingEntries, settingsSchema } from './schema.ts';
import { providerSchema } from './sections/provider.ts';
import { isSection, joinPath, yamlKey } from './setting.ts';
import type { ObjectSchema } from './setting.ts';
import { isEmpty, nodeAt, plainValue } from './source-tree.ts';
import type { Position, SourceEntry, SourceNode } from './source-tree.ts';

/** A provider as the file has it. */
export interface FileProvider {
  origin: Origin;
  layer: Layer;
}

export interface FileSettings {
  layer: Layer;
  /** In the order of the file. */
  providers: Map<string, FileProvider>;
  problems: Problem[];
}

/** Provider names stand before the slash of `provider/model` and in paths. */
const providerName = /^[a-z0-9][a-z0-9._-]{0,63}$/;

/** Sorts what a file says into settings and providers, and notes every key and value that is wrong. */
export function readFileSettings(root: SourceNode | undefined, file: string): FileSettings {
  const result: FileSettings = { layer: new Map(), providers: new Map(), problems: [] };
  if (root === undefined || isEmpty(root)) return result;
  if (root.kind !== 'map') {
    const message = 'must be a map of settings (key: value)';
    result.problems.push({ ...at(file, root.at), path: '', message });
    return result;
  }
  const walk = { file, problems: result.problems };
  const isProviders = (entry: SourceEntry) => entry.key === providersKey;
  const settings: SourceNode = { ...root, entries: root.entries.filter((entry) => !isProviders(entry)) };
  readSection(settings, settingsSchema, { ...walk, path: '', layer: result.layer });
  for (const entry of root.entries.filter(isProviders)) readProviders(entry.value, result, file);
  return result;
}

interface Walk {
  file: string;
  path: string;
  layer: Layer;
  problems: Problem[];
}

function readSection(node: SourceNode, schema: ObjectSchema, walk: Walk): void {
  if (isEmpty(node)) return;
  if (node.kind !== 'map') {
    const badValue = displayValue(plainValue(node), true);
    walk.problems.push({ ...at(walk.file, node.at), path: walk.path, message: 'must be a map of settings', badValue });
    return;
  }
  const children = new Map(Object.entries(schema.shape).map(([name, child]) => [yamlKey(name, child), child]));
  for (const entry of node.entries) {
    const child = children.get(entry.key);
    const path = joinPath(walk.path, entry.key);
    if (child === undefined) walk.problems.push(unknownKey(entry, [...children.keys()], walk));
    else if (isSection(child)) readSection(entry.value, child, { ...walk, path });
    else if (!isEmpty(entry.value)) readSetting(entry.value, { path, schema: child, walk });
  }
}

function readSetting(
  node: SourceNode,
  setting: { path: string; schema: Parameters<typeof yamlKey>[1]; walk: Walk },
): void {
  const { path, schema, walk } = setting;
  const originOf = (inner: readonly PropertyKey[]): Origin => ({
    kind: 'file',
    ...at(walk.file, nodeAt(node, inner).at),
  });
  const value = plainValue(node);
  const problems = checkValue({ path, schema, value, originOf });
  walk.problems.push(...problems);
  if (problems.length === 0) walk.layer.set(path, { value, origin: originOf([]) });
}

function readProviders(node: SourceNode, result: FileSettings, file: string): void {
  if (isEmpty(node)) return;
  if (node.kind !== 'map') {
    const message = 'must be a map from provider names to their settings';
    result.problems.push({ ...at(file, node.at), path: providersKey, message });
    return;
  }
  for (const entry of node.entries) {
    const path = joinPath(providersKey, shownKey(entry.key));
    if (!providerName.test(entry.key)) {
      const message = 'is not a provider name: use lower-case letters, digits, dashes, dots and underscores';
      result.problems.push({ ...at(file, entry.keyAt), path, message });
      continue;
    }
    const layer: Layer = new Map();
    result.providers.set(entry.key, { origin: { kind: 'file', ...at(file, entry.keyAt) }, layer });
    readSection(entry.value, providerSchema, { file, path, layer, problems: result.problems });
  }
}

function unknownKey(entry: SourceEntry, siblings: string[], walk: Walk): Problem {
  const known = walk.path === '' ? [...siblings, providersKey] : siblings;
  const problem: Problem = {
    ...at(walk.file, entry.keyAt),
    path: joinPath(walk.path, shownKey(entry.key)),
    message: 'is not a setting',
  };
  const suggestion = suggestKey(entry.key, known);
  return suggestion === undefined ? problem : { ...problem, suggestion };
}

/** First a slip of the hand among the neighbours, then a right key in the wrong place, then what there is. */
function suggestKey(key: string, siblings: string[]): string | undefined {
  const meant = nearest(key, siblings);
  if (meant !== undefined) return `Did you mean "${meant}"?`;
  const elsewhere = settingEntries.find((entry) => entry.path.endsWith(`.${key}`));
  if (elsewhere !== undefined) return `Did you mean "${elsewhere.path}"? It stands in a section of its own.`;
  if (key === '<<')
    return 'Merge keys are not supported; write the settings out, or give each value an alias of its own.';
  return `Known here: ${siblings.join(', ')}.`;
}

/** A key in a message; one that is really a pasted secret is masked. */
function shownKey(key: string): string {
  if (looksSecret(key)) return maskSecret(key);
  return key.length > 64 ? `${key.slice(0, 64)}...` : key;
}

function at(file: string, position: Position): { file: string; line: number; column: number } {
  return { file, line: position.line, column: position.column };
}
