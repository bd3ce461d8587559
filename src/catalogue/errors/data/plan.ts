import { defineErrors } from '../define.ts';
import type { ErrorRecord } from '../record.ts';

/** The Coding Plan: its windows of calls, its models, and who may use its key. */
export const planErrors: readonly ErrorRecord[] = defineErrors(
  {
    document: 'error-codes',
    section: 'Coding Plan',
    status: [429],
    nativeCodes: [],
    compatibleCodes: [],
    protocols: ['openai', 'anthropic', 'client'],
    area: 'plan',
    origin: 'account',
    retryable: { kind: 'never' },
  },
  [
    {
      id: 'plan-window-5h',
      retryable: { kind: 'after', until: 'window-5h' },
      messages: ['hour allocated quota exceeded'],
      cause: [
        'All calls of the 5-hour window of the Coding Plan are used (Lite 1,200, Pro 6,000). Calls are never charged on top.',
        'Coding Plan 的 5 小时额度已用尽（Lite 1,200 次，Pro 6,000 次），不会自动转为按量付费。',
      ],
      fix: [
        'Wait: calls come back as the window moves on, all of them after 5 hours at the latest. A Lite plan can be raised to Pro on the Coding Plan page.',
        '等待恢复：额度随滚动窗口陆续释放，最迟 5 小时后全部恢复。Lite 可在 Coding Plan 页面升级为 Pro。',
      ],
      related: ['plan-window-week', 'plan-window-month'],
      alsoIn: [
        {
          document: 'coding-plan-faq',
          section: 'Common errors and solutions',
          message: 'hour allocated quota exceeded',
        },
        { document: 'coding-plan-faq', section: 'What should I do when my quota runs out?' },
        {
          document: 'coding-plan-faq',
          section: 'Will my usage switch to pay-as-you-go after my Coding Plan quota is used up?',
        },
        {
          document: 'contract',
          section: '3.1 Catalogue for the sandbox (HTTP - native code / compatible code - message)',
          message: 'hour allocated quota exceeded',
        },
        { document: 'contract', section: '6.1 Coding Plan' },
      ],
    },
    {
      id: 'plan-window-week',
      retryable: { kind: 'after', until: 'window-week' },
      messages: ['week allocated quota exceeded'],
      cause: [
        'All calls of this week are used (Lite 9,000, Pro 45,000).',
        '本周的 Coding Plan 额度已用尽（Lite 9,000 次，Pro 45,000 次）。',
      ],
      fix: [
        'The count starts anew on Monday at 00:00 (UTC+8). A Lite plan can be raised to Pro to go on at once.',
        '每周一 00:00（UTC+8）重置。Lite 可升级为 Pro 以继续使用。',
      ],
      related: ['plan-window-5h', 'plan-window-month'],
      alsoIn: [
        {
          document: 'coding-plan-faq',
          section: 'Common errors and solutions',
          message: 'week allocated quota exceeded',
        },
        { document: 'coding-plan-faq', section: 'What should I do when my quota runs out?' },
        {
          document: 'contract',
          section: '3.1 Catalogue for the sandbox (HTTP - native code / compatible code - message)',
          message: 'week allocated quota exceeded',
        },
        { document: 'contract', section: '6.1 Coding Plan' },
      ],
    },
    {
      id: 'plan-window-month',
      retryable: { kind: 'after', until: 'window-month' },
      messages: ['month allocated quota exceeded'],
      cause: [
        'All calls of this month of the subscription are used (Lite 18,000, Pro 90,000).',
        '本订阅月的 Coding Plan 额度已用尽（Lite 18,000 次，Pro 90,000 次）。',
      ],
      fix: [
        'The count starts anew at 00:00 (UTC+8) on the day of the month on which you subscribed. Raise Lite to Pro, or wait for the next month of the plan.',
        '在每月订阅日的 00:00（UTC+8）重置。Lite 可升级为 Pro，Pro 需等待下一个订阅月。',
      ],
      related: ['plan-window-5h', 'plan-window-week'],
      alsoIn: [
        {
          document: 'coding-plan-faq',
          section: 'Common errors and solutions',
          message: 'month allocated quota exceeded',
        },
        { document: 'coding-plan-faq', section: 'What should I do when my quota runs out?' },
        {
          document: 'contract',
          section: '3.1 Catalogue for the sandbox (HTTP - native code / compatible code - message)',
          message: 'month allocated quota exceeded',
        },
        { document: 'contract', section: '6.1 Coding Plan' },
      ],
    },
    {
      id: 'plan-concurrency',
      origin: 'provider',
      retryable: { kind: 'backoff' },
      messages: ['concurrency allocated quota exceeded'],
      cause: [
        'More calls run at once than the plan allows at this moment; the limit moves with the load of the platform and is lower at busy hours.',
        '同时进行的请求超过平台动态分配的并发上限，高峰期更容易触发。',
      ],
      fix: [
        'Retry after some seconds, run fewer agents or sub-agents side by side.',
        '数秒后重试，并减少同时运行的智能体或子任务。',
      ],
      related: ['plan-usage-burst'],
      alsoIn: [
        {
          document: 'contract',
          section: '3.1 Catalogue for the sandbox (HTTP - native code / compatible code - message)',
          message: 'concurrency allocated quota exceeded',
        },
      ],
    },
    {
      id: 'plan-usage-burst',
      origin: 'provider',
      retryable: { kind: 'after', seconds: 3600 },
      messages: ['usage allocated quota exceeded. please try again later.'],
      patterns: ['usage allocated quota exceeded'],
      cause: [
        'Besides the number of calls the plan watches the resources used in a short time; heavy tasks set it off although calls are left.',
        '除调用次数外，Coding Plan 还会评估短时间内的资源消耗；即使仍有次数，消耗过大也会临时限流。',
      ],
      fix: [
        'It usually passes within an hour. Cut large jobs into smaller ones, shorten the context (`/compact`, new session), and spread the work over time.',
        '通常一小时内恢复。把大任务拆小、缩短上下文（`/compact` 或新会话），并分散提交时间。',
      ],
      related: ['plan-concurrency'],
      alsoIn: [
        {
          document: 'contract',
          section: '3.1 Catalogue for the sandbox (HTTP - native code / compatible code - message)',
          message: 'usage allocated quota exceeded',
        },
      ],
    },
    {
      id: 'plan-agents-only',
      concerns: 'request',
      document: 'coding-plan-faq',
      section: 'Why do I get the error "Coding Plan is currently only available for Coding Agents"?',
      status: [405],
      origin: 'client',
      generic: true,
      messages: ['Coding Plan is currently only available for Coding Agents'],
      patterns: ['Coding Plan is currently only available for Coding Agents'],
      cause: [
        'The plan key was used by something other than an interactive coding tool: curl, Postman, Dify, n8n, a script, a backend or a batch job. Going on may get the key suspended.',
        '在非交互式编程工具中使用了套餐 Key，例如 curl、Postman、Dify、n8n、脚本、后端服务或批处理。继续这样使用可能导致 Key 被停用。',
      ],
      fix: [
        'Use the plan in Claude Code, Qwen Code, OpenCode, OpenClaw, Cline and the like. For apps and tests take a pay-as-you-go key (`sk-`) with the general base URL.',
        '套餐只在 Claude Code、Qwen Code、OpenCode、OpenClaw、Cline 等编程工具中使用；应用和测试请改用按量付费 Key（`sk-`）和通用 Base URL。',
      ],
      alsoIn: [
        { document: 'coding-plan-faq', section: 'Why does Coding Plan fail when configured in Dify?' },
        { document: 'coding-plan-faq', section: 'Can I call Coding Plan using Postman?' },
        {
          document: 'contract',
          section: '3. (B) Error envelopes',
          message: 'Coding Plan is currently only available for Coding Agents',
        },
      ],
    },
    {
      id: 'plan-model-unsupported',
      concerns: 'request',
      document: 'coding-plan-faq',
      section: 'Common errors and solutions',
      status: [400],
      origin: 'client',
      messages: ["model 'xxx' is not supported"],
      patterns: ["model '{model}' is not supported", 'model {model} is not supported'],
      causes: [
        {
          when: ['You entered the name yourself.', '模型名是自己填写的。'],
          cause: [
            'The name {model|of the model} is misspelt, has wrong capital letters or blanks, or is none of the models of the plan.',
            '模型名 {model|（见消息）} 拼写或大小写错误、含空格，或不在套餐支持的模型列表中。',
          ],
          fix: [
            "Copy an id from the plan's list letter by letter, e.g. `qwen3.5-plus`, `qwen3-coder-plus`, `kimi-k2.5`, `glm-5`, `MiniMax-M2.5`; capitals count.",
            '从套餐的模型列表原样复制，例如 `qwen3.5-plus`、`qwen3-coder-plus`、`kimi-k2.5`、`glm-5`、`MiniMax-M2.5`，区分大小写。',
          ],
        },
        {
          when: ['The name in the message starts with claude-.', '消息中的模型名以 claude- 开头。'],
          cause: [
            'Claude Code asked for one of its own models (`claude-...`): the Agent Teams feature or an unset model variable does so.',
            'Claude Code 请求了自带的 `claude-...` 模型：通常由 Agent Teams 功能或未设置的模型变量引起。',
          ],
          fix: [
            'Set `ANTHROPIC_MODEL`, `ANTHROPIC_DEFAULT_HAIKU_MODEL`, `_SONNET_MODEL`, `_OPUS_MODEL` and `CLAUDE_CODE_SUBAGENT_MODEL` to models of the plan; do not use Agent Teams with it.',
            '把 `ANTHROPIC_MODEL`、`ANTHROPIC_DEFAULT_HAIKU_MODEL`、`_SONNET_MODEL`、`_OPUS_MODEL`、`CLAUDE_CODE_SUBAGENT_MODEL` 都设为套餐内的模型，且不要使用 Agent Teams。',
          ],
        },
      ],
      related: ['model-not-found', 'model-not-found-or-supported'],
      alsoIn: [
        { document: 'coding-plan-faq', section: 'Can I use models outside the supported models list?' },
        {
          document: 'contract',
          section: '5. (D) Anthropic-compatible',
          message: 'model claude-opus-4-6 is not supported',
        },
      ],
    },
    {
      id: 'plan-charged-despite-subscription',
      document: 'coding-plan-faq',
      section: 'Why am I still charged for API calls (or have overdue payments) after subscribing to Coding Plan?',
      status: [],
      protocols: ['client'],
      messages: [],
      patterns: ['still charged for API calls after subscribing to Coding Plan'],
      causes: [
        {
          when: ['The configured address has no "coding" in it.', '配置的地址中没有 coding。'],
          cause: [
            'The tool uses a general key (`sk-`) with a general address, which is billed per call.',
            '工具使用了通用 Key（`sk-`）和通用地址，产生按量费用。',
          ],
          fix: [
            'Enter the plan key (`sk-sp-`) and an address with `coding` in it, e.g. `https://coding-intl.dashscope.aliyuncs.com/v1`.',
            '改用套餐 Key（`sk-sp-`）和包含 `coding` 的地址，例如 `https://coding-intl.dashscope.aliyuncs.com/v1`。',
          ],
        },
        {
          when: ['The calls in the bill are older than the plan.', '账单中的调用早于订阅。'],
          cause: [
            'The bill is for calls before the subscription; bills can come hours late.',
            '费用来自订阅之前的调用，账单可能延迟数小时。',
          ],
          fix: [
            'Compare the time of the calls in the bill with the time of the subscription.',
            '在账单明细中核对调用时间与订阅时间。',
          ],
        },
        {
          when: ['The tool lists models of both.', '工具中同时列出两类模型。'],
          cause: [
            'Both keys are configured and the tool (OpenClaw does) chose the general one.',
            '同时配置了两种 Key，工具（如 OpenClaw）自动选择了通用 Key。',
          ],
          fix: [
            'Remove the general entry and pick a model of the provider named for the plan, in OpenCode "Model Studio Coding Plan".',
            '删除通用配置，并选择套餐提供商下的模型，例如 OpenCode 中的 “Model Studio Coding Plan”。',
          ],
        },
        {
          when: ['The configuration is right already.', '配置已经正确。'],
          cause: ['The tool still uses credentials from its cache.', '工具仍在使用缓存的旧凭证。'],
          fix: [
            'Clear the cache and restart. OpenClaw: delete ~/.openclaw/agents/main/agent/models.json, run `openclaw gateway restart`, configure again.',
            '清除缓存后重启。OpenClaw：删除 ~/.openclaw/agents/main/agent/models.json，执行 `openclaw gateway restart`，然后重新配置。',
          ],
        },
      ],
      related: ['account-free-tier-only'],
    },
  ],
);
