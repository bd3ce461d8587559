import { defineErrors } from '../define.ts';
import type { ErrorRecord } from '../record.ts';

/** Refusals by content moderation. */
export const moderationErrors: readonly ErrorRecord[] = defineErrors(
  {
    document: 'error-codes',
    section: '400-DataInspectionFailed/data_inspection_failed',
    status: [400],
    nativeCodes: ['DataInspectionFailed'],
    compatibleCodes: ['data_inspection_failed'],
    protocols: ['openai', 'anthropic', 'dashscope'],
    area: 'moderation',
    origin: 'client',
    retryable: { kind: 'never' },
  },
  [
    {
      id: 'moderation-data-inspection',
      generic: 'code',
      messages: [
        'Input or output data may contain inappropriate content. / Input data may contain inappropriate content. / Output data may contain inappropriate content.',
      ],
      patterns: [
        'Input or output data may contain inappropriate content.',
        'Input data may contain inappropriate content.',
        'Output data may contain inappropriate content.',
      ],
      priority: 1,
      cause: [
        'Content moderation stopped the call: the input, an earlier turn of the conversation or the answer looks sensitive.',
        '内容安全检测拦截了本次调用：输入、历史对话或输出疑似包含敏感内容。',
      ],
      fix: [
        'Change the input. In a long conversation the flagged text stays in the history and is checked again each time: start a new one or remove that turn.',
        '修改输入内容后重试；多轮对话中被拦截的内容会留在历史里并被反复检测，请新建会话或删除相应轮次。',
      ],
      related: ['moderation-input-kind'],
      alsoIn: [{ document: 'coding-plan-faq', section: 'How do I handle the data_inspection_failed error?' }],
    },
    {
      id: 'moderation-input-kind',
      messages: ['Input xxx data may contain inappropriate content.'],
      patterns: ['Input {kind} data may contain inappropriate content.'],
      cause: [
        'Content moderation regards the {kind|named} input as possibly sensitive.',
        '内容安全检测认为{kind|所指}输入可能含有敏感内容。',
      ],
      fix: ['Check that part of the input, replace it and try again.', '对该部分输入做合规检查，修改或更换后重试。'],
      related: ['moderation-data-inspection'],
    },
  ],
);
