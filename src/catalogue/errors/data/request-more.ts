import { defineErrors } from '../define.ts';
import type { ErrorRecord } from '../record.ts';

/** The form of a request: fields that must be there, paths, size. */
export const requestMoreErrors: readonly ErrorRecord[] = defineErrors(
  {
    document: 'error-codes',
    section: '400-BadRequest.EmptyInput',
    status: [400],
    nativeCodes: [],
    compatibleCodes: [],
    protocols: ['dashscope'],
    area: 'request',
    origin: 'client',
    retryable: { kind: 'never' },
  },
  [
    {
      id: 'request-input-missing',
      nativeCodes: ['BadRequest.EmptyInput'],
      messages: ['Required input parameter missing from request.'],
      cause: ['The body has no `input` field.', '请求体缺少 `input` 字段。'],
      fix: [
        'Put messages or prompt inside `input`: `{"model": "...", "input": {"messages": [...]}, "parameters": {}}`. It must not stand beside `model`.',
        '把 messages 或 prompt 放入 `input`：`{"model": "...", "input": {"messages": [...]}, "parameters": {}}`，不要与 `model` 同级。',
      ],
      related: ['request-parameters-missing', 'request-model-missing'],
    },
    {
      id: 'request-parameters-missing',
      section: '400-BadRequest.EmptyParameters',
      nativeCodes: ['BadRequest.EmptyParameters'],
      messages: ['Required parameter "parameters" missing from request.'],
      cause: ['The body has no `parameters` field.', '请求体缺少 `parameters` 字段。'],
      fix: [
        'Add `"parameters": {}`, with the settings that the interface requires.',
        '补上 `"parameters": {}`，并填写接口要求的参数。',
      ],
      related: ['request-input-missing'],
    },
    {
      id: 'request-model-missing',
      section: '400-BadRequest.EmptyModel',
      nativeCodes: ['BadRequest.EmptyModel'],
      messages: ['Required parameter "model" missing from request.'],
      cause: ['The body names no model.', '请求体缺少 `model` 字段。'],
      fix: [
        'Add `"model": "qwen-plus"` (or the id that you want) at the top level.',
        '在顶层添加 `"model": "qwen-plus"`（或所需的模型 ID）。',
      ],
      related: ['request-input-missing'],
    },
    {
      id: 'request-input-not-json',
      section: '400-BadRequest.IllegalInput',
      nativeCodes: ['BadRequest.IllegalInput'],
      messages: ['The input parameter requires json format.'],
      cause: [
        '`input` is not a JSON object, or the body is not valid JSON.',
        '`input` 不是 JSON 对象，或请求体不是合法 JSON。',
      ],
      fix: [
        'Check the body with a JSON validator (`jq . body.json`), send `Content-Type: application/json`, and make sure that `input` is an object and no quoted string.',
        '用 `jq . body.json` 校验请求体，设置 `Content-Type: application/json`，并确认 `input` 是对象而不是字符串。',
      ],
    },
    {
      id: 'request-invalid',
      document: 'openai-chat',
      section: 'Error codes',
      compatibleCodes: ['invalid_request_error'],
      protocols: ['openai', 'anthropic'],
      generic: true,
      priority: -1,
      messages: ['400 - Invalid Request Error'],
      patterns: ['Invalid Request Error'],
      cause: [
        'Form or content of the request is not accepted: most often a required field is missing or a value has the wrong type.',
        '请求的格式或内容无效，常见原因是缺少必填参数或参数类型错误。',
      ],
      fix: [
        'Read the message that comes with it: it names the field. Compare the body with the interface reference, starting with `model`, `messages` and `max_tokens`.',
        '查看随附的具体消息，其中会指出字段；对照接口文档检查，先看 `model`、`messages`、`max_tokens`。',
      ],
      alsoIn: [{ document: 'anthropic-messages', section: 'Error codes', message: 'invalid_request_error' }],
    },
    {
      id: 'request-not-found',
      section: '404-NotFound',
      status: [404],
      nativeCodes: ['NotFound'],
      protocols: ['openai', 'anthropic', 'dashscope'],
      generic: true,
      messages: ['Not found!'],
      cause: ['What the call asks for or wants to change does not exist.', '要查询或操作的资源不存在。'],
      fix: [
        'Check the id in the path or body (task, file, batch, voice), that it is of this account and region, and that it has not expired; tasks are kept 24 hours.',
        '核对路径或请求体中的 ID（任务、文件、Batch、音色等），确认属于当前账号与地域且未过期；任务结果只保留 24 小时。',
      ],
      alsoIn: [
        {
          document: 'contract',
          section: '3.1 Catalogue for the sandbox (HTTP - native code / compatible code - message)',
          message: 'NotFound',
        },
      ],
    },
    {
      id: 'request-path-not-found',
      document: 'coding-plan-faq',
      section: 'Common errors and solutions',
      status: [404],
      compatibleCodes: ['not_found_error'],
      protocols: ['openai', 'anthropic', 'client'],
      messages: ['404 status code (no body)'],
      patterns: ['404 status code (no body)'],
      causes: [
        {
          when: ['Every call of the tool fails.', '工具的所有请求都失败。'],
          cause: [
            'The base URL has the wrong path, so the client asks for an address that does not exist (e.g. `/v1/v1/messages`).',
            'Base URL 路径错误，客户端请求了不存在的地址（如 `/v1/v1/messages`）。',
          ],
          fix: [
            'Claude Code: `https://coding-intl.dashscope.aliyuncs.com/apps/anthropic` (China: coding.dashscope.aliyuncs.com) without `/v1`. OpenAI-compatible tools: `.../v1`. OpenCode with the Anthropic package: `.../apps/anthropic/v1`.',
            'Claude Code：`https://coding-intl.dashscope.aliyuncs.com/apps/anthropic`（中国站 coding.dashscope.aliyuncs.com），末尾不带 `/v1`；OpenAI 兼容工具：`.../v1`；OpenCode 使用 Anthropic 包时：`.../apps/anthropic/v1`。',
          ],
        },
        {
          when: ['Chat works, only some feature fails.', '对话正常，仅个别功能报错。'],
          cause: [
            'The tool asks for something that the platform does not serve here: `/models` on a Coding Plan host or under `/apps/anthropic`, `count_tokens`, or `/responses` on a Coding Plan.',
            '工具请求了此处没有的接口：Coding Plan 或 `/apps/anthropic` 下的 `/models`、`count_tokens`，以及 Coding Plan 的 `/responses`。',
          ],
          fix: [
            'Enter the model ids by hand. For Codex on a Coding Plan use version 0.80.0 or older with `wire_api = "chat"`.',
            '手动填写模型 ID；Codex 使用 Coding Plan 时请使用 0.80.0 或更早版本，并设置 `wire_api = "chat"`。',
          ],
        },
      ],
      related: ['model-not-found', 'auth-invalid-api-key'],
      alsoIn: [
        { document: 'anthropic-messages', section: 'Error codes', message: 'not_found_error' },
        { document: 'contract', section: '1.1 Base URLs' },
        { document: 'contract', section: '2.6 Other OpenAI-compatible endpoints' },
      ],
    },
    {
      id: 'request-too-large',
      document: 'coding-plan-faq',
      section: 'OpenCode shows "Request Entity Too Large." What should I do?',
      status: [413],
      protocols: ['openai', 'anthropic', 'dashscope', 'client'],
      generic: true,
      messages: ['Request Entity Too Large'],
      patterns: ['Request Entity Too Large', 'request too large'],
      causes: [
        {
          when: ['It shows in a coding tool.', '在编程工具中出现。'],
          cause: [
            'The conversation with all its files is over the input limit; in OpenCode versions before 1.2.16 it also shows without need.',
            '对话历史与代码上下文超过输入上限；1.2.16 之前的 OpenCode 存在相关缺陷。',
          ],
          fix: [
            'In OpenCode type `/new` for a fresh session or `/compact` to shorten this one. If it stays, update OpenCode to 1.2.16 or newer.',
            '在 OpenCode 中输入 `/new` 新建会话或 `/compact` 压缩上下文；若仍报错，升级 OpenCode 到 1.2.16 或更高版本。',
          ],
        },
        {
          when: ['The request carries base64 media.', '请求中带有 base64 媒体。'],
          cause: [
            'The HTTP body is over the limit: 16 MiB without base64, 20 MiB for one base64 item (32 MiB on the Anthropic path), 64 MiB in total.',
            'HTTP 请求体超限：不含 base64 时 16 MiB，单个 base64 项 20 MiB（Anthropic 接口 32 MiB），总计 64 MiB。',
          ],
          fix: [
            'Send pictures, sound and video as URLs, compress them, and drop old turns.',
            '图片、音频、视频改用 URL 传入或先压缩，并删除较早的对话轮次。',
          ],
        },
      ],
      related: ['files-payload-too-large'],
      alsoIn: [
        {
          document: 'contract',
          section: '3.1 Catalogue for the sandbox (HTTP - native code / compatible code - message)',
          message: 'request too large',
        },
        { document: 'contract', section: '2.1 POST /chat/completions, request body' },
      ],
    },
  ],
);
