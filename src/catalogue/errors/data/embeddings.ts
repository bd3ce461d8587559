import { defineErrors } from '../define.ts';
import type { ErrorRecord } from '../record.ts';
import { invalidParameter } from './invalid-parameter.ts';

/** Refusals of the embedding models. */
export const embeddingsErrors: readonly ErrorRecord[] = defineErrors(
  { ...invalidParameter, compatibleCodes: ['InvalidParameter', 'invalid_parameter_error'], area: 'embeddings' },
  [
    {
      id: 'embeddings-batch-size',
      messages: ['Value error, batch size is invalid, it should not be larger than xxx.'],
      patterns: ['Value error, batch size is invalid, it should not be larger than {max}.'],
      cause: [
        'One request has more texts than this embedding model takes ({max|its limit}).',
        '单次请求的文本条数超过了该向量模型的上限（{max|上限}）。',
      ],
      fix: [
        'Send at most {max|the allowed number of} texts per request and join the results in order.',
        '每次请求最多传入 {max|允许条数的} 条文本，并按顺序合并结果。',
      ],
      related: ['embeddings-input-type'],
    },
    {
      id: 'embeddings-input-type',
      messages: ['Value error, contents is neither str nor list of str.: input.contents'],
      patterns: ['Value error, contents is neither str nor list of str'],
      cause: [
        'The input of the embedding call is neither a string nor a list of strings (token ids are not accepted).',
        '向量模型的输入既不是字符串，也不是字符串列表（不支持传 Token ID）。',
      ],
      fix: [
        'Send a string or a list of strings. In LangChain set `check_embedding_ctx_length=False`, so that it sends text and not token ids.',
        '传入字符串或字符串列表；使用 LangChain 时设置 `check_embedding_ctx_length=False`，使其发送文本而不是 Token ID。',
      ],
      related: ['embeddings-batch-size'],
    },
  ],
);
