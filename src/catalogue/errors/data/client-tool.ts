import { defineErrors } from '../define.ts';
import type { ErrorRecord } from '../record.ts';

/** Messages that coding tools print by themselves: Claude Code, OpenCode, OpenClaw and others. */
export const clientToolErrors: readonly ErrorRecord[] = defineErrors(
  {
    document: 'coding-plan-faq',
    section: 'Claude Code shows "Claude Code has switched from npm to native installer." What should I do?',
    status: [],
    nativeCodes: [],
    compatibleCodes: [],
    protocols: ['client'],
    area: 'client-tool',
    origin: 'client-tool',
    retryable: { kind: 'never' },
  },
  [
    {
      id: 'client-tool-claude-code-native-installer',
      messages: ['Claude Code has switched from npm to native installer.'],
      patterns: ['Claude Code has switched from npm to native installer.'],
      cause: [
        'A notice, no failure: Claude Code is now installed by its own installer and no longer through npm.',
        '这是提示而不是错误：Claude Code 改用原生安装程序，不再通过 npm 安装。',
      ],
      fix: [
        'Go on working; to move over, run `claude install` in the terminal and follow the steps.',
        '不影响使用；如需迁移，在终端执行 `claude install` 并按提示操作。',
      ],
    },
    {
      id: 'client-tool-claude-code-onboarding',
      section:
        'Claude Code error: "Unable to connect to Anthropic services. Failed to connect to api.anthropic.com: ERR_BAD_REQUEST." What should I do?',
      messages: ['Unable to connect to Anthropic services. Failed to connect to api.anthropic.com: ERR_BAD_REQUEST.'],
      patterns: [
        'Unable to connect to Anthropic services. Failed to connect to api.anthropic.com: ERR_BAD_REQUEST.',
        'Unable to connect to Anthropic services',
        'Failed to connect to api.anthropic.com',
      ],
      cause: [
        'At its first start Claude Code wants to sign in at api.anthropic.com, which cannot be reached where Claude Code is not offered.',
        'Claude Code 首次启动会连接 api.anthropic.com 进行认证，在不提供服务的地区会失败。',
      ],
      fix: [
        'Add `"hasCompletedOnboarding": true` at the top level of ~/.claude.json, keep everything else in the file, save it and start `claude` again.',
        '在 ~/.claude.json 顶层添加 `"hasCompletedOnboarding": true`（保留其他内容），保存后重新启动 `claude`。',
      ],
      alsoIn: [{ document: 'contract', section: '5. (D) Anthropic-compatible' }],
    },
    {
      id: 'client-tool-openclaw-unconfigured-models',
      section: 'Why do I see call records of models that I never configured in OpenClaw?',
      messages: [],
      patterns: ['call records of models that I never configured in OpenClaw'],
      cause: [
        'OpenClaw may use any model, because ~/.openclaw/openclaw.json does not name the allowed ones.',
        'openclaw.json 没有通过 `agents.defaults.models` 限定可用模型，OpenClaw 可能调用其他模型。',
      ],
      fix: [
        'List the models that it may use under `agents.defaults.models` in ~/.openclaw/openclaw.json and restart the gateway.',
        '在 ~/.openclaw/openclaw.json 的 `agents.defaults.models` 中声明允许的模型，然后重启网关。',
      ],
    },
    {
      id: 'client-tool-openclaw-hangs',
      section: 'OpenClaw shows "Connected" but chat responses hang or spin endlessly. What should I do?',
      messages: [],
      patterns: [
        'OpenClaw shows "Connected" but chat responses hang or spin endlessly',
        'Connected but chat responses hang',
      ],
      causes: [
        {
          when: ['A proxy or VPN is running.', '正在使用代理或 VPN。'],
          cause: [
            'A VPN or HTTP proxy on the machine catches or blocks calls to coding.dashscope.aliyuncs.com.',
            '本机的 VPN 或 HTTP 代理拦截了对 coding.dashscope.aliyuncs.com 的请求。',
          ],
          fix: ['Switch the proxy off or let this host pass directly.', '关闭代理，或将该域名加入直连。'],
        },
        {
          when: ['The base URL was changed before.', '之前修改过 Base URL。'],
          cause: ['The cache of OpenClaw holds an old address.', 'OpenClaw 缓存中的 Base URL 不正确。'],
          fix: [
            'Delete ~/.openclaw/agents/main/agent/models.json and restart OpenClaw; it writes the file anew from ~/.openclaw/openclaw.json.',
            '删除 ~/.openclaw/agents/main/agent/models.json 并重启 OpenClaw，缓存会根据 ~/.openclaw/openclaw.json 重建。',
          ],
        },
      ],
    },
    {
      id: 'client-tool-openclaw-oauth',
      section: 'OpenClaw shows "Agent failed before reply: OAuth token refresh failed." What should I do?',
      messages: ['Agent failed before reply: OAuth token refresh failed.'],
      patterns: ['OAuth token refresh failed'],
      cause: [
        'OpenClaw is connected to another service by OAuth and not to the Coding Plan.',
        'OpenClaw 当前连接的是第三方 OAuth 服务，而不是 Coding Plan。',
      ],
      fix: [
        'Set the provider `bailian` up with the plan key, save copies of ~/.openclaw/agents/main/agent/auth.json and models.json, delete both, and run `openclaw gateway restart`.',
        '用套餐 Key 配置 `bailian` 提供商；备份后删除 ~/.openclaw/agents/main/agent/auth.json 与 models.json，再执行 `openclaw gateway restart`。',
      ],
    },
    {
      id: 'client-tool-openclaw-unknown-model',
      section: 'OpenClaw shows "Agent failed before reply: Unknown model." What should I do?',
      messages: ['Agent failed before reply: Unknown model.'],
      patterns: ['Agent failed before reply: Unknown model', 'Unknown model: {model}'],
      causes: [
        {
          when: [
            'There is no provider "bailian", or primary has another prefix.',
            '没有 bailian 提供商，或 primary 前缀不对。',
          ],
          cause: [
            'The provider key or the prefix of the model is wrong.',
            '`models.providers` 的键名或模型前缀不正确。',
          ],
          fix: [
            'In ~/.openclaw/openclaw.json name the provider `bailian` under `models.providers`, and begin `agents.defaults.model.primary` with `bailian/`, e.g. `bailian/qwen3.5-plus`.',
            '在 ~/.openclaw/openclaw.json 的 `models.providers` 中使用 `bailian` 作为键名，`agents.defaults.model.primary` 以 `bailian/` 开头，例如 `bailian/qwen3.5-plus`。',
          ],
        },
        {
          when: ['Other providers are still configured.', '仍保留其他提供商配置。'],
          cause: [
            'Entries of providers used earlier (such as qwen-portal) catch the call.',
            '旧的提供商配置（如 qwen-portal）造成路由冲突。',
          ],
          fix: [
            'Remove providers that you do not need, and see that the primary model is in the list `models.providers.bailian.models`.',
            '删除无关的提供商，并确认 primary 引用的模型在 `models.providers.bailian.models` 列表中。',
          ],
        },
      ],
      related: ['client-tool-openclaw-no-key'],
    },
    {
      id: 'client-tool-openclaw-no-key',
      section: 'OpenClaw shows "No API key found for provider \'xxxxx\'." What should I do?',
      messages: ["No API key found for provider 'xxxxx'."],
      patterns: ["No API key found for provider '{provider}'", 'No API key found for provider {provider}'],
      causes: [
        {
          when: ['models.providers has no such entry.', 'models.providers 中没有该条目。'],
          cause: [
            'The configuration has no provider {provider|of that name}.',
            '配置中没有名为 {provider|（见消息）} 的提供商。',
          ],
          fix: [
            'Add it under `models.providers` in ~/.openclaw/openclaw.json; for the Coding Plan the key of the entry is `bailian`.',
            '在 ~/.openclaw/openclaw.json 的 `models.providers` 中添加；Coding Plan 使用 `bailian` 作为键名。',
          ],
        },
        {
          when: ['The entry is there.', '条目存在。'],
          cause: [
            'The key of the provider is empty, has blanks or is of the wrong kind.',
            '该提供商的 Key 为空、含空格或类型不对。',
          ],
          fix: [
            'Enter the plan key (`sk-sp-`). In the web page `__OPENCLAW_REDACTED__` means that a key is stored; a blank field or `YOUR_API_KEY` means that it has to be entered.',
            '填写套餐 Key（`sk-sp-`）。Web UI 显示 `__OPENCLAW_REDACTED__` 表示已保存；为空或 `YOUR_API_KEY` 则需重新填写。',
          ],
        },
        {
          when: ['Entry and key are right.', '条目与 Key 都正确。'],
          cause: ['OpenClaw still uses old credentials from its cache.', 'OpenClaw 仍使用旧的本地凭证缓存。'],
          fix: [
            'Save copies of ~/.openclaw/agents/main/agent/auth-profiles.json and models.json, delete both, and run `openclaw gateway restart`.',
            '备份后删除 ~/.openclaw/agents/main/agent/auth-profiles.json 与 models.json，再执行 `openclaw gateway restart`。',
          ],
        },
      ],
      related: ['client-tool-openclaw-unknown-model', 'auth-no-api-key'],
    },
    {
      id: 'client-tool-openclaw-rate-limit',
      section: 'OpenClaw shows "API rate limit reached." What should I do?',
      retryable: { kind: 'backoff' },
      priority: 1,
      messages: ['API rate limit reached.'],
      patterns: ['API rate limit reached'],
      causes: [
        {
          when: ['The address has no "coding" in it.', '地址中没有 coding。'],
          cause: [
            'Base URL or provider are wrong, so that calls go to the general interface and run into its limits.',
            'Base URL 或提供商配置错误，请求走了通用接口并触发限流。',
          ],
          fix: [
            'Compare `models`, `agents` and `gateway` in ~/.openclaw/openclaw.json with the documented form; the provider has to stand under `models.providers.bailian` with a `coding` address.',
            '对照文档检查 ~/.openclaw/openclaw.json 的 `models`、`agents`、`gateway`；提供商应位于 `models.providers.bailian`，地址包含 `coding`。',
          ],
        },
        {
          when: ['The Coding Plan page shows no calls left.', 'Coding Plan 页面显示额度为零。'],
          cause: ['The calls of the plan are used up.', '套餐额度已用尽。'],
          fix: [
            'Look up use and next reset on the Coding Plan page; raise Lite to Pro if it happens often. Without a plan, a subscription gives a quota of its own.',
            '在 Coding Plan 页面查看用量和下次重置时间；经常用尽可将 Lite 升级为 Pro。尚未订阅的可订阅以获得专属额度。',
          ],
        },
        {
          when: ['Address and quota are right.', '地址与额度都正常。'],
          cause: ['The key itself is in a bad state.', 'Key 本身状态异常。'],
          fix: [
            'Reset the key on the Coding Plan page and enter the new one in every tool.',
            '在 Coding Plan 页面重置 Key，并更新所有工具。',
          ],
        },
      ],
      related: ['plan-window-5h', 'rate-limit-throttled'],
    },
    {
      id: 'client-tool-openclaw-model-discovery',
      section: 'OpenClaw shows "Failed to discover Alibaba Cloud models" on startup. What should I do?',
      messages: [
        'Failed to discover Alibaba Cloud models: TimeoutError: The operation was aborted due to timeout',
        'Failed to discover Alibaba Cloud models: 404 Not Found',
      ],
      patterns: ['Failed to discover Alibaba Cloud models: {detail}', 'Failed to discover Alibaba Cloud models'],
      cause: [
        'OpenClaw asks for a list of models at start, and the Coding Plan has no such interface. Calls are not affected.',
        'OpenClaw 启动时尝试获取模型列表，而 Coding Plan 不提供该接口；不影响正常调用。',
      ],
      fix: [
        'Ignore it; if OpenClaw does not work, look for another error. To silence it, remove the profile `alibaba-cloud:default` from ~/.openclaw/agents/main/agent/auth-profiles.json, so that it reads `"profiles": {}`.',
        '可以忽略；若 OpenClaw 无法使用，请查看其他报错。如需隐藏，从 ~/.openclaw/agents/main/agent/auth-profiles.json 删除 `alibaba-cloud:default`，使其成为 `"profiles": {}`。',
      ],
    },
    {
      id: 'client-tool-openclaw-auth-profiles',
      section: 'OpenClaw shows "auth.profiles.xxx" errors. What should I do?',
      messages: [
        'auth.profiles.qwen-portal:default.mode: Invalid input',
        'auth.profiles.qwen-portal:default: Unrecognized key: "apiKey"',
      ],
      patterns: ['auth.profiles.{profile}.mode: Invalid input', 'auth.profiles.{profile}: Unrecognized key: "apiKey"'],
      cause: [
        '`auth.profiles` in openclaw.json was edited: a value of `mode` that it does not know, or a key in a place that only describes how to sign in. The Coding Plan needs nothing there.',
        'openclaw.json 中的 `auth.profiles` 被误改：`mode` 取值无效，或写入了 `apiKey`。该字段只保存认证元数据，Coding Plan 不需要配置它。',
      ],
      fix: [
        'Undo the edit and remove profiles that you do not use (e.g. `qwen-portal:default`). Put the plan key into `models.providers.bailian.apiKey`.',
        '撤销修改并删除不用的 profile（如 `qwen-portal:default`）；把套餐 Key 写入 `models.providers.bailian.apiKey`。',
      ],
    },
    {
      id: 'client-tool-modelscope-token',
      section: 'Why do I get "Authentication failed, please make sure that a valid ModelScope token is supplied."?',
      status: [401],
      protocols: ['openai', 'anthropic', 'client'],
      origin: 'client',
      messages: ['Authentication failed, please make sure that a valid ModelScope token is supplied.'],
      causes: [
        {
          when: ['The key does not start with ms-.', 'Key 不是以 ms- 开头。'],
          cause: [
            'The tool is connected to ModelScope, which is another platform with keys of its own (`ms-...`); keys of Model Studio (`sk-...`) do not work there.',
            '工具连接的是 ModelScope（魔搭），它与百炼相互独立：ModelScope 令牌为 `ms-...`，百炼 Key 为 `sk-...`，不能互换。',
          ],
          fix: [
            'For the Coding Plan change the base URL to the address of the plan and use the key `sk-sp-...`. For ModelScope get a token from its site.',
            '要使用 Coding Plan，把 Base URL 改为套餐地址并使用 `sk-sp-...`；要使用 ModelScope，请到其网站获取令牌。',
          ],
        },
        {
          when: ['The key starts with ms-.', 'Key 以 ms- 开头。'],
          cause: [
            'The ModelScope token was copied with blanks or line breaks.',
            '复制 ModelScope 令牌时带入了空格或换行。',
          ],
          fix: ['Copy it again without them.', '重新复制，去掉多余的空格和换行。'],
        },
      ],
      related: ['auth-invalid-api-key'],
    },
  ],
);
