import type {
  AssistantPart,
  MediaPart,
  TextPart,
  ToolCallPart,
  ToolResultPart,
  Turn,
  UserPart,
} from '../../domain/conversation.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { DropList } from '../shared/dropped.ts';
import { toolInput } from './tool-input.ts';

interface Message {
  role: string;
  content: JsonObject[];
}

/**
 * Turns as `messages`. Neighbours of one role become one message, and within a user message tool results come first, as
 * Anthropic wants them right behind the calls they answer.
 */
export function writeTurns(turns: readonly Turn[], dropped: DropList): JsonObject[] {
  const messages: Message[] = [];
  for (const turn of turns) {
    const content = writeParts(turn, dropped);
    // Anthropic refuses messages without content.
    if (content.length === 0) continue;
    const last = messages.at(-1);
    if (last?.role === turn.role) last.content.push(...content);
    else messages.push({ role: turn.role, content });
  }
  trimPrefill(messages.at(-1));
  return messages.map(({ role, content }) => ({ role, content: role === 'user' ? resultsFirst(content) : content }));
}

/** An answer that is to be continued must not end in white space. */
function trimPrefill(last: Message | undefined): void {
  const block = last?.role === 'assistant' ? last.content.at(-1) : undefined;
  if (typeof block?.['text'] === 'string') block['text'] = block['text'].trimEnd();
}

function resultsFirst(content: readonly JsonObject[]): JsonObject[] {
  const results = content.filter((block) => block['type'] === 'tool_result');
  return results.length === 0
    ? [...content]
    : [...results, ...content.filter((block) => block['type'] !== 'tool_result')];
}

function writeParts(turn: Turn, dropped: DropList): JsonObject[] {
  if (turn.role === 'user') return turn.parts.flatMap((part) => writeUserPart(part, dropped));
  if (turn.role === 'assistant') return turn.parts.flatMap((part) => writeAssistantPart(part, dropped));
  return turn.parts.flatMap(writeText);
}

/** A text block with its cache mark; none for blank text, such as models put before their tool calls: Anthropic refuses it. */
export function writeText({ text, cacheControl }: TextPart): JsonObject[] {
  return text.trim() === '' ? [] : [marked({ type: 'text', text }, cacheControl)];
}

function marked(block: JsonObject, cacheControl: JsonObject | undefined): JsonObject {
  if (cacheControl !== undefined) block['cache_control'] = cacheControl;
  return block;
}

function writeUserPart(part: UserPart, dropped: DropList): JsonObject[] {
  return part.type === 'tool-result' ? [writeToolResult(part, dropped)] : writeContentPart(part, dropped);
}

function writeContentPart(part: TextPart | MediaPart, dropped: DropList): JsonObject[] {
  if (part.type === 'text') return writeText(part);
  if (part.kind === 'audio' || part.options?.['frames'] !== undefined) {
    dropped.add(`messages[].content[].${part.kind}`);
    return [];
  }
  const { filename, ...options } = part.options ?? {};
  for (const name of Object.keys(options)) dropped.addNamed('messages[].content[].', name);
  const block: JsonObject = { type: part.kind, source: writeSource(part.source) };
  if (part.kind === 'document' && filename !== undefined) block['title'] = filename;
  return [marked(block, part.cacheControl)];
}

function writeSource(source: MediaPart['source']): JsonObject {
  return source.type === 'url'
    ? { type: 'url', url: source.url }
    : { type: 'base64', media_type: source.mediaType, data: source.data };
}

function writeToolResult({ callId, parts, isError, cacheControl }: ToolResultPart, dropped: DropList): JsonObject {
  const block: JsonObject = { type: 'tool_result', tool_use_id: wireId(callId) };
  const content = parts.flatMap((part) => writeContentPart(part, dropped));
  const [only] = parts;
  const isPlain = parts.length === 1 && only?.type === 'text' && only.cacheControl === undefined;
  // Model Studio documents only string content; lists are for what a string cannot say.
  if (isPlain) block['content'] = only.text;
  else if (content.length > 0) block['content'] = content;
  if (isError) block['is_error'] = true;
  return marked(block, cacheControl);
}

/** Thinking is replayed only with the signature or data of the model that thought it; the rest Anthropic refuses. */
function writeAssistantPart(part: AssistantPart, dropped: DropList): JsonObject[] {
  if (part.type === 'text') return writeText(part);
  if (part.type === 'tool-call') return [writeToolCall(part, dropped)];
  if (part.redacted !== undefined) return [{ type: 'redacted_thinking', data: part.redacted }];
  if (part.signature !== undefined) return [{ type: 'thinking', thinking: part.text, signature: part.signature }];
  dropped.add('messages[].reasoning_content');
  return [];
}

function writeToolCall({ id, name, argumentsJson, cacheControl }: ToolCallPart, dropped: DropList): JsonObject {
  const { input, intact } = toolInput(argumentsJson);
  if (!intact) dropped.add('messages[].tool_calls[].function.arguments');
  return marked({ type: 'tool_use', id: wireId(id), name, input }, cacheControl);
}

/** Anthropic's ids are letters, digits, `_` and `-`; other vendors' are not always (`functions.read:0`). */
function wireId(id: string): string {
  return id.replace(/[^\w-]/g, '_');
}
