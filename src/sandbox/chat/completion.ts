import type { JsonObject } from '../../domain/json.ts';
import type { CallIdentity } from '../identity.ts';
import type { Answer } from '../model/prompt.ts';
import type { CallUsage } from '../usage.ts';

/** What the frames and the whole answer of one call have in common. */
export interface CompletionHead {
  id: string;
  /** Unix seconds. */
  created: number;
  model: string;
}

export function completionHead(identity: CallIdentity, model: string): CompletionHead {
  return { id: `chatcmpl-${identity.uuid}`, created: Math.floor(identity.createdMs / 1_000), model };
}

const finishReasons = { stop: 'stop', length: 'length', 'tool-calls': 'tool_calls', 'stop-sequence': 'stop' } as const;

export function finishReason({ finish }: Answer): string {
  return finishReasons[finish];
}

/** The whole answer, members in the order of recorded ones. */
export function writeCompletion(answers: readonly Answer[], usage: CallUsage, head: CompletionHead): JsonObject {
  return {
    choices: answers.map((answer, index) => ({
      message: writeMessage(answer),
      finish_reason: finishReason(answer),
      index,
      logprobs: null,
    })),
    object: 'chat.completion',
    usage: writeUsage(usage),
    created: head.created,
    system_fingerprint: null,
    model: head.model,
    id: head.id,
  };
}

/** Beside tool calls the content is the empty text, and each call carries its index. */
function writeMessage({ reasoning, text, calls }: Answer): JsonObject {
  return {
    content: text,
    ...(reasoning === '' ? {} : { reasoning_content: reasoning }),
    role: 'assistant',
    ...(calls.length === 0
      ? {}
      : {
          tool_calls: calls.map(({ id, name, argumentsJson }, index) => ({
            function: { arguments: argumentsJson, name },
            id,
            index,
            type: 'function',
          })),
        }),
  };
}

/** `completion_tokens_details` exists only with thinking, `cache_type` only with the explicit cache. */
export function writeUsage(usage: CallUsage): JsonObject {
  return {
    prompt_tokens: usage.input,
    completion_tokens: usage.output,
    total_tokens: usage.input + usage.output,
    ...(usage.reasoning > 0 ? { completion_tokens_details: { reasoning_tokens: usage.reasoning } } : {}),
    prompt_tokens_details: {
      cached_tokens: usage.cachedRead,
      ...(usage.imageTokens > 0
        ? { image_tokens: usage.imageTokens, text_tokens: usage.input - usage.imageTokens }
        : {}),
      ...(usage.explicitCache
        ? {
            cache_creation_input_tokens: usage.cachedWrite,
            cache_creation: { ephemeral_5m_input_tokens: usage.cachedWrite },
            cache_type: 'ephemeral',
          }
        : {}),
    },
  };
}
