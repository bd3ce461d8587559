import { defineErrors } from '../define.ts';
import type { ErrorRecord } from '../record.ts';

/** Throttling: calls, tokens, bursts. */
export const rateLimitErrors: readonly ErrorRecord[] = defineErrors(
  {
    document: 'error-codes',
    section: '429-Throttling',
    status: [429],
    nativeCodes: ['Throttling'],
    compatibleCodes: ['rate_limit_error'],
    protocols: ['openai', 'anthropic', 'dashscope'],
    area: 'rate-limit',
    origin: 'provider',
    retryable: { kind: 'backoff' },
  },
  [
    {
      id: 'rate-limit-throttled',
      generic: true,
      messages: ['Requests throttling triggered.'],
      patterns: ['Requests throttling triggered.', 'Rate limit reached for requests', 'Rate limit reached'],
      causes: [
        {
          when: ['It goes away after a minute.', '约一分钟后恢复。'],
          cause: [
            'More calls arrived than the limit of the account for this model allows. All keys of a main account count together.',
            '调用频率超过账号在该模型上的限流。同一主账号下所有 Key 合并计算。',
          ],
          fix: [
            'Slow down and repeat with growing pauses; about one minute brings the allowance back. Spread calls evenly, because limits per minute are also enforced per second.',
            '降低频率并按递增间隔重试，约一分钟后恢复。请均匀分布请求，因为每分钟的限额也会按秒折算执行。',
          ],
        },
        {
          when: ['It stays for many minutes although little is sent.', '请求很少却持续数分钟以上。'],
          cause: ['A quota is used up or the account has an unpaid bill.', '额度用尽或账号欠费。'],
          fix: [
            'Look at the balance and the quotas in the console; paying or raising the quota ends it, retrying does not.',
            '在控制台查看余额与额度；需充值或提升额度，重试无效。',
          ],
        },
      ],
      related: ['rate-limit-requests', 'rate-limit-tokens', 'rate-limit-burst'],
      alsoIn: [
        { document: 'openai-chat', section: 'Error codes', message: '429 - Rate limit reached for requests' },
        { document: 'anthropic-messages', section: 'Error codes', message: 'rate_limit_error' },
        {
          document: 'contract',
          section: '3.1 Catalogue for the sandbox (HTTP - native code / compatible code - message)',
          message: 'Throttling',
        },
      ],
    },
    {
      id: 'rate-limit-route',
      compatibleCodes: [],
      messages: ['Too many requests in route. Please try again later.'],
      cause: ['Too many calls came over this route at once.', '该路由上的请求过多，触发限流。'],
      fix: ['Wait some seconds and repeat with growing pauses.', '等待数秒后按递增间隔重试。'],
    },
    {
      id: 'rate-limit-requests',
      section: '429-Throttling.RateQuota/LimitRequests/limit_requests',
      nativeCodes: ['Throttling.RateQuota', 'LimitRequests'],
      compatibleCodes: ['limit_requests'],
      messages: [
        'You have exceeded your request limit./Requests rate limit exceeded, please try again later. /You exceeded your current requests list.',
      ],
      patterns: [
        'You have exceeded your request limit.',
        'Requests rate limit exceeded, please try again later.',
        'You exceeded your current requests list.',
      ],
      cause: [
        'The number of calls per second or minute (RPS, RPM) of the account for this model is used up.',
        '账号在该模型上的每秒或每分钟调用次数（RPS/RPM）超过限额。',
      ],
      fix: [
        'Look up the limit of the model, queue calls on your side below RPM/60 per second, and retry with growing pauses. Another model has an allowance of its own.',
        '查阅该模型的限流值，在客户端排队，使每秒调用不超过 RPM/60，并按递增间隔重试；换用其他模型可使用其独立限额。',
      ],
      related: ['rate-limit-tokens', 'rate-limit-burst'],
      alsoIn: [
        {
          document: 'contract',
          section: '3.1 Catalogue for the sandbox (HTTP - native code / compatible code - message)',
          message: 'You exceeded your current requests list.',
        },
      ],
    },
    {
      id: 'rate-limit-burst',
      section: '429-Throttling.BurstRate/limit_burst_rate',
      nativeCodes: ['Throttling.BurstRate'],
      compatibleCodes: ['limit_burst_rate'],
      retryable: { kind: 'backoff', ramp: true },
      messages: [
        'Request rate increased too quickly. To ensure system stability, please adjust your client logic to scale requests more smoothly over time.',
      ],
      // Terminals and logs cut the long sentence off.
      patterns: [
        'Request rate increased too quickly. To ensure system stability, please adjust your client logic to scale requests more smoothly over time.',
        'Request rate increased too quickly.',
      ],
      cause: [
        'Calls grew too fast within a short time, although the limit itself was not reached.',
        '调用量在短时间内陡增，尚未达到限额就触发了系统保护。',
      ],
      fix: [
        'Start slowly and grow step by step: even spacing, a queue, growing pauses after a 429. Or send `X-DashScope-Wait-Timeout: 30` (3 to 120 seconds), so that the server holds such calls instead of refusing them, and raise your own timeout by as much.',
        '逐步提升并发：匀速发送、排队缓冲、遇到 429 后退避重试。也可以发送 `X-DashScope-Wait-Timeout: 30`（3～120 秒），让服务端排队而不是立即拒绝，并相应调大客户端超时。',
      ],
      related: ['rate-limit-requests'],
      alsoIn: [
        {
          document: 'contract',
          section: '3.1 Catalogue for the sandbox (HTTP - native code / compatible code - message)',
          message: 'Request rate increased too quickly. ...',
        },
        { document: 'contract', section: '8.2 Recommended behaviour' },
      ],
    },
    {
      id: 'rate-limit-tokens',
      generic: 'code',
      section: '429-Throttling.AllocationQuota/insufficient_quota',
      status: [429, 500],
      nativeCodes: ['Throttling.AllocationQuota'],
      compatibleCodes: ['insufficient_quota'],
      messages: [
        'Allocated quota exceeded, please increase your quota limit./ You exceeded your current quota, please check your plan and billing details.',
      ],
      patterns: [
        'Allocated quota exceeded, please increase your quota limit.',
        'You exceeded your current quota, please check your plan and billing details.',
      ],
      causes: [
        {
          when: ['HTTP status 429.', 'HTTP 状态码为 429。'],
          signs: { status: [429] },
          cause: [
            'The tokens per second or minute (TPS, TPM) of the account for this model are used up. Despite its name, `insufficient_quota` passes by itself here.',
            '账号在该模型上的每秒或每分钟 Token 用量（TPS/TPM）超过限额。虽然兼容错误码叫 `insufficient_quota`，但会自动恢复。',
          ],
          fix: [
            'Retry with growing pauses, shorten prompts and `max_tokens`, send fewer long calls at once. If the default is too low, ask for a temporary TPM increase in the console under rate limits.',
            '按递增间隔重试，缩短提示词与 `max_tokens`，减少同时进行的长请求。默认额度不足时，可在控制台申请临时提升 TPM。',
          ],
        },
        {
          when: ['HTTP status 500.', 'HTTP 状态码为 500。'],
          signs: { status: [500] },
          cause: [
            'An error on the side of the server; one table of the documents pairs this text with it.',
            '服务端错误；文档中有一处将该消息与服务端错误对应。',
          ],
          fix: [
            'Repeat after a pause. If it stays, check balance and quotas in the console.',
            '稍后重试；若持续出现，在控制台检查余额与额度。',
          ],
        },
      ],
      related: ['rate-limit-requests', 'account-free-quota-exceeded', 'plan-window-5h'],
      alsoIn: [
        {
          document: 'openai-chat',
          section: 'Error codes',
          message: '500 - You exceeded your current quota, please check your plan and billing details',
        },
        {
          document: 'contract',
          section: '3.1 Catalogue for the sandbox (HTTP - native code / compatible code - message)',
          message: 'Allocated quota exceeded, please increase your quota limit.',
        },
        { document: 'contract', section: '8.2 Recommended behaviour' },
      ],
    },
  ],
);
