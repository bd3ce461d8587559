import { defineErrors } from '../define.ts';
import type { ErrorRecord } from '../record.ts';
import { invalidParameter } from './invalid-parameter.ts';

/** Refusals around `enable_thinking`, `thinking_budget` and what thinking mode demands of other parameters. */
export const thinkingErrors: readonly ErrorRecord[] = defineErrors({ ...invalidParameter, area: 'thinking' }, [
  {
    id: 'thinking-needs-stream',
    messages: [
      'parameter.enable_thinking must be set to false for non-streaming calls/parameter.enable_thinking only support stream call',
    ],
    patterns: [
      'parameter.enable_thinking must be set to false for non-streaming calls',
      'parameter.enable_thinking only support stream call',
    ],
    cause: [
      'The model would think, and it can only do that while streaming, but the answer was asked for in one piece.',
      '模型处于思考模式，而该模型的思考模式只能流式输出，本次调用却要求一次性返回结果。',
    ],
    fix: [
      'Send `stream: true`, or switch thinking off for this call with `enable_thinking: false`.',
      '设置 `stream: true`，或用 `enable_thinking: false` 关闭本次调用的思考模式。',
    ],
    related: ['chat-stream-only', 'thinking-restricted'],
  },
  {
    id: 'thinking-budget-range',
    messages: ['The thinking_budget parameter must be a positive integer and not greater than xxx'],
    patterns: ['The thinking_budget parameter must be a positive integer and not greater than {max}'],
    causes: [
      {
        when: ['Your own code or request sets the value.', '取值来自自己的代码或请求。'],
        cause: [
          '`thinking_budget` is not a whole number from 1 to {max|the longest chain of thought of this model}.',
          '`thinking_budget` 不是 1 到 {max|该模型思维链最大长度} 之间的整数。',
        ],
        fix: [
          'Set `thinking_budget` to a whole number above 0 and at most {max|the limit in the model list}, or leave it out.',
          '把 `thinking_budget` 设为大于 0 且不超过 {max|模型列表所列上限} 的整数，或不传该参数。',
        ],
      },
      {
        when: ['It shows in OpenCode.', '在 OpenCode 中出现。'],
        cause: [
          '`options.thinking.budgetTokens` of the model in opencode.json is above its limit ({max|see the fix}).',
          'opencode.json 中该模型的 `options.thinking.budgetTokens` 超过上限（{max|见处理方法}）。',
        ],
        fix: [
          'Lower `budgetTokens`: qwen3.5-plus, qwen3-max-2026-01-23 and kimi-k2.5 up to 81,920; glm-5 and glm-4.7 up to 32,768; MiniMax-M2.5 32,768 together with the answer. Remove `options.thinking` for qwen3-coder-next and qwen3-coder-plus, which do not think.',
          '调低 `budgetTokens`：qwen3.5-plus、qwen3-max-2026-01-23、kimi-k2.5 不超过 81,920；glm-5、glm-4.7 不超过 32,768；MiniMax-M2.5 思考与回答合计 32,768。qwen3-coder-next、qwen3-coder-plus 不支持思考，需删除 `options.thinking`。',
        ],
      },
    ],
    related: ['chat-max-tokens-range'],
    alsoIn: [
      {
        document: 'coding-plan-faq',
        section:
          'OpenCode shows "The thinking_budget parameter must be a positive integer and not greater than 38912." What should I do?',
        message: 'The thinking_budget parameter must be a positive integer and not greater than 38912.',
      },
    ],
  },
  {
    id: 'thinking-needs-incremental-output',
    messages: ['The incremental_output parameter must be "true" when enable_thinking is true'],
    cause: [
      'In thinking mode the model streams increments only, and `incremental_output` was not set to true.',
      '思考模式下模型只支持增量流式输出，而请求没有把 `incremental_output` 设为 true。',
    ],
    fix: [
      'Set `incremental_output: true` and append each piece that arrives to the previous ones.',
      '设置 `incremental_output: true`，并在客户端把收到的各段内容依次拼接。',
    ],
    protocols: ['dashscope'],
    related: ['chat-incremental-output-only', 'thinking-needs-message-format'],
  },
  {
    id: 'thinking-restricted',
    messages: ['The value of the enable_thinking parameter is restricted to True.'],
    cause: [
      'This model always thinks (for example qwen3-235b-a22b-thinking-2507), and the request tried to switch thinking off.',
      '该模型始终处于思考模式（例如 qwen3-235b-a22b-thinking-2507），请求却试图关闭思考。',
    ],
    fix: [
      'Leave `enable_thinking` out or set it to true; in a chat tool such as Cherry Studio switch its thinking toggle on. To go without thinking, take another model.',
      '不传 `enable_thinking` 或设为 true；在 Cherry Studio 等工具中打开输入框的思考开关。若不需要思考，请换用其他模型。',
    ],
    related: ['thinking-unsupported', 'thinking-needs-stream'],
  },
  {
    id: 'thinking-needs-message-format',
    messages: ['The result_format parameter must be "message" when enable_thinking is true'],
    cause: [
      'A thinking model was called with a `result_format` other than "message", which has no place for the chain of thought.',
      '调用思考模式模型时 `result_format` 不是 "message"，这种返回格式无法承载思维链。',
    ],
    fix: ['Set `result_format` to "message".', '把 `result_format` 设为 "message"。'],
    protocols: ['dashscope'],
    related: ['thinking-needs-incremental-output'],
  },
  {
    id: 'thinking-unsupported',
    section: '400-InvalidParameter.NotSupportEnableThinking',
    nativeCodes: ['InvalidParameter.NotSupportEnableThinking'],
    messages: ['The model xxx does not support enable_thinking.'],
    patterns: ['The model {model} does not support enable_thinking.'],
    cause: [
      '{model|This model} has no thinking mode, so it does not know `enable_thinking`.',
      '{model|该模型}没有思考模式，不接受 `enable_thinking` 参数。',
    ],
    fix: [
      'Remove `enable_thinking` from the request, or choose a model with a thinking mode.',
      '从请求中删除 `enable_thinking`，或改用支持思考模式的模型。',
    ],
    related: ['thinking-restricted'],
  },
]);
