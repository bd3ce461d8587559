import { defineErrors } from '../define.ts';
import type { ErrorRecord } from '../record.ts';

/** Music generation with Fun-Music: paths, load and faults of the service. */
export const musicMoreErrors: readonly ErrorRecord[] = defineErrors(
  {
    document: 'error-codes',
    section: '500-InternalError.Algo',
    status: [500],
    nativeCodes: ['InternalError.Algo'],
    compatibleCodes: [],
    protocols: ['dashscope'],
    area: 'music',
    origin: 'provider',
    retryable: { kind: 'backoff' },
  },
  [
    {
      id: 'music-path-not-found',
      section: '404-NotFound',
      status: [404],
      nativeCodes: ['NotFound'],
      origin: 'client',
      retryable: { kind: 'never' },
      messages: ['Request path not found.'],
      cause: ['The service path of the Fun-Music call does not exist.', 'Fun-Music 调用的接口路径不存在。'],
      fix: [
        'Compare the path with the interface reference letter by letter; look for blanks, doubled slashes and invisible characters.',
        '逐字核对接口路径，检查空格、重复斜杠和不可见字符。',
      ],
    },
    {
      id: 'music-concurrency',
      priority: 1,
      messages: ['[music]Receive batching backend response failed!'],
      cause: ['More Fun-Music calls run at the same time than the service takes.', 'Fun-Music 的并发数超过限制。'],
      fix: ['Run fewer at once (one after the other to begin with) and repeat.', '降低并发（可先改为串行）后重试。'],
      related: ['server-batching-backend'],
    },
    {
      id: 'music-unknown-error',
      messages: ['Other kinds of server error.'],
      cause: ['Fun-Music failed inside for a reason that it does not name.', 'Fun-Music 发生未知的系统内部异常。'],
      fix: [
        'Repeat once; if it stays, send the request id to the support.',
        '重试一次；若仍失败，把 Request ID 提供给技术支持。',
      ],
    },
    {
      id: 'music-timeout',
      section: '500-ResponseTimeout',
      nativeCodes: ['ResponseTimeout'],
      messages: ['Response stream timeout'],
      cause: ['Fun-Music took too long inside.', 'Fun-Music 内部执行超时。'],
      fix: ['Call it again.', '重新调用即可。'],
    },
  ],
);
