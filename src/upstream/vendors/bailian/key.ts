import type { Plan } from '../../../domain/provider.ts';
import { envName } from '../../provider-config-error.ts';
import { planTitles } from './hosts.ts';

/** What the form of a key says. Source: help.aliyun.com/zh/model-studio/get-api-key, .../generate-temporary-api-key and the plan FAQs. */
export type KeyKind = 'general' | 'plan' | 'temporary' | 'modelscope' | 'unknown';

const kinds: readonly (readonly [prefix: string, kind: KeyKind])[] = [
  // `sk-sp-` does not tell the Coding Plan from the Token Plan.
  ['sk-sp-', 'plan'],
  ['sk-', 'general'],
  ['st-', 'temporary'],
  ['ms-', 'modelscope'],
];

export function keyKind(key: string): KeyKind {
  return kinds.find(([prefix]) => key.startsWith(prefix))?.[1] ?? 'unknown';
}

/** A refusal or a warning about a key on a host of Model Studio. */
export type KeyVerdict =
  | {
      refuse: string;
      fix: string;
      /** The address is wrong as likely as the key. */
      contradicts?: true;
    }
  | { warn: string }
  | undefined;

/** Whether a key of this kind can work on a host of this plan. `provider` is the configured name, for the fix. */
export function judgeKey(kind: KeyKind, plan: Plan, provider: string): KeyVerdict {
  const wantsPlanKey = plan === 'coding' || plan === 'token';
  if (kind === 'modelscope') {
    return {
      refuse:
        'The key is a ModelScope token (ms-...), which belongs to another product and is never valid at Model Studio.',
      fix: 'Create a key in the Model Studio console (bailian.console.aliyun.com) and use that.',
    };
  }
  if (kind === 'plan' && !wantsPlanKey) {
    return {
      refuse: `The key is a plan key (sk-sp-...) and the address is the ${planTitles[plan]} one, which answers it with 401 or 403.`,
      fix: `Say which plan the key is from: ${envName(provider, 'PLAN')}=coding or ${envName(provider, 'PLAN')}=token; or use a general sk- key.`,
      contradicts: true,
    };
  }
  if (kind === 'general' && wantsPlanKey) {
    return {
      refuse: `The key is a general key (sk-...) and the address is the ${planTitles[plan]} one, which answers it with 401.`,
      fix: `Use the sk-sp-... key of the ${planTitles[plan]}, or take the plan host away: general keys work on the pay-as-you-go hosts.`,
      contradicts: true,
    };
  }
  if (kind === 'temporary') {
    return { warn: 'The key is a temporary one (st-...): it stops working at most 30 minutes after it was made.' };
  }
  if (kind === 'unknown') {
    return {
      warn: 'The key has no form that Model Studio documents (sk-..., sk-sp-..., st-...); it is sent as it is.',
    };
  }
  return undefined;
}
