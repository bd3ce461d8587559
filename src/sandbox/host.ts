import type { Plan } from '../domain/provider.ts';
import type { SandboxOptions } from './options.ts';
import { authRefusal, type Refusal } from './refusal.ts';

/** The hosts of Model Studio, by the product whose keys they take. */
const hostPlans: readonly { pattern: RegExp; plan: Plan }[] = [
  { pattern: /^coding(-intl)?\.dashscope\.aliyuncs\.com$/, plan: 'coding' },
  { pattern: /^token-plan\.[a-z\d-]+\.maas\.aliyuncs\.com$/, plan: 'token' },
  { pattern: /^trial\.[a-z\d-]+\.maas\.aliyuncs\.com$/, plan: 'trial' },
  { pattern: /^(dashscope(-intl|-us)?|cn-hongkong\.dashscope)\.aliyuncs\.com$/, plan: 'payg' },
  { pattern: /^[\w-]+\.[a-z\d-]+\.maas\.aliyuncs\.com$/, plan: 'payg' },
];

/** The product that the options or the `host` header name; undefined when neither does. */
export function namedPlan(options: SandboxOptions, host: string | undefined): Plan | undefined {
  if (options.plan !== undefined) return options.plan;
  const name = host?.replace(/:\d+$/, '').toLowerCase();
  return name === undefined ? undefined : hostPlans.find(({ pattern }) => pattern.test(name))?.plan;
}

/** Which OpenAI path the product has; undefined: both. */
export function openAiBase(plan: Plan | undefined): '/v1' | '/compatible-mode/v1' | undefined {
  if (plan === undefined) return undefined;
  return plan === 'coding' ? '/v1' : '/compatible-mode/v1';
}

export interface KeyCheck {
  plan: Plan | undefined;
  keys: readonly string[] | undefined;
  headers: Readonly<Record<string, string>>;
  /** `x-api-key` counts on this path. */
  allowsXApiKey: boolean;
}

/**
 * Refuses a missing, wrong or misplaced key as the host does. Without a list of keys and without a named product
 * every key is accepted, and none too.
 */
export function checkKey(check: KeyCheck): Refusal | undefined {
  if (check.keys === undefined && check.plan === undefined) return undefined;
  const key = keyOf(check);
  const plan = check.plan ?? 'payg';
  // Recorded on the Anthropic path only; elsewhere a missing key is answered as a wrong one is documented to be.
  if (key === undefined) return check.allowsXApiKey ? noKey : unknownKey[plan];
  const misplaced = wrongKind(plan, key);
  if (misplaced !== undefined) return misplaced;
  return check.keys === undefined || check.keys.includes(key) ? undefined : unknownKey[plan];
}

function keyOf({ headers, allowsXApiKey, plan }: KeyCheck): string | undefined {
  const bearer = /^Bearer\s+(.*)$/i.exec(headers.authorization ?? '')?.[1];
  if (bearer !== undefined && bearer !== '') return bearer;
  // Plan hosts look at the bearer only: a key in x-api-key alone was answered as if there were none.
  return allowsXApiKey && plan !== 'coding' && plan !== 'token' ? headers['x-api-key'] || undefined : undefined;
}

const incorrect = authRefusal(401, 'Incorrect API key provided. ');
const expired = authRefusal(401, 'invalid access token or token expired');
const noKey = authRefusal(401, 'No API-key provided.');

const unknownKey: Record<Plan, Refusal> = { payg: incorrect, trial: incorrect, coding: expired, token: expired };

function wrongKind(plan: Plan, key: string): Refusal | undefined {
  if (key.trim() !== key || !/^(sk|st)-/.test(key)) return unknownKey[plan];
  const isPlanKey = key.startsWith('sk-sp-');
  if (plan === 'coding') return isPlanKey ? undefined : expired;
  if (plan === 'token') return isPlanKey ? undefined : incorrect;
  return isPlanKey ? authRefusal(403, 'invalid api-key') : undefined;
}

/** Programs that are no interactive coding agents, by the start of their `user-agent` (the rule itself is not published). */
const noAgent = /^(curl|wget|postmanruntime|insomnia|httpie|python-requests|python-urllib|dify|n8n|coze|axios)\b/i;

/** The Coding Plan's refusal of other tools. */
export function checkAgent(
  plan: Plan | undefined,
  options: SandboxOptions,
  userAgent: string | undefined,
): Refusal | undefined {
  if (plan !== 'coding' || options.codingAgentsOnly === false || !noAgent.test(userAgent ?? '')) return undefined;
  const message = 'Coding Plan is currently only available for Coding Agents';
  return {
    status: 405,
    envelope: 'text',
    message,
    type: 'invalid_request_error',
    code: null,
    param: null,
    nativeCode: 'MethodNotAllowed',
  };
}
