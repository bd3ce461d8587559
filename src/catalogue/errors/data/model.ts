import { defineErrors } from '../define.ts';
import type { ErrorRecord } from '../record.ts';

/** Model names: unknown, retired, or not served on this interface. */
export const modelErrors: readonly ErrorRecord[] = defineErrors(
  {
    document: 'error-codes',
    section: '404-ModelNotFound/model_not_found',
    status: [404],
    nativeCodes: ['ModelNotFound'],
    compatibleCodes: [],
    protocols: ['openai', 'anthropic', 'dashscope'],
    area: 'model',
    origin: 'client',
    retryable: { kind: 'never' },
  },
  [
    {
      id: 'model-not-found',
      compatibleCodes: ['model_not_found', 'not_found_error'],
      generic: 'code',
      messages: [
        'Model can not be found. / The model xxx does not exist. / The model xxx does not exist or you do not have access to it.',
      ],
      patterns: [
        'Model can not be found.',
        'The model {model} does not exist.',
        'The model {model} does not exist or you do not have access to it.',
      ],
      causes: [
        {
          when: ['The name is not in the model list.', '模型列表中没有该名称。'],
          cause: [
            'There is no model {model|with this name}: the spelling, the capital letters or blanks around it are wrong, or it is an open-source name such as `Qwen/Qwen3-...`.',
            '不存在名为 {model|该名称} 的模型：拼写、大小写有误，前后有空格，或使用了 `Qwen/Qwen3-...` 这类开源社区名称。',
          ],
          fix: [
            'Copy the id from the model list of your region and put it into `model` exactly, e.g. `qwen-plus`.',
            '从所在地域的模型列表复制模型 ID，原样填入 `model`，例如 `qwen-plus`。',
          ],
        },
        {
          when: ['The name is in the model list.', '模型列表中有该名称。'],
          cause: [
            'The model exists, but Model Studio or this model is not activated for the account.',
            '模型存在，但账号尚未开通百炼或该模型。',
          ],
          fix: ['Activate it in the model marketplace of the console.', '在控制台的模型广场开通模型服务。'],
        },
      ],
      related: ['model-not-found-or-supported', 'model-compatible-unsupported', 'plan-model-unsupported'],
      alsoIn: [
        { document: 'anthropic-messages', section: 'Error codes', message: 'not_found_error' },
        {
          document: 'contract',
          section: '3.1 Catalogue for the sandbox (HTTP - native code / compatible code - message)',
          message: 'The model xxx does not exist or you do not have access to it.',
        },
      ],
    },
    {
      id: 'model-not-found-or-supported',
      document: 'contract',
      section: '3. (B) Error envelopes',
      status: [500],
      nativeCodes: ['error'],
      protocols: ['anthropic'],
      messages: ["model 'MiniMax-M2.1' not found or not supported"],
      patterns: ["model '{model}' not found or not supported"],
      cause: [
        'The Anthropic-compatible endpoint does not know or not serve the model {model|that was named}. It comes as HTTP 500, yet the name is at fault.',
        'Anthropic 兼容接口不认识或不支持模型 {model|（请求中指定的模型）}。虽然状态码为 500，问题在于模型名称。',
      ],
      fix: [
        'Name a model that this endpoint serves, e.g. `qwen3.7-plus`; in Claude Code set `ANTHROPIC_MODEL` and the `ANTHROPIC_DEFAULT_*_MODEL` variables. Retrying does not help.',
        '改用该接口支持的模型，例如 `qwen3.7-plus`；Claude Code 请设置 `ANTHROPIC_MODEL` 与 `ANTHROPIC_DEFAULT_*_MODEL` 变量。重试无效。',
      ],
      related: ['model-not-found'],
    },
    {
      id: 'model-compatible-unsupported',
      section: '404-model_not_supported',
      nativeCodes: [],
      compatibleCodes: ['model_not_supported'],
      protocols: ['openai'],
      messages: ['Unsupported model xxx for OpenAI compatibility mode.'],
      patterns: ['Unsupported model {model} for OpenAI compatibility mode.'],
      cause: [
        'The model {model|that was named} is not offered over the OpenAI-compatible interface.',
        '模型 {model|（请求中指定的模型）} 不支持 OpenAI 兼容方式调用。',
      ],
      fix: [
        'Call it over the DashScope interface (`/api/v1/services/...`) or with the DashScope SDK.',
        '改用 DashScope 原生接口（`/api/v1/services/...`）或 DashScope SDK。',
      ],
      related: ['model-not-found'],
      alsoIn: [
        {
          document: 'contract',
          section: '3.1 Catalogue for the sandbox (HTTP - native code / compatible code - message)',
          message: 'Unsupported model xxx for OpenAI compatibility mode.',
        },
      ],
    },
    {
      id: 'model-endpoint-retired',
      section: '403-Endpoint.AccessDenied',
      status: [403],
      nativeCodes: ['Endpoint.AccessDenied'],
      messages: ['Workspace endpoint access denied.'],
      cause: [
        'Most likely the model was taken out of service, as happens to old snapshots (e.g. qwen-max-2025-01-25); its endpoint is closed.',
        '多半是模型已下线，例如历史快照 qwen-max-2025-01-25，下线后接入点不可用。',
      ],
      fix: [
        'Change `model` to a current version, e.g. the name without the date, and look at the retirement notices for the successor.',
        '把 `model` 改为在线版本（例如不带日期的主版本），并在下线公告中查看替代模型。',
      ],
      related: ['model-not-found'],
      alsoIn: [
        {
          document: 'contract',
          section: '3.1 Catalogue for the sandbox (HTTP - native code / compatible code - message)',
          message: 'Endpoint.AccessDenied',
        },
      ],
    },
  ],
);
