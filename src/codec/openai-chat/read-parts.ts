import type { MediaPart, TextPart } from '../../domain/conversation.ts';
import type { JsonObject, JsonValue } from '../../domain/json.ts';
import { lookUp } from '../../wire/dispatch.ts';
import type { DropList } from '../shared/dropped.ts';
import { kindOf, readArray, readObject, readString, refuse, requireObject, requireString } from '../shared/fields.ts';
import { sourceOfUrl } from '../shared/media.ts';
import { textPartMembers } from './schema.ts';

export type ContentPart = TextPart | MediaPart;

/** A part with the path it stands at, which ends with a dot. */
interface PartContext {
  part: JsonObject;
  prefix: string;
  dropped: DropList;
}

type PartReader = (context: PartContext) => ContentPart | undefined;

const partReaders: Readonly<Record<string, PartReader>> = {
  text: readText,
  input_text: readText,
  output_text: readText,
  refusal: ({ part, prefix }) => textPart(readString(part, 'refusal', prefix)),
  image_url: (context) => readUrlPart('image', 'image_url', context),
  video_url: (context) => readUrlPart('video', 'video_url', context),
  input_audio: readAudio,
  video: readVideoFrames,
  file: readFile,
};

/** Message content: a string, null, or a list of parts. `path` is the content's own path. */
export function readContent(content: JsonValue | undefined, path: string, dropped: DropList): ContentPart[] {
  if (content === undefined || content === null || content === '') return [];
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  if (!Array.isArray(content)) return refuse(path, `must be a string or a list of parts, not ${kindOf(content)}`);
  const parts: ContentPart[] = [];
  content.forEach((entry, index) => {
    const prefix = `${path}[${index}].`;
    const part = requireObject(entry, `${path}[${index}]`);
    const type = requireString(part, 'type', prefix);
    const reader = lookUp(partReaders, type);
    if (reader === undefined) dropped.addNamed('messages[].content[].type=', type);
    const read = reader?.({ part, prefix, dropped });
    if (read === undefined) return;
    const cacheControl = readObject(part, 'cache_control', prefix);
    if (cacheControl !== undefined) read.cacheControl = cacheControl;
    parts.push(read);
  });
  return parts;
}

/** Content of which only text counts: instructions and what the assistant said. */
export function readTextContent(content: JsonValue | undefined, path: string, dropped: DropList): TextPart[] {
  const texts: TextPart[] = [];
  for (const part of readContent(content, path, dropped)) {
    if (part.type === 'text') texts.push(part);
    else dropped.add(`messages[].content[].${part.kind}`);
  }
  return texts;
}

/** Empty text says nothing, and Anthropic refuses it. */
function textPart(text: string | undefined): TextPart | undefined {
  return text === undefined || text === '' ? undefined : { type: 'text', text };
}

function readText({ part, prefix, dropped }: PartContext): TextPart | undefined {
  dropped.addUnknown(part, textPartMembers, 'messages[].content[].');
  const text = readString(part, 'text', prefix);
  return text === undefined ? refuse(`${prefix}text`, 'is required') : textPart(text);
}

/** `{image_url: {url, detail}}`; some clients send the URL itself in place of the object. */
function readUrlPart(kind: 'image' | 'video', member: string, { part, prefix }: PartContext): MediaPart {
  const value = part[member];
  if (typeof value === 'string') return withOptions({ type: 'media', kind, source: sourceOfUrl(value) }, part, member);
  const holder = requireObject(value, prefix + member);
  const url = requireString(holder, 'url', `${prefix}${member}.`);
  const { url: _url, ...inner } = holder;
  return withOptions({ type: 'media', kind, source: sourceOfUrl(url) }, { ...part, ...inner }, member);
}

/** Everything beside the source (`detail`, `fps`, `min_pixels`, ...) is kept as the part's options. */
function withOptions(media: MediaPart, members: JsonObject, source: string): MediaPart {
  const { type: _type, cache_control: _mark, [source]: _source, ...options } = members;
  if (Object.keys(options).length > 0) media.options = options;
  return media;
}

/** Model Studio takes a URL in `data`, OpenAI bare base64; either may be a `data:` URL. */
function readAudio({ part, prefix }: PartContext): MediaPart {
  const holder = requireObject(part['input_audio'], `${prefix}input_audio`);
  const data = requireString(holder, 'data', `${prefix}input_audio.`);
  const format = readString(holder, 'format', `${prefix}input_audio.`);
  const isUrl = /^(?:https?|oss|data):/.test(data.slice(0, 8));
  const source = isUrl ? sourceOfUrl(data) : ({ type: 'base64', mediaType: `audio/${format ?? 'wav'}`, data } as const);
  const media: MediaPart = { type: 'media', kind: 'audio', source };
  if (format !== undefined) media.options = { format };
  return media;
}

/** Model Studio's video as a list of frames: the first stands for the source, all are kept as an option. */
function readVideoFrames({ part, prefix }: PartContext): MediaPart {
  const frames = readArray(part, 'video', prefix) ?? [];
  const first = frames[0];
  if (typeof first !== 'string') return refuse(`${prefix}video`, 'must be a list of frame URLs');
  const { type: _type, video: _video, cache_control: _mark, ...options } = part;
  return { type: 'media', kind: 'video', source: sourceOfUrl(first), options: { ...options, frames } };
}

/** An inline document; one that was uploaded before is known only to the service it was uploaded to. */
function readFile({ part, prefix, dropped }: PartContext): MediaPart | undefined {
  const file = requireObject(part['file'], `${prefix}file`);
  const data = readString(file, 'file_data', `${prefix}file.`);
  if (data === undefined) {
    dropped.add('messages[].content[].file.file_id');
    return undefined;
  }
  const source = sourceOfUrl(data);
  const media: MediaPart = {
    type: 'media',
    kind: 'document',
    source: source.type === 'url' && !isUrl(data) ? { type: 'base64', mediaType: 'application/pdf', data } : source,
  };
  if (typeof file['filename'] === 'string') media.options = { filename: file['filename'] };
  return media;
}

function isUrl(text: string): boolean {
  return /^(?:https?|oss|data):/.test(text.slice(0, 8));
}
