import { acceptsImages, acceptsVideo } from '../../catalogue/models.ts';
import { asArray, asString, isObject, type JsonObject } from '../../domain/json.ts';
import { imageProblem } from '../image.ts';
import { algorithmRefusal, parameterRefusal, serviceRefusal, type Refusal } from '../refusal.ts';
import { blocksOf, blocksOfType, type MessagesCall } from './body.ts';
import type { MessagesRule } from './rules.ts';

/** The content blocks: which exist, where they may stand, and what belongs together. */
export const blockRules: readonly MessagesRule[] = [
  { id: 'anthropic-block-supported', evidence: 'inferred', check: supportedBlocks },
  { id: 'anthropic-block-fields', evidence: 'inferred', check: blockFields },
  { id: 'anthropic-media-supported', evidence: 'inferred', check: mediaSupported },
  { id: 'anthropic-image-source', evidence: 'inferred', check: imageSource },
  { id: 'anthropic-user-message-missing', evidence: 'inferred', check: userMissing },
  { id: 'anthropic-tool-result-without-use', evidence: 'inferred', check: resultWithoutUse },
  { id: 'anthropic-tool-use-unanswered', evidence: 'inferred', check: useWithoutResult },
  { id: 'anthropic-last-message-role', evidence: 'inferred', check: lastRole },
];

const known = new Set(['text', 'image', 'video', 'tool_use', 'tool_result', 'thinking']);

/**
 * The endpoint's table of 2026-03 lists what is not supported; images and videos came with the newer page. A thinking
 * block is taken where it is the platform's own, which agents replay: from the assistant, with the empty signature.
 */
function supportedBlocks({ messages }: MessagesCall): Refusal | undefined {
  for (const [index, message] of messages.entries()) {
    for (const [position, block] of blocksOf(message.content).entries()) {
      const type = asString(block.type) ?? '';
      if (known.has(type) && !(type === 'thinking' && !isOwnThinking(block, message))) continue;
      return parameterRefusal(
        `messages.${index}.content.${position}: content block of type '${type.slice(0, 60)}' is not supported`,
      );
    }
  }
  return undefined;
}

function isOwnThinking(block: JsonObject, message: JsonObject): boolean {
  return message.role === 'assistant' && (block.signature === '' || block.signature === undefined);
}

function blockFields({ messages }: MessagesCall): Refusal | undefined {
  for (const [index, message] of messages.entries()) {
    for (const [position, block] of blocksOf(message.content).entries()) {
      const missing = missingField(block);
      if (missing !== undefined)
        return parameterRefusal(`messages.${index}.content.${position}.${missing}: Field required`);
    }
  }
  return undefined;
}

const isText = (value: unknown): boolean => typeof value === 'string';

/** Members that a block must have, by type. */
const fields: Readonly<Record<string, readonly (readonly [string, (value: unknown) => boolean])[]>> = {
  text: [['text', isText]],
  thinking: [['thinking', isText]],
  tool_use: [
    ['id', isText],
    ['name', isText],
    ['input', isObject],
  ],
  tool_result: [['tool_use_id', isText]],
  image: [['source', isObject]],
  video: [['source', isObject]],
};

function missingField(block: JsonObject): string | undefined {
  const wanted = fields[asString(block.type) ?? ''] ?? [];
  return wanted.find(([name, fits]) => !fits(block[name]))?.[0];
}

function mediaSupported({ messages, model }: MessagesCall): Refusal | undefined {
  const has = (type: string): boolean => messages.some((message) => mediaBlocks(message, type).length > 0);
  const refused = (has('image') && !acceptsImages(model)) || (has('video') && !acceptsVideo(model));
  return refused ? algorithmRefusal('input content must be a string.') : undefined;
}

/** Of a message itself and of the tool results in it. */
function mediaBlocks(message: JsonObject, type: string): JsonObject[] {
  const inResults = blocksOfType(message, 'tool_result').flatMap((result) =>
    blocksOf(result.content).filter((block) => block.type === type),
  );
  return [...blocksOfType(message, type), ...inResults];
}

function imageSource({ messages }: MessagesCall): Refusal | undefined {
  for (const message of messages) {
    for (const { source } of mediaBlocks(message, 'image')) {
      const problem = isObject(source) ? sourceProblem(source) : undefined;
      if (problem !== undefined) return algorithmRefusal(problem);
    }
  }
  return undefined;
}

const urlProblem = 'The provided URL does not appear to be valid. Ensure it is correctly formatted.';

function sourceProblem({ type, url, data }: JsonObject): string | undefined {
  if (type === 'base64' && typeof data === 'string') return imageProblem(data);
  return type === 'url' && typeof url === 'string' && /^(https?|oss):\/\/[^\s/]+/.test(url.slice(0, 300))
    ? undefined
    : urlProblem;
}

function userMissing({ messages }: MessagesCall): Refusal | undefined {
  if (messages.some((message) => message.role === 'user')) return undefined;
  return algorithmRefusal('The input messages do not contain elements with the role of user.');
}

/** The service behind the endpoint is the same, so its words are taken for the same faults. */
function resultWithoutUse({ messages }: MessagesCall): Refusal | undefined {
  const used = new Set<unknown>();
  for (const message of messages) {
    for (const { id } of blocksOfType(message, 'tool_use')) used.add(id);
    const orphan = blocksOfType(message, 'tool_result').some((result) => !used.has(result.tool_use_id));
    if (orphan)
      return algorithmRefusal(
        'messages with role "tool" must be a response to a preceeding message with "tool_calls".',
      );
  }
  return undefined;
}

function useWithoutResult({ messages }: MessagesCall): Refusal | undefined {
  for (const [index, message] of messages.entries()) {
    const uses = blocksOfType(message, 'tool_use');
    if (uses.length === 0) continue;
    const next = messages.slice(index + 1, index + 4).find((each) => each.role !== 'system');
    const answered = new Set(
      next === undefined ? [] : blocksOfType(next, 'tool_result').map((result) => result.tool_use_id),
    );
    if (uses.every(({ id }) => answered.has(id))) continue;
    return algorithmRefusal(
      `An assistant message with "tool_calls" must be followed by tool messages responding to each "tool_call_id". The following tool_call_ids did not have response messages: message[${index + 1}].role`,
    );
  }
  return undefined;
}

function lastRole({ messages }: MessagesCall): Refusal | undefined {
  const last = messages.findLast((message) => message.role !== 'system');
  return last?.role === 'user' ? undefined : serviceRefusal('list index out of range');
}

/** How many images and videos a message carries. */
export function mediaOf(message: JsonObject): ('image' | 'video')[] {
  const kinds = ['image', 'video'] as const;
  return kinds.flatMap((kind) => asArray(mediaBlocks(message, kind)).map(() => kind));
}
