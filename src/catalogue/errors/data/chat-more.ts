import { defineErrors } from '../define.ts';
import type { ErrorRecord } from '../record.ts';

/** Messages, roles and tool calls that the platform refuses. */
export const chatMoreErrors: readonly ErrorRecord[] = defineErrors(
  {
    document: 'error-codes',
    section: '2.5 Tools and message order rules (all 400)',
    status: [400],
    nativeCodes: ['InvalidParameter'],
    compatibleCodes: [],
    protocols: ['openai', 'anthropic', 'dashscope'],
    area: 'tools',
    origin: 'client',
    retryable: { kind: 'never' },
  },
  [
    {
      id: 'chat-role-or-content-empty',
      section: '400-ServiceUnavailableError',
      nativeCodes: ['ServiceUnavailableError'],
      area: 'chat',
      messages: ['Role must be user or assistant and Content length must be greater than 0.'],
      cause: [
        'A message has empty content or a role other than user and assistant.',
        '消息内容为空，或 role 不是 user / assistant。',
      ],
      fix: [
        'Remove empty messages and correct the role of each message; then send again.',
        '删除空消息并更正每条消息的 role 后重试。',
      ],
      related: ['chat-role-not-allowed'],
    },
    {
      id: 'chat-role-not-allowed',
      document: 'contract',
      section: '2.1 POST /chat/completions, request body',
      nativeCodes: [],
      protocols: ['openai'],
      area: 'chat',
      messages: ["developer is not one of ['system', 'assistant', 'user', 'tool', 'function'] - 'messages.['0].role'"],
      patterns: [
        "{role} is not one of ['system', 'assistant', 'user', 'tool', 'function']",
        '{role} is not one of [{roles}]',
      ],
      cause: [
        'The role {role|of a message} is not known here; newer OpenAI clients send `developer` in place of `system`.',
        '平台不支持角色 {role|（见消息）}；较新的 OpenAI 客户端会用 `developer` 代替 `system`。',
      ],
      fix: [
        'Send `system` instead of `developer`, or switch the option for the developer role off in the client.',
        '把 `developer` 改为 `system`，或在客户端关闭 developer 角色选项。',
      ],
      alsoIn: [{ document: 'contract', section: '3. (B) Error envelopes' }],
    },
    {
      id: 'tools-call-without-answer',
      document: 'contract',
      compatibleCodes: ['invalid_parameter_error'],
      messages: [
        'An assistant message with "tool_calls" must be followed by tool messages responding to each "tool_call_id". The following tool_call_ids did not have response messages: message[19].role',
      ],
      patterns: [
        'An assistant message with "tool_calls" must be followed by tool messages responding to each "tool_call_id". The following tool_call_ids did not have response messages: {ids}',
        'An assistant message with "tool_calls" must be followed by tool messages responding to each "tool_call_id".',
      ],
      cause: [
        'The history has a tool call without its result, usually after an interrupted turn ({ids|the message names the place}).',
        '历史消息中有工具调用没有对应的结果，通常是上一轮被中断（{ids|位置见消息}）。',
      ],
      fix: [
        'After each assistant message with `tool_calls` add one message `{"role": "tool", "tool_call_id": "...", "content": "..."}` per call, before anything else; in a coding tool start a new session.',
        '在带 `tool_calls` 的 assistant 消息之后，为每个调用紧接着添加 `{"role": "tool", "tool_call_id": "...", "content": "..."}`；编程工具可新建会话。',
      ],
    },
    {
      id: 'tools-arguments-not-json',
      document: 'contract',
      compatibleCodes: ['invalid_parameter_error'],
      messages: ['The "function.arguments" parameter of the code model must be in JSON format.'],
      patterns: ['The "function.arguments" parameter of the code model must be in JSON format.'],
      cause: [
        'A tool call in the history has arguments that are no valid JSON, e.g. an empty string or cut-off text.',
        '历史消息中某个工具调用的 arguments 不是合法 JSON，例如空字符串或被截断的文本。',
      ],
      fix: [
        'Replay the arguments as the model sent them; write `"{}"` for a call without arguments and leave out calls that broke off.',
        '原样回传模型给出的 arguments；无参数时写 `"{}"`，并删除未完成的调用。',
      ],
      related: ['tools-model-json-invalid'],
    },
    {
      id: 'tools-choice-in-thinking',
      document: 'contract',
      compatibleCodes: ['invalid_parameter_error'],
      messages: ['The tool_choice parameter does not support being set to required or object in thinking mode'],
      patterns: ['The tool_choice parameter does not support being set to required or object in thinking mode'],
      cause: ['A tool cannot be forced while the model thinks.', '思考模式下不能强制调用工具。'],
      fix: [
        'Use `tool_choice: "auto"`, or set `enable_thinking: false` for the call that has to use the tool.',
        '改用 `tool_choice: "auto"`，或在必须调用工具的请求中设置 `enable_thinking: false`。',
      ],
    },
    {
      id: 'tools-model-json-invalid',
      section: '500-InternalError.Algo',
      status: [500],
      nativeCodes: ['InternalError.Algo'],
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
      related: ['tools-arguments-not-json'],
    },
    {
      id: 'translation-role-not-user',
      section: '500-InternalError.Algo',
      status: [500],
      nativeCodes: ['InternalError.Algo'],
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
      section: '500-InternalError.Algo',
      status: [500],
      nativeCodes: ['InternalError.Algo'],
      area: 'chat',
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
