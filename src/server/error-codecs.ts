import { anthropicMessages } from '../codec/anthropic-messages/index.ts';
import { dashscopeErrors } from '../codec/dashscope/error.ts';
import { openaiChat } from '../codec/openai-chat/index.ts';
import type { ErrorCodec } from '../domain/codec.ts';
import type { Protocol } from '../domain/protocol.ts';

/** A protocol in which a caller can be told of an error; calls of the last one are not served. */
export type ErrorProtocol = Protocol | 'dashscope';

/** The shapes of errors. */
export const errorCodecs: Readonly<Record<ErrorProtocol, ErrorCodec>> = {
  'openai-chat': openaiChat,
  'anthropic-messages': anthropicMessages,
  dashscope: dashscopeErrors,
};
