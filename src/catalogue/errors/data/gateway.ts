import { defineErrors } from '../define.ts';
import type { ErrorRecord } from '../record.ts';

/**
 * What the gateway itself answers with. The id is `gateway-` and the code, so that an error finds its record by its code.
 * Where the code is also one of the platform's, the message ends with the gateway's own advice, and that tells them apart.
 */
export const gatewayErrors: readonly ErrorRecord[] = defineErrors(
  {
    document: 'gateway',
    section: 'Errors of the gateway',
    status: [400],
    nativeCodes: [],
    compatibleCodes: [],
    protocols: ['openai', 'anthropic', 'dashscope'],
    area: 'gateway',
    origin: 'client',
    retryable: { kind: 'never' },
  },
  [
    {
      id: 'gateway-invalid-request-error',
      messages: [
        'Required body invalid, please check the request body format. The body must be one JSON object',
        'The request has no body. Send a JSON object.',
        'you must provide a model parameter. Add "model" to the body',
        'The model parameter must be a string.',
        'The model name is longer than {max} characters.',
      ],
      cause: [
        'The gateway could not read the request: the body is empty, not valid JSON, or a field has the wrong type.',
        '网关无法读取请求：请求体为空、不是合法的 JSON，或某个字段类型不对。',
      ],
      fix: [
        'Correct the field that the message names. Check the JSON for a missing bracket, a comma too many or a quote without backslash.',
        '按消息中指出的字段修改；检查 JSON 是否缺少括号、多了逗号或引号未转义。',
      ],
      related: ['request-invalid'],
    },
    {
      id: 'gateway-invalid-api-key',
      status: [401, 403],
      compatibleCodes: ['invalid_api_key'],
      messages: [
        'Incorrect API key provided. Send the key of this gateway as "Authorization: Bearer KEY"',
        'Incorrect API key provided. Send a key of this gateway as "Authorization: Bearer KEY"',
        'No API-key provided. Send the key of this gateway as "Authorization: Bearer KEY"',
        'No API-key provided. Send a key of this gateway as "Authorization: Bearer KEY"',
        'invalid access token or token expired. Check that the plan key is complete',
      ],
      cause: [
        "The gateway does not know the key that came with the request, or none came. A provider's key is not a key of the gateway.",
        '网关不认识请求中的 Key，或请求没有携带 Key。提供商的 Key 并不是网关的 Key。',
      ],
      fix: [
        'Send a key of this gateway as `Authorization: Bearer KEY` or `x-api-key: KEY`; look for spaces and line breaks around it.',
        '用 `Authorization: Bearer KEY` 或 `x-api-key: KEY` 发送本网关的 Key，并检查前后是否有空格或换行。',
      ],
      related: ['auth-invalid-api-key'],
    },
    {
      id: 'gateway-too-many-failed-attempts',
      status: [429],
      compatibleCodes: ['too_many_failed_attempts'],
      retryable: { kind: 'after' },
      messages: ['Too many requests with a wrong key came from this address.'],
      cause: [
        'Wrong keys came from this address so often that the gateway refuses further attempts for a while.',
        '该地址多次使用错误的 Key，网关暂时拒绝其请求。',
      ],
      fix: [
        'Put the right key into every client on this address, then wait as long as `retry-after` says.',
        '更正该地址上所有客户端的 Key，然后按 `retry-after` 等待。',
      ],
      related: ['gateway-invalid-api-key'],
    },
    {
      id: 'gateway-access-denied',
      status: [403],
      compatibleCodes: ['access_denied'],
      messages: ['Access denied. This key may not be used from this address.'],
      cause: [
        'The key is bound to IP ranges, and this address is in none of them.',
        '该 Key 限定了 IP 范围，而当前地址不在其中。',
      ],
      fix: [
        "Ask the gateway's administrator to add the address to the key's IP ranges, or call from an allowed one.",
        '请网关管理员把该地址加入 Key 的 IP 范围，或从允许的地址调用。',
      ],
    },
    {
      id: 'gateway-model-access-denied',
      status: [403],
      compatibleCodes: ['model_access_denied'],
      messages: ["Model access denied. This key may not use the model '{model}'."],
      cause: [
        'The key of this gateway does not allow {model|this model}.',
        '本网关的该 Key 不允许使用{model|该模型}。',
      ],
      fix: [
        'Choose a model that the key allows: `GET /account` shows them under `key`. Or ask the administrator to allow it.',
        '改用该 Key 允许的模型（见 `GET /account` 的 `key`），或请管理员放行。',
      ],
      related: ['account-model-denied'],
    },
    {
      id: 'gateway-model-not-supported',
      messages: ["model '{model}' is not supported. The plan '{plan}' has these models"],
      cause: [
        'The plan of this key does not include {model|this model}; names are case-sensitive.',
        '该 Key 的套餐不包含{model|该模型}；模型名区分大小写。',
      ],
      fix: [
        'Use one of the models that the message lists, spelled exactly so.',
        '使用消息中列出的模型之一，注意大小写完全一致。',
      ],
      related: ['plan-model-unsupported'],
    },
    {
      id: 'gateway-model-not-found',
      status: [404],
      compatibleCodes: ['model_not_found'],
      messages: [
        'The model {model} does not exist or you do not have access to it. GET /v1/models lists the',
        'The model {model} does not exist or you do not have access to it. Did you mean',
        'The model {model} does not exist or you do not have access to it. Model names are case-sensitive',
        'The model {model} does not exist or you do not have access to it. Model Studio does not list its embedding models',
      ],
      cause: [
        'No provider of this gateway has a model called {model|like this}.',
        '本网关的提供商都没有名为 {model|该名称} 的模型。',
      ],
      fix: [
        'Look the name up with `GET /v1/models`; names are case-sensitive. A model that is not listed is reached as `provider/model`.',
        '用 `GET /v1/models` 查看可用的模型名，区分大小写；未列出的模型可写成 `provider/model`。',
      ],
      related: ['model-not-found'],
    },
    {
      id: 'gateway-embeddings-not-served',
      status: [404],
      compatibleCodes: ['embeddings_not_served'],
      messages: ['There are no embeddings at {provider}.'],
      cause: [
        'The model was looked for at {provider|a provider} that has no embeddings: an Anthropic-compatible one, a Coding Plan, or a vendor without them.',
        '所请求的提供商{provider|}不提供向量接口：只兼容 Anthropic 协议、属于 Coding Plan，或该厂商没有此接口。',
      ],
      fix: [
        'Name a provider that has embeddings in front of the model, as in `bailian/text-embedding-v4`, or add the model to the list of one.',
        '在模型名前写明提供向量接口的提供商，例如 `bailian/text-embedding-v4`，或把该模型加入其模型列表。',
      ],
      related: ['gateway-model-not-found'],
    },
    {
      id: 'gateway-insufficient-quota',
      status: [429],
      origin: 'account',
      retryable: { kind: 'after' },
      messages: [
        "{window} allocated quota exceeded. Window '{name}' of the plan",
        'concurrency allocated quota exceeded. The plan',
      ],
      cause: [
        "A window of this gateway's plan is used up, or too many requests run at the same time.",
        '本网关套餐的某个额度窗口已用完，或同时进行的请求过多。',
      ],
      fix: [
        'The message names the window and when it opens again; `retry-after` gives the seconds. A larger plan has more room.',
        '消息中写明了用完的窗口及其恢复时间，`retry-after` 给出等待秒数；也可换用更大的套餐。',
      ],
      related: ['plan-window-5h', 'plan-window-week', 'plan-window-month', 'plan-concurrency'],
    },
    {
      id: 'gateway-coding-agents-only',
      status: [405],
      messages: [
        'Coding Plan is currently only available for Coding Agents. Use this key in a coding agent',
        'Coding Plan is currently only available for Coding Agents. The key of {provider} belongs to a Coding Plan',
      ],
      cause: [
        'The key, or that of the provider the call would go to, belongs to a Coding Plan, which is for interactive coding agents; this client is none by its headers.',
        '所用的 Key（或该请求将使用的提供商 Key）属于 Coding Plan，仅供交互式编程工具使用，而该客户端的请求头显示它不是编程工具。',
      ],
      fix: [
        'Take a general key, or a provider with a pay-as-you-go key, for scripts, apps and API tools. An agent that does not name itself can be added to `fit.coding_agents`.',
        '脚本、应用和 API 工具请改用通用 Key 或按量付费的提供商；未表明身份的编程工具可加入 `fit.coding_agents`。',
      ],
      related: ['plan-agents-only'],
    },
    {
      id: 'gateway-open-gateway-loopback-only',
      status: [403],
      compatibleCodes: ['open_gateway_loopback_only'],
      messages: ['This gateway has no key yet and answers only to this machine'],
      cause: [
        'The gateway runs without a key and therefore trusts only programs of its own machine; the request came from a web page or under another host name.',
        '网关未设置 Key，只信任本机程序；而该请求来自网页或使用了其他主机名。',
      ],
      fix: [
        'Set `ATELIER_MASTER_KEY` and send it with the request.',
        '设置 `ATELIER_MASTER_KEY`，并在请求中携带该 Key。',
      ],
    },
    {
      id: 'gateway-not-found',
      status: [404],
      compatibleCodes: ['not_found'],
      messages: ['There is nothing at {path}.', "There is no {kind} '{id}'."],
      cause: [
        'The path or the thing it names does not exist on this gateway.',
        '本网关没有该路径，或该路径所指的对象不存在。',
      ],
      fix: [
        'Base URL of OpenAI clients: `http://HOST:PORT/v1`; of Anthropic clients: `http://HOST:PORT` or `http://HOST:PORT/apps/anthropic`.',
        'OpenAI 客户端的 Base URL 为 `http://HOST:PORT/v1`，Anthropic 客户端为 `http://HOST:PORT` 或 `http://HOST:PORT/apps/anthropic`。',
      ],
      related: ['request-path-not-found'],
    },
    {
      id: 'gateway-dashscope-not-served',
      status: [404],
      protocols: ['dashscope'],
      compatibleCodes: ['dashscope_not_served'],
      messages: ["This gateway does not serve DashScope's own protocol, to which {path} belongs."],
      cause: [
        "Paths that begin with `/api/v1` or `/api-ws/v1` are of DashScope's own protocol, as its SDKs speak it; the gateway serves OpenAI's and Anthropic's.",
        '以 `/api/v1` 或 `/api-ws/v1` 开头的路径属于 DashScope 原生协议（其 SDK 使用该协议）；本网关只提供 OpenAI 与 Anthropic 两种协议。',
      ],
      fix: [
        'For chat and embeddings use an OpenAI client with the base URL `http://HOST:PORT/v1`, for chat also an Anthropic client with `http://HOST:PORT`. For images, speech, video, files and tasks call Model Studio itself.',
        '对话与向量请改用 OpenAI 客户端（Base URL 为 `http://HOST:PORT/v1`），对话也可用 Anthropic 客户端（`http://HOST:PORT`）；图像、语音、视频、文件与异步任务请直接请求百炼。',
      ],
      related: ['gateway-not-found'],
    },
    {
      id: 'gateway-method-not-allowed',
      status: [405],
      compatibleCodes: ['method_not_allowed'],
      messages: ["Request method '{method}' is not supported. Send a"],
      cause: ['The path exists, but not for this HTTP method.', '该路径存在，但不支持所用的 HTTP 方法。'],
      fix: ['Use the method that the `allow` header of the answer names.', '改用响应头 `allow` 中列出的方法。'],
      related: ['request-method'],
    },
    {
      id: 'gateway-request-too-large',
      status: [413],
      messages: ['The request body is larger than {bytes} bytes.'],
      compatibleCodes: ['request_too_large'],
      cause: [
        'The body exceeds what the gateway takes ({bytes|the configured number of} bytes).',
        '请求体超过网关允许的大小（{bytes|配置的字节数}）。',
      ],
      fix: [
        'Shorten the conversation or the attachments (agents: `/compact` or a new session), or raise `server.body_limit_bytes`.',
        '缩短对话或附件（编程工具可用 `/compact` 或新建会话），或调大 `server.body_limit_bytes`。',
      ],
      related: ['request-too-large'],
    },
    {
      id: 'gateway-unsupported-content-encoding',
      status: [415],
      compatibleCodes: ['unsupported_content_encoding'],
      messages: ['The content encoding "{encoding}" is not supported.'],
      cause: ['The body is compressed in a way that the gateway cannot undo.', '请求体使用了网关无法解压的压缩方式。'],
      fix: ['Send it uncompressed, or as gzip, deflate, br or zstd.', '不压缩发送，或使用 gzip、deflate、br、zstd。'],
    },
    {
      id: 'gateway-bad-http-request',
      status: [400, 408, 431],
      compatibleCodes: ['bad_http_request'],
      messages: [
        'The request is not valid HTTP.',
        'The request headers are too large.',
        'The request was not received in time.',
      ],
      cause: [
        'What arrived could not be read as an HTTP request: wrong protocol (https on an http port), oversized headers, or a sender that stopped half way.',
        '收到的内容无法作为 HTTP 请求解析：协议不对（对 http 端口使用 https）、请求头过大，或发送中断。',
      ],
      fix: [
        'Check the scheme and the port of the base URL, and proxies on the way.',
        '检查 Base URL 的协议和端口，以及途中的代理。',
      ],
    },
    {
      id: 'gateway-client-closed-request',
      status: [499],
      compatibleCodes: ['client_closed_request'],
      messages: ['The client closed the connection.'],
      cause: [
        'The client left before the answer was complete; the upstream call was stopped.',
        '客户端在回答完成前断开，上游调用已终止。',
      ],
      fix: [
        'Nothing to do when a person stopped it; otherwise raise the timeout of the client or stream the answer.',
        '如果是人为停止则无需处理；否则调大客户端超时，或使用流式输出。',
      ],
    },
    {
      id: 'gateway-internal-error',
      status: [500],
      origin: 'gateway',
      messages: ['The gateway failed on this request.'],
      cause: ['A fault inside the gateway.', '网关内部出错。'],
      fix: [
        "Look for the request id in the gateway's log and report what stands there.",
        '用请求 ID 在网关日志中查找详情并反馈。',
      ],
    },
    {
      id: 'gateway-gateway-stopping',
      status: [503],
      compatibleCodes: ['gateway_stopping'],
      origin: 'gateway',
      retryable: { kind: 'backoff' },
      messages: ['The gateway is stopping and the time for running requests is over.'],
      cause: ['The gateway is being restarted or shut down.', '网关正在重启或关闭。'],
      fix: ['Run the request again in a moment.', '稍后重新发送请求。'],
    },
    {
      id: 'gateway-no-provider',
      status: [503],
      compatibleCodes: ['no_provider'],
      origin: 'gateway',
      messages: ['No provider is configured.'],
      cause: [
        'Nobody is there to answer: no provider has a key, and the sandbox is off.',
        '没有可用的提供商：均未配置 Key，且沙箱已关闭。',
      ],
      fix: [
        'Set `BAILIAN_API_KEY` or the key of another provider, or turn the sandbox on (`ATELIER_SANDBOX=on`).',
        '设置 `BAILIAN_API_KEY` 或其他提供商的 Key，或开启沙箱（`ATELIER_SANDBOX=on`）。',
      ],
    },
    {
      id: 'gateway-accounting-unavailable',
      status: [503],
      compatibleCodes: ['accounting_unavailable'],
      origin: 'gateway',
      retryable: { kind: 'after', seconds: 5 },
      messages: [
        'The gateway cannot check your key or quota at the moment.',
        "The gateway's database does not answer at the moment.",
      ],
      cause: ["The gateway's database does not answer.", '网关的数据库没有响应。'],
      fix: [
        'Try again shortly. Operators: `/health/ready` shows the reason.',
        '稍后重试；运维人员可查看 `/health/ready` 了解原因。',
      ],
    },
  ],
);
