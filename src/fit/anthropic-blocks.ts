import { asObject, asString } from '../domain/json.ts';
import type { JsonObject, JsonValue } from '../domain/json.ts';
import { contentText, placedObjects } from './messages.ts';

/** Where a block stands and what the model takes. */
export interface BlockContext {
  /** `user`, `assistant` or `system`. */
  role: string;
  sees: { image: boolean; video: boolean };
}

/** A block as it should be sent: itself when it may stay, another one, or undefined to leave it out. */
type BlockFit = (block: JsonObject, context: BlockContext) => JsonObject | undefined;

/**
 * The blocks of a content as the endpoint takes them; undefined when all may stay. Sources: the table of the Anthropic
 * page (2026-03-15), with images and videos from its newer form (2026-11).
 */
export function fitBlocks(content: JsonValue | undefined, context: BlockContext): JsonObject[] | undefined {
  if (!Array.isArray(content)) return undefined;
  const blocks = placedObjects(content).map(({ object }) => object);
  const fitted = blocks.map((block) => fitBlock(block, context));
  if (fitted.every((block, index) => block === blocks[index])) return undefined;
  return fitted.filter((block) => block !== undefined);
}

function fitBlock(block: JsonObject, context: BlockContext): JsonObject | undefined {
  const type = asString(block['type']) ?? '';
  const fit = Object.hasOwn(byType, type) ? byType[type] : type.endsWith('_tool_result') ? serverResult : undefined;
  return fit ? fit(block, context) : block;
}

const byType: Readonly<Record<string, BlockFit>> = {
  text: withoutCitations,
  thinking: ownThinking,
  redacted_thinking: () => undefined,
  image: (block, { sees }) => (sees.image ? block : asText(block, '[An image that this model cannot see]')),
  video: (block, { sees }) => (sees.video ? block : asText(block, '[A video that this model cannot see]')),
  document: documentAsText,
  search_result: searchResultAsText,
  server_tool_use: (block) => asText(block, `[Call of ${nameOf(block)}] ${JSON.stringify(block['input'] ?? {})}`),
  mcp_tool_use: (block) => asText(block, `[Call of ${nameOf(block)}] ${JSON.stringify(block['input'] ?? {})}`),
  container_upload: (block) => asText(block, '[A file that was uploaded to a container]'),
  tool_result: toolResult,
};

function nameOf(block: JsonObject): string {
  return asString(block['name']) ?? 'a tool';
}

/** A text block in the place of another, with its cache mark. */
function asText(block: JsonObject, text: string): JsonObject {
  const mark = block['cache_control'];
  return { type: 'text', text, ...(mark === undefined ? {} : { cache_control: mark }) };
}

function withoutCitations(block: JsonObject): JsonObject {
  if (block['citations'] === undefined) return block;
  const { citations: _dropped, ...rest } = block;
  return rest;
}

/** The platform signs its thoughts with an empty text; signed ones belong to another service. */
function ownThinking(block: JsonObject, { role }: BlockContext): JsonObject | undefined {
  const isOwn = role === 'assistant' && (block['signature'] === undefined || block['signature'] === '');
  return isOwn ? block : undefined;
}

/** The text of a document where it has one; the platform reads no files here. */
function documentAsText(block: JsonObject): JsonObject {
  const source = asObject(block['source']) ?? {};
  const title = asString(block['title']);
  const text = source['type'] === 'text' ? asString(source['data']) : contentText(source['content']);
  const head = title === undefined ? '' : `${title}\n`;
  return asText(block, text ? head + text : `[A document that this model cannot read${title ? `: ${title}` : ''}]`);
}

function searchResultAsText(block: JsonObject): JsonObject {
  const head = [block['title'], block['source']].filter((part) => typeof part === 'string').join('\n');
  return asText(block, `${head}\n${contentText(block['content'])}`.trim());
}

/** Results of tools that ran on another vendor's servers. */
function serverResult(block: JsonObject): JsonObject {
  const content = block['content'] ?? '';
  const text = contentText(content) || JSON.stringify(content);
  return asText(block, `[Result of a tool]\n${text.slice(0, 100_000)}`);
}

/** `is_error` is not read: a word in front says it. */
function toolResult(block: JsonObject, context: BlockContext): JsonObject {
  const inner = fitBlocks(block['content'], context);
  const { is_error: isError, ...rest } = block;
  if (inner === undefined && isError === undefined) return block;
  const content = inner ?? block['content'];
  return isError === true ? { ...rest, content: failed(content) } : withContent(rest, content);
}

function withContent(block: JsonObject, content: JsonValue | undefined): JsonObject {
  return content === undefined ? block : { ...block, content };
}

function failed(content: JsonValue | undefined): JsonValue {
  if (Array.isArray(content)) return [{ type: 'text', text: 'Error:' }, ...content];
  return `Error: ${asString(content) ?? ''}`;
}
