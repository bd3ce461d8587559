import { defineErrors } from '../define.ts';
import type { ErrorRecord } from '../record.ts';

/** What the gateway answers with when a provider was not reached, broke off or made no sense; ids as in `gateway.ts`. */
export const gatewayUpstreamErrors: readonly ErrorRecord[] = defineErrors(
  {
    document: 'gateway',
    section: 'Errors of the gateway',
    status: [502],
    nativeCodes: [],
    compatibleCodes: [],
    protocols: ['openai', 'anthropic', 'dashscope'],
    area: 'gateway',
    origin: 'network',
    retryable: { kind: 'backoff' },
  },
  [
    {
      id: 'gateway-upstream-unreachable',
      compatibleCodes: ['upstream_unreachable'],
      messages: [
        'The provider {provider} could not be reached',
        'The host of the provider {provider} does not exist in DNS',
        'The host of the provider {provider} could not be looked up (DNS did not answer)',
      ],
      cause: [
        'The gateway found no way to {provider|the provider}: its address is wrong, or the network or the name service is down.',
        '网关无法连接到提供商 {provider|（见消息）}：地址有误，或网络、DNS 不可用。',
      ],
      fix: [
        "Check the provider's base URL and this machine's network and proxy, then run the request again.",
        '检查提供商的 Base URL 以及本机的网络和代理，然后重试。',
      ],
      related: ['network-connection-error'],
    },
    {
      id: 'gateway-upstream-connect-timeout',
      status: [504],
      compatibleCodes: ['upstream_connect_timeout'],
      messages: ['The provider {provider} did not accept a connection in time'],
      cause: [
        'A connection to {provider|the provider} was not established within `timeouts.connect_ms`.',
        '未能在 `timeouts.connect_ms` 内与提供商 {provider|（见消息）} 建立连接。',
      ],
      fix: [
        'Check firewalls and proxies on the way to it, then run the request again.',
        '检查途中的防火墙和代理，然后重试。',
      ],
      related: ['gateway-upstream-unreachable'],
    },
    {
      id: 'gateway-upstream-first-byte-timeout',
      status: [504],
      compatibleCodes: ['upstream_first_byte_timeout'],
      retryable: { kind: 'never' },
      messages: ['The provider {provider} sent no answer in time'],
      cause: [
        'The answer of {provider|the provider} did not begin within `timeouts.first_byte_ms`: long answers without streaming take that long.',
        '提供商 {provider|（见消息）} 未能在 `timeouts.first_byte_ms` 内开始返回；非流式的长回答容易超时。',
      ],
      fix: [
        'Ask for a streamed answer, lower `max_tokens`, or raise `timeouts.first_byte_ms` of the provider.',
        '改用流式输出、降低 `max_tokens`，或调大该提供商的 `timeouts.first_byte_ms`。',
      ],
      related: ['server-request-timeout'],
    },
    {
      id: 'gateway-upstream-idle-timeout',
      status: [504],
      compatibleCodes: ['upstream_idle_timeout'],
      messages: ['The provider {provider} stopped sending in the middle of the answer'],
      cause: [
        '{provider|The provider} was silent for longer than `timeouts.idle_ms` in the middle of its answer.',
        '提供商 {provider|（见消息）} 在回答中途静默超过 `timeouts.idle_ms`。',
      ],
      fix: [
        'Run the request again, or raise `timeouts.idle_ms` of the provider.',
        '重新发送请求，或调大该提供商的 `timeouts.idle_ms`。',
      ],
    },
    {
      id: 'gateway-upstream-disconnected',
      compatibleCodes: ['upstream_disconnected'],
      messages: ['The provider {provider} closed the connection before the answer was complete'],
      cause: [
        '{provider|The provider}, or a proxy on the way to it, closed the connection too early.',
        '提供商 {provider|（见消息）} 或途中的代理过早断开了连接。',
      ],
      fix: [
        "Run the request again; when it happens often, look at the provider's status page and at the proxies.",
        '重新发送请求；若频繁出现，请查看提供商的状态页并检查代理。',
      ],
    },
    {
      id: 'gateway-upstream-tls-error',
      compatibleCodes: ['upstream_tls_error'],
      retryable: { kind: 'never' },
      messages: ['The secure connection to the provider {provider} was refused'],
      cause: [
        "The provider's certificate is not trusted here, has expired, or belongs to another host name.",
        '提供商的证书不受信任、已过期，或与主机名不符。',
      ],
      fix: [
        'Check the host name and the scheme of the base URL; for a private certificate authority set `NODE_EXTRA_CA_CERTS`.',
        '检查 Base URL 的协议和主机名；使用私有 CA 时设置 `NODE_EXTRA_CA_CERTS`。',
      ],
    },
    {
      id: 'gateway-upstream-bad-answer',
      origin: 'provider',
      compatibleCodes: ['upstream_bad_answer'],
      messages: ['The provider answered with something that is not JSON.', 'The provider did not answer with a count.'],
      cause: [
        'What came back is no answer of an API, often the web page of a proxy or of a wrong base URL.',
        '返回的不是 API 的应答，通常是代理或错误 Base URL 的网页。',
      ],
      fix: [
        "Check that the provider's base URL leads to its API and not to a web page.",
        '确认提供商的 Base URL 指向其 API，而不是网页。',
      ],
    },
    {
      id: 'gateway-upstream-redirect',
      origin: 'provider',
      compatibleCodes: ['upstream_redirect'],
      retryable: { kind: 'never' },
      messages: ['The provider answered with a redirect (status {status}'],
      cause: [
        'The address leads somewhere else: often `http` in place of `https`, a path too much or too little, or the page where one signs in to a proxy. Redirects are not followed, since they would carry the key to another host.',
        '该地址被重定向：常见原因是把 `https` 写成了 `http`、路径多了或少了一段，或被代理的登录页拦截。网关不跟随重定向，以免把密钥带到其他主机。',
      ],
      fix: [
        "Check the provider's base URL: scheme, host and path must be those of its API.",
        '检查提供商的 Base URL：协议、主机名和路径必须与其 API 一致。',
      ],
      related: ['gateway-upstream-bad-answer'],
    },
    {
      id: 'gateway-upstream-encoded-answer',
      origin: 'provider',
      compatibleCodes: ['upstream_encoded_answer'],
      retryable: { kind: 'never' },
      messages: ['The provider answered in the encoding {encoding}, which was not asked for.'],
      cause: [
        'The answer is compressed although no call asks for that, so something between the gateway and the model compresses it.',
        '网关的请求并未要求压缩，应答却被压缩，说明网关与模型之间有组件进行了压缩。',
      ],
      fix: [
        "Check the provider's base URL, and switch compression off in a proxy between it and the gateway.",
        '检查提供商的 Base URL，并关闭网关与其之间代理的压缩功能。',
      ],
      related: ['gateway-upstream-bad-answer'],
    },
    {
      id: 'gateway-upstream-empty-stream',
      compatibleCodes: ['upstream_empty_stream'],
      messages: ['The provider ended the stream before it sent anything.'],
      cause: ['The stream began and ended without any frame.', '流式应答没有任何内容就结束了。'],
      fix: ['Run the request again.', '重新发送请求。'],
    },
    {
      id: 'gateway-upstream-stream-incomplete',
      compatibleCodes: ['upstream_stream_incomplete'],
      messages: [
        'The provider ended the stream before the answer was complete.',
        'The upstream ended its answer before it was complete.',
      ],
      cause: [
        'The stream ended without its finishing frame, so the answer may be cut in the middle.',
        '流在没有结束帧的情况下终止，回答可能不完整。',
      ],
      fix: [
        'Run the request again; do not take the part that came for the whole.',
        '重新发送请求，不要把已收到的部分当作完整回答。',
      ],
    },
    {
      id: 'gateway-upstream-invalid-frame',
      origin: 'provider',
      compatibleCodes: ['upstream_invalid_frame'],
      messages: ['The upstream sent a frame that is not valid JSON.'],
      cause: [
        'A frame of the stream cannot be read; going on would leave a hole in the answer.',
        '流中有一帧无法解析，继续会使回答缺失内容。',
      ],
      fix: ['Run the request again.', '重新发送请求。'],
    },
    {
      id: 'gateway-upstream-invalid-response',
      origin: 'provider',
      compatibleCodes: ['upstream_invalid_response'],
      messages: [
        'The upstream answered with something that is not a chat completion.',
        'The upstream answered with something that is not a message.',
      ],
      cause: [
        'The provider answered with JSON of another protocol than the one it is configured for.',
        '提供商返回的 JSON 与其配置的协议不符。',
      ],
      fix: [
        'Check the type and the base URL of the provider in the configuration.',
        '检查配置中该提供商的类型和 Base URL。',
      ],
    },
    {
      id: 'gateway-upstream-invalid-tool-call',
      origin: 'provider',
      compatibleCodes: ['upstream_invalid_tool_call'],
      messages: ['The upstream sent a tool call without a name.'],
      cause: ['The model called a tool and did not say which.', '模型发起了工具调用，却没有给出工具名。'],
      fix: ['Run the request again; simpler tool definitions help.', '重新发送请求；简化工具定义会有帮助。'],
    },
    {
      id: 'gateway-upstream-error',
      status: [],
      origin: 'provider',
      compatibleCodes: ['upstream_error'],
      retryable: { kind: 'never' },
      messages: ['The upstream ended its answer with an error.', 'The upstream broke off its answer'],
      cause: [
        "The provider refused with words that the error catalogue does not know; status and message are the provider's own.",
        '提供商返回了错误目录中没有的错误；状态码和消息均为提供商原文。',
      ],
      fix: [
        'Read the message. For a status of 500 and above try again with growing pauses; for one below change the request.',
        '请阅读消息内容；状态码 500 及以上可按递增间隔重试，以下则需修改请求。',
      ],
    },
  ],
);
