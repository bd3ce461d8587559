import { defineErrors } from '../define.ts';
import type { ErrorRecord } from '../record.ts';

/** Content rules: of the platform, of the owner, and of rights. */
export const moderationMoreErrors: readonly ErrorRecord[] = defineErrors(
  {
    document: 'error-codes',
    section: '400-FaqRuleBlocked',
    status: [400],
    nativeCodes: ['FaqRuleBlocked'],
    compatibleCodes: [],
    protocols: ['openai', 'anthropic', 'dashscope'],
    area: 'moderation',
    origin: 'client',
    retryable: { kind: 'never' },
  },
  [
    {
      id: 'moderation-faq-rule',
      messages: ['Input or output data is blocked by faq rule.'],
      cause: [
        'A rule of the FAQ intervention module caught the question or the answer.',
        '请求或回答命中了 FAQ 规则干预模块。',
      ],
      fix: [
        'See the intervention rules of the application in the console; change the rule or the wording.',
        '在控制台查看应用的 FAQ 干预规则，调整规则或改写内容。',
      ],
      related: ['moderation-custom-role'],
    },
    {
      id: 'moderation-ip-infringement',
      section: '400-IPInfringementSuspect',
      nativeCodes: ['IPInfringementSuspect'],
      messages: ['Input data is suspected of being involved in IP infringement.'],
      cause: [
        'The prompt or a picture seems to use protected material (brands, characters, works).',
        '提示词或图片疑似侵犯知识产权（品牌、角色、作品等）。',
      ],
      fix: [
        'Take names and pictures of protected material out, describe what you need in general terms, and send it again.',
        '去除涉及品牌、角色、作品的名称或图片，改用一般性描述后重试。',
      ],
    },
    {
      id: 'moderation-custom-role',
      section: '400-CustomRoleBlocked',
      nativeCodes: ['CustomRoleBlocked'],
      messages: ['Input or output data may contain inappropriate content with custom rule.'],
      cause: [
        'A rule that the owner of the account set up blocked the request or the answer.',
        '请求或回复内容未通过自定义策略的检查。',
      ],
      fix: [
        'Change the content, or adjust the custom rule in the console.',
        '检查并修改内容，或在控制台调整自定义策略。',
      ],
      related: ['moderation-faq-rule'],
    },
  ],
);
