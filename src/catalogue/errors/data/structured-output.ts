import { defineErrors } from '../define.ts';
import type { ErrorRecord } from '../record.ts';
import { invalidParameter } from './invalid-parameter.ts';

/** Refusals around `response_format`. */
export const structuredOutputErrors: readonly ErrorRecord[] = defineErrors(
  { ...invalidParameter, area: 'structured-output' },
  [
    {
      id: 'structured-output-json-word',
      messages: [
        "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.",
      ],
      cause: [
        'JSON output was asked for, but no message contains the word "json".',
        '请求启用了 JSON 结构化输出，但所有消息中都没有出现 “json” 一词。',
      ],
      fix: [
        'Mention JSON in the system or user message (upper or lower case), for example "Answer in JSON".',
        '在系统消息或用户消息中写明 JSON（不区分大小写），例如“请以 JSON 格式回答”。',
      ],
      related: ['structured-output-thinking', 'structured-output-format'],
    },
    {
      id: 'structured-output-thinking',
      messages: ['Json mode response is not supported when enable_thinking is true'],
      cause: [
        'JSON output and thinking mode were both switched on, and this model can do only one at a time.',
        '同时开启了结构化输出和思考模式，而该模型不支持两者并用。',
      ],
      fix: [
        'Set `enable_thinking: false` for structured output, or let the thinking model answer freely and have a second call turn the answer into JSON.',
        '使用结构化输出时设置 `enable_thinking: false`；或先让思考模型自由作答，再用另一次调用把结果整理为 JSON。',
      ],
      related: ['structured-output-json-word'],
    },
    {
      id: 'structured-output-format',
      messages: [
        "Unknown format of response_format, response_format should be a dict, includes 'type' and an optional key 'json_schema'. The response_format type from user is xxx.",
      ],
      patterns: [
        "Unknown format of response_format, response_format should be a dict, includes 'type' and an optional key 'json_schema'. The response_format type from user is {type}.",
      ],
      cause: [
        '`response_format` has a form the service does not know (received: {type|another type}); it has to be an object with a `type`.',
        '`response_format` 的形式无法识别（收到的类型：{type|其他类型}），它必须是带有 `type` 的对象。',
      ],
      fix: [
        'Send `response_format: {"type": "json_object"}`.',
        '把 `response_format` 设置为 `{"type": "json_object"}`。',
      ],
      related: ['structured-output-json-word'],
    },
  ],
);
