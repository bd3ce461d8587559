import { acceptsAudio, acceptsImages, acceptsVideo, type ModelEntry } from '../../catalogue/models.ts';
import { codingPlanModels } from '../../catalogue/plans.ts';
import { isObject, type JsonObject, type JsonValue } from '../../domain/json.ts';
import { imageProblem } from '../image.ts';
import { algorithmRefusal, type Refusal } from '../refusal.ts';
import type { ChatCall } from './body.ts';
import type { ModelRule } from './rule.ts';

/** The parts of messages, by what the model can take. */
export const contentRules: readonly ModelRule[] = [
  { id: 'content-must-be-string', evidence: 'documented', check: mustBeString },
  { id: 'content-part-kind', evidence: 'documented', check: partKind },
  { id: 'media-url', evidence: 'documented', check: mediaUrl },
  { id: 'image-decodes', evidence: 'documented', check: imageDecodes },
];

function isTextOnly(model: ModelEntry): boolean {
  return !acceptsImages(model) && !acceptsVideo(model) && !acceptsAudio(model);
}

/**
 * Text models take a plain string. Those with a context cache also take lists of text parts, since the cache's marks
 * sit on parts, and so do those of the Coding Plan, whose agents send such lists; a part of another kind is refused by all.
 */
function mustBeString({ messages, model }: ChatCall): Refusal | undefined {
  if (!isTextOnly(model)) return undefined;
  const takesParts = model.contextCache === true || codingPlanModels.intl.includes(model.id);
  const refused = messages.some(({ content }) => Array.isArray(content) && !(takesParts && content.every(isTextPart)));
  return refused ? algorithmRefusal('input content must be a string.') : undefined;
}

function isTextPart(part: JsonValue): boolean {
  return isObject(part) && (part.type === undefined || part.type === 'text') && typeof part.text === 'string';
}

/** Kinds of parts and the members that carry them. */
const partKinds: Readonly<Record<string, { member: string; accepts: (model: ModelEntry) => boolean }>> = {
  text: { member: 'text', accepts: () => true },
  image_url: { member: 'image_url', accepts: acceptsImages },
  video_url: { member: 'video_url', accepts: acceptsVideo },
  video: { member: 'video', accepts: acceptsVideo },
  input_audio: { member: 'input_audio', accepts: acceptsAudio },
};

function partKind({ messages, model }: ChatCall): Refusal | undefined {
  for (const { content } of messages) {
    if (typeof content === 'string' || content === undefined || content === null) continue;
    if (!Array.isArray(content) || content.some((part) => !isKnownPart(part, model))) {
      return algorithmRefusal('The item of content should be a message of a certain modal.');
    }
  }
  return undefined;
}

function isKnownPart(part: JsonValue, model: ModelEntry): boolean {
  if (!isObject(part)) return false;
  const type = typeof part.type === 'string' ? part.type : 'text';
  const kind = Object.hasOwn(partKinds, type) ? partKinds[type] : undefined;
  return kind !== undefined && part[kind.member] !== undefined && kind.accepts(model);
}

const urlProblem = 'The provided URL does not appear to be valid. Ensure it is correctly formatted.';

function mediaUrl({ messages }: ChatCall): Refusal | undefined {
  const bad = mediaParts(messages).some(({ url }) => url === undefined || !isMediaUrl(url));
  return bad ? algorithmRefusal(urlProblem) : undefined;
}

/** `http`, `https`, an `oss` upload, or inline data that says it is base64. */
function isMediaUrl(url: string): boolean {
  if (url.startsWith('data:')) return /^data:[\w.+-]+\/[\w.+-]+(?:;[\w=.+-]+)*;base64,/.test(url.slice(0, 300));
  return /^(https?|oss):\/\/[^\s/]+/.test(url.slice(0, 300));
}

function imageDecodes({ messages }: ChatCall): Refusal | undefined {
  for (const { kind, url } of mediaParts(messages)) {
    const inline = kind === 'image_url' ? /^data:[^,]{0,300},/.exec(url?.slice(0, 320) ?? '') : null;
    const problem = inline === null || url === undefined ? undefined : imageProblem(url.slice(inline[0].length));
    if (problem !== undefined) return algorithmRefusal(problem);
  }
  return undefined;
}

interface MediaPart {
  kind: string;
  url: string | undefined;
}

function mediaParts(messages: readonly JsonObject[]): MediaPart[] {
  return messages.flatMap(({ content }) => (Array.isArray(content) ? content.filter(isObject).flatMap(mediaOf) : []));
}

function mediaOf(part: JsonObject): MediaPart[] {
  const kind = part.type;
  if (kind === 'image_url' || kind === 'video_url') return [{ kind, url: urlOf(part[kind]) }];
  if (kind === 'video') {
    const frames = Array.isArray(part.video) ? part.video : [part.video];
    return frames.map((frame) => ({ kind, url: typeof frame === 'string' ? frame : undefined }));
  }
  return [];
}

function urlOf(value: JsonValue | undefined): string | undefined {
  const url = isObject(value) ? value.url : value;
  return typeof url === 'string' ? url : undefined;
}
