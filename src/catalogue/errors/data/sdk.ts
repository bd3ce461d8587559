import { defineErrors } from '../define.ts';
import type { ErrorRecord } from '../record.ts';

/** What the SDKs raise on the caller's machine, before or instead of an answer. */
export const sdkErrors: readonly ErrorRecord[] = defineErrors(
  {
    document: 'error-codes',
    section: 'SDK Errors',
    status: [],
    nativeCodes: [],
    compatibleCodes: [],
    protocols: ['sdk'],
    area: 'sdk',
    origin: 'client',
    retryable: { kind: 'never' },
  },
  [
    {
      id: 'sdk-dashscope-no-api-key',
      messages: [
        'error.AuthenticationError: No api key provided. You can set by dashscope.api_key = your_api_key in code, or you can set it via environment variable DASHSCOPE_API_KEY= your_api_key.',
      ],
      patterns: [
        'No api key provided. You can set by dashscope.api_key = your_api_key in code, or you can set it via environment variable DASHSCOPE_API_KEY= your_api_key.',
      ],
      cause: ['The DashScope SDK for Python found no key.', 'DashScope Python SDK 没有找到 API Key。'],
      fix: [
        'Run `export DASHSCOPE_API_KEY=sk-...` (Windows: `setx DASHSCOPE_API_KEY "sk-..."`), open a new terminal or restart the IDE, and start the program there.',
        '执行 `export DASHSCOPE_API_KEY=sk-...`（Windows：`setx DASHSCOPE_API_KEY "sk-..."`），新开终端或重启 IDE 后再运行程序。',
      ],
      related: ['sdk-java-no-api-key', 'sdk-openai-no-api-key'],
    },
    {
      id: 'sdk-openai-no-api-key',
      messages: [
        'openai.OpenAIError: The api_key client option must be set either by passing api_key to the client or by setting the OPENAI_API_KEY environment variable',
      ],
      patterns: [
        'The api_key client option must be set either by passing api_key to the client or by setting the OPENAI_API_KEY environment variable',
      ],
      cause: [
        'The OpenAI SDK was created without a key; it reads only `OPENAI_API_KEY` by itself.',
        '创建 OpenAI SDK 客户端时没有传入 Key；SDK 默认只读取 `OPENAI_API_KEY`。',
      ],
      fix: [
        'Set `DASHSCOPE_API_KEY` in the environment and write `OpenAI(api_key=os.getenv("DASHSCOPE_API_KEY"), base_url=...)`. A key in the code is for tests only: it leaks easily.',
        '设置环境变量 `DASHSCOPE_API_KEY`，并写成 `OpenAI(api_key=os.getenv("DASHSCOPE_API_KEY"), base_url=...)`。把 Key 写在代码里仅限测试，容易泄露。',
      ],
      related: ['sdk-dashscope-no-api-key'],
    },
    {
      id: 'sdk-requests-raise-for-status',
      messages: ['Bad Request for url: xxx'],
      patterns: ['Bad Request for url: {url}'],
      cause: [
        "Python's `response.raise_for_status()` raised for an HTTP 400 and hid what the server said.",
        'Python requests 的 `response.raise_for_status()` 因 HTTP 400 抛错，掩盖了服务端返回的具体信息。',
      ],
      fix: [
        'Print `response.json()` (or `response.text`) before `raise_for_status()`, and look that message up.',
        '在 `raise_for_status()` 之前 `print(response.json())`，再根据具体消息排查。',
      ],
    },
    {
      id: 'sdk-java-ttsv2-unresolved',
      messages: ["Cannot resolve symbol 'ttsv2'"],
      patterns: ["Cannot resolve symbol 'ttsv2'"],
      cause: [
        'The DashScope SDK for Java in the project is too old for realtime CosyVoice synthesis.',
        '项目中的 DashScope Java SDK 版本过旧，不包含 CosyVoice 实时语音合成的类。',
      ],
      fix: [
        'Raise `dashscope-sdk-java` in pom.xml or build.gradle to the newest version and reload the project.',
        '在 pom.xml 或 build.gradle 中把 `dashscope-sdk-java` 升级到最新版并重新加载项目。',
      ],
      related: ['sdk-python-messages-argument'],
    },
    {
      id: 'sdk-java-no-api-key',
      messages: ['NoApiKeyException: Can not find api-key.'],
      patterns: ['NoApiKeyException: Can not find api-key.', 'Can not find api-key.'],
      cause: [
        'The DashScope SDK for Java does not see the environment variable with the key; often it was set after the IDE was started.',
        'DashScope Java SDK 读取不到 Key 的环境变量，常见于 IDE 启动之后才设置变量。',
      ],
      fix: [
        'Restart terminal, IDE or service so that it reads the variable; for a service set it in its own environment. To be sure, pass it: `.apiKey(System.getenv("DASHSCOPE_API_KEY"))`.',
        '重启终端、IDE 或服务使变量生效，服务进程需在其自身环境中设置；也可显式传入 `.apiKey(System.getenv("DASHSCOPE_API_KEY"))`。',
      ],
      related: ['sdk-dashscope-no-api-key'],
      alsoIn: [{ document: 'error-codes', section: 'NetworkError' }],
    },
    {
      id: 'network-connect-failed',
      area: 'network',
      origin: 'network',
      retryable: { kind: 'backoff' },
      messages: ['ConnectException: Failed to connect to dashscope.aliyuncs.com'],
      patterns: ['ConnectException: Failed to connect to {host}', 'Failed to connect to dashscope.aliyuncs.com'],
      cause: ['The machine cannot open a connection to {host|the platform}.', '本机无法连接到 {host|平台}。'],
      fix: [
        'Test with `curl -v https://dashscope.aliyuncs.com`. A certificate error: update the CA certificates or turn off TLS inspection. A timeout: check firewall, proxy and DNS, or try another network or server.',
        '用 `curl -v https://dashscope.aliyuncs.com` 测试。证书错误：更新 CA 证书或关闭 HTTPS 拦截；超时：检查防火墙、代理、DNS，或更换网络、服务器。',
      ],
    },
    {
      id: 'sdk-python-messages-argument',
      messages: ["MultiModalConversation.call() missing 1 required positional argument: 'messages'"],
      patterns: ["MultiModalConversation.call() missing 1 required positional argument: 'messages'"],
      cause: [
        'The installed DashScope SDK for Python is too old for this way to call it.',
        '已安装的 DashScope Python SDK 版本过旧。',
      ],
      fix: [
        'Run `pip install -U dashscope` in the environment that runs the program.',
        '在运行程序的环境中执行 `pip install -U dashscope`。',
      ],
      related: ['sdk-java-ttsv2-unresolved'],
    },
  ],
);
