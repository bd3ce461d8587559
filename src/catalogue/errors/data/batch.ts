import { defineErrors } from '../define.ts';
import type { ErrorRecord } from '../record.ts';

/** Batch files and batch load: one model per batch, one id per line. */
export const batchErrors: readonly ErrorRecord[] = defineErrors(
  {
    document: 'error-codes',
    section: 'SDK Errors',
    status: [],
    nativeCodes: ['Throttling.AllocationQuota'],
    compatibleCodes: ['insufficient_quota'],
    protocols: ['openai', 'dashscope'],
    area: 'batch',
    origin: 'client',
    retryable: { kind: 'never' },
  },
  [
    {
      id: 'batch-throttled',
      section: '429-Throttling.AllocationQuota/insufficient_quota',
      status: [429],
      origin: 'provider',
      retryable: { kind: 'backoff' },
      messages: [
        'Too many requests. Batch requests are being throttled due to system capacity limits. Please try again later.',
      ],
      cause: [
        'More batch calls are waiting than the platform can take at the moment.',
        'Batch 请求过多，平台当前容量不足。',
      ],
      fix: [
        'Send it again later, best outside busy hours; split large batches over time.',
        '稍后（最好避开高峰）重新提交，大批量任务可分时段提交。',
      ],
      related: ['server-capacity'],
    },
    {
      id: 'batch-model-unsupported',
      section: '404-ModelNotFound/model_not_found',
      status: [404],
      nativeCodes: ['ModelNotFound'],
      compatibleCodes: ['model_not_found'],
      messages: ['The provided model xxx is not supported by the Batch API.'],
      patterns: ['The provided model {model} is not supported by the Batch API.'],
      cause: [
        'The model {model|of the batch} cannot be called in batches, or its name is misspelt.',
        '模型 {model|（Batch 中指定的模型）} 不支持 Batch 调用，或名称拼写有误。',
      ],
      fix: [
        'Take a name from the list of models for batch calls; try the file with the free `batch-test-model` first.',
        '从支持 Batch 的模型列表中选择名称；可先用免费的 `batch-test-model` 验证输入文件。',
      ],
    },
    {
      id: 'batch-model-mismatch',
      nativeCodes: ['mismatched_model'],
      compatibleCodes: ['mismatched_model'],
      messages: [
        "The model 'xxx' for this request does not match the rest of the batch. Each batch must contain requests for a single model.",
      ],
      patterns: [
        "The model '{model}' for this request does not match the rest of the batch. Each batch must contain requests for a single model.",
      ],
      cause: [
        'The lines of the batch file name different models; this line names {model|another one}.',
        'Batch 文件中各行的模型不一致，该行使用了 {model|其他模型}。',
      ],
      fix: [
        'Give every line the same `body.model`; make one file and one batch per model. `jq -r .body.model file.jsonl | sort | uniq -c` shows what is in it.',
        '让每行的 `body.model` 相同，每个模型单独建一个文件和任务。用 `jq -r .body.model file.jsonl | sort | uniq -c` 检查。',
      ],
      related: ['batch-duplicate-custom-id'],
    },
    {
      id: 'batch-duplicate-custom-id',
      nativeCodes: ['duplicate_custom_id'],
      compatibleCodes: ['duplicate_custom_id'],
      messages: [
        "The custom_id 'xxx' for this request is a duplicate of another request. The custom_id parameter must be unique for each request in a batch.",
      ],
      patterns: [
        "The custom_id '{id}' for this request is a duplicate of another request. The custom_id parameter must be unique for each request in a batch.",
      ],
      cause: [
        'Two lines of the batch file have the same `custom_id` ({id|see the message}).',
        'Batch 文件中有两行的 `custom_id` 相同（{id|见消息}）。',
      ],
      fix: [
        'Number the lines so that each `custom_id` occurs once. `jq -r .custom_id file.jsonl | sort | uniq -d` lists the doubles.',
        '为每行设置唯一的 `custom_id`。用 `jq -r .custom_id file.jsonl | sort | uniq -d` 找出重复项。',
      ],
      related: ['batch-model-mismatch'],
    },
  ],
);
