import { defineErrors } from '../define.ts';
import type { ErrorRecord } from '../record.ts';

/** Keys that are refused: wrong, missing, or sent to the host of another product or region. */
export const authErrors: readonly ErrorRecord[] = defineErrors(
  {
    document: 'error-codes',
    section: '401-InvalidApiKey/invalid_api_key',
    status: [401],
    nativeCodes: ['InvalidApiKey'],
    compatibleCodes: ['invalid_api_key'],
    protocols: ['openai', 'anthropic', 'dashscope'],
    area: 'auth',
    origin: 'client',
    retryable: { kind: 'never' },
  },
  [
    {
      id: 'auth-invalid-api-key',
      generic: true,
      messages: ['Invalid API-key provided. / Incorrect API key provided.'],
      patterns: ['Invalid API-key provided.', 'Incorrect API key provided.'],
      causes: [
        {
          when: [
            'The key starts with sk-sp-, or the host name starts with coding.',
            'Key 以 sk-sp- 开头，或主机名以 coding 开头。',
          ],
          signs: { hosts: ['coding.', 'coding-intl.'] },
          cause: [
            'A Coding Plan key (`sk-sp-`) was sent to another host than that of the Coding Plan, or a general key (`sk-`) to the host of the plan.',
            '把 Coding Plan 专属 Key（`sk-sp-`）用在了非 Coding Plan 的地址上，或把通用 Key（`sk-`）用在了套餐地址上。',
          ],
          fix: [
            'Use key and base URL of the same product. For the plan: `https://coding-intl.dashscope.aliyuncs.com/v1` (OpenAI) or `https://coding-intl.dashscope.aliyuncs.com/apps/anthropic` (Anthropic); OpenCode needs `/apps/anthropic/v1`. In OpenClaw also delete `providers.bailian` from ~/.openclaw/agents/main/agent/models.json and restart it.',
            '让 Key 与 Base URL 属于同一产品。套餐地址：`https://coding-intl.dashscope.aliyuncs.com/v1`（OpenAI 兼容）或 `https://coding-intl.dashscope.aliyuncs.com/apps/anthropic`（Anthropic 兼容）；OpenCode 使用 `/apps/anthropic/v1`。OpenClaw 还需删除 ~/.openclaw/agents/main/agent/models.json 中的 `providers.bailian` 并重启。',
          ],
        },
        {
          when: ['The key works in the console of another region.', '该 Key 在另一地域的控制台页面创建。'],
          cause: [
            'The key is of another region than the host: keys of Beijing, Singapore and Virginia are not interchangeable.',
            'API Key 与 Base URL 不在同一地域：北京、新加坡、弗吉尼亚的 Key 不能混用。',
          ],
          fix: [
            'Beijing: `https://dashscope.aliyuncs.com/compatible-mode/v1`; Singapore: `https://{WorkspaceId}.ap-southeast-1.maas.aliyuncs.com/compatible-mode/v1` (older: `dashscope-intl.aliyuncs.com`); Virginia: `https://dashscope-us.aliyuncs.com/compatible-mode/v1`. Native calls end in `/api/v1` instead.',
            '北京：`https://dashscope.aliyuncs.com/compatible-mode/v1`；新加坡：`https://{WorkspaceId}.ap-southeast-1.maas.aliyuncs.com/compatible-mode/v1`（旧域名 `dashscope-intl.aliyuncs.com`）；弗吉尼亚：`https://dashscope-us.aliyuncs.com/compatible-mode/v1`。DashScope 原生接口的路径为 `/api/v1`。',
          ],
        },
        {
          when: [
            'Printing the key in your program shows None or an unexpected value.',
            '在程序中打印 Key，得到 None 或意外的值。',
          ],
          cause: [
            'The program reads the wrong variable: `os.getenv("sk-xxx")` looks for a variable of that name and finds nothing.',
            '代码读取了错误的环境变量：`os.getenv("sk-xxx")` 会去找名为 sk-xxx 的变量，结果为空。',
          ],
          fix: [
            'Write `api_key=os.getenv("DASHSCOPE_API_KEY")` and set the variable before the start; for a quick test only, `api_key="sk-..."`.',
            '改为 `api_key=os.getenv("DASHSCOPE_API_KEY")`，并在运行前设置该变量；仅调试时可直接写 `api_key="sk-..."`。',
          ],
        },
        {
          when: ['Key, host and region belong together.', 'Key、地址与地域都对应无误。'],
          cause: [
            'The key is empty, cut off, has blanks or line breaks, belongs to another vendor, or was deleted; a plan key also dies with its subscription.',
            'Key 为空、不完整、含空格或换行、属于其他厂商，或已被删除；套餐到期后其专属 Key 也会失效。',
          ],
          fix: [
            'Copy the whole key again from the page of its product; Model Studio keys start with `sk-`. If it is gone or the plan has ended, create a new one or renew, and replace it in every tool.',
            '到对应页面重新完整复制 Key；百炼的 Key 以 `sk-` 开头。若 Key 已删除或套餐到期，重新创建或续订，并更新所有工具中的配置。',
          ],
        },
        {
          when: ['The same key works with curl against the same host.', '同一 Key 用 curl 访问同一地址可以成功。'],
          cause: [
            'A third-party tool is not adapted: recent Dify plugins are unstable, and old Cline versions fail with the provider "Alibaba Qwen".',
            '第三方工具适配问题：新版 Dify 插件不稳定；旧版 Cline 使用“Alibaba Qwen”提供商会失败。',
          ],
          fix: [
            'In Dify install an older version of the Qwen plugin; in Cline choose "OpenAI Compatible" and enter base URL and key there.',
            'Dify 中安装较旧版本的通义千问插件；Cline 中选择 “OpenAI Compatible” 并填写 Base URL 与 Key。',
          ],
        },
      ],
      related: ['auth-access-token-invalid', 'auth-invalid-api-key-forbidden', 'auth-no-api-key'],
      alsoIn: [
        {
          document: 'coding-plan-faq',
          section: 'Why do I get "HTTP 401: Incorrect API key provided."?',
          message: 'HTTP 401: Incorrect API key provided.',
        },
        { document: 'openai-chat', section: 'Error response', message: 'Incorrect API key provided.' },
        { document: 'openai-chat', section: 'Error codes', message: '401 - Incorrect API key provided' },
        { document: 'contract', section: '3. (B) Error envelopes', message: 'Incorrect API key provided.' },
        {
          document: 'contract',
          section: '3.1 Catalogue for the sandbox (HTTP - native code / compatible code - message)',
          message: 'Invalid API-key provided.',
        },
      ],
    },
    {
      id: 'auth-no-api-key',
      document: 'contract',
      section: '5. (D) Anthropic-compatible',
      messages: ['No API-key provided.'],
      patterns: ['No API-key provided.'],
      cause: [
        'No key arrived. On plan hosts a key in the header `x-api-key` alone does not count.',
        '请求中没有带上 Key。套餐地址不接受仅通过 `x-api-key` 头传递的 Key。',
      ],
      fix: [
        'Send `Authorization: Bearer <key>`. In Claude Code set `ANTHROPIC_AUTH_TOKEN` instead of `ANTHROPIC_API_KEY`.',
        '使用 `Authorization: Bearer <key>` 请求头。Claude Code 请设置 `ANTHROPIC_AUTH_TOKEN`，不要用 `ANTHROPIC_API_KEY`。',
      ],
      related: ['auth-invalid-api-key'],
    },
    {
      id: 'auth-access-token-invalid',
      section: '401-invalid access token or token expired',
      nativeCodes: [],
      compatibleCodes: [],
      messages: ['invalid access token or token expired.'],
      causes: [
        {
          when: ['You bought a Token Plan.', '你购买的是 Token Plan。'],
          cause: [
            'A Token Plan key was sent to the address of the Coding Plan or of another plan. The keys look alike (`sk-sp-`) but are not interchangeable.',
            '把 Token Plan 的 Key 用在了 Coding Plan 或其他套餐的地址上。两种 Key 前缀相同（`sk-sp-`），但不能互换。',
          ],
          fix: [
            'Use the Token Plan address: `https://token-plan.cn-beijing.maas.aliyuncs.com/apps/anthropic` or `.../compatible-mode/v1` (Singapore: `token-plan.ap-southeast-1...`).',
            '使用 Token Plan 专属地址：`https://token-plan.cn-beijing.maas.aliyuncs.com/apps/anthropic` 或 `.../compatible-mode/v1`（新加坡：`token-plan.ap-southeast-1...`）。',
          ],
        },
        {
          when: ['The key does not start with sk-sp-.', 'Key 不是以 sk-sp- 开头。'],
          cause: [
            'A general key (`sk-`) was sent to the address of the Coding Plan.',
            '在 Coding Plan 地址上使用了通用 Key（`sk-`）。',
          ],
          fix: [
            'Copy the plan key (`sk-sp-`) from the Coding Plan page and enter it instead.',
            '在 Coding Plan 页面复制专属 Key（`sk-sp-`）并替换。',
          ],
        },
        {
          when: ['The Coding Plan page shows no active plan.', 'Coding Plan 页面显示没有有效套餐。'],
          cause: ['The Coding Plan subscription has ended.', 'Coding Plan 订阅已到期。'],
          fix: [
            'Look at the Coding Plan page. After the end of a plan it has to be bought anew, which gives a new key for all tools.',
            '在 Coding Plan 页面查看到期时间。到期后只能重新购买，并会得到新的 Key，需要在所有工具中更换。',
          ],
        },
        {
          when: ['Plan and address fit, yet it is refused.', '套餐与地址都正确但仍被拒绝。'],
          cause: ['The key is cut off, has blanks in it or is malformed.', 'Key 不完整、含空格或格式错误。'],
          fix: [
            'Copy it again in full. If the error stays, reset the key on the Coding Plan page and update every tool.',
            '重新完整复制；若仍报错，在 Coding Plan 页面重置 Key 并更新所有工具。',
          ],
        },
      ],
      related: ['auth-invalid-api-key', 'auth-invalid-api-key-forbidden'],
      alsoIn: [
        {
          document: 'coding-plan-faq',
          section: 'Common errors and solutions',
          message: '401 invalid access token or token expired',
        },
        {
          document: 'contract',
          section: '3.1 Catalogue for the sandbox (HTTP - native code / compatible code - message)',
          message: 'invalid access token or token expired',
        },
      ],
    },
    {
      id: 'auth-invalid-api-key-forbidden',
      document: 'coding-plan-faq',
      section: 'Common errors and solutions',
      status: [403],
      nativeCodes: [],
      compatibleCodes: ['authentication_error'],
      messages: ['403 invalid api-key'],
      patterns: ['invalid api-key', '403 invalid api-key'],
      causes: [
        {
          when: ['The key starts with sk-sp-.', 'Key 以 sk-sp- 开头。'],
          cause: [
            'A Coding Plan key was sent to the general Model Studio address.',
            '把 Coding Plan 专属 Key 用在了百炼通用 Base URL 上。',
          ],
          fix: [
            'Change the base URL to `https://coding-intl.dashscope.aliyuncs.com/v1` (OpenAI) or `https://coding-intl.dashscope.aliyuncs.com/apps/anthropic` (Anthropic); with a plan bought on the China site the host is coding.dashscope.aliyuncs.com.',
            '把 Base URL 改为 `https://coding-intl.dashscope.aliyuncs.com/v1`（OpenAI 兼容）或 `https://coding-intl.dashscope.aliyuncs.com/apps/anthropic`（Anthropic 兼容）；中国站购买的套餐使用 coding.dashscope.aliyuncs.com。',
          ],
        },
        {
          when: ['Error type authentication_error, general key.', '错误类型为 authentication_error，且使用通用 Key。'],
          signs: { codes: ['authentication_error'] },
          cause: [
            'On the Anthropic-compatible endpoint the key is missing or wrong.',
            'Anthropic 兼容接口的请求头中没有 Key，或 Key 不正确。',
          ],
          fix: [
            'Set `ANTHROPIC_AUTH_TOKEN` (or `x-api-key` for pay as you go) to a key of the region of the host.',
            '把 `ANTHROPIC_AUTH_TOKEN`（按量付费也可用 `x-api-key`）设为与地址同地域的 Key。',
          ],
        },
      ],
      related: ['auth-invalid-api-key', 'auth-access-token-invalid'],
      alsoIn: [
        { document: 'anthropic-messages', section: 'Error codes', message: 'authentication_error' },
        {
          document: 'contract',
          section: '3.1 Catalogue for the sandbox (HTTP - native code / compatible code - message)',
          message: 'invalid api-key',
        },
      ],
    },
  ],
);
