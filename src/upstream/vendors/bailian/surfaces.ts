import type { Plan } from '../../../domain/provider.ts';
import { anthropicVersion } from '../headers.ts';
import type { Surfaces } from '../vendor.ts';
import { planPaths } from './hosts.ts';

/**
 * The protocols of a plan. Bearer on the Anthropic path too: pay-as-you-go hosts take both forms, the plan hosts answer
 * `x-api-key` alone with `No API-key provided` (help.aliyun.com/zh/model-studio/anthropic-api-messages, token-plan-faq).
 */
export function surfacesOf(plan: Plan) {
  const paths = planPaths[plan];
  return {
    'openai-chat': { bases: [paths.openai], call: '/chat/completions', auth: 'bearer' },
    'anthropic-messages': { bases: [paths.anthropic], call: '/v1/messages', auth: 'bearer', headers: anthropicVersion },
  } as const satisfies Surfaces;
}
