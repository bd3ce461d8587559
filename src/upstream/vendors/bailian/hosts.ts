import type { Plan, PriceScope } from '../../../domain/provider.ts';

/** A region of Model Studio and its shared hosts. Source: help.aliyun.com/zh/model-studio/base-url and .../regions (2026-11). */
export interface Region {
  id: string;
  title: string;
  /** What people call it, lower-case; the id is accepted as well. */
  aliases: readonly string[];
  /** Pay as you go without a workspace; absent: the region has workspace domains only. */
  sharedHost?: string;
  codingHost?: string;
  tokenHost?: string;
  trialHost?: string;
}

export const regions: readonly Region[] = [
  {
    id: 'cn-beijing',
    title: 'Beijing',
    aliases: ['beijing', 'china', 'cn', 'mainland'],
    sharedHost: 'dashscope.aliyuncs.com',
    codingHost: 'coding.dashscope.aliyuncs.com',
    tokenHost: 'token-plan.cn-beijing.maas.aliyuncs.com',
    trialHost: 'trial.cn-beijing.maas.aliyuncs.com',
  },
  {
    id: 'ap-southeast-1',
    title: 'Singapore',
    aliases: ['singapore', 'sg', 'intl', 'international'],
    sharedHost: 'dashscope-intl.aliyuncs.com',
    codingHost: 'coding-intl.dashscope.aliyuncs.com',
    tokenHost: 'token-plan.ap-southeast-1.maas.aliyuncs.com',
    trialHost: 'trial.ap-southeast-1.maas.aliyuncs.com',
  },
  {
    id: 'us-east-1',
    title: 'US Virginia',
    aliases: ['virginia', 'us'],
    sharedHost: 'dashscope-us.aliyuncs.com',
  },
  {
    id: 'cn-hongkong',
    title: 'Hong Kong',
    aliases: ['hongkong', 'hong-kong', 'hk'],
    sharedHost: 'cn-hongkong.dashscope.aliyuncs.com',
    trialHost: 'trial.cn-hongkong.maas.aliyuncs.com',
  },
  { id: 'eu-central-1', title: 'Frankfurt', aliases: ['frankfurt', 'germany', 'eu', 'de'] },
  { id: 'ap-northeast-1', title: 'Tokyo', aliases: ['tokyo', 'japan', 'jp'] },
];

/** Paths that SDKs take as their base URL, by protocol, on the hosts of each plan. `native` is the DashScope API. */
export const planPaths: Readonly<Record<Plan, { openai: string; anthropic: string; native?: string }>> = {
  payg: { openai: '/compatible-mode/v1', anthropic: '/apps/anthropic', native: '/api/v1' },
  trial: { openai: '/compatible-mode/v1', anthropic: '/apps/anthropic', native: '/api/v1' },
  token: { openai: '/compatible-mode/v1', anthropic: '/apps/anthropic' },
  // The Coding Plan hosts differ: `/v1`, and `/compatible-mode/v1` does not exist there.
  coding: { openai: '/v1', anthropic: '/apps/anthropic' },
};

export const planTitles: Readonly<Record<Plan, string>> = {
  payg: 'pay as you go',
  coding: 'Coding Plan',
  token: 'Token Plan',
  trial: 'trial',
};

/** The synchronous half-price chat host (Beijing, OpenAI only), which may answer after up to an hour. */
export const batchHost = 'batch.dashscope.aliyuncs.com';

/** What a host name says. */
export interface KnownHost {
  plan: Plan;
  region?: string;
  /** True when Model Studio's documents name the host or its pattern. */
  documented: boolean;
  /** Serves Batch Chat only. */
  batch?: boolean;
}

/** The region by id or alias, case-insensitive. */
export function findRegion(name: string): Region | undefined {
  const wanted = name
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, '-');
  return regions.find(({ id, aliases }) => id === wanted || aliases.includes(wanted));
}

/** The host of a plan in a region; undefined when there is none. */
export function sharedHostOf(region: Region, plan: Plan): string | undefined {
  return { payg: region.sharedHost, coding: region.codingHost, token: region.tokenHost, trial: region.trialHost }[plan];
}

/** The domain of one workspace. */
export function workspaceHost(workspace: string, region: Region): string {
  return `${workspace.toLowerCase()}.${region.id}.maas.aliyuncs.com`;
}

/** Recognises Model Studio's hosts; undefined for anything outside aliyuncs.com, such as a proxy. */
export function classifyHost(hostname: string): KnownHost | undefined {
  if (hostname === batchHost) return { plan: 'payg', region: 'cn-beijing', documented: true, batch: true };
  for (const region of regions) {
    for (const plan of ['payg', 'coding', 'token', 'trial'] as const) {
      if (sharedHostOf(region, plan) === hostname) return { plan, region: region.id, documented: true };
    }
  }
  const [, label, region] = /^([a-z0-9-]+)\.([a-z0-9-]+)\.maas\.aliyuncs\.com$/.exec(hostname) ?? [];
  if (label !== undefined && region !== undefined) {
    const plan = label === 'token-plan' ? 'token' : label === 'trial' ? 'trial' : 'payg';
    return { plan, region, documented: findRegion(region) !== undefined && plan === 'payg' };
  }
  if (!/(^|\.)[a-z0-9-]*dashscope[a-z0-9-]*\.aliyuncs\.com$/.test(hostname)) return undefined;
  return { plan: hostname.startsWith('coding') ? 'coding' : 'payg', documented: false };
}

/** The price list of each region (source: the model-pricing page, 2026-05); Hong Kong and Tokyo are billed as international. */
const priceScopes: Readonly<Record<string, PriceScope>> = {
  'cn-beijing': 'cn',
  'ap-southeast-1': 'intl',
  'cn-hongkong': 'intl',
  'ap-northeast-1': 'intl',
  'us-east-1': 'us',
  'eu-central-1': 'eu',
};

/** The price list that holds at an origin; undefined for anything but Model Studio's own hosts. */
export function priceScopeOf(origin: string): PriceScope | undefined {
  const host = classifyHost(URL.parse(origin)?.hostname ?? '');
  return host?.region === undefined ? undefined : priceScopes[host.region];
}
