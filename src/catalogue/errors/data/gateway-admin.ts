import { defineErrors } from '../define.ts';
import type { ErrorRecord } from '../record.ts';

/** What the administration of the gateway answers with; ids as in `gateway.ts`. */
export const gatewayAdminErrors: readonly ErrorRecord[] = defineErrors(
  {
    document: 'gateway',
    section: 'Errors of the gateway',
    status: [409],
    nativeCodes: [],
    compatibleCodes: [],
    protocols: ['openai', 'anthropic', 'dashscope'],
    area: 'gateway',
    origin: 'client',
    retryable: { kind: 'never' },
  },
  [
    {
      id: 'gateway-invalid-parameter',
      status: [400],
      messages: [],
      compatibleCodes: ['invalid_parameter'],
      cause: ['A value of an administrative call cannot be.', '管理接口的某个参数取值无效。'],
      fix: ['Correct the parameter that the message names.', '按消息修改对应的参数。'],
    },
    {
      id: 'gateway-admin-key-required',
      status: [403],
      messages: ['Access denied. This needs an admin key.'],
      compatibleCodes: ['admin_key_required'],
      cause: [
        'Administration takes admin keys only, and this key is none.',
        '管理接口只接受管理员 Key，当前 Key 不是。',
      ],
      fix: [
        'Send an admin key of this gateway, or its `ATELIER_MASTER_KEY`. `GET /account` takes any key.',
        '请使用本网关的管理员 Key 或 `ATELIER_MASTER_KEY`；`GET /account` 接受任意 Key。',
      ],
    },
    {
      id: 'gateway-unsupported-media-type',
      status: [415],
      messages: ['The body must be JSON, uncompressed, with the content type application/json.'],
      compatibleCodes: ['unsupported_media_type'],
      cause: ['The body came as something else than plain JSON.', '请求体不是未压缩的 JSON。'],
      fix: [
        'Send `content-type: application/json` and no content encoding.',
        '发送 `content-type: application/json`，且不要压缩。',
      ],
    },
    {
      id: 'gateway-invalid-json',
      status: [400],
      messages: ['The body is not JSON.'],
      compatibleCodes: ['invalid_json'],
      cause: ['The body of an administrative call cannot be parsed.', '管理接口的请求体无法解析。'],
      fix: [
        'Look for a missing bracket, a trailing comma or an unescaped quote.',
        '检查是否缺少括号、多了逗号或引号未转义。',
      ],
    },
    {
      id: 'gateway-key-revoked',
      compatibleCodes: ['key_revoked'],
      messages: ["The key '{id}' is revoked."],
      cause: ['A revoked key stays revoked.', '已吊销的 Key 无法恢复。'],
      fix: ['Create a new key.', '请新建 Key。'],
    },
    {
      id: 'gateway-key-expired',
      compatibleCodes: ['key_expired'],
      messages: ["The key '{id}' expired at {time}."],
      cause: ['The successor of an expired key would be expired as well.', '已过期的 Key 重置后仍然是过期的。'],
      fix: ['Give the key a later expiry first, or create a new one.', '请先延长该 Key 的有效期，或新建 Key。'],
    },
    {
      id: 'gateway-plan-not-stored',
      compatibleCodes: ['plan_not_stored'],
      messages: ["The plan '{name}' is configured or built in."],
      cause: [
        'This plan comes from the configuration or is built in, so it cannot be changed here.',
        '该套餐来自配置文件或为内置套餐，无法在此修改。',
      ],
      fix: ['Change it in the configuration, or create a plan of another name.', '在配置文件中修改，或另建一个套餐。'],
    },
    {
      id: 'gateway-subscription-exists',
      compatibleCodes: ['subscription_exists'],
      messages: ["The account '{owner}' has the subscription '{id}' already."],
      cause: ['An account has one subscription at a time.', '一个账号同一时间只能有一个订阅。'],
      fix: ['Renew or upgrade it, or cancel it first.', '请续订或升级现有订阅，或先取消。'],
    },
    {
      id: 'gateway-subscription-no-downgrade',
      compatibleCodes: ['subscription_no_downgrade'],
      messages: [
        "'{plan}' is not larger than '{current}': a plan cannot be changed to a smaller one.",
        "The subscription has the plan '{plan}' already.",
      ],
      cause: ['A running subscription changes to a larger plan only.', '进行中的订阅只能升级到更大的套餐。'],
      fix: [
        'Choose a larger plan, or cancel and subscribe anew when the term is over.',
        '请选择更大的套餐，或到期后取消并重新订阅。',
      ],
    },
    {
      id: 'gateway-subscription-over',
      compatibleCodes: ['subscription_over'],
      messages: ["The subscription '{id}' is over."],
      cause: ['The subscription has ended or was cancelled.', '订阅已结束或已取消。'],
      fix: ['Create a new subscription; it comes with a new key.', '请新建订阅，会同时生成新的 Key。'],
    },
  ],
);
