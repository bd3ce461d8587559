import type { AssistantPart, MediaPart, TextPart, ToolResultPart, UserPart } from '../../domain/conversation.ts';
import type { JsonObject, JsonValue } from '../../domain/json.ts';
import { lookUp } from '../../wire/dispatch.ts';
import type { DropList } from '../shared/dropped.ts';
import {
  kindOf,
  readArray,
  readBoolean,
  readObject,
  readString,
  refuse,
  requireObject,
  requireString,
} from '../shared/fields.ts';
import { blockMembers } from './schema.ts';

type Part = UserPart | AssistantPart;

/** A block with the path it stands at, which ends with a dot. */
interface BlockContext {
  block: JsonObject;
  prefix: string;
  dropped: DropList;
}

type BlockReader = (context: BlockContext) => Part[];

const blockReaders: Readonly<Record<string, BlockReader>> = {
  text: ({ block, prefix }) => text(readString(block, 'text', prefix) ?? refuse(`${prefix}text`, 'is required')),
  image: (context) => readMedia('image', context),
  video: (context) => readMedia('video', context),
  document: readDocument,
  search_result: readSearchResult,
  thinking: readThinking,
  redacted_thinking: ({ block, prefix }) => [
    { type: 'thinking', text: '', redacted: requireString(block, 'data', prefix) },
  ],
  compaction: ({ block, prefix }) => text(readString(block, 'content', prefix) ?? ''),
  tool_reference: ({ block, prefix }) => text(requireString(block, 'tool_name', prefix)),
  tool_use: readToolUse,
  tool_result: readToolResult,
};

/** Message or system content: a string or a list of blocks. `path` is the content's own path. */
export function readContent(content: JsonValue | undefined, path: string, dropped: DropList): Part[] {
  if (content === undefined || content === null) return refuse(path, 'is required');
  if (typeof content === 'string') return text(content);
  if (!Array.isArray(content)) return refuse(path, `must be a string or a list of blocks, not ${kindOf(content)}`);
  return content.flatMap((entry, index) => readBlock(entry, `${path}[${index}]`, dropped));
}

function readBlock(entry: JsonValue, path: string, dropped: DropList): Part[] {
  const prefix = `${path}.`;
  const block = requireObject(entry, path);
  const type = requireString(block, 'type', prefix);
  const reader = lookUp(blockReaders, type);
  const known = lookUp(blockMembers, type);
  if (reader === undefined || known === undefined) {
    dropped.addNamed('messages[].content[].type=', type);
    return [];
  }
  dropped.addUnknown(block, known, 'messages[].content[].');
  const parts = reader({ block, prefix, dropped });
  const cacheControl = readObject(block, 'cache_control', prefix);
  const last = parts.at(-1);
  if (cacheControl !== undefined && last !== undefined && last.type !== 'thinking') last.cacheControl = cacheControl;
  return parts;
}

/** Only the text of a content; what else there is is reported. */
export function readTextContent(content: JsonValue | undefined, path: string, dropped: DropList): TextPart[] {
  const texts: TextPart[] = [];
  for (const part of readContent(content, path, dropped)) {
    if (part.type === 'text') texts.push(part);
    else dropped.add(`${path.replace(/\[\d+\]/g, '[]')}[].${part.type}`);
  }
  return texts;
}

function text(value: string): TextPart[] {
  return value === '' ? [] : [{ type: 'text', text: value }];
}

function readSource({ block, prefix, dropped }: BlockContext): MediaPart['source'] | undefined {
  const source = requireObject(block['source'], `${prefix}source`);
  const path = `${prefix}source.`;
  const type = requireString(source, 'type', path);
  if (type === 'url') return { type: 'url', url: requireString(source, 'url', path) };
  if (type === 'base64') {
    return {
      type: 'base64',
      mediaType: requireString(source, 'media_type', path),
      data: requireString(source, 'data', path),
    };
  }
  // An uploaded file is known only to the service it was uploaded to.
  dropped.addNamed('messages[].content[].source.type=', type);
  return undefined;
}

function readMedia(kind: MediaPart['kind'], context: BlockContext): MediaPart[] {
  const source = readSource(context);
  return source === undefined ? [] : [{ type: 'media', kind, source }];
}

/** Documents of text become text, under their title; PDF stays a document. */
function readDocument(context: BlockContext): Part[] {
  const { block, prefix, dropped } = context;
  const source = requireObject(block['source'], `${prefix}source`);
  const title = text(readString(block, 'title', prefix) ?? '');
  if (source['type'] === 'text') return [...title, ...text(requireString(source, 'data', `${prefix}source.`))];
  if (source['type'] === 'content') {
    return [...title, ...readResultParts(source['content'], `${prefix}source.content`, dropped)];
  }
  const media = readMedia('document', context);
  const [name] = title;
  if (name !== undefined) for (const part of media) part.options = { filename: name.text };
  return media;
}

function readSearchResult({ block, prefix, dropped }: BlockContext): TextPart[] {
  const title = readString(block, 'title', prefix) ?? '';
  const source = readString(block, 'source', prefix) ?? '';
  const heading = [title, source].filter((line) => line !== '').join('\n');
  return [...text(heading), ...readTextContent(block['content'] ?? [], `${prefix}content`, dropped)];
}

/** Model Studio's own thinking blocks carry `signature: ""`: that is none. */
function readThinking({ block, prefix }: BlockContext): AssistantPart[] {
  const thinking = readString(block, 'thinking', prefix) ?? '';
  const signature = readString(block, 'signature', prefix);
  if (!signature) return thinking === '' ? [] : [{ type: 'thinking', text: thinking }];
  return [{ type: 'thinking', text: thinking, signature }];
}

function readToolUse({ block, prefix }: BlockContext): AssistantPart[] {
  const id = requireString(block, 'id', prefix);
  const name = requireString(block, 'name', prefix);
  const input = readObject(block, 'input', prefix) ?? {};
  return [{ type: 'tool-call', id, name, argumentsJson: JSON.stringify(input) }];
}

function readToolResult({ block, prefix, dropped }: BlockContext): ToolResultPart[] {
  const result: ToolResultPart = {
    type: 'tool-result',
    callId: requireString(block, 'tool_use_id', prefix),
    parts: readResultParts(block['content'], `${prefix}content`, dropped),
  };
  if (readBoolean(block, 'is_error', prefix)) result.isError = true;
  return [result];
}

/** What a tool may answer with: text and media. */
function readResultParts(content: JsonValue | undefined, path: string, dropped: DropList): (TextPart | MediaPart)[] {
  const parts: (TextPart | MediaPart)[] = [];
  for (const part of readContent(content ?? '', path, dropped)) {
    if (part.type === 'text' || part.type === 'media') parts.push(part);
    else dropped.add(`messages[].content[].content[].type=${part.type}`);
  }
  return parts;
}

/** `system`: a string or a list of text blocks. */
export function readSystem(body: JsonObject, dropped: DropList): TextPart[] {
  const system = body['system'];
  if (system === undefined || system === null) return [];
  if (typeof system !== 'string') readArray(body, 'system', '');
  return readTextContent(system, 'system', dropped);
}
