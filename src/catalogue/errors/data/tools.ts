import { defineErrors } from '../define.ts';
import type { ErrorRecord } from '../record.ts';
import { invalidParameter } from './invalid-parameter.ts';

/** Refusals around tool definitions, `tool_choice` and the order of tool messages. */
const documented = defineErrors({ ...invalidParameter, area: 'tools' }, [
  {
    id: 'tools-result-without-call',
    messages: ['messages with role "tool" must be a response to a preceeding message with "tool_calls"'],
    patterns: [
      'messages with role "tool" must be a response to a preceeding message with "tool_calls"',
      'messages with role "tool" must be a response to a preceding message with "tool_calls"',
    ],
    cause: [
      'A tool message stands in the conversation without the assistant message whose tool call it answers.',
      '对话中有 tool 消息，但它前面缺少发起该工具调用的 assistant 消息。',
    ],
    fix: [
      "Append the model's assistant message with its `tool_calls` to `messages` first, then the tool message. When history is trimmed, remove call and result together.",
      '先把模型返回的、带 `tool_calls` 的 assistant 消息加入 `messages`，再追加 tool 消息；裁剪历史时要成对删除调用与结果。',
    ],
    related: ['tools-call-without-result'],
  },
  {
    id: 'tools-name-search',
    messages: ['Tool names are not allowed to be [search]'],
    patterns: ['Tool names are not allowed to be [{names}]'],
    cause: [
      'A tool is called {names|search}, a name that the platform keeps for itself.',
      '某个工具命名为 {names|search}，这是平台保留的名称。',
    ],
    fix: ['Rename the tool, for example to `web_lookup`.', '给该工具换一个名称，例如 `web_lookup`。'],
  },
  {
    id: 'tools-choice-value',
    messages: ['tool_choice is one of the strings that should be ["none", "auto"]'],
    patterns: ['tool_choice is one of the strings that should be [{choices}]'],
    cause: [
      '`tool_choice` has a value that this model does not take; as a string only {choices|"none" and "auto"} are allowed.',
      '`tool_choice` 的取值不被该模型接受；字符串形式只允许 {choices|"none" 和 "auto"}。',
    ],
    fix: [
      'Use "auto" (the model decides) or "none" (no tool). "required" is not available.',
      '使用 "auto"（由模型决定）或 "none"（不使用工具）；不支持 "required"。',
    ],
    related: ['tools-choice-thinking'],
  },
  {
    id: 'tools-unsupported',
    messages: ['The tool call is not supported.'],
    cause: ['The request has `tools`, and this model cannot call tools.', '请求带有 `tools`，而该模型不支持工具调用。'],
    fix: [
      'Choose a Qwen or DeepSeek model with function calling, or remove `tools`.',
      '改用支持 Function Calling 的千问或 DeepSeek 模型，或去掉 `tools`。',
    ],
  },
  {
    id: 'tools-repetitive-calls',
    messages: [
      'Repetitive tool calls detected in the conversation history. The same tool call with identical name and arguments has been repeated across multiple consecutive rounds. Please modify your request or adjust the tool call arguments to avoid infinite loops.',
    ],
    patterns: [
      'Repetitive tool calls detected in the conversation history. The same tool call with identical name and arguments has been repeated across multiple consecutive rounds. Please modify your request or adjust the tool call arguments to avoid infinite loops.',
      'Repetitive tool calls detected in the conversation history',
    ],
    nativeCodes: ['InternalError.Algo.InvalidParameter', 'InvalidParameter'],
    causes: [
      {
        when: [
          'The results of the repeated calls are missing from `messages`.',
          '`messages` 中缺少这些重复调用的结果。',
        ],
        cause: [
          'The model never sees what the tool returned, so it asks for the same call in every round until the platform stops the loop.',
          '模型始终看不到工具返回的结果，于是每一轮都发起同样的调用，直到平台阻断循环。',
        ],
        fix: [
          'After each round append the result as a tool message before the next request.',
          '每一轮工具调用之后，先把结果以 tool 消息追加到 `messages`，再发送下一次请求。',
        ],
      },
      {
        when: [
          'The results are there, but they are the same every time or useless.',
          '结果已经回传，但每次相同或没有有效内容。',
        ],
        cause: [
          'The tool keeps giving the same or an invalid answer, and the model tries again with the same arguments.',
          '工具反复返回相同或无效的结果，模型便用同样的参数不断重试。',
        ],
        fix: [
          'Check the tool, put an upper limit on calls or a stop condition into the agent, and state in the prompt when the task is done. Start a new conversation to leave the loop.',
          '检查工具返回值，在应用侧加入调用次数上限或终止条件，并在提示词中说明任务何时算完成；新建会话即可跳出循环。',
        ],
      },
    ],
  },
]);

/** Seen on the wire, not on the error page. */
const observed = defineErrors(
  { ...invalidParameter, document: 'contract', section: '2.5 Tools and message order rules (all 400)', area: 'tools' },
  [
    {
      id: 'tools-call-without-result',
      messages: [
        'An assistant message with "tool_calls" must be followed by tool messages responding to each "tool_call_id". The following tool_call_ids did not have response messages: message[19].role',
      ],
      patterns: [
        'An assistant message with "tool_calls" must be followed by tool messages responding to each "tool_call_id". The following tool_call_ids did not have response messages: {place}',
        'An assistant message with "tool_calls" must be followed by tool messages responding to each "tool_call_id"',
      ],
      cause: [
        'The assistant asked for tool calls, and at least one of them has no tool message after it (reported at {place|the end of the turn}).',
        'assistant 消息发起了工具调用，但至少有一个调用后面没有对应的 tool 消息（报告位置：{place|该轮末尾}）。',
      ],
      fix: [
        'Answer every `tool_call_id` with one tool message right after the assistant message; for a call that was cancelled send a short note as its result.',
        '在该 assistant 消息之后，为每个 `tool_call_id` 各追加一条 tool 消息；已取消的调用也要返回一句说明作为结果。',
      ],
      related: ['tools-result-without-call'],
    },
    {
      id: 'tools-arguments-json',
      messages: ['The "function.arguments" parameter of the code model must be in JSON format.'],
      patterns: [
        'The "function.arguments" parameter of the code model must be in JSON format.',
        'function.arguments parameter of the code model must be in JSON format',
      ],
      cause: [
        'An earlier tool call in the history has arguments that are not valid JSON: empty, cut off, or changed by the client.',
        '历史消息里某次工具调用的 arguments 不是合法 JSON：为空、被截断或被客户端改动。',
      ],
      fix: [
        'Send arguments as a JSON object in a string, `"{}"` when there are none, and drop or mend calls that were cut off.',
        '把 arguments 写成 JSON 对象的字符串（没有参数时用 `"{}"`），并删除或修复被截断的调用。',
      ],
    },
    {
      id: 'tools-choice-thinking',
      messages: ['The tool_choice parameter does not support being set to required or object in thinking mode'],
      cause: [
        'In thinking mode a tool cannot be forced: `tool_choice` was "required" or named a tool.',
        '思考模式下不能强制调用工具，而 `tool_choice` 被设为 "required" 或指定了某个工具。',
      ],
      fix: [
        'Use `tool_choice: "auto"`, or switch thinking off for this call.',
        '改用 `tool_choice: "auto"`，或在本次调用关闭思考模式。',
      ],
      related: ['tools-choice-value'],
    },
  ],
);

export const toolsErrors: readonly ErrorRecord[] = [...documented, ...observed];
