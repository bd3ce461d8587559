import type {
  AssistantPart,
  Conversation,
  MediaPart,
  TextPart,
  ToolCallPart,
  ToolResultPart,
  Turn,
  UserPart,
} from '../../domain/conversation.ts';
import type { JsonObject, JsonValue } from '../../domain/json.ts';
import type { DropList } from '../shared/dropped.ts';
import { urlOfSource } from '../shared/media.ts';

interface MessageOptions {
  developerRole: boolean;
  cacheControl: boolean;
  dropped: DropList;
}

/** Between texts that were separate blocks: what models are used to see between paragraphs. */
const separator = '\n\n';

/** OpenAI has no mark for a failed tool: the model must learn it from the text. */
const toolErrorPrefix = 'Error: ';

/**
 * Instructions and turns as `messages`. Tool results come right behind the message that called, as OpenAI wants them,
 * before anything else the user said; what a tool message cannot hold (images) follows as a user message.
 */
export function writeMessages(conversation: Conversation, options: MessageOptions): JsonObject[] {
  const messages: JsonObject[] = [];
  const { system } = conversation;
  const turns = endWithUser(conversation.turns, options.dropped);
  const role = options.developerRole ? 'developer' : 'system';
  if (system.length > 0) messages.push({ role, content: writeText(system, separator, options) });
  const loopStart = startOfToolLoop(turns);
  let said: JsonObject[] = [];
  turns.forEach((turn, index) => {
    if (turn.role === 'user') {
      // Results of several user turns in a row must stand together, so what was said waits.
      messages.push(
        ...turn.parts.filter((part) => part.type === 'tool-result').map((part) => writeToolResult(part, options)),
      );
      said.push(...writeUserMessage(turn.parts, options));
      return;
    }
    messages.push(...said);
    said = [];
    if (turn.role === 'assistant') messages.push(writeAssistant(turn.parts, index > loopStart, options));
    else messages.push({ role, content: writeText(turn.parts, separator, options) });
  });
  return [...messages, ...said];
}

/**
 * Claude Code puts instructions behind the prompt. Most OpenAI-compatible servers answer only to a user or a tool (Model
 * Studio: 500 `list index out of range`), so such instructions go before the last thing the user said, and before the
 * calls when that is their results.
 */
function endWithUser(turns: readonly Turn[], dropped: DropList): readonly Turn[] {
  const end = turns.findLastIndex((turn) => turn.role !== 'system') + 1;
  if (end === turns.length || turns[end - 1]?.role !== 'user') return turns;
  const start = turns.slice(0, end).findLastIndex((turn) => turn.role !== 'user') + 1;
  const answersCalls = turns.slice(start, end).some(({ parts }) => parts.some((part) => part.type === 'tool-result'));
  const at = answersCalls && turns[start - 1]?.role === 'assistant' ? start - 1 : start;
  dropped.add('messages[].system-order');
  return [...turns.slice(0, at), ...turns.slice(end), ...turns.slice(at, end)];
}

/**
 * The last user turn without tool results: what the assistant thought since then belongs to the running loop. Agents put
 * reminders beside the results, so text alone does not make a new question.
 */
function startOfToolLoop(turns: readonly Turn[]): number {
  return turns.findLastIndex((turn) => turn.role === 'user' && turn.parts.every((part) => part.type !== 'tool-result'));
}

/** One string where nothing is marked for the cache; several vendors do not read lists of text. */
function writeText(parts: readonly TextPart[], joint: string, options: MessageOptions): JsonValue {
  const marked = parts.some((part) => part.cacheControl !== undefined);
  if (marked && options.cacheControl) return parts.map((part) => writeTextPart(part, options));
  if (marked) options.dropped.add('messages[].content[].cache_control');
  return parts.map((part) => part.text).join(joint);
}

function writeTextPart({ text, cacheControl }: TextPart, options: MessageOptions): JsonObject {
  const wire: JsonObject = { type: 'text', text };
  if (cacheControl !== undefined && options.cacheControl) wire['cache_control'] = cacheControl;
  return wire;
}

function writeToolResult(result: ToolResultPart, options: MessageOptions): JsonObject {
  const texts = result.parts.filter((part) => part.type === 'text');
  const text = texts.map((part) => part.text).join(separator) || (result.parts.length > 0 ? 'The result follows.' : '');
  if (result.isError) options.dropped.add('messages[].content[].is_error');
  const message: JsonObject = {
    role: 'tool',
    tool_call_id: result.callId,
    content: result.isError ? toolErrorPrefix + text : text,
  };
  const cacheControl = result.cacheControl ?? texts.find((part) => part.cacheControl !== undefined)?.cacheControl;
  if (cacheControl !== undefined) {
    if (options.cacheControl) message['cache_control'] = cacheControl;
    else options.dropped.add('messages[].content[].cache_control');
  }
  return message;
}

/** At most one message: what the user said, and before it what tool messages of this turn could not hold. */
function writeUserMessage(parts: readonly UserPart[], options: MessageOptions): JsonObject[] {
  const media = parts.flatMap((part) =>
    part.type === 'tool-result' ? part.parts.filter((inner) => inner.type === 'media') : [],
  );
  const own = parts.filter((part) => part.type !== 'tool-result');
  const all: (TextPart | MediaPart)[] = [...media, ...own];
  if (all.length === 0) return parts.length === 0 ? [{ role: 'user', content: '' }] : [];
  const texts = all.filter((part) => part.type === 'text');
  if (texts.length === all.length) return [{ role: 'user', content: writeText(texts, separator, options) }];
  if (!options.cacheControl && all.some((part) => part.cacheControl !== undefined)) {
    options.dropped.add('messages[].content[].cache_control');
  }
  const content = all.flatMap((part) =>
    part.type === 'text' ? [writeTextPart(part, options)] : writeMedia(part, options),
  );
  return [{ role: 'user', content }];
}

function writeMedia(part: MediaPart, options: MessageOptions): JsonObject[] {
  const wire = mediaWriters[part.kind](part);
  if (wire === undefined) {
    options.dropped.add(`messages[].content[].${part.kind}`);
    return [];
  }
  if (part.cacheControl !== undefined && options.cacheControl) wire['cache_control'] = part.cacheControl;
  return [wire];
}

/** Undefined: OpenAI's form has no place for such a source. */
const mediaWriters: Readonly<Record<MediaPart['kind'], (part: MediaPart) => JsonObject | undefined>> = {
  image: ({ source, options }) => {
    const { detail, ...rest } = options ?? {};
    const url = urlOfSource(source);
    return { type: 'image_url', image_url: detail === undefined ? { url } : { url, detail }, ...rest };
  },
  video: ({ source, options }) => {
    const { frames, ...rest } = options ?? {};
    if (frames !== undefined) return { type: 'video', video: frames, ...rest };
    return { type: 'video_url', video_url: { url: urlOfSource(source) }, ...rest };
  },
  audio: ({ source, options }) => {
    const format =
      options?.['format'] ?? (source.type === 'base64' ? source.mediaType.replace('audio/', '') : undefined);
    const data = source.type === 'base64' ? source.data : source.url;
    return { type: 'input_audio', input_audio: format === undefined ? { data } : { data, format } };
  },
  document: ({ source, options }) => {
    if (source.type === 'url') return undefined;
    return {
      type: 'file',
      file: { filename: options?.['filename'] ?? 'document.pdf', file_data: urlOfSource(source) },
    };
  },
};

function writeAssistant(parts: readonly AssistantPart[], isInToolLoop: boolean, options: MessageOptions): JsonObject {
  const texts = parts.filter((part) => part.type === 'text');
  const calls = parts.filter((part) => part.type === 'tool-call');
  const content = writeText(texts, '', options);
  const message: JsonObject = { role: 'assistant', content: content === '' && calls.length > 0 ? null : content };
  const thinking = writeThinking(parts, isInToolLoop, options.dropped);
  if (thinking !== '') message['reasoning_content'] = thinking;
  if (calls.length > 0) message['tool_calls'] = calls.map((call) => writeToolCall(call, options));
  return message;
}

/**
 * Models that think between tool calls want the thoughts of the running loop back; older ones are of no use to them, and what
 * is encrypted or was left out of the answer says nothing.
 */
function writeThinking(parts: readonly AssistantPart[], isInToolLoop: boolean, dropped: DropList): string {
  let text = '';
  for (const part of parts) {
    if (part.type !== 'thinking') continue;
    if (part.redacted !== undefined) dropped.add('messages[].content[].type=redacted_thinking');
    else if (isInToolLoop && part.text !== '') text += part.text;
    else dropped.add('messages[].content[].type=thinking');
  }
  return text;
}

function writeToolCall({ id, name, argumentsJson, cacheControl }: ToolCallPart, options: MessageOptions): JsonObject {
  if (cacheControl !== undefined) options.dropped.add('messages[].tool_calls[].cache_control');
  return { id, type: 'function', function: { name, arguments: argumentsJson === '' ? '{}' : argumentsJson } };
}
