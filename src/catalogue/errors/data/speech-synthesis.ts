import { defineErrors } from '../define.ts';
import type { ErrorRecord } from '../record.ts';

/** Text to speech with CosyVoice and Qwen-TTS: voices, text, connection. */
export const speechSynthesisErrors: readonly ErrorRecord[] = defineErrors(
  {
    document: 'error-codes',
    section: 'WebSocket Errors',
    status: [],
    nativeCodes: [],
    compatibleCodes: [],
    protocols: ['dashscope', 'websocket'],
    area: 'speech-synthesis',
    origin: 'client',
    retryable: { kind: 'never' },
  },
  [
    {
      id: 'speech-synthesis-voice-nonexistent',
      section: '500-InternalError/internal_error',
      status: [500],
      nativeCodes: ['InternalError'],
      compatibleCodes: ['internal_error'],
      messages: ['Remote cancelled grpc stream.'],
      cause: ['The voice named in the request does not exist.', '请求中指定的音色不存在。'],
      fix: [
        'Set `voice` to a name from the CosyVoice voice list of your model version, or to a cloned voice of the same account.',
        '把 `voice` 改为所用模型版本音色列表中的名称，或同一账号下的复刻音色。',
      ],
      related: ['voice-cloning-voice-missing'],
    },
    {
      id: 'speech-synthesis-text-null',
      section: 'SDK Errors',
      protocols: ['sdk'],
      messages: ['InputRequiredException: Parameter invalid: text is null'],
      patterns: ['InputRequiredException: Parameter invalid: text is null', 'Parameter invalid: text is null'],
      cause: [
        'The SDK was asked to speak, but no text was given (CosyVoice).',
        '调用 CosyVoice 语音合成时没有传入待合成的文本。',
      ],
      fix: [
        'Give the call a non-empty `text`; print the variable before the call, it is null there.',
        '为调用传入非空的 `text`；在调用前打印该变量，通常此时为 null。',
      ],
    },
    {
      id: 'speech-synthesis-cloned-voice-required',
      nativeCodes: ['CLIENT_ERROR'],
      protocols: ['websocket'],
      priority: 1,
      messages: ['CLIENT_ERROR-[qwen-tts:]Engine return error code: 411'],
      patterns: ['CLIENT_ERROR-[qwen-tts:]Engine return error code: 411', '[qwen-tts:]Engine return error code: 411'],
      cause: [
        'The model `qwen-tts-vc-realtime-2025-08-20` speaks with cloned voices only, and the request names a built-in one.',
        '模型 `qwen-tts-vc-realtime-2025-08-20` 只支持声音复刻得到的音色，而请求使用了默认音色。',
      ],
      fix: [
        'Clone a voice first and put its name into `voice`, or use a Qwen-TTS model with built-in voices.',
        '先进行声音复刻并把得到的音色填入 `voice`，或改用支持默认音色的千问 TTS 模型。',
      ],
    },
    {
      id: 'speech-synthesis-task-null',
      nativeCodes: ['InvalidParameter'],
      protocols: ['websocket'],
      messages: ['InvalidParameter: task can not be null'],
      patterns: ['InvalidParameter: task can not be null', 'task can not be null'],
      causes: [
        {
          when: ['It comes after run-task or finish-task.', '在发送 run-task 或 finish-task 之后出现。'],
          cause: [
            'The payload of `run-task` or `finish-task` has no `input` field (CosyVoice over WebSocket).',
            '`run-task` 或 `finish-task` 的 payload 缺少 `input` 字段（CosyVoice WebSocket）。',
          ],
          fix: [
            'Keep `"input": {}` in both, even though it is empty.',
            '两个指令的 payload 都要保留 `"input": {}`，即使为空也不能省略。',
          ],
        },
        {
          when: ['It comes after continue-task.', '在发送 continue-task 之后出现。'],
          cause: [
            'The payload of `continue-task` has no `input.text`.',
            '`continue-task` 的 payload 缺少 `input.text`。',
          ],
          fix: [
            'Put the piece of text into `payload.input.text`; it must not be empty.',
            '把文本片段写入 `payload.input.text`，且不能为空。',
          ],
        },
      ],
    },
    {
      id: 'websocket-connect-timeout',
      protocols: ['websocket', 'sdk'],
      area: 'websocket',
      origin: 'network',
      retryable: { kind: 'backoff' },
      messages: [
        'TimeoutError: websocket connection could not established within 5s. Please check your network connection, firewall settings, or server status.',
      ],
      patterns: [
        'websocket connection could not established within 5s. Please check your network connection, firewall settings, or server status.',
      ],
      cause: [
        'The SDK could not open the WebSocket to the speech service within 5 seconds.',
        'SDK 在 5 秒内未能与语音服务建立 WebSocket 连接。',
      ],
      fix: [
        'Check that outbound `wss` on port 443 to the host is open, that no proxy breaks WebSocket upgrades, and try from another network or server.',
        '检查是否放行到该主机 443 端口的 `wss` 连接、代理是否支持 WebSocket 升级，或更换网络、服务器后重试。',
      ],
    },
    {
      id: 'websocket-client-disconnect',
      section: '400-ClientDisconnect',
      status: [400],
      nativeCodes: ['ClientDisconnect'],
      area: 'websocket',
      messages: ['Client disconnected before task finished!'],
      cause: [
        'Your side closed the connection before the speech task ended.',
        '客户端在语音合成或识别任务结束之前断开了连接。',
      ],
      fix: [
        'Send `finish-task` and wait for `task-finished` (or `task-failed`) before closing; look for client timeouts, process exits and proxies that cut idle connections.',
        '发送 `finish-task` 并等到 `task-finished`（或 `task-failed`）后再关闭连接；检查客户端超时、进程提前退出以及代理断开空闲连接等情况。',
      ],
    },
  ],
);
