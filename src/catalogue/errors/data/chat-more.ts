import { defineErrors } from '../define.ts';
import type { ErrorRecord } from '../record.ts';

/** Messages, roles and tool calls that the platform refuses. */
export const chatMoreErrors: readonly ErrorRecord[] = defineErrors(
  {
    document: 'error-codes',
    section: '500-InternalError.Algo',
    status: [500],
    nativeCodes: ['InternalError.Algo'],
    compatibleCodes: [],
    protocols: ['openai', 'anthropic', 'dashscope'],
    area: 'chat',
    origin: 'client',
    retryable: { kind: 'never' },
  },
  [
    {
      id: 'chat-role-or-content-empty',
      section: '400-ServiceUnavailableError',
      status: [400],
      nativeCodes: ['ServiceUnavailableError'],
      messages: ['Role must be user or assistant and Content length must be greater than 0.'],
      cause: [
        'A message has empty content or a role other than user and assistant.',
        '消息内容为空，或 role 不是 user / assistant。',
      ],
      fix: [
        'Remove empty messages and correct the role of each message; then send again.',
        '删除空消息并更正每条消息的 role 后重试。',
      ],
      related: ['chat-role-unknown'],
    },
    {
      id: 'tools-model-json-invalid',
      area: 'tools',
      origin: 'provider',
      retryable: { kind: 'backoff' },
      messages: ["Expecting ',' delimiter: line x column xxx (char xxx)"],
      patterns: ["Expecting ',' delimiter: line {line} column {column} (char {char})"],
      cause: [
        'The model wrote broken JSON for a tool call, so the call could not be made.',
        '模型生成的 JSON 不合法，无法完成工具调用。',
      ],
      fix: [
        'Send it again. If it happens often, use a newer model, simplify the parameter schema of the tool, or say in the prompt what the arguments look like.',
        '重试；若频繁出现，换用最新模型、简化工具参数结构，或在提示词中说明参数格式。',
      ],
      related: ['tools-arguments-json'],
    },
    {
      id: 'translation-role-not-user',
      area: 'translation',
      messages: ['Role must be in [user, assistant]'],
      patterns: ['Role must be in [user, assistant]'],
      cause: ['A Qwen-MT request has a message with another role than user.', '千问 MT 请求中包含非 user 角色的消息。'],
      fix: [
        'Send exactly one message with `role: "user"`, the text to translate as its content; put languages and terms into `translation_options`.',
        '只发送一条 `role: "user"` 的消息，内容为待翻译文本；语种与术语写入 `translation_options`。',
      ],
    },
    {
      id: 'chat-last-message-not-user',
      messages: ['list index out of range'],
      cause: ['The last message of the conversation is not from the user.', 'messages 数组的最后一条不是 user 消息。'],
      fix: [
        'Reorder or add messages so that the last one is `{"role": "user", "content": "..."}`. Although it comes as HTTP 500, repeating does not help.',
        '调整顺序，使最后一条为 `{"role": "user", "content": "..."}`。虽然状态码为 500，但重试无效。',
      ],
      alsoIn: [
        {
          document: 'contract',
          section: '2.5 Tools and message order rules (all 400)',
          message: 'list index out of range',
        },
      ],
    },
  ],
);
