import { defineErrors } from '../define.ts';
import type { ErrorRecord } from '../record.ts';

/** Background tasks: calling them, cancelling them, waiting for them. */
export const asyncTaskErrors: readonly ErrorRecord[] = defineErrors(
  {
    document: 'error-codes',
    section: '403-AccessDenied/access_denied',
    status: [403],
    nativeCodes: ['AccessDenied'],
    compatibleCodes: ['access_denied'],
    protocols: ['dashscope'],
    area: 'async-task',
    origin: 'client',
    retryable: { kind: 'never' },
  },
  [
    {
      id: 'async-task-asynchronous-unsupported',
      messages: ['Current user api does not support asynchronous calls.'],
      cause: ['This interface answers directly and cannot be called as a background task.', '该接口不支持异步调用。'],
      fix: [
        'Take the header `X-DashScope-Async` out, or set it to `disable`.',
        '删除 `X-DashScope-Async` 请求头，或设为 `disable`。',
      ],
      related: ['async-task-synchronous-unsupported'],
      alsoIn: [
        {
          document: 'contract',
          section: '3.1 Catalogue for the sandbox (HTTP - native code / compatible code - message)',
          message: 'Current user api does not support asynchronous calls.',
        },
      ],
    },
    {
      id: 'async-task-synchronous-unsupported',
      messages: ['current user api does not support synchronous calls.'],
      cause: ['This interface works as a background task only.', '该接口只支持异步调用。'],
      fix: [
        'Send the header `X-DashScope-Async: enable`, keep the `task_id` of the answer and fetch the result from `GET /api/v1/tasks/{task_id}`.',
        '添加请求头 `X-DashScope-Async: enable`，保存返回的 `task_id`，再用 `GET /api/v1/tasks/{task_id}` 查询结果。',
      ],
      related: ['async-task-asynchronous-unsupported'],
      alsoIn: [
        {
          document: 'contract',
          section: '3.1 Catalogue for the sandbox (HTTP - native code / compatible code - message)',
          message: 'current user api does not support synchronous calls.',
        },
      ],
    },
    {
      id: 'async-task-timeout',
      section: '500-InternalError.Timeout',
      status: [500],
      nativeCodes: ['InternalError.Timeout'],
      compatibleCodes: [],
      origin: 'provider',
      retryable: { kind: 'backoff' },
      messages: [
        'An internal timeout error has occured during execution, please try again later or contact service support.',
      ],
      cause: ['The background task gave no result within 3 hours.', '异步任务在 3 小时内没有返回结果。'],
      fix: [
        'Look at the state of the task with `GET /api/v1/tasks/{task_id}`; submit it again, with smaller input if it happens twice. Report the task id to the support if it stays.',
        '用 `GET /api/v1/tasks/{task_id}` 查看任务状态后重新提交；若再次超时请减小输入，仍失败则携带任务 ID 联系支持。',
      ],
    },
    {
      id: 'async-task-operation-unsupported',
      section: '400-UnsupportedOperation',
      status: [400],
      nativeCodes: ['UnsupportedOperation'],
      compatibleCodes: [],
      priority: 1,
      messages: ['The operation is unsupported on the referee object.'],
      causes: [
        {
          when: ['A call to cancel a task.', '取消任务时出现。'],
          cause: [
            'Only a task that is still `PENDING` can be cancelled; this one runs already or has ended.',
            '只有处于 `PENDING` 状态的任务才能取消，该任务已开始运行或已结束。',
          ],
          fix: [
            'Read its state with `GET /api/v1/tasks/{task_id}`; when it runs, let it end and ignore the result.',
            '用 `GET /api/v1/tasks/{task_id}` 查看状态；若已在运行，等待结束后忽略结果即可。',
          ],
        },
        {
          when: ['Any other call.', '其他操作时出现。'],
          cause: ['The object does not allow this operation.', '对象不支持该操作。'],
          fix: [
            'Check that the id is of the kind that the operation expects, and the reference of that object for what it allows.',
            '确认 ID 的对象类型与操作匹配，并查阅该对象支持的操作。',
          ],
        },
      ],
      related: ['fine-tuning-job-not-deletable'],
      alsoIn: [{ document: 'contract', section: '4.3 Async tasks' }],
    },
  ],
);
