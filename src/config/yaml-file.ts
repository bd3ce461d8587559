import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Document, Pair, YAMLError } from 'yaml';
import { interpolate } from './interpolate.ts';
import type { Problem } from './problem.ts';
import type { Position, SourceEntry, SourceNode } from './source-tree.ts';

/** Nodes of a document after its aliases are followed; a file of nested aliases would otherwise grow without end. */
const maxNodes = 10_000;
const maxDepth = 32;

export interface YamlSource {
  text: string;
  /** As shown in messages. */
  file: string;
  /** Answers `${NAME}` references. */
  valueOf: (name: string) => string | undefined;
}

export interface YamlResult {
  /** Absent for an empty file, and when the file cannot be read as YAML at all. */
  root?: SourceNode;
  problems: Problem[];
}

/** Reads a configuration file into a tree with positions, and replaces its references to the environment. */
export function readYaml(source: YamlSource): YamlResult {
  const lines = new LineCounter();
  // Without `prettyErrors: false` the library quotes the wrong line in its message, and that line may hold a key.
  const document = parseDocument(source.text, { lineCounter: lines, prettyErrors: false });
  const reader = { source, document, lines, problems: [], nodes: 0 } satisfies Reader;
  const [firstError] = document.errors;
  if (firstError !== undefined) return { problems: [syntaxProblem(reader, firstError)] };
  if (document.contents === null) return { problems: [] };
  try {
    return { root: readNode(reader, document.contents, []), problems: reader.problems };
  } catch (error) {
    if (error instanceof TooLarge) return { problems: [{ file: source.file, path: '', message: error.message }] };
    throw error;
  }
}

interface Reader {
  source: YamlSource;
  document: Document.Parsed;
  lines: LineCounter;
  problems: Problem[];
  nodes: number;
}

class TooLarge extends Error {}

function readNode(reader: Reader, node: unknown, path: string[]): SourceNode {
  reader.nodes += 1;
  if (reader.nodes > maxNodes) throw new TooLarge(`has more than ${maxNodes} values once its aliases are followed`);
  if (path.length > maxDepth) throw new TooLarge(`is nested more than ${maxDepth} levels deep`);
  if (isAlias(node)) return readAlias(reader, node, path);
  const at = positionOf(reader, rangeOf(node));
  if (isMap(node)) return { kind: 'map', at, entries: node.items.flatMap((pair) => readPair(reader, pair, path)) };
  if (isSeq(node))
    return {
      kind: 'list',
      at,
      items: node.items.map((item, index) => readNode(reader, item, [...path, String(index)])),
    };
  if (isScalar(node)) return { kind: 'value', at, value: readScalar(reader, node, path) };
  return { kind: 'value', at, value: null };
}

function readAlias(
  reader: Reader,
  alias: { source: string; resolve: (document: Document) => unknown },
  path: string[],
) {
  const at = positionOf(reader, rangeOf(alias));
  const target = alias.resolve(reader.document);
  if (target !== undefined) return readNode(reader, target, [...path, '']);
  reader.problems.push({
    ...place(reader, at),
    path: pathText(path),
    message: 'uses an alias whose anchor does not exist',
  });
  return { kind: 'value', at, value: null } as const;
}

function readPair(reader: Reader, pair: Pair<unknown, unknown>, path: string[]): SourceEntry[] {
  const keyAt = positionOf(reader, rangeOf(pair.key));
  const key = isScalar(pair.key) ? pair.key.value : undefined;
  if (typeof key !== 'string' && typeof key !== 'number' && typeof key !== 'boolean') {
    reader.problems.push({
      ...place(reader, keyAt),
      path: pathText(path),
      message: 'has a key that is not a plain word',
    });
    return [];
  }
  const value: SourceNode =
    pair.value === null
      ? { kind: 'value', at: keyAt, value: null }
      : readNode(reader, pair.value, [...path, String(key)]);
  return [{ key: String(key), keyAt, value }];
}

function readScalar(reader: Reader, node: { value: unknown }, path: string[]): string | number | boolean | null {
  const { value } = node;
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  // Big integers and dates exist only in schemas that are not used here; whatever else comes up is no setting's value.
  if (typeof value !== 'string') return null;
  const { text, problems } = interpolate(value, reader.source.valueOf);
  const start = rangeOf(node);
  for (const problem of problems) {
    // The text as written differs from the value by quotes and escapes; the reference itself is found as it stands.
    const offset = Math.max(0, reader.source.text.slice(start).indexOf(problem.reference));
    const at = positionOf(reader, start + offset);
    const { message, suggestion } = problem;
    reader.problems.push({ ...place(reader, at), path: pathText(path), message, suggestion });
  }
  return text;
}

function rangeOf(node: unknown): number {
  if (typeof node !== 'object' || node === null || !('range' in node) || !Array.isArray(node.range)) return 0;
  return Number(node.range[0]);
}

function positionOf(reader: Reader, offset: number): Position {
  const { line, col } = reader.lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

function place(reader: Reader, at: Position): Pick<Problem, 'file' | 'line' | 'column'> {
  return { file: reader.source.file, line: at.line, column: at.column };
}

function pathText(path: string[]): string {
  return path.filter((part) => part !== '').join('.');
}

/** Our own sentences: the library's messages may quote the file, and so a key that is in it. */
const syntaxMessages: Partial<Record<YAMLError['code'], string>> = {
  BAD_ALIAS: 'uses an alias (a word after *) that cannot be read',
  BAD_DQ_ESCAPE: 'has a backslash in double quotes that means nothing; use single quotes or write \\\\',
  BAD_INDENT: 'is not indented as the lines around it',
  BAD_SCALAR_START: 'begins with a character that has a meaning in YAML; put quotes around the value',
  BLOCK_AS_IMPLICIT_KEY: 'has a second ": " in one line; put quotes around the value, or go to a new line',
  DUPLICATE_KEY: 'repeats a key of the same map; keep one of them',
  MISSING_CHAR: 'has a quote or bracket that is not closed',
  MULTILINE_IMPLICIT_KEY: 'is missing ":" after the key',
  MULTIPLE_DOCS: 'has more than one document (---); keep one',
  RESOURCE_EXHAUSTION: 'is nested too deeply',
  TAB_AS_INDENT: 'is indented with a tab; use spaces',
  UNEXPECTED_TOKEN: 'has something here that does not belong to the value before it; put quotes around the value',
};

/** The library takes a bracket that is not closed for a wrong indentation; of its message only the bracket is used. */
const unclosed = /^Flow (?:map|sequence) in block collection .* end with a ([}\]])$/;

function syntaxProblem(reader: Reader, error: YAMLError): Problem {
  const where = { ...place(reader, positionOf(reader, error.pos[0])), path: 'this line' };
  if (reader.source.text.slice(error.pos[0] - 1).startsWith('${')) {
    return { ...where, message: 'has a ${...} reference between { } or [ ]; put double quotes around the reference' };
  }
  const missing = unclosed.exec(error.message)?.[1];
  if (missing !== undefined) {
    const opening = missing === '}' ? '{' : '[';
    return {
      ...where,
      message: `lacks the ${missing} of a ${opening} before it; add it, or indent what stands between them further`,
    };
  }
  const message = syntaxMessages[error.code] ?? `is not YAML (${error.code.toLowerCase().replaceAll('_', ' ')})`;
  return { ...where, message };
}
