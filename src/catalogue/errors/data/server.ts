import { defineErrors } from '../define.ts';
import type { ErrorRecord } from '../record.ts';

/** Failures on the side of the platform: internal errors, timeouts, capacity. */
export const serverErrors: readonly ErrorRecord[] = defineErrors(
  {
    document: 'error-codes',
    section: '500-InternalError.Algo',
    status: [500],
    nativeCodes: ['InternalError.Algo'],
    compatibleCodes: [],
    protocols: ['openai', 'anthropic', 'dashscope'],
    area: 'server',
    origin: 'provider',
    retryable: { kind: 'backoff' },
  },
  [
    {
      id: 'server-internal-error',
      section: '500-InternalError/internal_error',
      nativeCodes: ['InternalError'],
      compatibleCodes: ['internal_error', 'api_error'],
      generic: true,
      messages: [
        'An internal error has occured, please try again later or contact service support.',
        'Internal server error!',
      ],
      patterns: [
        'An internal error has occured, please try again later or contact service support.',
        'Internal server error!',
      ],
      cause: ['Something inside the platform or its algorithm failed.', '平台内部或算法出现错误。'],
      fix: [
        'Repeat after a short pause, with growing pauses. If it stays, report the request id to the support of the platform.',
        '稍等后按递增间隔重试；若持续出现，请携带 Request ID 联系平台支持。',
      ],
      related: ['server-system-error', 'server-algorithm-error'],
      alsoIn: [
        { document: 'anthropic-messages', section: 'Error codes', message: 'api_error' },
        {
          document: 'contract',
          section: '3.1 Catalogue for the sandbox (HTTP - native code / compatible code - message)',
          message: 'InternalError / internal_error',
        },
      ],
    },
    {
      id: 'server-inference-internal',
      messages: ['inference internal error.'],
      cause: ['The inference service had a fault.', '推理服务异常。'],
      fix: [
        'Repeat it first, since the fault is often short. If it comes back for one request only, make that request smaller and simpler to find the part at fault.',
        '先重试排除偶发问题；若仅某个请求反复失败，逐步简化该请求以定位问题。',
      ],
      related: ['server-algorithm-error'],
      alsoIn: [
        {
          document: 'contract',
          section: '3.1 Catalogue for the sandbox (HTTP - native code / compatible code - message)',
          message: 'InternalError.Algo',
        },
      ],
    },
    {
      id: 'server-request-rejected-by-engine',
      messages: ['An error occurred in model serving, error message is: [Request rejected by inference engine!]'],
      patterns: ['An error occurred in model serving, error message is: [{detail}]'],
      cause: [
        'The server behind the model refused or dropped the request ({detail|the reason stands in the message}).',
        '模型服务后端出错（{detail|原因见消息}）。',
      ],
      fix: [
        'Repeat after a short pause, with growing pauses. If it stays, report the request id to the support of the platform.',
        '稍等后按递增间隔重试；若持续出现，请携带 Request ID 联系平台支持。',
      ],
    },
    {
      id: 'server-algorithm-execution',
      messages: ['An internal error has occured during algorithm execution.'],
      cause: ['The algorithm stopped with a fault while it ran.', '算法运行时出错。'],
      fix: [
        'Repeat after a short pause, with growing pauses. If it stays, report the request id to the support of the platform.',
        '稍等后按递增间隔重试；若持续出现，请携带 Request ID 联系平台支持。',
      ],
      related: ['server-algorithm-error'],
    },
    {
      id: 'server-algorithm-error',
      generic: 'code',
      priority: -1,
      messages: [
        'An internal error has occured during execution, please try again later or contact service support. / algorithm process error. / inference error. / An internal error occurs during computation, please try this model later.',
      ],
      patterns: [
        'An internal error has occured during execution, please try again later or contact service support.',
        'algorithm process error.',
        'inference error.',
        'An internal error occurs during computation, please try this model later.',
      ],
      cause: ['The algorithm of the model failed internally.', '模型算法内部错误。'],
      fix: [
        'Repeat after a short pause, with growing pauses. If it stays, report the request id to the support of the platform.',
        '稍等后按递增间隔重试；若持续出现，请携带 Request ID 联系平台支持。',
      ],
      related: ['server-internal-error'],
    },
    {
      id: 'server-batching-backend',
      messages: ['Receive batching backend response failed!'],
      cause: ['One service inside the platform got no answer from another.', '平台内部服务之间通信失败。'],
      fix: [
        'Repeat after a short pause, with growing pauses. If it stays, report the request id to the support of the platform.',
        '稍等后按递增间隔重试；若持续出现，请携带 Request ID 联系平台支持。',
      ],
      related: ['music-concurrency'],
    },
    {
      id: 'server-system-error',
      section: '500-SystemError',
      nativeCodes: ['SystemError'],
      messages: ['An system error has occured, please try again later.'],
      cause: ['A system fault of the platform.', '平台系统错误。'],
      fix: [
        'Repeat after a short pause, with growing pauses. If it stays, report the request id to the support of the platform.',
        '稍等后按递增间隔重试；若持续出现，请携带 Request ID 联系平台支持。',
      ],
      related: ['server-internal-error'],
      alsoIn: [
        {
          document: 'contract',
          section: '3.1 Catalogue for the sandbox (HTTP - native code / compatible code - message)',
          message: 'SystemError',
        },
      ],
    },
    {
      id: 'server-model-service-failed',
      section: '500-ModelServiceFailed',
      nativeCodes: ['ModelServiceFailed'],
      messages: ['Failed to request model service.'],
      cause: ['The platform could not reach the service of the model.', '平台调用模型服务失败。'],
      fix: [
        'Repeat after a short pause, with growing pauses. If it stays, report the request id to the support of the platform.',
        '稍等后按递增间隔重试；若持续出现，请携带 Request ID 联系平台支持。',
      ],
      related: ['server-model-unavailable'],
      alsoIn: [
        {
          document: 'contract',
          section: '3.1 Catalogue for the sandbox (HTTP - native code / compatible code - message)',
          message: 'ModelServiceFailed',
        },
      ],
    },
    {
      id: 'server-request-timeout',
      concerns: 'request',
      section: '500-RequestTimeOut',
      nativeCodes: ['RequestTimeOut'],
      protocols: ['openai', 'anthropic', 'dashscope', 'websocket'],
      retryable: { kind: 'never' },
      messages: [
        'Request timed out, please try again later. / Response timeout! / I/O error on POST request for "https://dashscope.aliyuncs.com/compatible-mode/v1/chat/completions": timeout',
      ],
      patterns: [
        'Request timed out, please try again later.',
        'Response timeout!',
        'I/O error on POST request for "{url}": timeout',
      ],
      causes: [
        {
          when: ['A chat or text request.', '调用对话或文本模型。'],
          cause: [
            'The model did not finish a non-streamed answer within 300 seconds.',
            '非流式调用大模型时，300 秒内未能返回完整结果。',
          ],
          fix: [
            'Set `stream: true` and read the answer as it comes; also lower `max_tokens` or the thinking budget, and raise the timeout of your client. The same request without streaming will run into the limit again.',
            '设置 `stream: true` 流式读取结果，并适当降低 `max_tokens` 或思考预算、调大客户端超时。不改为流式直接重试仍会超时。',
          ],
        },
        {
          when: ['A speech recognition task.', '语音识别任务。'],
          signs: { protocols: ['websocket'] },
          cause: [
            'Live speech recognition (Paraformer) got no audio, or only silence, for a long time.',
            '实时语音识别（Paraformer）长时间没有收到音频或一直静音。',
          ],
          fix: [
            'Set `heartbeat` to true, or end the task as soon as the speaker is done.',
            '把 `heartbeat` 设为 true，或在说话结束后及时结束任务。',
          ],
        },
        {
          when: ['An image model.', '调用图像模型。'],
          cause: [
            'A picture to make or edit is too large or too complex for the time allowed.',
            '图像生成或编辑因图片过大、任务复杂而超时。',
          ],
          fix: [
            'Lower the resolution, ask for fewer changes at once, or try later.',
            '降低分辨率、简化编辑要求，或稍后再试。',
          ],
        },
      ],
      alsoIn: [
        {
          document: 'contract',
          section: '3.1 Catalogue for the sandbox (HTTP - native code / compatible code - message)',
          message: 'Request timed out ...',
        },
      ],
    },
    {
      id: 'server-capacity',
      section: '500/503-ModelServingError',
      status: [503, 500],
      nativeCodes: ['ModelServingError'],
      messages: [
        'Too many requests. Your requests are being throttled due to system capacity limits. Please try again later.',
      ],
      patterns: ['Too many requests. Your requests are being throttled due to system capacity limits'],
      cause: [
        'The platform has no free capacity for this model at the moment; your own limits are not the reason.',
        '平台该模型的资源已饱和，与你自己的限额无关。',
      ],
      fix: [
        'Repeat with growing pauses, or fall back to another model until it is over.',
        '按递增间隔重试，或暂时切换到其他模型。',
      ],
      related: ['rate-limit-throttled', 'batch-throttled', 'server-overloaded'],
      alsoIn: [
        {
          document: 'contract',
          section: '3.1 Catalogue for the sandbox (HTTP - native code / compatible code - message)',
          message: 'Too many requests. Your requests are being throttled due to system capacity limits.',
        },
      ],
    },
    {
      id: 'server-model-unavailable',
      section: '503-ModelUnavailable',
      status: [503],
      nativeCodes: ['ModelUnavailable'],
      messages: ['Model is unavailable, please try again later.'],
      cause: ['The model is out of service for a while.', '模型暂时不可用。'],
      fix: [
        'Try again later with growing pauses, or use another model meanwhile.',
        '稍后按递增间隔重试，或暂时换用其他模型。',
      ],
      related: ['server-capacity'],
      alsoIn: [
        {
          document: 'contract',
          section: '3.1 Catalogue for the sandbox (HTTP - native code / compatible code - message)',
          message: 'ModelUnavailable',
        },
      ],
    },
    {
      id: 'server-overloaded',
      document: 'openai-chat',
      section: 'Error codes',
      status: [503, 529],
      nativeCodes: [],
      compatibleCodes: ['overloaded_error'],
      protocols: ['openai', 'anthropic'],
      generic: true,
      messages: ['503 - The engine is currently overloaded, please try again later'],
      patterns: ['The engine is currently overloaded, please try again later'],
      cause: [
        'The server has more work than it can take and accepts no new calls.',
        '服务器过载，暂时无法处理新请求。',
      ],
      fix: [
        'Wait and repeat with growing pauses; lower the number of calls at a time.',
        '等待后按递增间隔重试，并降低并发。',
      ],
      related: ['server-capacity'],
      alsoIn: [
        { document: 'anthropic-messages', section: 'Error codes', message: 'overloaded_error' },
        {
          document: 'contract',
          section: '3.1 Catalogue for the sandbox (HTTP - native code / compatible code - message)',
          message: '529 overloaded_error',
        },
      ],
    },
  ],
);
